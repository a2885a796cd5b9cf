/*---
title: Andel långtidsarbetslösa
phrase: Andelen långtidsarbetslösa
theme: arbete
definition: >-
  Andel långtidsarbetslösa 20–65 år, som SCB publicerar den för kvinnor och män i registerdata för integration (från
  2022, TAB6384 län, TAB6383 kommun, TAB6379 riket).
unit: percent
measure: level
polarity: lower
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select region_code, period, sex, 'BAS' as series, 'long_term_unemployed' as operand, value, status, cell
    from staged.TAB6384
    where measure = 'long_term_unemployed' and education = 'total' and background = 'total'
    union all
    select region_code, period, sex, 'BAS' as series, 'long_term_unemployed' as operand, value, status, cell
    from staged.TAB6383
    where measure = 'long_term_unemployed' and education = 'total' and background = 'total'
    union all
    select region_code, period, sex, 'BAS' as series, 'long_term_unemployed' as operand, value, status, cell
    from staged.TAB6379
    where measure = 'long_term_unemployed' and education = 'total' and background = 'total'
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
