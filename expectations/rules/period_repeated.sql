/*---
title: Ingen period är en upprepning av perioden före
severity: critical
subject: table
message: Nästan alla värden i en period är desamma som i perioden före; samma uppgifter kan ha kommit två gånger
protects: time
applies: cadence not in ('mandate', 'election')
otherwise: Efter ett val kan antalet platser vara detsamma som förut
limits: {same: 0.95, least: 40, kinds: 20}
---*/
-- Only values that differ from each other tell; margins of error are taken from few steps.
with ordered as (
    select
        c.measure, c.period, c.value, lag(c.value) over one as before, lag(c.period) over one as earlier,
        c.region_code
    from cells as c
    join (select period, min(sort) as sort from reference.period group by period) as p using (period)
    where c.value <> 0 and c.measure <> 'margin'
    window one as (partition by c.measure, c.region_code, c.partner_code, c.sex, c.category order by p.sort)
)
select
    null as region_code, period, null as sex, measure as category, count(*) as value,
    'andra värden än ' || earlier as expected, null as cell
from ordered
where earlier is not null
group by measure, period, earlier
having count(*) >= {least} and count(distinct value) >= {kinds}
    and count(*) filter (where value = before) >= {same} * count(*)
