/*---
title: Andel kvinnor i de största pendlingsrelationerna
phrase: Andelen kvinnor
theme: pendling
definition: >-
  Kvinnor i procent av alla som bor i en kommun och arbetar i en annan, för relationer med minst 30 personer
  (kvinnor plus män); sysselsatta 15–74 år (BAS, TAB1830). Nämnaren är kvinnor plus män. Små celler är skyddade.
unit: percent
measure: share
polarity: parity
goals:
  - rus-2030.kollektivtrafik
  - jrt.lanstransportplan-2018-2029
  - lanstransportplan-2022-2033.studie-arbetsmarknad
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select region_code, partner_code, period, sex, 'commuters' as operand, value, status, cell
    from staged.TAB1830
    where measure = 'commuters' and partner_code <> region_code and sex in ('women', 'men')
),
counts as (
    select
        region_code,
        partner_code,
        period,
        whole_sum(value, operand = 'commuters' and sex = 'women') as women,
        whole_sum(value, operand = 'commuters' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, partner_code, period
),
shares as (
    select *, women + men as persons, percent_of(women, women + men) as value
    from counts
)
select
    region_code,
    partner_code,
    period,
    'total' as sex,
    'all' as category,
    value,
    case when value is not null then women end as numerator,
    case when value is not null then persons end as denominator,
    status,
    missing_reason(value, persons, status) as reason
from shares
where persons >= rule_value('least_base')
