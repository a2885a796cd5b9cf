-- Migration from 2025, with noise, by region, age group and sex
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
from raw.TAB6640 as r
join reference.source_sex as s
    on s.table_id = 'TAB6640' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB6640' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as ag
    on ag.table_id = 'TAB6640' and ag.variable = 'Alder' and ag.code = r."Alder"
