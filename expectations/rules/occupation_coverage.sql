/*---
title: Minst 95 procent av de anställda har känt yrke
severity: warning
subject: indicator
message: Under 95 procent av de anställda har känt yrke; måttet ingår inte i trend eller rangordning
applies: >-
    indicator = 'occupation_segregation_index'
    and exists (from indicators.observation as o where o.indicator = 'occupation_known_share')
---*/
select region_code, period, sex, category, value, 'minst 95' as expected, null as cell
from indicators.observation
where indicator = 'occupation_known_share' and value < 95
