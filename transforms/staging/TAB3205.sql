-- Employed by residence, status in employment, sex, age and birth region, yearly register (BAS)
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    coalesce(st.name, r."Yrkesstallning") as occupational_status,
    r."Alder" as age,
    r."Fodelseregion" as birth_region,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB3205 as r
join reference.source_sex as s
    on s.table_id = 'TAB3205' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB3205' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
left join reference.source_code as st
    on st.table_id = 'TAB3205' and st.variable = 'Yrkesstallning' and st.code = r."Yrkesstallning"
