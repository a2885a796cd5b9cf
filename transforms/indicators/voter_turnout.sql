/*---
title: Valdeltagande i val till kommun, region och riksdag
phrase: Valdeltagandet
theme: makt
definition: >-
  Andel av de röstberättigade 18 år och äldre som röstade, som SCB publicerar valdeltagandet för kvinnor och män
  (TAB4255 riket, TAB4268 län, TAB5211 kommun).
unit: percent
measure: level
polarity: higher
goals:
  - jamstalldhetspolitiken.makt-inflytande
  - tillvaxtverket-jrt.inflytande
period: election
dimensions:
  election:
    riksdag: val till riksdagen
    region: val till regionfullmäktige
    kommun: val till kommunfullmäktige
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'election:' || case measure
            when 'turnout_parliament' then 'riksdag' when 'turnout_region' then 'region' else 'kommun'
        end as category,
        'turnout' as operand,
        value,
        status,
        cell
    from staged.turnout
    where background = 'total'
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
