/*---
title: Skillnad mellan förtroendevalda och röstberättigade
phrase: Avståndet mellan andelen av de förtroendevalda och andelen av de röstberättigade
theme: makt
definition: >-
  Andel av de förtroendevalda minus andel av de röstberättigade i kommunen (procentenheter) efter ålder, barn,
  utbildning, födelseland och inkomst, som SCB publicerar skillnaden för kvinnor och män (TAB708); grupperna och
  deras namn är SCB:s. Positivt tal: gruppen är större bland de förtroendevalda. Ingår inte i den officiella
  statistiken.
unit: percentage_points
decimals: 0
measure: level
polarity: gap
goals:
  - jamstalldhetspolitiken.makt-inflytande
  - tillvaxtverket-jrt.inflytande
  - agenda-2030-mal-5.valda
period: mandate
dimensions:
  background: TAB708.BakgrVar
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        case when background = 'all' then 'all' else 'background:' || background end as category,
        'electorate_difference' as operand,
        value,
        status,
        cell
    from staged.TAB708
    where measure = 'electorate_difference'
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
