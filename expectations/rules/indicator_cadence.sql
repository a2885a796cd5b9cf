/*---
title: Perioderna har den längd som indikatorn anger
severity: critical
subject: indicator
message: Perioder har en annan längd än den som indikatorn anger
field: period
protects: structure
---*/
select distinct
    null as region_code, o.period, null as sex, o.series as category, null as value, s.period_type as expected,
    null as cell
from observations as o
join reference.period as p using (period)
cross join subject as s
where p.type <> case s.period_type when 'election' then 'year' else s.period_type end
    and not exists (from reference.period as same where same.period = o.period and same.type = s.period_type)
