/*---
title: Varje period har celler för alla tal som formeln behöver
severity: warning
subject: indicator
message: I vissa perioder saknas ett av de tal som formeln behöver; då finns inget värde
field: operands
protects: missing
---*/
-- Each source system is a series of its own: an operand that a series never has is not missed in it.
with present as (
    select distinct o.series, o.operand, o.period
    from reference.indicator_operand as o
    join subject using (indicator)
),
wanted as (
    select distinct one.series, one.operand, other.period
    from present as one
    join present as other on other.series is not distinct from one.series
)
select
    null as region_code, w.period, null as sex, concat_ws(', ', w.operand, w.series) as category, null as value,
    'celler för ' || w.operand as expected, null as cell
from wanted as w
anti join present as p
    on p.operand = w.operand and p.period = w.period and p.series is not distinct from w.series
