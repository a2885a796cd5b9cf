/*---
title: Sysselsättningsgrad per månad 20–64 år (preliminär)
phrase: Sysselsättningsgraden i åldern 20–64 år
theme: arbete
definition: >-
  Sysselsatta i procent av befolkningen 20–64 år efter boenderegion, som SCB publicerar sysselsättningsgraden för
  kvinnor och män varje månad. Preliminär statistik som revideras, inte säsongsrensad (BAS, TAB6260).
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: month
---*/
with operands as (
    select region_code, period, sex, 'employment_rate' as operand, value, status, cell
    from staged.TAB6260
    where measure = 'employment_rate' and age = '20-64' and birth_region = 'tot'
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
