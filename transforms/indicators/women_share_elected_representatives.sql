/*---
title: Andel kvinnor bland förtroendevalda i kommunen
phrase: Andelen kvinnor bland de förtroendevalda i kommunen
theme: makt
definition: >-
  Kvinnor i procent av de förtroendevalda i kommunen, alla åldrar, per mandatperiod, som SCB publicerar andelen
  (TAB708). Sju kommuner saknas för 2023–2026. Ingår inte i den officiella statistiken.
unit: percent
decimals: 0
measure: share
polarity: parity
goals:
  - jamstalldhetspolitiken.makt-inflytande
  - tillvaxtverket-jrt.inflytande
  - agenda-2030-mal-5.valda
period: mandate
---*/
with operands as (
    select region_code, period, sex, 'distribution' as operand, value, status, cell
    from staged.TAB708
    where measure = 'distribution' and background = 'all' and sex in ('women', 'men')
),
shares as (
    select
        region_code,
        period,
        case when count(value) = 2 then max(value) filter (where operand = 'distribution' and sex = 'women') end as value,
        joined_status(status) as status
    from operands
    group by region_code, period
)
select
    region_code,
    period,
    'total' as sex,
    'all' as category,
    value,
    null as numerator,
    null as denominator,
    status,
    missing_reason(value, null, status) as reason
from shares
