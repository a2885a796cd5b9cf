/*---
title: Arbetslöshet per månad 20–64 år (preliminär)
phrase: Arbetslösheten i åldern 20–64 år
theme: arbete
definition: >-
  Arbetslösa i procent av arbetskraften 20–64 år efter boenderegion, som SCB publicerar den varje månad för
  kvinnor och män (BAS, TAB6260). Preliminär: tidigare månader revideras. Inte säsongsrensad.
unit: percent
measure: level
polarity: lower
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: month
---*/
with operands as (
    select region_code, period, sex, 'unemployment_rate' as operand, value, status, cell
    from staged.TAB6260
    where measure = 'unemployment_rate' and age = '20-64' and birth_region = 'tot'
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
    paired_reason(value, null, status, sex, (region_code, period)) as reason,
    true as is_preliminary
from operands
