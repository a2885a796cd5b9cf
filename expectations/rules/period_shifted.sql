/*---
title: Varje period har sina egna värden, inte en annan periods
severity: critical
subject: indicator
message: Värdena i en period är en annan periods värden i förra publicerade körningen; perioderna kan vara förskjutna
field: period
applies: exists (from previous.indicator as p where p.indicator = subject.indicator)
protects: time
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
limits: {same: 0.9, least: 20, kinds: 10}
---*/
with numbered as (
    select c.*, dense_rank() over (order by p.sort) as place
    from compared as c
    join (select period, min(sort) as sort from reference.period group by period) as p using (period)
),
beside as (
    select a.period, b.period as other, a.value, a.value_before, b.value_before as other_value
    from numbered as a
    join numbered as b
        on b.region_code = a.region_code and b.partner_code is not distinct from a.partner_code and b.sex = a.sex
        and b.category = a.category and b.series is not distinct from a.series and abs(b.place - a.place) = 1
    where a.value <> 0 and b.value_before is not null
)
select
    null as region_code, period, null as sex, null as category, count(*) as value,
    'inte värdena för ' || other as expected, null as cell
from beside
group by period, other
having count(*) >= {least} and count(distinct value) >= {kinds}
    and count(*) filter (where value = other_value) >= {same} * count(*)
    and count(*) filter (where value = value_before) < 0.5 * count(*)
