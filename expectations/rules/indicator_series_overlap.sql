/*---
title: En period finns i en serie
severity: warning
subject: indicator
message: Samma period finns i flera serier; den nyaste visas först
field: series
protects: structure
---*/
select
    min(region_code) as region_code, period, null as sex, category, null as value,
    'en serie av ' || string_agg(distinct series, ', ' order by series) as expected, null as cell
from observations
where value is not null
group by period, category, partner_code
having count(distinct coalesce(series, '')) > 1
