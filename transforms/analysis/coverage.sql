-- How many of the regions that should be there have values: per indicator, type of region and period.
--
-- present   regions with at least one category where both sexes have a value (a level), or the value is there (others)
-- whole     regions where that holds for every category that they have
-- expected  regions that the run asks for and that exist on the period's last day: riket, the counties, and the
--           municipalities of the home county and of the comparison, or all of them when the run is national
--
-- Types of region that the indicator never has are not expected. Where no table of the indicator has counties, a county
-- is the sum of its municipalities, and only the counties are expected whose municipalities are all asked for.
-- Relations between two regions have no coverage: which of them exist is what they measure.
with keyed as (
    select
        o.indicator,
        o.period,
        o.region_code,
        case
            when i.measure = 'level'
                then count(o.value) filter (where o.sex = 'women') > 0 and count(o.value) filter (where o.sex = 'men') > 0
            else count(o.value) > 0
        end as has_value
    from indicators.observation as o
    join reference.indicator as i using (indicator)
    where o.partner_code is null
    group by o.indicator, i.measure, o.period, o.region_code, o.category, o.series
),
regions as (
    select indicator, period, region_code, bool_or(has_value) as has_any, bool_and(has_value) as has_all
    from keyed
    group by all
),
asked as (
    select
        r.region_code,
        r.type as region_type,
        r.county_code,
        r.valid_from,
        r.type <> 'municipality'
        or p.scope = 'national'
        or r.county_code = p.home_region
        or coalesce(list_contains(p.comparison_regions, r.region_code), false) as is_asked
    from reference.region as r
    cross join provenance.run as p
    where r.valid_to is null and r.type in ('country', 'county', 'municipality')
),
summable as (
    select county_code
    from asked
    where region_type = 'municipality'
    group by county_code
    having bool_and(is_asked)
),
sources as (
    select t.indicator, bool_or(list_contains(s.levels, 'county')) as has_counties
    from reference.indicator_table as t
    join reference.source_table as s using (table_id)
    group by t.indicator
),
own as (
    select distinct g.indicator, a.region_type
    from regions as g
    join asked as a using (region_code)
),
periods as (
    select distinct g.indicator, g.period, q.end_date
    from regions as g
    join reference.period as q using (period)
),
expected as (
    select o.indicator, o.region_type, q.period, a.region_code
    from own as o
    join periods as q using (indicator)
    join sources as s using (indicator)
    join asked as a
        on a.region_type = o.region_type
        and a.is_asked
        and (a.valid_from is null or a.valid_from <= q.end_date)
    where a.region_type <> 'county' or s.has_counties or a.county_code in (select county_code from summable)
)
select
    e.indicator,
    e.region_type,
    e.period,
    count(*) filter (where r.has_any) as present,
    count(*) filter (where r.has_all) as whole,
    count(*) as expected,
    count(*) filter (where r.has_any) / count(*) as coverage
from expected as e
left join regions as r using (indicator, period, region_code)
group by e.indicator, e.region_type, e.period
order by e.indicator, e.region_type, e.period
