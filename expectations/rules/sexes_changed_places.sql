/*---
title: Kvinnor och män har inte bytt plats sedan förra publicerade körningen
severity: critical
subject: indicator
message: Kvinnors värden är de som män hade i förra publicerade körningen, och tvärtom
field: sex
applies: measure = 'level' and exists (from previous.indicator as p where p.indicator = subject.indicator)
protects: sexes
otherwise: Måttet jämför redan kvinnor och män, eller så finns ingen tidigare publicerad körning
limits: {same: 0.9, least: 10}
---*/
with paired as (
    select
        region_code, period, category,
        max(value) filter (where sex = 'women') as women, max(value) filter (where sex = 'men') as men,
        max(value_before) filter (where sex = 'women') as women_before, max(value_before) filter (where sex = 'men') as men_before
    from compared
    where sex <> 'total'
    group by region_code, partner_code, period, category, series
)
select
    null as region_code, period, null as sex, null as category, count(*) as value, 'kvinnors och mäns egna värden' as expected,
    null as cell
from paired
where women_before <> men_before and women is not null and men is not null
group by period
having count(*) >= {least}
    and count(*) filter (where abs(women - men_before) + abs(men - women_before) < abs(women - women_before) + abs(men - men_before))
    >= {same} * count(*)
