/*---
title: Andel företagare bland inrikes och utrikes födda sysselsatta
phrase: Andelen företagare bland de sysselsatta
theme: foretagande
definition: >-
  Företagare (egenföretagare och företagare i aktiebolag) i procent av sysselsatta 15–74 år efter bostadens
  belägenhet (BAS), för kvinnor och män var för sig, bland utrikes födda och – som jämförelse – inrikes födda.
  Täljaren är vår summa av två publicerade tal. Från 2024 klassificerar SCB företagare med en ny metod; åren
  före och efter jämförs inte.
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
  birth_region:
    in: inrikes födda
    ut: utrikes födda
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'birth_region:' || birth_region as category,
        occupational_status as operand,
        value,
        status,
        cell
    from staged.TAB3205
    where measure = 'employed_by_residence' and age = '15-74' and birth_region in ('in', 'ut')
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
