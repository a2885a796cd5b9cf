-- Every value that should be there, and why a missing one is missing: indicator x region x sex x period.
--
-- Regions: riket, the home county and its municipalities, of the types that the indicator has. Sexes: women and men of a
-- level, else the one value that compares them. Periods: those that the indicator has anywhere. Relations have none.
--
-- has_value  the value for all is there, or, of an indicator in groups only, any group's
-- reason     of a hole: the source's symbol or our reason code, before_begin where the region did not exist yet,
--            no_row where there is neither value nor symbol
with used as (
    select
        o.indicator, o.region_code, o.sex, o.period, bool_or(o.value is not null) as has_value,
        coalesce(max(o.reason), max(nullif(o.status, ''))) as reason
    from indicators.observation as o
    join reference.indicator as i using (indicator)
    where o.partner_code is null and (o.category = 'all' or o.indicator not in (
        select indicator from indicators.observation where category = 'all'
    ))
    group by all
),
types as (
    select distinct u.indicator, r.type from used as u join reference.region as r using (region_code)
),
regions as (
    select r.region_code, r.type, r.valid_from
    from reference.region as r
    cross join provenance.run as p
    where r.valid_to is null and (
        r.type = 'country' or r.region_code = p.home_region or (r.type = 'municipality' and r.county_code = p.home_region)
    )
),
expected as (
    select t.indicator, g.region_code, x.sex, q.period, q.sort, g.valid_from > q.end_date as before_begin
    from types as t
    join reference.indicator as i using (indicator)
    join regions as g using (type)
    join (
        select distinct u.indicator, u.period, p.sort, p.end_date
        from used as u
        join (
            select period, min(sort) as sort, max(end_date) as end_date from reference.period group by period
        ) as p using (period)
    ) as q using (indicator)
    join (values ('women', 'level'), ('men', 'level'), ('total', 'other')) as x(sex, kind)
        on x.kind = if(i.measure = 'level', 'level', 'other')
)
select
    e.indicator, e.region_code, e.sex, e.period, e.sort, coalesce(u.has_value, false) as has_value,
    case
        when u.has_value then null
        when e.before_begin then 'before_begin'
        else coalesce(u.reason, 'no_row')
    end as reason
from expected as e
left join used as u
    on u.indicator = e.indicator and u.region_code = e.region_code and u.sex = e.sex and u.period = e.period
order by e.indicator, e.region_code, e.sex, e.sort
