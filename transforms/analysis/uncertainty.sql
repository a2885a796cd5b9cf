-- Margins of error of sample surveys, carried through the comparison of women and men (reference/method.md, section 11): one
-- row per figure where both sexes have a margin. Registers have none; analysis.quality says what holds for them.
--
-- margin_diff    sqrt(margin_women^2 + margin_men^2), women and men taken as independent
-- is_significant |diff| > margin_diff
-- margin_ratio   ratio * sqrt((margin_women / women)^2 + (margin_men / men)^2)
-- change_of_diff, margin_change: since the period before of the same place and category in the default view, of the same
--                season and without a break or a change of series between (analysis.timeline); conservative where the survey
--                asks the same persons again
with margins as (
    select
        g.indicator,
        g.region_code,
        g.partner_code,
        g.category,
        g.series,
        g.period,
        t.sort,
        t.regime,
        t.season,
        g.women,
        g.men,
        g.margin_women,
        g.margin_men,
        g.diff,
        g.ratio,
        sqrt(g.margin_women * g.margin_women + g.margin_men * g.margin_men) as margin_diff,
        g.ratio * sqrt(
            pow(g.margin_women / nullif(g.women, 0), 2) + pow(g.margin_men / nullif(g.men, 0), 2)
        ) as margin_ratio
    from analysis.gap as g
    join reference.region as r using (region_code)
    join analysis.timeline as t
        on t.indicator = g.indicator and t.region_type = r.type and t.period = g.period
        and t.series is not distinct from g.series
    where g.margin_women is not null and g.margin_men is not null and g.diff is not null
),
changes as (
    select
        *,
        case when regime is not null then lag(period) over in_order end as previous_period,
        case when regime is not null then lag(diff) over in_order end as previous_diff,
        case when regime is not null then lag(margin_diff) over in_order end as previous_margin
    from margins
    window in_order as (partition by indicator, region_code, partner_code, category, regime, season order by sort)
)
select
    indicator,
    region_code,
    partner_code,
    category,
    series,
    period,
    women,
    margin_women,
    men,
    margin_men,
    diff,
    margin_diff,
    abs(diff) > margin_diff as is_significant,
    case when abs(diff) > margin_diff then 'säkerställd skillnad' else 'ej statistiskt säkerställd' end as text,
    ratio,
    margin_ratio,
    previous_period,
    diff - previous_diff as change_of_diff,
    sqrt(margin_diff * margin_diff + previous_margin * previous_margin) as margin_change,
    abs(diff - previous_diff) > sqrt(margin_diff * margin_diff + previous_margin * previous_margin)
        as is_change_significant
from changes
order by indicator, region_code, partner_code, category, series, sort
