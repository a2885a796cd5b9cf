/*---
title: Medellivslängd vid födelsen
phrase: Medellivslängden vid födelsen
theme: befolkning
definition: >-
  Återstående medellivslängd vid födelsen, år, som SCB publicerar den för kvinnor och män i femårsperioder, efter
  län. Perioderna överlappar varandra.
unit: years
measure: level
polarity: higher
goals:
  - jamstalldhetspolitiken.jamstalld-halsa
period: five_years
---*/
with operands as (
    select region_code, period, sex, 'at_birth' as operand, value, status, cell
    from staged.life_expectancy_county
    where measure = 'at_birth'
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
