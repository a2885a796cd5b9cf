/*---
title: Varje saknat värde har en symbol eller ett skäl
severity: critical
subject: indicator
message: Värden saknas utan symbol och utan skäl
field: reason
protects: missing
---*/
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    'symbol eller skäl' as expected, null as cell
from observations
where value is null and coalesce(status, '') = '' and coalesce(reason, '') = ''
