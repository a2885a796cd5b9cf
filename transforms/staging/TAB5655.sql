-- Labour market status, yearly and preliminary (BAS), by residence, sex, age and birth region
-- SCB writes the age 60-64 as 060-64.
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    regexp_replace(r."Alder", '^0([0-9]{2}-[0-9]{2})$', '\1') as age,
    r."Fodelseregion" as birth_region,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB5655 as r
join reference.source_sex as s
    on s.table_id = 'TAB5655' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'TAB5655' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
