/*---
title: Inget län har plötsligt kommit långt från de andra länen
severity: warning
subject: indicator
message: Ett läns avstånd till de andra länens mittvärde är mycket större än förut
field: value
protects: time
limits: {spread: 8, least: 5, floor: 1}
---*/
with placed as (
    select
        *, if(amount, 100 * ln(value), value) as level,
        median(if(amount, 100 * ln(value), value)) over (partition by period, sex, series) as middle,
        count(*) over (partition by period, sex, series) as counties
    from steps
    where kind = 'county' and category = 'all'
),
earlier as (
    select region_code, sex, series, count(*) as points, median(level - middle) as usual, mad(level - middle) as deviation
    from placed where not is_newest group by all
)
select
    p.region_code, p.period, p.sex, p.series as category, p.value, 'förut ' || round(e.usual, 2) || ' från mittvärdet' as expected,
    null as cell
from placed as p
join earlier as e on e.region_code = p.region_code and e.sex = p.sex and e.series is not distinct from p.series
where p.is_newest and p.counties >= 15 and e.points >= {least}
    and abs(p.level - p.middle - e.usual) > greatest({spread} * 1.4826 * e.deviation, {floor})
