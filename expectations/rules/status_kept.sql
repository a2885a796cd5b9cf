/*---
title: Varje saknat värde har SCB:s symbol
severity: warning
subject: table
message: Värden saknas utan att SCB har angett någon symbol
protects: missing
---*/
select region_code, period, sex, category, value, 'symbol' as expected, cell
from cells
where value is null and coalesce(status, '') = ''
