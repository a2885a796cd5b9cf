/*---
title: Andel behöriga till högskola
phrase: Andelen behöriga till högskola
theme: utbildning
definition: >-
  Andel elever som är behöriga till högskola, som SCB publicerar andelen för kvinnor och män (TAB1813 riket, TAB1807
  län, TAB1804 kommun; för kommuner publiceras ingen total i samma urval).
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.fullfoljda-studier
  - jamstalldhetspolitiken.jamstalld-utbildning
period: year
---*/
with operands as (
    select region_code, period, sex, 'higher_education_eligible' as operand, value, status, cell
    from staged.eligibility
    where measure = 'higher_education_eligible' and background = 'total'
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
