/*---
title: Antal och belopp har samma storleksordning som perioden före
severity: critical
subject: table
message: Värdena i en period är flera gånger större eller mindre än i perioden före; enheten kan ha ändrats
field: codes
protects: time
limits: {times: 5, least: 10}
---*/
with ordered as (
    select c.measure, c.period, c.value, lag(c.value) over one as before, lag(c.period) over one as earlier
    from cells as c
    join (select period, min(sort) as sort from reference.period group by period) as p using (period)
    where c.value > 0 and not (c.measure like 'net\_%' escape '\' or c.measure like 'change\_%' escape '\')
    window one as (partition by c.measure, c.region_code, c.partner_code, c.sex, c.category order by p.sort)
)
select
    null as region_code, period, null as sex, measure as category, median(value / before) as value,
    'mindre än {times} gånger ' || earlier as expected, null as cell
from ordered
where before >= 10 or value >= 10
group by measure, period, earlier
having count(before) >= {least} and (median(value / before) >= {times} or median(value / before) <= 1.0 / {times})
