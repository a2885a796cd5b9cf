/*---
title: Andel kvinnor i it-yrken
phrase: Andelen kvinnor i it-yrken
theme: arbete
definition: >-
  Kvinnor i procent av de anställda 16–64 år i it-yrken (SSYK 2012, yrkesgrupper som börjar på 25 eller 35), efter
  arbetsställets belägenhet. Täljare och nämnare är våra summor över yrkena. RAMS (2014–2018), RAMS ny tidsserie
  (2019) och BAS (2020–) är skilda serier.
unit: percent
measure: share
polarity: parity
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - affarsplan-2030.breddat-naringsliv
period: year
---*/
with operands as (
    select region_code, period, sex, series, 'ict' as operand, value, status, cell
    from staged.occupations
    where measure = 'employees' and left(occupation, 2) in ('25', '35') and sex in ('women', 'men')
),
counts as (
    select
        region_code,
        period,
        series,
        whole_sum(value, operand = 'ict' and sex = 'women') as women,
        whole_sum(value, operand = 'ict' and sex = 'men') as men,
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
