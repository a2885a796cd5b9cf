-- The gap between women's and men's rate as two parts that make up all of it (Kitagawa; reference/method.md, section 7).
--
-- women_rate, men_rate  the rates over all groups, per cent; diff = women_rate - men_rate
-- rate_part             difference within the same group
-- composition_part      where women and men are
-- groups, expected      groups with a rate for both sexes, and groups that the indicator declares
-- rate_share            per cent of the gap that is difference within groups; null where the two parts have different signs
--
-- Null with the reason where a group is missing or empty for one sex. Neither part is to be called discrimination.
with expected as (
    select indicator, dimension, count(*) as expected
    from reference.indicator_dimension
    group by all
),
summed as (
    select
        g.indicator,
        g.dimension,
        g.region_code,
        g.period,
        g.series,
        count(*) filter (where g.reason is null) as groups,
        max(e.expected) as expected,
        sum(g.women_part * g.women_rate order by g.category) as women_rate,
        sum(g.men_part * g.men_rate order by g.category) as men_rate,
        sum(g.rate_part order by g.category) as rate_part,
        sum(g.composition_part order by g.category) as composition_part,
        string_agg(distinct g.reason, ' ' order by g.reason) as reason
    from analysis.kitagawa_group as g
    join expected as e on e.indicator = g.indicator and e.dimension = g.dimension
    group by g.indicator, g.dimension, g.region_code, g.period, g.series
)
select
    indicator,
    dimension,
    region_code,
    period,
    series,
    groups,
    expected,
    case when groups = expected then women_rate end as women_rate,
    case when groups = expected then men_rate end as men_rate,
    case when groups = expected then women_rate - men_rate end as diff,
    rate_part,
    composition_part,
    case
        when rate_part * composition_part >= 0 then 100.0 * rate_part / nullif(rate_part + composition_part, 0)
    end as rate_share,
    case when groups < expected then coalesce(reason, 'saknas_i_kallan') end as reason
from summed
order by indicator, region_code, period, series
