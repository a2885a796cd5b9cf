/*---
title: De sysselsatta är lika många i tabellen över arbetsmarknadsstatus
severity: warning
subject: table
message: De sysselsatta av ett kön är fler eller färre än i TAB3200; kvinnor och män kan ha bytt plats
applies: >-
    table_id = 'TAB3205'
    and exists (from reference.source_table where table_id = 'TAB3200' and state = 'loaded')
protects: sexes
otherwise: Gäller bara TAB3205, när TAB3200 är hämtad
---*/
-- Both tables have noise of their own: ten persons and two per cent is room enough (own definition).
select
    e.region_code, e.period, e.sex, concat_ws(', ', e.measure, e.age, e.birth_region) as category, e.value,
    s.value as expected, e.cell
from staged.TAB3205 as e
join staged.TAB3200 as s
    on s.region_code = e.region_code and s.period = e.period and s.sex = e.sex and s.age = e.age
    and s.birth_region = e.birth_region and s.measure = 'employed'
where e.occupational_status = 'total' and abs(e.value - s.value) > 10 + 0.02 * s.value
