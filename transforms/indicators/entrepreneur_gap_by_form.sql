/*---
title: Könsgapet i företagande uppdelat på företagsform
phrase: Könsgapet i företagande
theme: foretagande
definition: >-
  Skillnaden mellan kvinnors och mäns andel företagare av de sysselsatta (kvinnor minus män, procentenheter),
  uppdelad på egenföretagare och företagare i aktiebolag. De två delarna ger tillsammans hela skillnaden.
  Sysselsatta 15–74 år efter bostadens belägenhet (BAS). Täljaren är delens storlek och nämnaren 1. Från 2024
  klassificerar SCB företagare med en ny metod; åren före och efter jämförs inte.
unit: percentage_points
measure: decomposition
polarity: none
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.foretagsklimat
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - jrt.affarsplan-2018-2020
  - affarsplan-2030.breddat-naringsliv
  - tillvaxtverket-jrt.tillvaxtresurser
period: year
dimensions:
  form:
    sole_proprietors: egenföretagare
    company_owners: företagare i aktiebolag
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'form:sole_proprietors' as category,
        occupational_status as operand,
        value,
        status,
        cell
    from staged.TAB3205
    where measure = 'employed_by_residence' and age = '15-74' and birth_region = 'tot'
        and occupational_status in ('sole_proprietors', 'total') and sex in ('women', 'men')
    union all
    select
        region_code,
        period,
        sex,
        'form:company_owners' as category,
        occupational_status as operand,
        value,
        status,
        cell
    from staged.TAB3205
    where measure = 'employed_by_residence' and age = '15-74' and birth_region = 'tot'
        and occupational_status in ('company_owners', 'total') and sex in ('women', 'men')
),
rates as (
    select
        region_code,
        period,
        category,
        sex,
        whole_sum(value, operand in ('sole_proprietors', 'company_owners')) as entrepreneurs,
        whole_sum(value, operand = 'total') as employed,
        joined_status(status) as status
    from operands
    group by region_code, period, category, sex
),
gaps as (
    select
        region_code,
        period,
        category,
        whole_sum(percent_of(entrepreneurs, employed), sex = 'women')
            - whole_sum(percent_of(entrepreneurs, employed), sex = 'men') as value,
        min(employed) as least_employed,
        joined_status(status) as status
    from rates
    group by region_code, period, category
)
select
    region_code,
    period,
    'total' as sex,
    category,
    value,
    value as numerator,
    case when value is not null then 1 end as denominator,
    status,
    missing_reason(value, least_employed, status) as reason
from gaps
