/*---
title: Andel som pendlar ut över länsgräns, 20–64 år
phrase: Andelen sysselsatta i åldern 20–64 år som pendlar ut över länsgräns
theme: pendling
definition: >-
  Utpendlare över länsgräns i procent av nattbefolkningen (förvärvsarbetande som bor i länet), 20–64 år, alla
  utbildningsgrupper, för kvinnor och män var för sig. Beräknad ur de tal som SCB publicerar i de regionala
  matchningsindikatorerna (TAB6369). Indikatorerna ur TAB1830 avser 15–74 år och är egna summor; talen jämförs inte.
unit: percent
measure: level
polarity: none
goals:
  - rus-2030.kollektivtrafik
  - jrt.lanstransportplan-2018-2029
  - lanstransportplan-2022-2033.studie-arbetsmarknad
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select region_code, period, sex, measure as operand, value, status, cell
    from staged.TAB6369
    where measure in ('out_commuters', 'resident_workers') and education = 'total'
),
counts as (
    select
        region_code,
        period,
        sex,
        whole_sum(value, operand = 'out_commuters') as numerator,
        whole_sum(value, operand = 'resident_workers') as denominator,
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
