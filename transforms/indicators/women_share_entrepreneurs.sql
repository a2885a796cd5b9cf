/*---
title: Andel kvinnor bland företagare
phrase: Andelen kvinnor bland företagare
theme: foretagande
definition: >-
  Kvinnor i procent av alla företagare (egenföretagare och företagare i aktiebolag); sysselsatta 15–74 år efter
  bostadens belägenhet (BAS). Täljare och nämnare är våra summor av publicerade tal. Från 2024 klassificerar SCB
  företagare med en ny metod; åren före och efter jämförs inte.
unit: percent
measure: share
polarity: parity
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.foretagsklimat
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - jrt.affarsplan-2018-2020
  - affarsplan-2030.breddat-naringsliv
  - tillvaxtverket-jrt.tillvaxtresurser
period: year
---*/
with operands as (
    select region_code, period, sex, occupational_status as operand, value, status, cell
    from staged.TAB3205
    where measure = 'employed_by_residence' and age = '15-74' and birth_region = 'tot'
        and occupational_status in ('company_owners', 'sole_proprietors')
        and sex in ('women', 'men')
),
counts as (
    select
        region_code,
        period,
        whole_sum(value, operand = 'company_owners' and sex = 'women')
            + whole_sum(value, operand = 'sole_proprietors' and sex = 'women') as women,
        whole_sum(value, operand = 'company_owners' and sex = 'men')
            + whole_sum(value, operand = 'sole_proprietors' and sex = 'men') as men,
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
    case
        when value is null then missing_reason(value, persons, status)
        else 'own_sum'
    end as reason
from shares
