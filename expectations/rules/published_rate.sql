/*---
title: Det publicerade talet är kvoten av de publicerade antalen
severity: warning
subject: indicator
message: Det publicerade talet skiljer sig från kvoten av de publicerade antalen mer än slumpskyddet kan ge
applies: unit = 'percent' and not derived and exists (from observations where numerator is not null)
protects: values
otherwise: Värdet är ingen publicerad andel med publicerade antal
---*/
-- Half a percentage point, and three persons of noise in either count (own definition).
select
    region_code, period, sex, category, value, 100.0 * numerator / denominator as expected, null as cell
from observations
where denominator > 0 and abs(value - 100.0 * numerator / denominator) > 0.5 + 600.0 / denominator
