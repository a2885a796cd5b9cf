/*---
title: Andel kvinnor per bransch
phrase: Andelen kvinnor bland de sysselsatta
theme: arbete
definition: >-
  Kvinnor i procent av de sysselsatta 15–74 år i branschen (SNI 2007, grupperad av SCB), efter arbetsställets
  belägenhet. Nämnaren är kvinnor plus män. Preliminär månadsstatistik (BAS, TAB3784); november är referensmånad
  för jämförelser mellan år.
unit: percent
measure: share
polarity: parity
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - affarsplan-2030.breddat-naringsliv
period: month
reference_month: 11
dimensions:
  industry: sni
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'industry:' || case when industry = 'unknown' then 'US' else industry end as category,
        'employed' as operand,
        value,
        status,
        cell
    from staged.TAB3784
    where measure = 'employed_by_workplace' and birth_region = 'tot' and industry <> 'total' and sex in ('women', 'men')
),
counts as (
    select
        region_code,
        period,
        category,
        whole_sum(value, operand = 'employed' and sex = 'women') as women,
        whole_sum(value, operand = 'employed' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, category
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
    missing_reason(value, persons, status) as reason
from shares
