-- Net income by residence, sex and age
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    r."Alder" as age,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB4840 as r
join reference.source_sex as s
    on s.table_id = 'TAB4840' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB4840' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
