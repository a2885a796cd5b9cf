/*---
title: Alla värden är ändliga tal
severity: critical
subject: indicator
message: Värden är oändliga eller inga tal; formeln delar med noll (använd percent_of eller nullif)
field: value
protects: values
---*/
-- DuckDB gives infinity for 1 / 0, and no number for 0 / 0. The limits of the unit do not hold for every indicator.
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    'ett ändligt tal i ' || concat_ws(
        ', ', if(not isfinite(value), 'value', null), if(not isfinite(numerator), 'numerator', null),
        if(not isfinite(denominator), 'denominator', null), if(not isfinite(margin), 'margin', null)
    ) as expected,
    null as cell
from observations
where not (
    coalesce(isfinite(value), true) and coalesce(isfinite(numerator), true) and coalesce(isfinite(denominator), true)
    and coalesce(isfinite(margin), true)
)
