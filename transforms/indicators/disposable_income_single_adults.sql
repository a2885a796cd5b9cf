/*---
title: Disponibel inkomst, ensamstående kvinnor och män med och utan barn
phrase: Medianen för disponibel inkomst
theme: inkomst
definition: >-
  Disponibel inkomst per hushåll, median, för hushåll med en ensamstående vuxen kvinna eller man, med och utan barn
  0–19 år, som SCB publicerar den (TAB1492). Tusen kronor i fasta priser; senaste årets prisnivå. Totalen är alla
  ensamstående i gruppen. Tillägg för ensamstående med vuxna barn ingår inte.
unit: sek_thousands
prices: fixed
measure: level
polarity: higher
goals:
  - rus-2030.barn-ekonomiskt-utsatta
  - rus-2030.ekonomisk-utveckling
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
dimensions:
  household:
    with_children: ensamstående med barn 0–19 år
    without_children: ensamstående utan barn
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'household:' || household_type as category,
        'median_income' as operand,
        value,
        status,
        cell
    from staged.TAB1492
    where measure = 'median_income' and age = '18+'
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
