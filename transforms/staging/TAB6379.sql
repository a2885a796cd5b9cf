-- Integration, the country, from 2022 (BAS): shares as published, by sex
select
    '00' as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(edu.name, r."UtbNiv") as education,
    coalesce(bg.name, r."BakgrVar") as background,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB6379 as r
join reference.source_sex as s
    on s.table_id = 'TAB6379' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB6379' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as edu
    on edu.table_id = 'TAB6379' and edu.variable = 'UtbNiv' and edu.code = r."UtbNiv"
left join reference.source_code as bg
    on bg.table_id = 'TAB6379' and bg.variable = 'BakgrVar' and bg.code = r."BakgrVar"
