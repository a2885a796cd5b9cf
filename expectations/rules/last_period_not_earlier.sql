/*---
title: Indikatorn når minst lika långt fram som i förra publicerade körningen
severity: critical
subject: indicator
message: Indikatorns senaste period är tidigare än i förra publicerade körningen
applies: exists (from previous.indicator as p where p.indicator = subject.indicator and p.last_period is not null)
protects: time
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
---*/
-- Period codes of one cadence order as text.
select
    null as region_code, max(o.period) as period, null as sex, null as category, null as value,
    'minst ' || p.last_period as expected, null as cell
from observations as o
join previous.indicator as p using (indicator)
group by p.last_period
having max(o.period) < p.last_period
