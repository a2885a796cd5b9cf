/*---
title: Andel kvinnor bland chefer (yrkesområde 1)
phrase: Andelen kvinnor bland chefer
theme: makt
definition: >-
  Kvinnor i procent av de anställda 16–64 år i chefsyrken (SSYK 2012, yrken som börjar på 1), efter
  arbetsställets belägenhet. Täljare och nämnare är våra summor över yrkena. RAMS (2014–2018), RAMS ny tidsserie
  (2019) och BAS (2020–) är skilda serier.
unit: percent
measure: share
polarity: parity
goals:
  - rus-2030.fornyelseformaga
  - jamstalldhetspolitiken.makt-inflytande
  - tillvaxtverket-jrt.inflytande
  - agenda-2030-mal-5.chefer
period: year
---*/
with operands as (
    select region_code, period, sex, 'RAMS' as series, 'managers' as operand, value, status, cell
    from staged.TAB4396
    where measure = 'employees' and occupation like '1%' and sex in ('women', 'men')
    union all
    -- BAS takes the place of the older series from the first year that it has.
    select region_code, period, sex, 'RAMS_N' as series, 'managers' as operand, value, status, cell
    from staged.TAB3119
    where measure = 'employees' and occupation like '1%' and sex in ('women', 'men')
        and period not in (select period from staged.TAB4434)
    union all
    select region_code, period, sex, 'BAS' as series, 'managers' as operand, value, status, cell
    from staged.TAB4434
    where measure = 'employees' and occupation like '1%' and sex in ('women', 'men')
),
counts as (
    select
        region_code,
        period,
        series,
        whole_sum(value, operand = 'managers' and sex = 'women') as women,
        whole_sum(value, operand = 'managers' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, series
),
shares as (
    select *, women + men as persons, percent_of(women, women + men) as value
    from counts
)
select
    region_code,
    period,
    'total' as sex,
    'all' as category,
    value,
    case when value is not null then women end as numerator,
    case when value is not null then persons end as denominator,
    status,
    series,
    case
        when value is null then missing_reason(value, persons, status)
        when series = 'BAS' then 'own_sum'
    end as reason
from shares
