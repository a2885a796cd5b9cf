-- Commuters over a municipality border 2004-2018 (RAMS), by municipality and sex
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB3266 as r
join reference.source_sex as s
    on s.table_id = 'TAB3266' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB3266' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
