/*---
title: Det publicerade talet och de publicerade antalen hör ihop
severity: critical
subject: indicator
message: I de flesta regioner är det publicerade talet ett helt annat än kvoten av antalen; kolumner kan ha bytt plats
field: operands
applies: unit = 'percent' and not derived and exists (from observations where numerator is not null)
protects: values
otherwise: Värdet är ingen publicerad andel med publicerade antal
limits: {apart: 5, base: 1000, least: 5}
---*/
-- Percentage points; where so many persons are behind, no noise moves the quotient as far, and not in most regions at once.
select
    null as region_code, period, sex, category, median(abs(value - 100.0 * numerator / denominator)) as value,
    'högst {apart} procentenheter' as expected, null as cell
from observations
where denominator >= {base} and numerator is not null and value is not null
group by period, sex, category
having count(*) >= {least} and median(abs(value - 100.0 * numerator / denominator)) > {apart}
