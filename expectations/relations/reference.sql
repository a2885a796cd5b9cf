-- What the rules of every subject read of regions and periods; made once.

-- Regions that exist in a period. Statistics of 31 December are published by the division of the day after,
-- so a region may have values one day before it begins.
create or replace temp table existing as
select r.region_code, r.type, r.county_code, p.period
from reference.region as r
join reference.period as p
    on coalesce(cast(r.valid_from as date) <= cast(p.end_date as date) + 1, true)
    and coalesce(cast(r.valid_to as date) >= cast(p.start_date as date), true);

-- The other way round: regions in the periods in which they do not exist.
create or replace temp table outside_life_span as
select
    r.region_code, p.period,
    concat_ws(' ', 'inget värde; finns', 'från ' || r.valid_from, 'till ' || r.valid_to) as expected
from reference.region as r
cross join reference.period as p
anti join existing as e on e.region_code = r.region_code and e.period = p.period;

-- Regions of today that the run asks for: of the municipalities only the home county's and those named for comparison,
-- unless the run is national.
create or replace temp table asked as
select r.region_code, r.name, r.type, r.valid_from
from reference.region as r
cross join provenance.run as run
where r.valid_to is null
    and r.type in ('country', 'county', 'municipality')
    and (
        r.type <> 'municipality'
        or coalesce(run.scope = 'national', false)
        or r.county_code = run.home_region
        or coalesce(list_contains(run.comparison_regions, r.region_code), false)
    );
