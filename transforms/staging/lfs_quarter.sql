-- Labour force survey, quarterly, with margins of error, by county and sex
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(ls.name, r."Arbetskraftstillh") as labour_status,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.lfs_quarter as r
join reference.source_sex as s
    on s.table_id = 'lfs_quarter' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'lfs_quarter' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as ls
    on ls.table_id = 'lfs_quarter' and ls.variable = 'Arbetskraftstillh' and ls.code = r."Arbetskraftstillh"
