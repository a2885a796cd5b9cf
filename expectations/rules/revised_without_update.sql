/*---
title: Värdena har inte ändrats utan att källan har gett ut en ny version
severity: warning
subject: indicator
message: Värden har ändrats sedan förra publicerade körningen fast ingen av källans tabeller har uppdaterats
field: value
applies: exists (from previous.indicator as p where p.indicator = subject.indicator)
protects: time
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
---*/
-- Sums of floats may differ in their last digits.
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    'förut ' || round(value_before, 4) as expected, null as cell
from compared
where value is not null and abs(value - value_before) > 1e-9 * greatest(abs(value), abs(value_before))
    and not exists (
        from reference.indicator_table as t
        join subject using (indicator)
        join reference.source_table as s using (table_id)
        left join previous.source_table as p using (table_id)
        where s.updated is distinct from p.updated
    )
