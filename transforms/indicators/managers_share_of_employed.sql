/*---
title: Andel i chefsposition
phrase: Andelen i chefsposition bland de sysselsatta
theme: makt
definition: >-
  Andel i chefsposition av de sysselsatta med känt yrke, som SCB publicerar den för kvinnor och män, även efter
  utbildningsnivå. Serien BAS (från 2022) avser 20–65 år, serien RAMS (till och med 2021) 20–64 år; serierna länkas
  inte.
unit: percent
measure: level
polarity: gap
goals:
  - rus-2030.fornyelseformaga
  - jamstalldhetspolitiken.makt-inflytande
  - tillvaxtverket-jrt.inflytande
  - agenda-2030-mal-5.chefer
period: year
dimensions:
  education:
    pre_secondary: förgymnasial utbildning
    upper_secondary: gymnasial utbildning
    post_secondary: eftergymnasial utbildning
    unknown: uppgift om utbildningsnivå saknas
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        case when education = 'total' then 'all' else 'education:' || education end as category,
        series,
        'manager_share' as operand,
        value,
        status,
        cell
    from staged.integration
    where measure = 'manager_share' and background = 'total'
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
