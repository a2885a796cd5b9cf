-- The facts of the quality box of an indicator, in riket, the home county and its municipalities; no grade of them.
--
-- first_period..periods  all that there is of the newest series; unbroken_from, unbroken: since its last break
--                        that parts the indicator's own contents (analysis.indicator_break)
-- places, places_expected  regions with a value in the newest period, of those that should have one
with used as (
    select indicator, period, sort, bool_or(has_value) as has_value
    from analysis.coverage_cell group by all
),
newest as (
    select indicator, max(sort) filter (where has_value) as sort from used group by indicator
),
breaks as (
    select b.indicator, max(p.sort) as sort
    from analysis.indicator_break as b
    join (select period, min(sort) as sort from reference.period group by period) as p using (period)
    join newest as n on n.indicator = b.indicator and p.sort <= n.sort
    where b.parts and not b.line
    group by b.indicator
),
places as (
    select
        c.indicator, count(distinct c.region_code) filter (where c.has_value) as places,
        count(distinct c.region_code) as places_expected
    from analysis.coverage_cell as c
    join newest as n on n.indicator = c.indicator and n.sort = c.sort
    group by c.indicator
),
sources as (
    select
        t.indicator, list(distinct s.agency order by s.agency) as agencies, max(f.updated) as updated,
        max(f.expected) as expected, bool_or(f.state = 'late') as late, any_value(s.cadence) as cadence
    from reference.indicator_table as t
    join reference.source_table as s using (table_id)
    join analysis.freshness as f using (table_id)
    where s.state = 'loaded'
    group by t.indicator
)
select
    i.indicator, s.agencies, s.updated, s.expected, s.late, s.cadence, p.places, p.places_expected,
    arg_min(u.period, u.sort) filter (where u.has_value) as first_period,
    arg_max(u.period, u.sort) filter (where u.has_value) as last_period, count(*) filter (where u.has_value) as periods,
    arg_min(u.period, u.sort) filter (where u.has_value and u.sort >= coalesce(b.sort, u.sort)) as unbroken_from,
    count(*) filter (where u.has_value and u.sort >= coalesce(b.sort, u.sort)) as unbroken,
    any_value(q.kind) as accuracy, any_value(q.is_preliminary) as is_preliminary
from reference.indicator as i
join used as u using (indicator)
left join breaks as b using (indicator)
left join places as p using (indicator)
left join sources as s using (indicator)
left join analysis.quality as q using (indicator)
group by i.indicator, s.agencies, s.updated, s.expected, s.late, s.cadence, p.places, p.places_expected
order by i.indicator
