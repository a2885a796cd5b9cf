-- Employed by workplace, sector, sex and age, monthly and preliminary (BAS)
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(sec.name, r."ArbetsSektor") as sector,
    r."Alder" as age,
    r."Fodelseregion" as birth_region,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB2597 as r
join reference.source_sex as s
    on s.table_id = 'TAB2597' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB2597' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as sec
    on sec.table_id = 'TAB2597' and sec.variable = 'ArbetsSektor' and sec.code = r."ArbetsSektor"
