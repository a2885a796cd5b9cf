-- How many of the regions that should be there have values: per indicator, type of region and period.
--
-- present   regions with at least one category where both sexes have a value (a level), or the value is there (others)
-- whole     regions where that holds for every category that they have
-- expected  regions of the type in force on the period's last day, within what the run fetches: all of them, but of the
--           municipalities only the home county's when the scope is home
--
-- Region types that the indicator never has are not expected; neither is the unknown county.
with keyed as (
    select
        o.indicator,
        r.type as region_type,
        o.period,
        o.region_code,
        case
            when i.measure = 'level'
                then count(o.value) filter (where o.sex = 'women') > 0 and count(o.value) filter (where o.sex = 'men') > 0
            else count(o.value) > 0
        end as has_value
    from indicators.observation as o
    join reference.indicator as i using (indicator)
    join reference.region as r using (region_code)
    where r.type <> 'unknown'
    group by o.indicator, i.measure, r.type, o.period, o.region_code, o.partner_code, o.category, o.series
),
regions as (
    select indicator, region_type, period, region_code, bool_or(has_value) as has_any, bool_and(has_value) as has_all
    from keyed
    group by all
),
counted as (
    select
        indicator,
        region_type,
        period,
        count(*) filter (where has_any) as present,
        count(*) filter (where has_all) as whole
    from regions
    group by all
),
ends as (
    select distinct period, end_date from reference.period
),
expected as (
    select e.period, r.type as region_type, count(*) as expected
    from ends as e
    cross join provenance.run as p
    join reference.region as r
        on (r.valid_from is null or r.valid_from <= e.end_date) and (r.valid_to is null or r.valid_to >= e.end_date)
    where p.scope = 'national' or r.type <> 'municipality' or r.county_code = p.home_region
    group by all
)
select
    c.indicator,
    c.region_type,
    c.period,
    c.present,
    c.whole,
    e.expected,
    c.present / e.expected as coverage
from counted as c
left join expected as e using (period, region_type)
order by c.indicator, c.region_type, c.period
