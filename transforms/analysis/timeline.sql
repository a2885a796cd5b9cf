-- Which series and period of an indicator are compared with which: per indicator, type of region, period and series.
--
-- is_current   the default view: the newest series of those that have values (reference/series.csv says which is newest),
--              so that no period comes twice; both stay reachable in indicators.observation
-- is_overlapping  another series of the indicator has the period too
-- break_id     the declared breaks whose first period this is, through the tables that the indicator reads; break_line
--              says whether a line may be drawn across all of them; a break that parts other contents than the
--              indicator's is a flag: it is shown, and no regime begins with it
-- own_break    what the breaks are that part the indicator's own contents
-- new_series   the period before, in the default view, belongs to another series
-- regime       periods of the default view with one number have no break and no change of series between them
-- back         steps back from the latest period of the default view, among periods of the same season: a month is
--              compared with the same month of other years, a quarter with the same quarter, years with years; where a
--              month stands for its year (reference_month), the latest period is the latest such month
-- in_window    whether the period is comparable with the latest one: same regime, at most most_points of them;
--              overlapping five-year windows are never comparable with each other
-- whole        how many periods of the season the default view has, comparable or not
-- season       the month or the quarter; empty for other periods
with observed as (
    select o.indicator, r.type as region_type, o.period, o.series, count(o.value) > 0 as has_values
    from indicators.observation as o
    join reference.region as r using (region_code)
    group by all
),
dated as (
    select
        o.*,
        i.period_type,
        p.start_date,
        p.end_date,
        p.sort,
        case i.period_type when 'month' then right(o.period, 2) when 'quarter' then right(o.period, 1) else '' end as season,
        coalesce(cast(s.sort as integer), 0) as series_sort
    from observed as o
    join reference.indicator as i using (indicator)
    join (select distinct period, type, start_date, end_date, sort from reference.period) as p
        on p.period = o.period and p.type = case i.period_type when 'election' then 'year' else i.period_type end
    left join reference.series as s on s.series = o.series
),
ranked as (
    select
        *,
        row_number() over (
            partition by indicator, region_type, period order by has_values desc, series_sort desc, series
        ) = 1 as is_current,
        count(*) over (partition by indicator, region_type, period) > 1 as is_overlapping,
        lag(end_date) over (partition by indicator, region_type, series order by sort) as end_before
    from dated
),
broken as (
    select
        r.indicator,
        r.region_type,
        r.period,
        r.series,
        count(distinct b.from_date) filter (where b.parts) as breaks_before,
        string_agg(distinct b.break_id, ' ' order by b.break_id)
            filter (where b.from_date > coalesce(r.end_before, r.start_date - 1)) as break_id,
        string_agg(distinct b.what, '; ' order by b.what)
            filter (where b.from_date > coalesce(r.end_before, r.start_date - 1)) as break_what,
        string_agg(distinct b.what, '; ' order by b.what)
            filter (where b.parts and b.from_date > coalesce(r.end_before, r.start_date - 1)) as own_break,
        bool_and(b.line or not b.parts) filter (where b.from_date > coalesce(r.end_before, r.start_date - 1)) as break_line
    from ranked as r
    left join analysis.indicator_break as b
        on b.indicator = r.indicator and b.from_date <= r.end_date
        and (b.table_series = r.series or b.table_series is null or r.series is null)
    group by all
),
shown as (
    select
        r.indicator,
        r.region_type,
        r.period,
        r.series,
        r.sort,
        b.breaks_before,
        lag(r.series) over in_order is distinct from r.series and lag(r.period) over in_order is not null as new_series,
        lag(b.breaks_before) over in_order is distinct from b.breaks_before as new_regime
    from ranked as r
    join broken as b
        on b.indicator = r.indicator and b.region_type = r.region_type and b.period = r.period
        and b.series is not distinct from r.series
    where r.is_current
    window in_order as (partition by r.indicator, r.region_type order by r.sort)
),
regimes as (
    select
        indicator,
        region_type,
        period,
        new_series,
        sum(cast(new_series or new_regime as integer))
            over (partition by indicator, region_type order by sort) as regime
    from shown
),
latest as (
    select
        r.indicator,
        r.region_type,
        max_by(r.season, r.sort) as season,
        max(r.sort) as sort
    from ranked as r
    left join reference.indicator_month as m using (indicator)
    where r.is_current and r.has_values and (m.month is null or m.month = try_cast(r.season as integer))
    group by all
),
counted as (
    select
        r.indicator,
        r.region_type,
        r.period,
        row_number() over newest_first - 1 as back,
        first(g.regime) over newest_first = g.regime as in_regime,
        count(*) over (partition by r.indicator, r.region_type) as whole
    from ranked as r
    join regimes as g using (indicator, region_type, period)
    join latest as l
        on l.indicator = r.indicator and l.region_type = r.region_type and l.season = r.season and l.sort >= r.sort
    where r.is_current
    window newest_first as (partition by r.indicator, r.region_type order by r.sort desc)
)
select
    r.indicator,
    r.region_type,
    r.period,
    r.series,
    r.period_type,
    r.season,
    r.sort,
    year(r.start_date) as year,
    r.has_values,
    r.is_current,
    r.is_overlapping,
    b.break_id,
    b.break_what,
    b.own_break,
    b.break_line,
    case when r.is_current then g.new_series end as new_series,
    case when r.is_current then cast(g.regime as integer) end as regime,
    case when r.is_current then cast(c.back as integer) end as back,
    coalesce(
        r.is_current and c.in_regime and c.back < rule_value('most_points')
        and (r.period_type <> 'five_years' or c.back = 0),
        false
    ) as in_window,
    c.whole
from ranked as r
join broken as b
    on b.indicator = r.indicator and b.region_type = r.region_type and b.period = r.period
    and b.series is not distinct from r.series
left join regimes as g
    on g.indicator = r.indicator and g.region_type = r.region_type and g.period = r.period
left join counted as c
    on c.indicator = r.indicator and c.region_type = r.region_type and c.period = r.period
order by r.indicator, r.region_type, r.sort, r.series
