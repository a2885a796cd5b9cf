-- Whether a goal or an area can be followed by women and men in the home region, and why not (reference.goal_status has
-- the words). The class of a goal (K, N, A, E) is this project's own judgement, for the region to accept or change.
--
-- status  followed   SCB's figures by sex measure it (K), and every indicator that names it has figures
--         partly     it has figures, but they stand in for it (N, A, E), some indicators lack them, or its class is not given
--         not        no indicator of it has a figure here
-- reason  why it is not simply followed; null when it is
with here as (
    select distinct o.indicator
    from indicators.observation as o
    join reference.region as r using (region_code)
    join provenance.run as w on w.home_region in (r.region_code, r.county_code)
    where o.value is not null
),
followed as (
    select goal_id, strategy_id, follow_up_kind from reference.goal
    union all
    select area_id, strategy_id, null from reference.area
),
counted as (
    select
        f.goal_id,
        f.strategy_id,
        f.follow_up_kind,
        count(g.indicator) as indicators,
        count(h.indicator) as with_figures
    from followed as f
    left join reference.indicator_goal as g using (goal_id)
    left join here as h using (indicator)
    group by all
),
classed as (
    select
        *,
        case follow_up_kind when 'N' then 'proxy' when 'A' then 'other_source' when 'E' then 'not_by_sex' end as bound
    from counted
)
select
    goal_id,
    strategy_id,
    indicators,
    with_figures,
    case
        when with_figures = 0 then 'not'
        when follow_up_kind = 'K' and with_figures = indicators then 'followed'
        else 'partly'
    end as status,
    case
        when with_figures = 0 and indicators = 0 then coalesce(bound, 'no_indicator')
        when with_figures = 0 then 'no_figures'
        when bound = 'other_source' then 'context'
        when bound is not null then bound
        when with_figures < indicators then 'some_missing'
        when follow_up_kind is null then 'not_classed'
    end as reason
from classed
order by goal_id
