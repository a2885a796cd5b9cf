-- What a person may want to word a challenge about: one row per rule (reference/suggestion_rule.csv), indicator and place.
-- The rules say what the figures show and never why. Judged indicators only, all groups together; the limits are in
-- reference/analysis_rule.csv.
--
-- size       how far beyond the limit, in tolerances: what the suggestions of a rule are ordered by
-- compared   what the gap is compared with: riket's gap, the median size of the peers', or the gap of first_period
-- periods    of outside_band: how many comparable periods in a row
with home as (
    select home_region from provenance.run
),
newest as (
    select c.*, r.type
    from analysis.comparable as c
    join reference.region as r using (region_code)
    cross join home as h
    where c.back = 0 and c.category = 'all' and c.polarity <> 'none' and c.measure in ('level', 'share')
        and c.unit <> 'persons' and not c.small_base and c.coverage_reason is null and c.gap is not null
        and (c.region_code = h.home_region or (r.type = 'municipality' and r.county_code = h.home_region))
),
at_home as (
    select n.* from newest as n join home as h on h.home_region = n.region_code
),
against_country as (
    select
        'gap_against_country' as rule, n.indicator, n.region_code, cast(null as varchar) as first_period,
        c.gap as compared, k.gap_size_against_country / n.tau_gap as size,
        cast(null as bigint) as periods
    from at_home as n
    join (
        select distinct indicator, region_code, category, period, gap_size, gap_size_against_country
        from analysis.compare
        where back = 0
    ) as k using (indicator, region_code, category, period)
    join analysis.comparable as c
        on c.region_code = '00' and c.indicator = n.indicator and c.category = n.category and c.period = n.period
    where round(k.gap_size_against_country / n.tau_gap, 9) >= rule_value('suggest_units')
),
peers as (
    select
        n.indicator, n.region_code, any_value(k.gap_size) as gap_size, any_value(n.tau_gap) as tau_gap,
        median(o.gap_size) as compared, count(*) as others
    from newest as n
    join analysis.compare as k
        on k.indicator = n.indicator and k.region_code = n.region_code and k.category = n.category
        and k.period = n.period and k.back = 0 and k.peers = 'like_sized'
    join analysis.compare as o
        on o.indicator = k.indicator and o.category = k.category and o.period = k.period and o.back = 0
        and o.peers = k.peers and o.peer_group = k.peer_group and o.region_code <> k.region_code and o.in_panel
    where o.gap_size is not null
    group by n.indicator, n.region_code
),
against_like_sized as (
    select
        'gap_against_like_sized', indicator, region_code, null, compared, (gap_size - compared) / tau_gap, null
    from peers
    where others >= rule_value('suggest_peers')
        and round((gap_size - compared) / tau_gap, 9) >= rule_value('suggest_units')
),
widened as (
    select
        'gap_widened', n.indicator, n.region_code, t.first_period, t.first_value,
        (abs(t.last_value) - abs(t.first_value)) / n.tau_gap, null
    from at_home as n
    join analysis.trend as t
        on t.indicator = n.indicator and t.region_code = n.region_code and t.category = n.category
        and t.subject = 'gap' and t.verdict in ('forsamras', 'gapet_okar')
        and abs(t.last_value) > abs(t.first_value)
),
moved as (
    select m.*, n.tau_gap
    from at_home as n
    join analysis.moved as m using (indicator, region_code, category)
    where m.reason is null
),
levelled as (
    select 'levelling_down', indicator, region_code, first_period, gap_first, closing / tau_gap, null
    from moved
    where levelling_down
    qualify row_number() over (partition by indicator order by span) = 1
),
crossed as (
    select 'crossing', indicator, region_code, first_period, gap_first, abs(gap_last - gap_first) / tau_gap, null
    from moved
    where code = 'overkorsning'
    qualify row_number() over (partition by indicator order by span) = 1
),
outside as (
    select
        'outside_band', n.indicator, n.region_code, null, null, abs(n.gap) / n.tau_gap,
        coalesce(min(c.back) filter (where c.gap = 0 or c.gap is null), count(*))
    from at_home as n
    join analysis.comparable as c using (indicator, region_code, category)
    where n.gap_kind = 'distance' and n.unit = 'percent'
    group by n.indicator, n.region_code, n.gap, n.tau_gap
    having coalesce(min(c.back) filter (where c.gap = 0 or c.gap is null), count(*)) >= rule_value('suggest_years')
),
found as (
    from against_country
    union all
    from against_like_sized
    union all
    from widened
    union all
    from levelled
    union all
    from crossed
    union all
    from outside
)
select
    f.rule,
    f.indicator,
    f.region_code,
    n.period,
    f.first_period,
    n.measure,
    n.women,
    n.men,
    n.total,
    n.diff,
    n.gap_kind,
    n.gap,
    f.compared,
    cast(f.periods as integer) as periods,
    f.size
from found as f
join newest as n using (indicator, region_code)
left join reference.suggestion_rule as r using (rule)
order by cast(r.sort as integer), f.size desc, f.indicator, f.region_code
