/*---
title: SCB:s svar innehåller varje cell en gång
severity: critical
subject: table
message: SCB:s svar innehåller samma cell flera gånger
protects: fetch
---*/
with repeated_key as (
    select key from raw_cells group by key having count(*) > 1
)
select
    null as region_code, null as period, null as sex, category, max(value) as value, 'en gång' as expected,
    max(cell) as cell
from raw_cells
where key in (select key from repeated_key)
group by category
having count(*) > 1
