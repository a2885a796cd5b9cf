/*---
title: Länets alla kommuner finns i varje period
severity: critical
subject: table
message: Kommuner i länet saknas
applies: exists (from cells join reference.region as r using (region_code) where r.type = 'municipality')
---*/
-- A municipality that has left the county or closed is not asked for: tables differ in whether they keep it.
with present as (
    select distinct region_code, period from cells
)
select
    r.region_code, p.period, null as sex, null as category, null as value, r.name as expected, null as cell
from (select distinct period from present) as p
join reference.period as q using (period)
cross join reference.region as r
join provenance.run as run on r.county_code = run.home_region
anti join present as seen on seen.region_code = r.region_code and seen.period = p.period
where r.type = 'municipality'
    and r.valid_to is null
    and coalesce(cast(r.valid_from as date) <= cast(q.start_date as date), true)
