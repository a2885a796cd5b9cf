/*---
title: Företagare per 1 000 invånare 15–74 år
phrase: Antalet företagare i åldern 15–74 år
theme: foretagande
definition: >-
  Företagare (egenföretagare och företagare i aktiebolag, 15–74 år, efter bostadens belägenhet) per 1 000
  personer 15–74 år i befolkningen, för kvinnor och män var för sig (BAS). Täljaren är vår summa av två
  publicerade tal. Från 2024 klassificerar SCB företagare med en ny metod; åren före och efter jämförs inte.
unit: per_1000
measure: level
polarity: higher
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
    union all
    select region_code, period, sex, 'population' as operand, value, status, cell
    from staged.TAB3200
    where measure = 'population' and age = '15-74' and birth_region = 'tot'
),
counts as (
    select
        region_code,
        period,
        sex,
        whole_sum(value, operand = 'company_owners') + whole_sum(value, operand = 'sole_proprietors') as numerator,
        whole_sum(value, operand = 'population') as denominator,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
),
rates as (
    select *, 1000.0 * numerator / nullif(denominator, 0) as value
    from counts
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
    case
        when paired(value, value, sex, (region_code, period)) is null
            then paired_reason(value, denominator, status, sex, (region_code, period))
        else 'own_sum'
    end as reason
from rates
