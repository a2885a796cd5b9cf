/*---
title: Bara regioner som fanns i perioden har värden
severity: critical
subject: indicator
message: Regioner har värden för perioder då de inte fanns
field: region_code
protects: structure
---*/
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    'inget värde' as expected, null as cell
from observations
where value <> 0 and (region_code, period) in (select (region_code, period) from outside_life_span)
