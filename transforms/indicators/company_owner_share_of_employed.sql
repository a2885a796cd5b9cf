/*---
title: Andel företagare i eget AB av de sysselsatta
phrase: Andelen företagare i eget aktiebolag bland de sysselsatta
theme: foretagande
definition: >-
  Företagare i aktiebolag i procent av sysselsatta 15–74 år efter bostadens belägenhet enligt SCB:s årliga
  register (BAS), för kvinnor och män var för sig. Från 2024 klassificerar SCB företagare med en ny metod; åren
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
---*/
with operands as (
    select region_code, period, sex, occupational_status as operand, value, status, cell
    from staged.TAB3205
    where measure = 'employed_by_residence' and age = '15-74' and birth_region = 'tot'
        and occupational_status in ('company_owners', 'total')
),
counts as (
    select
        region_code,
        period,
        sex,
        whole_sum(value, operand = 'company_owners') as numerator,
        whole_sum(value, operand = 'total') as denominator,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
),
rates as (
    select *, percent_of(numerator, denominator) as value
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
    paired_reason(value, denominator, status, sex, (region_code, period)) as reason
from rates
