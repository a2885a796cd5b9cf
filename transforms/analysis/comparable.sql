-- The figures that are compared over time and between places: the periods of each indicator's window (analysis.timeline),
-- one row per place, category and period, with the measure that its gap and its levels are judged on.
--
-- gap, gap_kind      the gap with sign, 0 = equal:
--                    difference        women - men
--                    percent_of_men    100 * (women / men - 1), for amounts in current prices: their difference grows with
--                                      inflation alone (reference/method.md, section 2)
--                    distance          a share's distance to the 40-60 band, or a representation ratio's to 1
--                    index             a segregation index as it is
-- women_level ...    levels are judged as observed (level_kind value), and so are amounts in fixed prices. Amounts in current
--                    prices are judged as per cent of riket's value for the same sex (percent_of_country), so riket itself
--                    has none.
-- tau, tau_gap       the tolerance: tolerance_units times the last shown decimal, which is never one that SCB does not
--                    publish (reference.indicator_trait). A percentage in a table with noise (ckm) on fewer than noise_base
--                    persons (smallest_base) has noise_tolerance instead, if that is more.
-- small_base         a percentage, rate or share of fewer than least_base persons: no verdict. Counts are what they are
-- years_below_50     of a share of women: how many of the window's points are below 50 per cent, of years_in_window, since a
--                    share in the band can be on one side of the middle every year (section 2.1); first_in_window is the period
--                    that they begin with
-- margin_gap         the margin of error of the gap in a sample survey (section 11)
-- coverage           of a measure of segregation, in per cent (analysis.segregation_coverage)
-- coverage_reason    why it takes no part in trends, ranks and verdicts: lag_tackning below least_coverage, okand_tackning where
--                    the coverage is not known
--
-- Relations between two places (partner_code) and decompositions are not compared over time.
with declared as (
    select
        i.indicator,
        i.measure,
        i.unit,
        i.polarity,
        i.period_type,
        coalesce(d.prices = 'current', false) as is_current_price,
        pow(10, -coalesce(d.decimals, cast(u.decimals as integer))) as last_decimal,
        coalesce(
            bool_or(s.additivity = 'ckm') and i.unit in ('percent', 'percentage_points'), false
        ) as is_noisy_percentage
    from reference.indicator as i
    join reference.unit as u on u.unit = i.unit
    left join reference.indicator_trait as d on d.indicator = i.indicator
    left join reference.indicator_table as t on t.indicator = i.indicator
    left join reference.source_table as s on s.table_id = t.table_id
    where i.measure in ('level', 'share', 'segregation')
    group by i.indicator, i.measure, i.unit, i.polarity, i.period_type, d.prices, d.decimals, u.decimals
),
chosen as (
    select
        d.*,
        d.last_decimal * rule_value('tolerance_units') as tau,
        g.region_code,
        t.region_type,
        g.category,
        g.series,
        g.period,
        t.sort,
        t.year,
        t.back,
        g.women,
        g.men,
        g.total,
        g.diff,
        g.ratio,
        g.parity,
        g.share_women,
        g.mgap,
        g.margin_women,
        g.margin_men,
        g.smallest_base,
        g.small_base and d.unit <> 'persons' as small_base,
        case when d.measure <> 'segregation' then g.reason end as reason,
        g.is_preliminary
    from analysis.gap as g
    join declared as d using (indicator)
    join reference.region as r using (region_code)
    join analysis.timeline as t
        on t.indicator = g.indicator and t.region_type = r.type and t.period = g.period
        and t.series is not distinct from g.series and t.in_window
    where g.partner_code is null
),
country as (
    select c.indicator, c.category, c.series, c.period, c.women, c.men
    from chosen as c
    where c.region_type = 'country' and c.is_current_price
),
judged as (
    select
        c.*,
        case
            when c.measure = 'level' and c.is_current_price then 100.0 * (c.ratio - 1)
            when c.measure = 'segregation' then c.total
            else c.diff
        end as gap,
        case
            when c.measure = 'level' and c.is_current_price then 'percent_of_men'
            when c.measure = 'segregation' then 'index'
            when c.measure = 'share' then 'distance'
            else 'difference'
        end as gap_kind,
        case
            when c.measure <> 'level' then null
            when not c.is_current_price then c.women
            when c.region_type <> 'country' then 100.0 * c.women / nullif(n.women, 0)
        end as women_level,
        case
            when c.measure <> 'level' then null
            when not c.is_current_price then c.men
            when c.region_type <> 'country' then 100.0 * c.men / nullif(n.men, 0)
        end as men_level,
        case
            when c.measure <> 'level' then null
            when c.is_current_price then 'percent_of_country'
            else 'value'
        end as level_kind,
        case
            when c.is_noisy_percentage and c.smallest_base < rule_value('noise_base')
                then greatest(c.tau, rule_value('noise_tolerance'))
            else c.tau
        end as own_tau,
        v.coverage,
        case
            when c.measure <> 'segregation' and c.indicator not in (select indicator from reference.covered) then null
            when v.coverage is null then 'okand_tackning'
            when v.coverage < rule_value('least_coverage') then 'lag_tackning'
        end as coverage_reason
    from chosen as c
    left join country as n
        on n.indicator = c.indicator and n.category = c.category and n.period = c.period
        and n.series is not distinct from c.series
    left join analysis.segregation_coverage as v
        on v.indicator = c.indicator and v.region_code = c.region_code and v.period = c.period
        and v.series is not distinct from c.series
)
select
    indicator,
    measure,
    unit,
    polarity,
    region_code,
    region_type,
    category,
    series,
    period,
    sort,
    year,
    back,
    women,
    men,
    total,
    diff,
    ratio,
    parity,
    share_women,
    mgap,
    case when measure <> 'level' or (women is not null and men is not null) then gap end as gap,
    gap_kind,
    case when women is not null and men is not null then women_level end as women_level,
    case when women is not null and men is not null then men_level end as men_level,
    level_kind,
    own_tau as tau,
    case when gap_kind = 'percent_of_men' then rule_value('tolerance_units') * 0.1 else own_tau end as tau_gap,
    case when level_kind = 'percent_of_country' then rule_value('tolerance_units') * 0.1 else own_tau end as tau_level,
    smallest_base,
    small_base,
    case when gap_kind = 'distance' and unit = 'percent' then count(*) filter (where total < 50) over followed end
        as years_below_50,
    case when gap_kind = 'distance' and unit = 'percent' then count(total) over followed end as years_in_window,
    case
        when gap_kind = 'distance' and unit = 'percent'
            then min_by(period, sort) filter (where total is not null) over followed
    end as first_in_window,
    margin_women,
    margin_men,
    sqrt(margin_women * margin_women + margin_men * margin_men) as margin_gap,
    coverage,
    coverage_reason,
    case when gap is null or (measure = 'level' and (women is null or men is null)) then reason end as reason,
    is_preliminary
from judged
window followed as (partition by indicator, region_code, category)
order by indicator, region_code, category, sort
