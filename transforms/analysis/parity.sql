-- A parity summary per goal and place (reference/method.md, section 12): the geometric mean of its indicators' parities. Its own
-- definition ("egen definition"), not the index of anybody else; never over goals, never a rank.
--
-- indicators       how many give a parity; declared: how many could
-- women_worse, men_worse  in how many the sex has the worse value
-- drop_one_low, drop_one_high  the summary with one indicator left out, lowest and highest
--
-- It hides who lags, depends on which indicators there are and on which side of a share is measured, and says nothing of the
-- level: print analysis.parity_component beside it. Null below least_components; null when a parity is 0.
with declared as (
    select g.goal_id, count(*) as declared
    from reference.goal as g
    join reference.indicator_goal as ig using (goal_id)
    join reference.indicator as i using (indicator)
    where g.follow_up_kind in ('K', 'N') and i.polarity <> 'none' and i.measure in ('level', 'share')
        and i.unit <> 'percentage_points'
    group by all
),
logged as (
    select
        *,
        ln(nullif(parity, 0)) as log_parity,
        count(*) over goal as indicators,
        min(parity) over goal as least_parity
    from analysis.parity_component
    window goal as (partition by goal_id, region_code)
),
sums as (
    select goal_id, region_code, sum(log_parity order by indicator) as log_sum
    from logged
    group by goal_id, region_code
),
summed as (
    select
        l.goal_id,
        l.region_code,
        max(l.indicators) as indicators,
        min(l.least_parity) as least_parity,
        count(*) filter (where l.worse = 'women') as women_worse,
        count(*) filter (where l.worse = 'men') as men_worse,
        exp(max(s.log_sum) / max(l.indicators)) as summary,
        exp(min((s.log_sum - l.log_parity) / nullif(l.indicators - 1, 0))) as drop_one_low,
        exp(max((s.log_sum - l.log_parity) / nullif(l.indicators - 1, 0))) as drop_one_high
    from logged as l
    join sums as s using (goal_id, region_code)
    group by l.goal_id, l.region_code
)
select
    s.goal_id,
    s.region_code,
    s.indicators,
    d.declared,
    s.women_worse,
    s.men_worse,
    case when s.indicators >= rule_value('least_components') and s.least_parity > 0 then s.summary end as summary,
    case when s.indicators >= rule_value('least_components') and s.least_parity > 0 then s.drop_one_low end as drop_one_low,
    case when s.indicators >= rule_value('least_components') and s.least_parity > 0 then s.drop_one_high end
        as drop_one_high,
    case
        when s.indicators < rule_value('least_components') then 'for_fa_indikatorer'
        when s.least_parity = 0 then 'paritet_noll'
    end as reason
from summed as s
left join declared as d using (goal_id)
order by s.goal_id, s.region_code
