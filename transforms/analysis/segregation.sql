-- How far women and men are from the same distribution over categories (reference/method.md, section 6): one row per
-- distribution (reference/segregation.csv), place, period and series.
--
-- duncan (D), karmel_maclachlan (IP = 2 a (1 - a) D), size_standardised (SSD), gini: 0-1, shown times 100
-- theil_m, theil_e, theil_h = M / E; theil_between and theil_within split M by the super-groups, where there are any
-- balanced_share  per cent of the persons who work in categories with 40-60 per cent women
-- coverage        per cent of the persons whose category is known; null where the unknown category has no row or no value.
--                 analysis.segregation_coverage says what follows
-- categories      categories with persons
--
-- A category without a value makes the measures null with the reason; never a smaller measure.
with summed as (
    select
        indicator,
        region_code,
        period,
        series,
        count(*) filter (where is_known) as categories,
        sum(women) filter (where is_known) as women,
        sum(men) filter (where is_known) as men,
        sum(persons) filter (where is_known) as known,
        count(*) = count(persons) and bool_or(not is_known) as is_whole,
        sum(persons) as persons,
        count(*) filter (where is_known) = count(women) filter (where is_known) as is_complete,
        sum(persons) filter (where is_known and is_balanced) as balanced,
        sum(duncan order by category) as duncan,
        sum(karmel_maclachlan order by category) as karmel_maclachlan,
        sum(size_standardised order by category) as size_standardised,
        sum(theil order by category) as theil_m,
        sum(women_below * men order by category) filter (where is_known) as women_below
    from analysis.segregation_category
    group by indicator, region_code, period, series
),
super_groups as (
    select indicator, region_code, period, series, super_group, sum(women) as women, sum(men) as men
    from analysis.segregation_category
    where is_known and super_group is not null
    group by all
),
betweens as (
    select
        g.indicator,
        g.region_code,
        g.period,
        g.series,
        sum(
            case
                when g.women = 0 then 0
                else g.women * ln(g.women * s.known / ((g.women + g.men) * s.women))
            end
            + case
                when g.men = 0 then 0
                else g.men * ln(g.men * s.known / ((g.women + g.men) * s.men))
            end
            order by g.super_group
        ) / max(s.known) as theil_between
    from super_groups as g
    join summed as s
        on s.indicator = g.indicator and s.region_code = g.region_code and s.period = g.period
        and s.series is not distinct from g.series
    where s.women > 0 and s.men > 0
    group by all
),
measured as (
    select
        s.*,
        b.theil_between,
        s.is_complete and s.women > 0 and s.men > 0 as is_measured,
        s.women / nullif(s.known, 0) as women_share,
        case when s.is_whole then 100.0 * s.known / nullif(s.persons, 0) end as coverage
    from summed as s
    left join betweens as b
        on b.indicator = s.indicator and b.region_code = s.region_code and b.period = s.period
        and b.series is not distinct from s.series
)
select
    indicator,
    region_code,
    period,
    series,
    categories,
    case when is_complete then women end as women,
    case when is_complete then men end as men,
    case when is_complete then women_share end as women_share,
    case when is_measured then duncan end as duncan,
    case when is_measured then karmel_maclachlan end as karmel_maclachlan,
    case when is_measured then size_standardised end as size_standardised,
    case when is_measured then greatest(theil_m, 0) end as theil_m,
    case when is_measured then -(women_share * ln(women_share) + (1 - women_share) * ln(1 - women_share)) end as theil_e,
    case
        when is_measured
            then greatest(theil_m, 0) / -(women_share * ln(women_share) + (1 - women_share) * ln(1 - women_share))
    end as theil_h,
    case when is_measured then theil_between end as theil_between,
    case when is_measured then theil_m - theil_between end as theil_within,
    case when is_measured then 1 - 2 * women_below / (women * men) end as gini,
    case when is_complete then 100.0 * coalesce(balanced, 0) / nullif(known, 0) end as balanced_share,
    coverage,
    coverage < rule_value('least_coverage') as low_coverage,
    case
        when is_measured then null
        when is_complete then 'namnare_noll'
        else 'saknas_i_kallan'
    end as reason
from measured
order by indicator, region_code, period, series
