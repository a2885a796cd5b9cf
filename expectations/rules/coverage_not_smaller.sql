/*---
title: Indikatorn har allt som den förra publicerade körningen hade
severity: critical
subject: indicator
message: Rader eller mer än 5 procent av värdena i en period har försvunnit sedan förra publicerade körningen
field: value
applies: exists (from previous.indicator as p where p.indicator = subject.indicator)
protects: time
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
---*/
-- SCB may come to withhold single values; more than one value in twenty gone, of one type of region in one period, is
-- taken for a fault (own definition).
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    'förut ' || coalesce(value_before::varchar, 'en rad') as expected, null as cell
from compared
where not has_row or (is_lost and loss > 0.05)
