/*---
title: Minst 95 procent har känt yrke eller känd näringsgren
severity: warning
subject: indicator
message: Yrke eller näringsgren är känt för mindre än 95 procent; måttet ingår inte i trend eller rangordning
applies: indicator in ('occupation_segregation_index', 'industry_segregation_index')
protects: values
otherwise: Gäller bara segregationsindex för yrke och näringsgren
---*/
-- The share of all persons, women and men together; a share that is not known is taken for too low.
with known as (
    select k.region_code, k.period, k.series, 100 * sum(k.numerator) / nullif(sum(k.denominator), 0) as share
    from indicators.observation as k
    cross join subject as s
    where k.indicator = replace(s.indicator, 'segregation_index', 'known_share') and k.sex in ('women', 'men')
    group by all
    having count(k.numerator) = 2 and count(k.denominator) = 2
)
select
    o.region_code, o.period, o.sex, concat_ws(', ', o.category, o.series) as category, floor(k.share * 10) / 10 as value,
    'minst 95' as expected, null as cell
from observations as o
left join known as k
    on k.region_code = o.region_code and k.period = o.period and k.series is not distinct from o.series
where o.value is not null and coalesce(k.share < 95, true)
