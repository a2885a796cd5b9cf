-- Commuters over the county border by county and sex (regional matching indicators)
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(edu.name, r."Utbildngrupp") as education,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB6369 as r
join reference.source_sex as s
    on s.table_id = 'TAB6369' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB6369' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as edu
    on edu.table_id = 'TAB6369' and edu.variable = 'Utbildngrupp' and edu.code = r."Utbildngrupp"
