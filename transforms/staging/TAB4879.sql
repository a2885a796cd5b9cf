-- Remaining years of life by county, education, sex and age, five-year windows
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(edu.name, r."UtbildningsNiva") as education,
    coalesce(ag.name, r."Alder") as age,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB4879 as r
join reference.source_sex as s
    on s.table_id = 'TAB4879' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB4879' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as edu
    on edu.table_id = 'TAB4879' and edu.variable = 'UtbildningsNiva' and edu.code = r."UtbildningsNiva"
left join reference.source_code as ag
    on ag.table_id = 'TAB4879' and ag.variable = 'Alder' and ag.code = r."Alder"
