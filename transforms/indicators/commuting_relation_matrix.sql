/*---
title: Pendlingsrelationer mellan kommuner
theme: pendling
definition: >-
  Sysselsatta 15–74 år efter bostadskommun och arbetsställekommun, som SCB publicerar dem för kvinnor och män
  (BAS, TAB1830): alla hämtade relationer. Samma kommun i båda leden är de som bor och arbetar i kommunen. Små
  celler är skyddade.
unit: persons
measure: level
polarity: none
goals:
  - rus-2030.kollektivtrafik
  - jrt.lanstransportplan-2018-2029
  - lanstransportplan-2022-2033.studie-arbetsmarknad
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select region_code, partner_code, period, sex, 'commuters' as operand, value, status, cell
    from staged.TAB1830
    where measure = 'commuters'
)
select
    region_code,
    partner_code,
    period,
    sex,
    'all' as category,
    case when paired(value, value, sex, (region_code, partner_code, period)) is not null then value end as value,
    null as numerator,
    null as denominator,
    status,
    paired_reason(value, null, status, sex, (region_code, partner_code, period)) as reason
from operands
