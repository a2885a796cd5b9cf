/*---
title: Indikatorn har minst lika många värden som i förra publicerade körningen
severity: warning
subject: indicator
message: Indikatorn har färre värden än i förra publicerade körningen
applies: exists (from previous.indicator as p where p.indicator = subject.indicator)
---*/
select
    null as region_code, max(o.period) as period, null as sex, 'värden' as category, count(o.value) as value,
    p.value_count as expected, null as cell
from observations as o
join previous.indicator as p using (indicator)
group by p.value_count
having count(o.value) < p.value_count
