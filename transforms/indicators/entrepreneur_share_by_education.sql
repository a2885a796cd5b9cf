/*---
title: Andel företagare av de sysselsatta efter utbildning
phrase: Andelen företagare bland de sysselsatta
theme: foretagande
definition: >-
  Andel företagare av de sysselsatta efter utbildningsnivå, som SCB publicerar den för kvinnor och män i
  registerdata för integration. Serien BAS (från 2022) avser 20–65 år, serien RAMS (till och med 2021) 20–64 år;
  serierna länkas inte.
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
  education:
    pre_secondary: förgymnasial utbildning
    upper_secondary: gymnasial utbildning
    post_secondary: eftergymnasial utbildning
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'education:' || education as category,
        series,
        'entrepreneur_share' as operand,
        value,
        status,
        cell
    from staged.integration
    where measure = 'entrepreneur_share' and background = 'total' and education <> 'total'
)
select
    region_code,
    period,
    sex,
    category,
    case when paired(value, value, sex, (region_code, period, category, series)) is not null then value end as value,
    null as numerator,
    null as denominator,
    status,
    series,
    paired_reason(value, null, status, sex, (region_code, period, category, series)) as reason
from operands
