/*---
title: Andel av de sysselsatta i offentlig sektor
phrase: Andelen sysselsatta i offentlig sektor
theme: arbete
definition: >-
  Sysselsatta i offentlig förvaltning (staten, kommun, region) i procent av alla sysselsatta 20–64 år, efter
  arbetsställets belägenhet, för kvinnor och män var för sig. Preliminär månadsstatistik (BAS, TAB2597);
  november är referensmånad.
unit: percent
measure: level
polarity: none
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - affarsplan-2030.breddat-naringsliv
period: month
reference_month: 11
---*/
with operands as (
    select region_code, period, sex, sector as operand, value, status, cell
    from staged.TAB2597
    where measure = 'employed_by_workplace' and age = '20-64' and birth_region = 'tot' and sector in ('public', 'total')
),
counts as (
    select
        region_code,
        period,
        sex,
        whole_sum(value, operand = 'public') as numerator,
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
