/*---
title: Andel som börjat på högskola inom tre år efter gymnasiet
phrase: Andelen som börjat på högskola inom tre år efter gymnasiet
theme: utbildning
definition: >-
  Andel av de avgångna från gymnasieskolan som påbörjat högskolestudier inom tre år, efter läsår, som SCB publicerar
  andelen för kvinnor och män (regionala matchningsindikatorer, TAB5461). Måttet är ett av dem som regionen själv
  följer.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.fullfoljda-studier
  - jamstalldhetspolitiken.jamstalld-utbildning
measures: [rus-2030.fullfoljda-studier]
period: school_year
---*/
with operands as (
    select region_code, period, sex, 'began_within_three_years' as operand, value, status, cell
    from staged.TAB5461
    where measure = 'began_within_three_years'
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
