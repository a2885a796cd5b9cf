/*---
title: Spridningen mellan regionerna ligger där den har legat förut
severity: warning
subject: indicator
message: Värdena i den senaste perioden ligger som helhet utanför det band som tidigare perioder ger
field: value
protects: time
limits: {spread: 1.5, least: 5, regions: 8}
---*/
-- Weighing nothing: the tenth, fiftieth and ninetieth per cent of the regions' steps, against the least and the largest before.
with each_period as (
    select
        kind, sex, series, period, is_newest, unnest([0.1, 0.5, 0.9]) as share,
        unnest(quantile_cont(size, [0.1, 0.5, 0.9])) as step
    from steps
    where category = 'all'
    group by kind, sex, series, period, is_newest
    having count(*) >= {regions}
),
band as (
    select kind, sex, series, share, count(*) as points, min(step) as low, max(step) as high
    from each_period where not is_newest group by all
)
select
    null as region_code, e.period, e.sex, concat_ws(', ', e.kind, e.series, 'kvantil ' || e.share) as category, e.step as value,
    round(low, 2) || '–' || round(high, 2) as expected, null as cell
from each_period as e
join band as b on b.kind = e.kind and b.sex = e.sex and b.series is not distinct from e.series and b.share = e.share
where e.is_newest and b.points >= {least}
    and (e.step < low - {spread} * (high - low) - 0.2 or e.step > high + {spread} * (high - low) + 0.2)
