/*---
title: Sammanräknad förvärvsinkomst, median, 65 år och äldre
phrase: Medianen för förvärvsinkomsten i åldern 65 år och äldre
theme: inkomst
definition: >-
  Sammanräknad förvärvsinkomst, median, för personer 65 år och äldre som bott i Sverige hela året, efter
  boenderegion, som SCB publicerar den för kvinnor och män. Tusen kronor i löpande priser (TAB3554).
unit: sek_thousands
prices: current
measure: level
polarity: higher
goals:
  - rus-2030.ekonomisk-utveckling
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select region_code, period, sex, 'median_income' as operand, value, status, cell
    from staged.TAB3554
    where measure = 'median_income' and age = '65+' and income_class = 'total'
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
