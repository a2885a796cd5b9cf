/*---
title: Varje värde finns en gång
severity: critical
subject: indicator
message: Samma värde finns flera gånger
field: columns
protects: structure
---*/
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, count(*) as value,
    'en gång' as expected, null as cell
from observations
group by region_code, partner_code, period, sex, observations.category, series
having count(*) > 1
