/*---
title: Perioderna följer på varandra utan lucka
severity: warning
subject: table
message: Perioder saknas mellan två andra
protects: structure
---*/
-- Five-year windows overlap and move by one year. A monthly table read for one month a year has no gap.
with used as (
    select distinct period from cells
),
step as (
    select
        period, lag(period) over (order by start_date) as earlier,
        date_diff('month', cast(lag(start_date) over (order by start_date) as date), cast(start_date as date)) as months
    from used
    join reference.period using (period)
),
allowed as (
    select
        case cadence when 'month' then 1 when 'quarter' then 3 when 'mandate' then 48 when 'election' then 48 else 12 end as months
    from subject
)
select
    null as region_code, step.period, null as sex, null as category, null as value, 'perioden efter ' || earlier as expected,
    null as cell
from step, allowed
where step.months > allowed.months
    and exists (from step as other where other.months <> 12)
