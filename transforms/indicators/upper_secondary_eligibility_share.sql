/*---
title: Andel behöriga till gymnasieskolan
phrase: Andelen behöriga till gymnasieskolan
theme: utbildning
definition: >-
  Andel elever som är behöriga till gymnasieskolan, som SCB publicerar andelen för kvinnor och män (TAB1813 riket,
  TAB1807 län, TAB1804 kommun; för kommuner publiceras ingen total i samma urval). Regionens eget mått är behörighet
  till gymnasiets yrkesprogram; den benämningen finns inte i SCB:s tabeller.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.fullfoljda-studier
  - jamstalldhetspolitiken.jamstalld-utbildning
period: year
---*/
with operands as (
    select region_code, period, sex, 'upper_secondary_eligible' as operand, value, status, cell
    from staged.eligibility
    where measure = 'upper_secondary_eligible' and background = 'total'
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
