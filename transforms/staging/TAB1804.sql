-- Eligibility to upper secondary school and higher education by municipality and sex
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB1804 as r
join reference.source_sex as s
    on s.table_id = 'TAB1804' and s.code = r."Bakgrund"
join reference.source_code as c
    on c.table_id = 'TAB1804' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
