/*---
title: Varje region som körningen omfattar har något värde där andra regioner har det
severity: warning
subject: table
message: Regioner saknar alla värden i perioder där andra regioner har värden
protects: missing
---*/
with counted as (
    select c.measure, c.period, c.region_code, a.name, a.type, count(c.value) as value_count
    from cells as c
    join asked as a using (region_code)
    join (select distinct period, start_date from reference.period) as b using (period)
    where coalesce(cast(a.valid_from as date) <= cast(b.start_date as date), true)
    group by all
),
beside as (
    select *, max(value_count) over (partition by measure, period, type) as most from counted
)
select
    region_code, period, null as sex, measure as category, null as value, name as expected, null as cell
from beside
where value_count = 0 and most > 0
