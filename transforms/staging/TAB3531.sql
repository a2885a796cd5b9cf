-- Members of parliament by party and sex
-- The declared name of the region is our region code.
select
    coalesce(reg.name, r."Region") as region_code,
    r."Tid" as period,
    s.sex,
    r."Parti" as party,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB3531 as r
join reference.source_sex as s
    on s.table_id = 'TAB3531' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB3531' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as reg
    on reg.table_id = 'TAB3531' and reg.variable = 'Region' and reg.code = r."Region"
