-- Full-year equivalents of social benefits, monthly, by residence and sex
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    r."Aldersgrupp" as age,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB1386 as r
join reference.source_sex as s
    on s.table_id = 'TAB1386' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB1386' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
