/*---
title: Inget värde har plötsligt rört sig mer än förut
severity: warning
subject: indicator
message: Värden har ändrats mer sedan perioden före än de brukar, och mer än i andra regioner
field: value
protects: time
limits: {spread: 8, least: 6, floor: 0.5}
---*/
-- Robust: median and median deviation of the place's own earlier steps, and of the other places' steps in the period.
with earlier as (
    select region_code, sex, category, series, count(*) as points, median(size) as middle, mad(size) as deviation
    from steps where not is_newest group by all
),
beside as (
    select kind, sex, category, series, median(size) as middle, mad(size) as deviation from steps where is_newest group by all
)
select
    s.region_code, s.period, s.sex, concat_ws(', ', s.category, s.series) as category, s.value,
    s.earlier || ': ' || round(s.before, 2) as expected, null as cell
from steps as s
join earlier as e
    on e.region_code = s.region_code and e.sex = s.sex and e.category = s.category and e.series is not distinct from s.series
join beside as b on b.kind = s.kind and b.sex = s.sex and b.category = s.category and b.series is not distinct from s.series
where s.is_newest and e.points >= {least}
    and abs(s.size - e.middle) > greatest({spread} * 1.4826 * e.deviation, {floor})
    and abs(s.size - b.middle) > greatest({spread} * 1.4826 * b.deviation, {floor})
