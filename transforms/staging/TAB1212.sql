-- Migration to 2024 by region, age and sex
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(ag.name, r."Alder") as age,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB1212 as r
join reference.source_sex as s
    on s.table_id = 'TAB1212' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB1212' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as ag
    on ag.table_id = 'TAB1212' and ag.variable = 'Alder' and ag.code = r."Alder"
