/*---
title: Värdena har samma storleksordning som i förra publicerade körningen
severity: critical
subject: indicator
message: Värdena i en period är flera gånger större eller mindre än i förra publicerade körningen
field: unit
applies: exists (from previous.indicator as p where p.indicator = subject.indicator)
protects: time
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
limits: {times: 3, least: 5}
---*/
select
    null as region_code, period, sex, kind as category, median(value / value_before) as value,
    'mindre än {times} gånger förra värdet' as expected, null as cell
from compared
where value_before > 0 and value > 0
group by kind, period, sex
having count(*) >= {least} and (median(value / value_before) >= {times} or median(value / value_before) <= 1.0 / {times})
