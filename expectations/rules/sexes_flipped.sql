/*---
title: Kvinnor och män har inte bytt plats från en period till nästa
severity: critical
subject: indicator
message: I nästan alla regioner och grupper har det kön som hade det högre värdet fått det lägre i samma period
field: sex
applies: measure = 'level'
protects: sexes
otherwise: Måttet jämför redan kvinnor och män
limits: {flipped: 0.75, least: 15}
---*/
with gaps as (
    select w.period, w.earlier, w.value - m.value as gap, w.before - m.before as gap_before
    from steps as w
    join steps as m
        on m.region_code = w.region_code and m.period = w.period and m.category = w.category
        and m.series is not distinct from w.series and m.sex = 'men'
    where w.sex = 'women'
)
select
    null as region_code, period, null as sex, null as category, count(*) as value,
    'samma håll som ' || earlier as expected, null as cell
from gaps
where gap <> 0 and gap_before <> 0
group by period, earlier
having count(*) >= {least} and count(*) filter (where gap * gap_before < 0) >= {flipped} * count(*)
