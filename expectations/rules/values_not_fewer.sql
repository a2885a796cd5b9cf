/*---
title: Varje värde i förra publicerade körningen har ett värde också nu
severity: warning
subject: indicator
message: Värden som fanns i förra publicerade körningen saknas nu
field: value
applies: exists (from previous.indicator as p where p.indicator = subject.indicator)
protects: time
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
---*/
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    'förut ' || value_before as expected, null as cell
from compared
where is_lost
