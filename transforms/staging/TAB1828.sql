-- Commuters over a municipality border, yearly register (BAS), by municipality and sex
select
    r."Kommun" as region_code,
    r."Tid" as period,
    s.sex,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB1828 as r
join reference.source_sex as s
    on s.table_id = 'TAB1828' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB1828' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
