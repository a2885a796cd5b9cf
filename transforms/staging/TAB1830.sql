-- Employed by municipality of residence, municipality of workplace and sex, yearly register (BAS)
select
    r."Bostadskommun" as region_code,
    r."Arbetsstallekommun" as partner_code,
    r."Tid" as period,
    s.sex,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB1830 as r
join reference.source_sex as s
    on s.table_id = 'TAB1830' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB1830' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
