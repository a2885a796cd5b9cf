/*---
title: Nettoinkomst, median, 20–64 år
phrase: Medianen för nettoinkomsten i åldern 20–64 år
theme: inkomst
definition: >-
  Nettoinkomst (inkomst efter skatt och med bidrag), median, för personer 20–64 år efter boenderegion, som SCB
  publicerar den för kvinnor och män. Tusen kronor i löpande priser (TAB4840).
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
    select region_code, period, sex, 'median_net_income' as operand, value, status, cell
    from staged.TAB4840
    where measure = 'median_net_income' and age = '20-64'
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
