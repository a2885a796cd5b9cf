/*---
title: Andel företagare av de sysselsatta efter ålder
phrase: Andelen företagare bland de sysselsatta
theme: foretagande
definition: >-
  Företagare (egenföretagare och företagare i aktiebolag, efter bostadens belägenhet) i procent av de sysselsatta i
  samma ålder, för kvinnor och män var för sig (BAS, TAB3205). Täljaren är vår summa av två publicerade tal. Från
  2024 klassificerar SCB företagare med en ny metod; åren före och efter jämförs inte.
unit: percent
measure: level
polarity: gap
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.foretagsklimat
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - jrt.affarsplan-2018-2020
  - affarsplan-2030.breddat-naringsliv
  - tillvaxtverket-jrt.tillvaxtresurser
period: year
dimensions:
  age:
    15-24: 15–24 år
    25-54: 25–54 år
    55-74: 55–74 år
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'age:' || age as category,
        occupational_status as operand,
        value,
        status,
        cell
    from staged.TAB3205
    where measure = 'employed_by_residence' and age in ('15-24', '25-54', '55-74') and birth_region = 'tot'
        and occupational_status in ('company_owners', 'sole_proprietors', 'total')
),
counts as (
    select
        region_code,
        period,
        sex,
        category,
        whole_sum(value, operand = 'company_owners') + whole_sum(value, operand = 'sole_proprietors') as numerator,
        whole_sum(value, operand = 'total') as denominator,
        joined_status(status) as status
    from operands
    group by region_code, period, sex, category
),
rates as (
    select *, percent_of(numerator, denominator) as value
    from counts
)
select
    region_code,
    period,
    sex,
    category,
    paired(value, value, sex, (region_code, period, category)) as value,
    paired(numerator, value, sex, (region_code, period, category)) as numerator,
    paired(denominator, value, sex, (region_code, period, category)) as denominator,
    status,
    case
        when paired(value, value, sex, (region_code, period, category)) is null
            then paired_reason(value, denominator, status, sex, (region_code, period, category))
        else 'own_sum'
    end as reason
from rates
