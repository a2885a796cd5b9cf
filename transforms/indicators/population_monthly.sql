/*---
title: Folkmängd per månad efter kön och ålder
phrase: Folkmängden
theme: befolkning
definition: >-
  Folkmängd den sista dagen i månaden, efter kön och ålder, som SCB publicerar den. Uppgifterna har en liten
  slumpmässig osäkerhet, så kvinnor och män ger inte alltid den publicerade totalen.
unit: persons
measure: level
polarity: none
goals: [jamstalldhetspolitiken.jamstalld-halsa]
period: month
dimensions:
  age:
    0-9: 0–9 år
    10-19: 10–19 år
    20-29: 20–29 år
    30-39: 30–39 år
    40-49: 40–49 år
    50-59: 50–59 år
    60-69: 60–69 år
    70-79: 70–79 år
    80-89: 80–89 år
    90-99: 90–99 år
    100+10: 100 år och äldre
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        case when age = 'all' then 'all' else 'age:' || age end as category,
        'population' as operand,
        value,
        status,
        cell
    from staged.TAB6471
    where measure = 'population'
)
select
    region_code,
    period,
    sex,
    category,
    case
        when paired(value, value, sex, (region_code, period, category)) is not null then value
    end as value,
    null as numerator,
    null as denominator,
    status,
    paired_reason(value, null, status, sex, (region_code, period, category)) as reason
from operands
