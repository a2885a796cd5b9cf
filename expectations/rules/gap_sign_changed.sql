/*---
title: Skillnaden mellan kvinnor och män går åt samma håll som förut
severity: warning
subject: indicator
message: Det kön som hade det högre värdet har nu det lägre, där det förut alltid har varit tvärtom eller där en period har reviderats
field: sex
applies: measure = 'level'
protects: sexes
otherwise: Måttet jämför redan kvinnor och män
limits: {least: 5, spread: 3}
---*/
-- Against the last publication: the same period. Against time: riket and the counties, where the gap has always had one
-- sign and is now further on the other side than it usually moves.
with revised as (
    select
        region_code, period, category, series,
        max(value) filter (where sex = 'women') - max(value) filter (where sex = 'men') as gap,
        max(value_before) filter (where sex = 'women') - max(value_before) filter (where sex = 'men') as gap_before
    from compared
    where partner_code is null and kind in ('country', 'county')
    group by all
),
gaps as (
    select
        w.region_code, w.period, w.sort, w.category, w.series, w.is_newest, w.value - m.value as gap,
        w.before - m.before as earlier_gap
    from steps as w
    join steps as m
        on m.region_code = w.region_code and m.period = w.period and m.category = w.category
        and m.series is not distinct from w.series and m.sex = 'men'
    where w.sex = 'women' and w.kind in ('country', 'county') and w.category = 'all'
),
usual as (
    select
        region_code, category, series, count(*) as points, median(abs(gap - earlier_gap)) as move,
        min(sign(earlier_gap)) as lowest, max(sign(earlier_gap)) as highest
    from gaps
    group by all
)
select
    region_code, period, null as sex, concat_ws(', ', category, series) as category, gap as value,
    'förut ' || round(gap_before, 2) as expected, null as cell
from revised
where gap * gap_before < 0 and abs(gap) > 0.05 and abs(gap_before) > 0.05
union all
select
    g.region_code, g.period, null, concat_ws(', ', g.category, g.series), g.gap, 'perioden före ' || round(g.earlier_gap, 2), null
from gaps as g
join usual as u
    on u.region_code = g.region_code and u.category = g.category and u.series is not distinct from g.series
where g.is_newest and u.points >= {least} and u.lowest = u.highest and g.gap * g.earlier_gap < 0
    and abs(g.gap) > {spread} * u.move
