/*---
title: Andel med minst tre års eftergymnasial utbildning, 25–64 år
phrase: Andelen med minst tre års eftergymnasial utbildning i åldern 25–64 år
theme: utbildning
definition: >-
  Personer med eftergymnasial utbildning 3 år eller mer (forskarutbildning inräknad) i procent av befolkningen
  25–64 år. De vars utbildningsnivå inte är känd ingår i nämnaren. Summor av ettårsklasser ur SCB:s
  utbildningsregister (TAB3981), för kvinnor och män var för sig.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.fullfoljda-studier
  - jamstalldhetspolitiken.jamstalld-utbildning
period: year
---*/
with operands as (
    select region_code, period, sex, age, education as operand, value, status, cell
    from staged.TAB3981
    where measure = 'population'
),
counts as (
    select
        region_code,
        period,
        sex,
        whole_sum(value, operand = 'post_secondary')
            + whole_sum(value, operand = 'research') as educated,
        whole_sum(value, operand = 'pre_secondary_short')
            + whole_sum(value, operand = 'pre_secondary')
            + whole_sum(value, operand = 'upper_secondary_short')
            + whole_sum(value, operand = 'upper_secondary')
            + whole_sum(value, operand = 'post_secondary_short')
            + whole_sum(value, operand = 'post_secondary')
            + whole_sum(value, operand = 'research')
            + whole_sum(value, operand = 'unknown') as persons,
        count(distinct age) as ages,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
),
rates as (
    -- One-year ages 25-64: with one of the forty missing there is no share.
    select
        *,
        case when ages = 40 then educated end as numerator,
        case when ages = 40 then persons end as denominator
    from counts
),
valued as (
    select *, percent_of(numerator, denominator) as value
    from rates
)
select
    region_code,
    period,
    sex,
    'all' as category,
    paired(value, value, sex, (region_code, period)) as value,
    paired(numerator, value, sex, (region_code, period)) as numerator,
    paired(denominator, value, sex, (region_code, period)) as denominator,
    status,
    paired_reason(value, denominator, status, sex, (region_code, period)) as reason
from valued
