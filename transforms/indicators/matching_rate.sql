/*---
title: Matchningsgrad
phrase: Matchningsgraden
theme: arbete
definition: >-
  Andel av de anställda vars yrke motsvarar utbildningen, som SCB publicerar matchningsgraden för kvinnor och män i
  de regionala matchningsindikatorerna (TAB6366), alla åldrar och födelselandgrupper i tabellen. Vilka som ingår
  framgår av SCB:s fotnoter till tabellen.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select region_code, period, sex, 'matching_rate' as operand, value, status, cell
    from staged.TAB6366
    where measure = 'matching_rate' and age_origin = 'total'
)
select
    region_code,
    period,
    sex,
    'all' as category,
    case when paired(value, value, sex, (region_code, period)) is not null then value end as value,
    null as numerator,
    null as denominator,
    status,
    paired_reason(value, null, status, sex, (region_code, period)) as reason
from operands
