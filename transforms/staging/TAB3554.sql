-- Total earned income by region, sex and age
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    r."Alder" as age,
    coalesce(ic.name, r."Inkomstklass") as income_class,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB3554 as r
join reference.source_sex as s
    on s.table_id = 'TAB3554' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB3554' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as ic
    on ic.table_id = 'TAB3554' and ic.variable = 'Inkomstklass' and ic.code = r."Inkomstklass"
