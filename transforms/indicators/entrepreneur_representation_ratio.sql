/*---
title: Kvinnors representation bland företagare
phrase: Kvinnors representation bland företagare (1 är samma andel som bland de sysselsatta)
theme: foretagande
definition: >-
  Kvinnors andel av företagarna (egenföretagare och företagare i aktiebolag, 15–74 år, efter bostadens belägenhet)
  delad med kvinnors andel av de sysselsatta. 1 betyder att kvinnor är lika stor del av företagarna som av de
  sysselsatta, under 1 att de är färre. Täljare och nämnare är de två andelarna i procent (BAS, TAB3205). Från 2024
  klassificerar SCB företagare med en ny metod; åren före och efter jämförs inte.
unit: ratio
measure: share
polarity: gap
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
    where measure = 'employed_by_residence' and age = '15-74' and birth_region = 'tot' and sex in ('women', 'men')
        and occupational_status in ('company_owners', 'sole_proprietors', 'total')
),
counts as (
    select
        region_code,
        period,
        whole_sum(value, operand = 'company_owners' and sex = 'women')
            + whole_sum(value, operand = 'sole_proprietors' and sex = 'women') as women,
        whole_sum(value, operand = 'company_owners' and sex = 'men')
            + whole_sum(value, operand = 'sole_proprietors' and sex = 'men') as men,
        whole_sum(value, operand = 'total' and sex = 'women') as employed_women,
        whole_sum(value, operand = 'total' and sex = 'men') as employed_men,
        joined_status(status) as status
    from operands
    group by region_code, period
),
shares as (
    select
        *,
        percent_of(women, women + men) as of_entrepreneurs,
        percent_of(employed_women, employed_women + employed_men) as of_employed
    from counts
),
ratios as (
    select *, of_entrepreneurs / nullif(of_employed, 0) as value
    from shares
)
select
    region_code,
    period,
    'total' as sex,
    'all' as category,
    value,
    case when value is not null then of_entrepreneurs end as numerator,
    case when value is not null then of_employed end as denominator,
    status,
    case when value is null then missing_reason(value, (women + men) * employed_women, status) else 'own_sum' end as reason
from ratios
