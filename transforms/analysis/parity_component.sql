-- What each indicator gives to a goal's parity summary (analysis.parity; reference/method.md, section 12): the goals that SCB's
-- figures by sex measure (K) or stand in for (N), per place, one figure per indicator: the latest final period.
--
-- parity    the lower through the higher of women's and men's value; of a share in per cent, the smaller part through the
--           larger
-- worse     the sex with the worse value: the lower where higher is better and for a share, the higher where lower is better;
--           both where they are equal; null where only the difference is judged
--
-- Indicators without judgement (none), without a figure for all (category), or that compare already, take no part; nor do
-- figures with low or unknown coverage.
with parities as (
    select
        c.indicator,
        c.region_code,
        c.period,
        c.series,
        c.back,
        c.women,
        c.men,
        c.total,
        case
            when c.measure = 'level' then c.parity
            when c.unit = 'percent' then least(c.total, 100 - c.total) / greatest(c.total, 100 - c.total)
            else least(c.total, 1 / nullif(c.total, 0))
        end as parity,
        case
            when c.measure = 'level' then sign(c.women - c.men) * case c.polarity when 'higher' then -1 when 'lower' then 1 end
            when c.unit = 'percent' then sign(50 - c.total)
            else sign(1 - c.total)
        end as worse_sign
    from analysis.comparable as c
    where c.category = 'all' and c.polarity <> 'none' and c.measure in ('level', 'share') and not c.is_preliminary
        -- A difference of two shares can be on either side of zero: it has no ratio.
        and c.unit <> 'percentage_points' and c.coverage_reason is null
),
newest as (
    select *
    from parities
    where parity is not null
    qualify row_number() over (partition by indicator, region_code order by back) = 1
)
select
    g.goal_id,
    n.region_code,
    n.indicator,
    n.period,
    n.series,
    n.women,
    n.men,
    n.total,
    n.parity,
    case n.worse_sign when 1 then 'women' when -1 then 'men' when 0 then 'both' end as worse
from newest as n
join reference.indicator_goal as i using (indicator)
join reference.goal as g using (goal_id)
where g.follow_up_kind in ('K', 'N')
order by g.goal_id, n.region_code, n.indicator
