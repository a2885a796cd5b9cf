/*---
title: Sysselsättningsgrad 20–64 år, preliminärt år
phrase: Sysselsättningsgraden i åldern 20–64 år
theme: arbete
definition: >-
  Sysselsatta i procent av befolkningen 20–64 år efter boenderegion, som SCB publicerar talet för kvinnor och män i
  den preliminära årsstatistiken. Den finns tidigare än det slutliga årsregistret, som ersätter den (BAS, TAB5655).
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select region_code, period, sex, 'employment_rate' as operand, value, status, cell
    from staged.TAB5655
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
