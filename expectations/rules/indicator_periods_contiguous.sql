/*---
title: Indikatorns perioder följer på varandra utan lucka
severity: warning
subject: indicator
message: Perioder saknas mellan två andra
field: period
protects: structure
---*/
-- Each source system is a series of its own. A monthly indicator shown for one month a year has no gap.
with used as (
    select distinct series, period from observations
),
step as (
    select
        series, period, lag(period) over (partition by series order by start_date) as earlier,
        date_diff(
            'month', cast(lag(start_date) over (partition by series order by start_date) as date),
            cast(start_date as date)
        ) as months
    from used
    join reference.period using (period)
),
allowed as (
    select
        case period_type when 'month' then 1 when 'quarter' then 3 when 'mandate' then 48 when 'election' then 48 else 12 end as months
    from subject
)
select
    null as region_code, step.period, null as sex, step.series as category, null as value,
    'perioden efter ' || earlier as expected, null as cell
from step, allowed
where step.months > allowed.months
    and exists (from step as other where other.series is not distinct from step.series and other.months <> 12)
