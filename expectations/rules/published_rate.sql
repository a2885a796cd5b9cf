/*---
title: Det beräknade talet är det som SCB publicerar
severity: warning
subject: indicator
message: Det beräknade talet skiljer sig mer än 0,5 procentenheter från det som SCB publicerar
applies: >-
    indicator in ('employment_rate', 'unemployment_rate', 'labour_force_participation_rate')
    and exists (from reference.source_table where table_id = 'TAB3200' and state = 'loaded')
---*/
select
    o.region_code, o.period, o.sex, o.category, o.value, p.value as expected, p.cell
from observations as o
join staged.TAB3200 as p
    on p.region_code = o.region_code and p.period = o.period and p.sex = o.sex
    and p.measure = replace(o.indicator, 'labour_force_', '')
where p.age = '20-64' and p.birth_region = 'tot' and abs(o.value - p.value) > 0.5
