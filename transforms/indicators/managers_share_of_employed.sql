/*---
title: Andel i chefsposition
phrase: Andelen i chefsposition bland de sysselsatta
theme: makt
definition: >-
  Andel i chefsposition av de sysselsatta med känt yrke, som SCB publicerar den för kvinnor och män. Serien BAS
  (från 2022) avser 20–65 år, serien RAMS (till och med 2021) 20–64 år; serierna länkas inte.
unit: percent
measure: level
polarity: gap
goals:
  - rus-2030.fornyelseformaga
  - jamstalldhetspolitiken.makt-inflytande
  - tillvaxtverket-jrt.inflytande
  - agenda-2030-mal-5.chefer
period: year
---*/
with operands as (
    select region_code, period, sex, 'BAS' as series, 'manager_share' as operand, value, status, cell
    from staged.TAB6384
    where measure = 'manager_share' and education = 'total' and background = 'total'
    union all
    select region_code, period, sex, 'BAS' as series, 'manager_share' as operand, value, status, cell
    from staged.TAB6383
    where measure = 'manager_share' and education = 'total' and background = 'total'
    union all
    select region_code, period, sex, 'RAMS' as series, 'manager_share' as operand, value, status, cell
    from staged.TAB389
    where measure = 'manager_share' and education = 'total' and background = 'total'
    union all
    select region_code, period, sex, 'RAMS' as series, 'manager_share' as operand, value, status, cell
    from staged.TAB4881
    where measure = 'manager_share' and education = 'total' and background = 'total'
)
select
    region_code,
    period,
    sex,
    'all' as category,
    case when paired(value, value, sex, (region_code, period, series)) is not null then value end as value,
    null as numerator,
    null as denominator,
    status,
    series,
    paired_reason(value, null, status, sex, (region_code, period, series)) as reason
from operands
