/*---
title: Indikatorn omfattar minst lika mycket som i förra publicerade körningen
severity: critical
subject: indicator
message: Indikatorn omfattar mindre än i förra publicerade körningen
applies: exists (from previous.indicator as p where p.indicator = subject.indicator)
---*/
-- SCB may come to withhold single values; one value in twenty gone is taken for a fault (own definition).
with now as (
    select
        count(*) as rows, count(value) as value_count, count(distinct region_code) as region_count,
        max(period) as last_period
    from observations
),
before as (
    select p.* from previous.indicator as p join subject using (indicator)
)
select
    null as region_code, now.last_period as period, null as sex, kind as category, size as value, least_size as expected,
    null as cell
from now, before, (
    values
        ('rader', now.rows, before.rows),
        ('regioner', now.region_count, before.region_count),
        ('värden', now.value_count, ceil(0.95 * before.value_count)::bigint)
) as compared(kind, size, least_size)
where size < least_size
