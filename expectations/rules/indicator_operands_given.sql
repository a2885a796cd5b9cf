/*---
title: Varje beräknad andel har täljare och nämnare
severity: critical
subject: indicator
message: Beräknade andelar eller kvoter saknar täljare eller nämnare
field: denominator
applies: derived and unit in ('percent', 'per_1000', 'ratio') and measure <> 'decomposition'
protects: values
otherwise: Värdet är publicerat som det är, eller är ingen andel eller kvot
---*/
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    if(numerator is null, 'täljare (numerator)', 'nämnare (denominator)') as expected, null as cell
from observations
where value is not null and (numerator is null or denominator is null)
