/*---
title: Andel kvinnor i riksdagen
phrase: Andelen kvinnor i riksdagen
theme: makt
definition: >-
  Kvinnor i procent av riksdagens ledamöter efter valet, hela riket, som jämförelse med fullmäktige. Summan över
  partier är vår (TAB3531).
unit: percent
measure: share
polarity: parity
goals:
  - jamstalldhetspolitiken.makt-inflytande
  - tillvaxtverket-jrt.inflytande
  - agenda-2030-mal-5.valda
measures: [agenda-2030-mal-5.valda]
period: election
---*/
with operands as (
    select region_code, period, sex, 'members' as operand, value, status, cell
    from staged.TAB3531
    where measure = 'members' and sex in ('women', 'men')
),
counts as (
    select
        region_code,
        period,
        whole_sum(value, operand = 'members' and sex = 'women') as women,
        whole_sum(value, operand = 'members' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period
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
    case when value is null then missing_reason(value, persons, status) else 'own_sum' end as reason
from shares
