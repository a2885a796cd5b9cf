-- Turnout by county and sex
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(bg.name, r."Bakgrund") as background,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB4268 as r
join reference.source_sex as s
    on s.table_id = 'TAB4268' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB4268' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as bg
    on bg.table_id = 'TAB4268' and bg.variable = 'Bakgrund' and bg.code = r."Bakgrund"
