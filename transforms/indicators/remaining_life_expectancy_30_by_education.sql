/*---
title: Återstående medellivslängd vid 30 år efter utbildning
phrase: Återstående medellivslängd vid 30 års ålder
theme: befolkning
definition: >-
  Antal återstående år vid 30 års ålder efter utbildningsnivå, som SCB publicerar det för kvinnor och män i
  femårsperioder, efter län (TAB4879). Perioderna överlappar varandra.
unit: years
measure: level
polarity: higher
goals:
  - jamstalldhetspolitiken.jamstalld-halsa
period: five_years
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
        'remaining_years' as operand,
        value,
        status,
        cell
    from staged.TAB4879
    where measure = 'remaining_years' and age = '30'
)
select
    region_code,
    period,
    sex,
    category,
    case when paired(value, value, sex, (region_code, period, category)) is not null then value end as value,
    null as numerator,
    null as denominator,
    status,
    paired_reason(value, null, status, sex, (region_code, period, category)) as reason
from operands
