-- Transition from upper secondary school to higher education by region and sex
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB5461 as r
join reference.source_sex as s
    on s.table_id = 'TAB5461' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB5461' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
