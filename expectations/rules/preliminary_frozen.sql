/*---
title: Preliminära värden blir slutliga
severity: warning
subject: indicator
message: Värden är märkta som preliminära fast nyare perioder har slutliga värden
field: is_preliminary
protects: time
---*/
-- Only where the same series has later values that are not preliminary.
select
    o.region_code, o.period, o.sex, concat_ws(', ', o.category, o.series) as category, o.value, 'slutligt' as expected, null as cell
from observations as o
join (select period, min(sort) as sort from reference.period group by period) as p using (period)
where o.is_preliminary and o.value is not null
    and exists (
        from observations as later
        join (select period, min(sort) as sort from reference.period group by period) as q on q.period = later.period
        where q.sort > p.sort and not later.is_preliminary and later.series is not distinct from o.series
            and later.region_code = o.region_code and later.sex = o.sex and later.category = o.category
            and later.value is not null
    )
