-- Life expectancy by county and sex, five-year windows
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.life_expectancy_county as r
join reference.source_sex as s
    on s.table_id = 'life_expectancy_county' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'life_expectancy_county' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
