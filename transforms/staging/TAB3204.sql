-- Employed 15-74 by workplace, sex and industry, yearly register (BAS)
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(ind.name, r."SNI2007") as industry,
    r."Fodelseregion" as birth_region,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB3204 as r
join reference.source_sex as s
    on s.table_id = 'TAB3204' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB3204' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as ind
    on ind.table_id = 'TAB3204' and ind.variable = 'SNI2007' and ind.code = r."SNI2007"
