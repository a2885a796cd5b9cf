/*---
title: Minst 95 procent av de anställda har känt yrke
severity: warning
subject: indicator
message: Under 95 procent av de anställda har känt yrke; måttet ingår inte i trend eller rangordning
applies: indicator = 'occupation_segregation_index'
---*/
with known_share as (
    select region_code, period, series, sex, value from indicators.observation where indicator = 'occupation_known_share'
)
select
    o.region_code, o.period, k.sex, concat_ws(', ', o.category, o.series) as category, k.value, 'minst 95' as expected,
    null as cell
from observations as o
left join known_share as k
    on k.region_code = o.region_code and k.period = o.period and k.series is not distinct from o.series
where o.value is not null and coalesce(k.value < 95, true)
