-- Employees 16-64 by workplace, occupation (SSYK 2012, three digits) and sex, 2019-2021 (RAMS, new series)
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(occ.name, r."Yrke2012") as occupation,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB3119 as r
join reference.source_sex as s
    on s.table_id = 'TAB3119' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB3119' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as occ
    on occ.table_id = 'TAB3119' and occ.variable = 'Yrke2012' and occ.code = r."Yrke2012"
