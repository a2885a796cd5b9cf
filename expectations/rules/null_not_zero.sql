/*---
title: Inget saknat värde har blivit noll
severity: critical
subject: table
message: Noll står där SCB:s symbol säger att värdet saknas
protects: missing
---*/
select region_code, period, sex, category, value, 'inget värde: ' || status as expected, cell
from cells
where value = 0 and regexp_matches(status, '^\.+$')
