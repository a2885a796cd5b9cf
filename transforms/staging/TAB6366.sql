-- Matching of education and occupation by county and sex
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(ao.name, r."AlderFodelselandgr") as age_origin,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB6366 as r
join reference.source_sex as s
    on s.table_id = 'TAB6366' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB6366' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as ao
    on ao.table_id = 'TAB6366' and ao.variable = 'AlderFodelselandgr' and ao.code = r."AlderFodelselandgr"
