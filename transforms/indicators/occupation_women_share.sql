/*---
title: Andel kvinnor per yrke
phrase: Andelen kvinnor bland de anställda
theme: arbete
definition: >-
  Kvinnor i procent av de anställda 16–64 år i yrket (SSYK 2012 på tresiffernivå), efter arbetsställets belägenhet.
  Täljaren är antalet kvinnor och nämnaren kvinnor plus män. RAMS (2014–2018), RAMS ny tidsserie (2019) och BAS
  (2020–) är skilda serier.
unit: percent
measure: share
polarity: parity
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
dimensions:
  occupation: ssyk
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'RAMS' as series,
        'occupation:' || case when occupation = 'unknown' then '0002' else occupation end as category,
        'employees' as operand,
        value,
        status,
        cell
    from staged.TAB4396
    where measure = 'employees' and sex in ('women', 'men')
    union all
    -- BAS takes the place of the older series from the first year that it has.
    select
        region_code,
        period,
        sex,
        'RAMS_N' as series,
        'occupation:' || case when occupation = 'unknown' then '0002' else occupation end as category,
        'employees' as operand,
        value,
        status,
        cell
    from staged.TAB3119
    where measure = 'employees' and sex in ('women', 'men') and period not in (select period from staged.TAB4434)
    union all
    select
        region_code,
        period,
        sex,
        'BAS' as series,
        'occupation:' || case when occupation = 'unknown' then '0002' else occupation end as category,
        'employees' as operand,
        value,
        status,
        cell
    from staged.TAB4434
    where measure = 'employees' and sex in ('women', 'men')
),
counts as (
    select
        region_code,
        period,
        series,
        category,
        whole_sum(value, operand = 'employees' and sex = 'women') as women,
        whole_sum(value, operand = 'employees' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, series, category
),
shares as (
    select *, women + men as persons, percent_of(women, women + men) as value
    from counts
)
select
    region_code,
    period,
    'total' as sex,
    category,
    value,
    case when value is not null then women end as numerator,
    case when value is not null then persons end as denominator,
    status,
    series,
    missing_reason(value, persons, status) as reason
from shares
