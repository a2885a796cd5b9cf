-- Three verdicts, never a mean of them: women's level, men's level, the gap (reference/method.md, section 5). One row per
-- indicator, place, category and subject (women, men, gap; total for a segregation index), with all inputs.
--
-- points, first_*, last_*  the comparable points of the window (analysis.timeline): no break inside, same season
-- slope, slope_error       OLS per year, its standard error; slope_low and slope_high its 95 % interval (t quantiles in
--                          reference/t_quantile.csv). For a register the interval tells irregularity between years, not
--                          sampling.
-- theil_sen                median of the slopes between all pairs
-- tau                      tolerance;  value_kind: what the points are (analysis.comparable)
-- target_*                 where the indicator measures a goal's stated target; required_rate, progress (R, the lower of OLS
--                          and Theil-Sen); where there is growth R is the yearly growth against the growth required
-- growth                   yearly growth (CAGR) of counts, and of amounts in fixed prices
-- parity_years_low, _high  years until the gap is 0, or the share in the band, if the pace of the window lasts: a range, no
--                          forecast; parity_reason says why there is none (section 5.1)
-- rules_version            of reference/analysis_rule.csv
--
-- The order of the rules: too few points, a break, low or unknown coverage, few persons -> ej_bedomd with reason; target met; |last gap| <= tau ->
-- lika (a share: i_bandet); all points equal -> oforandrad; the gate (interval over 0, or the two slopes have
-- different signs) -> ingen_tydlig_forandring; a sample's change within its margin -> ej_sakerstalld; |slope * years| <= tau
-- -> oforandrad; with a target the pace; without one the direction.
with subjects as (
    select
        c.*,
        s.subject,
        case s.subject
            when 'women' then c.women_level
            when 'men' then c.men_level
            when 'gap' then c.gap
            else c.total
        end as y,
        case s.subject
            when 'women' then c.margin_women
            when 'men' then c.margin_men
            when 'gap' then c.margin_gap
        end as margin,
        case s.subject
            when 'gap' then c.gap_kind
            when 'total' then 'index'
            else c.level_kind
        end as value_kind,
        case s.subject when 'gap' then c.tau_gap when 'total' then c.tau else c.tau_level end as own_tau
    from analysis.comparable as c
    join (values ('women'), ('men'), ('gap'), ('total')) as s (subject)
        on case c.measure
            when 'level' then s.subject in ('women', 'men', 'gap')
            when 'share' then s.subject = 'gap'
            else s.subject = 'total'
        end
),
latest as (
    -- The newest period of each place and category: its series, and whether it has a value.
    select
        row_number() over () as id,
        indicator,
        measure,
        unit,
        polarity,
        region_code,
        region_type,
        category,
        series,
        subject,
        value_kind,
        period as last_period,
        year as last_year,
        y as last_value,
        margin as last_margin,
        own_tau,
        reason,
        is_preliminary
    from subjects
    where back = 0
),
points as (
    select l.id, s.year as t, s.y, s.period, s.margin, s.own_tau, s.coverage_reason, s.small_base
    from subjects as s
    join latest as l
        on l.indicator = s.indicator and l.region_code = s.region_code and l.category = s.category
        and l.subject = s.subject
    where s.y is not null
),
means as (
    select
        id,
        count(*) as points,
        min(t) as first_year,
        min_by(period, t) as first_period,
        min_by(y, t) as first_value,
        min_by(margin, t) as first_margin,
        max(y) - min(y) as spread,
        max(own_tau) as tau,
        min(coverage_reason) as coverage_reason,
        bool_or(small_base) as small_base,
        avg(t) as mean_t,
        sum(y order by t) / count(*) as mean_y
    from points
    group by id
),
slopes as (
    select
        p.id,
        sum(pow(p.t - m.mean_t, 2) order by p.t) as sxx,
        sum((p.t - m.mean_t) * (p.y - m.mean_y) order by p.t) / nullif(sum(pow(p.t - m.mean_t, 2) order by p.t), 0) as slope
    from points as p
    join means as m using (id)
    where m.points >= rule_value('least_points')
    group by p.id
),
errors as (
    select
        p.id,
        max(s.slope) as slope,
        sqrt(
            sum(pow(p.y - m.mean_y - s.slope * (p.t - m.mean_t), 2) order by p.t) / (max(m.points) - 2) / max(s.sxx)
        ) as slope_error
    from points as p
    join means as m using (id)
    join slopes as s using (id)
    group by p.id
),
pairs as (
    select a.id, median((b.y - a.y) / (b.t - a.t)) as theil_sen
    from points as a
    join slopes as s using (id)
    join points as b on b.id = a.id and b.t > a.t
    group by a.id
),
whole as (
    select
        indicator,
        region_type,
        max(whole) as whole,
        count(*) filter (where in_window) as in_window,
        bool_or(period_type = 'five_years') as is_overlapping
    from analysis.timeline
    where back is not null
    group by indicator, region_type
),
targets as (
    select i.indicator, i.goal_id, t.value, t.year, t.measure, t.by_sex
    from reference.indicator_target as i
    join reference.goal_target as t using (goal_id)
),
fitted as (
    select
        l.*,
        coalesce(m.points, 0) as points,
        m.first_year,
        m.first_period,
        m.first_value,
        m.spread,
        coalesce(m.tau, l.own_tau) as tau,
        e.slope,
        e.slope_error,
        e.slope - q.quantile * e.slope_error as slope_low,
        e.slope + q.quantile * e.slope_error as slope_high,
        p.theil_sen,
        sqrt(l.last_margin * l.last_margin + m.first_margin * m.first_margin) as margin_change,
        case
            when l.measure = 'level' and l.subject <> 'gap' and l.value_kind = 'value'
                and l.unit in ('persons', 'sek_thousands')
                and m.first_value > 0 and l.last_value > 0 and l.last_year > m.first_year
                then pow(l.last_value / m.first_value, 1.0 / (l.last_year - m.first_year)) - 1
        end as growth,
        g.goal_id as target_goal,
        g.value as target_value,
        g.year as target_year,
        g.by_sex as target_by_sex,
        case
            when m.coverage_reason is not null then m.coverage_reason
            when l.value_kind = 'percent_of_country' and l.region_type = 'country' then 'lopande_priser'
            when w.is_overlapping then 'overlappande_perioder'
            when l.last_value is null then coalesce(l.reason, 'saknas_i_kallan')
            when m.small_base then 'litet_underlag'
            when m.points >= rule_value('least_points') then null
            when w.in_window < rule_value('least_points') and w.whole >= rule_value('least_points') then 'brott_i_fonster'
            else 'for_fa_punkter'
        end as not_assessed
    from latest as l
    left join means as m using (id)
    left join errors as e using (id)
    left join pairs as p using (id)
    left join (select cast(n as integer) as n, cast(quantile as double) as quantile from reference.t_quantile) as q
        on q.n = m.points
    left join whole as w on w.indicator = l.indicator and w.region_type = l.region_type
    left join targets as g
        on g.indicator = l.indicator and l.category = 'all'
        and g.measure = case when l.subject = 'gap' then 'gap' else 'level' end
),
paced as (
    select
        *,
        case
            when not_assessed is not null or target_value is null or target_year is null or target_year <= last_year then null
            when growth is not null and target_value > 0
                then pow(target_value / last_value, 1.0 / (target_year - last_year)) - 1
            else (target_value - last_value) / (target_year - last_year)
        end as required_rate,
        case
            when target_value is null then null
            when subject = 'gap' then abs(last_value - target_value) <= tau
            when polarity = 'lower' then last_value <= target_value
            else last_value >= target_value
        end as is_met,
        case
            when abs(round(last_value, 9)) <= tau and subject = 'gap' then 0
            else -sign(last_value) * slope
        end as closing
    from fitted
),
progressed as (
    select
        *,
        case
            when growth is not null then growth / nullif(required_rate, 0)
            else least(slope / nullif(required_rate, 0), theil_sen / nullif(required_rate, 0))
        end as progress,
        slope_low <= 0 and slope_high >= 0 or sign(slope) <> sign(theil_sen) as is_unclear,
        case
            when last_value < 0 then abs(last_value) / nullif(slope_high, 0)
            else abs(last_value) / nullif(-slope_low, 0)
        end as years_low,
        case
            when last_value < 0 then abs(last_value) / nullif(slope_low, 0)
            else abs(last_value) / nullif(-slope_high, 0)
        end as years_high
    from paced
),
decided as (
    select
        *,
        case
            when not_assessed is not null then 'ej_bedomd'
            when is_met then 'malet_natt'
            when subject = 'gap' and sign_beyond(last_value, tau) = 0 and value_kind = 'distance' and unit = 'percent'
                then 'i_bandet'
            when subject = 'gap' and sign_beyond(last_value, tau) = 0 then 'lika'
            when round(spread, 9) = 0 then 'oforandrad'
            when is_unclear then 'ingen_tydlig_forandring'
            when abs(last_value - first_value) <= margin_change then 'ej_sakerstalld'
            when sign_beyond(slope * (last_year - first_year), tau) = 0 then 'oforandrad'
            when progress >= rule_value('in_pace') then 'i_takt'
            when progress >= rule_value('near_pace') then 'nara_takt'
            when progress >= 0 then 'for_langsamt'
            when progress < 0 then 'at_fel_hall'
            when subject = 'gap' and polarity = 'none' and closing > 0 then 'gapet_minskar'
            when subject = 'gap' and polarity = 'none' then 'gapet_okar'
            when subject = 'gap' and closing > 0 then 'forbattras'
            when subject = 'gap' then 'forsamras'
            when polarity not in ('higher', 'lower') and slope > 0 then 'okar'
            when polarity not in ('higher', 'lower') then 'minskar'
            when (polarity = 'higher') = (slope > 0) then 'forbattras'
            else 'forsamras'
        end as verdict,
        case
            when subject <> 'gap' then null
            when not_assessed is not null then not_assessed
            when polarity = 'none' then 'ej_varderad'
            when sign_beyond(last_value, tau) = 0 and value_kind = 'distance' and unit = 'percent' then 'i_bandet'
            when sign_beyond(last_value, tau) = 0 then 'redan_lika'
            when slope_low <= 0 and slope_high >= 0 then 'ingen_tydlig_forandring'
            when closing <= 0 then 'fel_riktning'
            when ceil(round(years_high, 9)) > rule_value('parity_years') then 'for_langt_fram'
        end as parity_reason
    from progressed
)
select
    d.indicator,
    d.region_code,
    d.category,
    d.series,
    d.subject,
    d.value_kind,
    d.points,
    d.first_period,
    d.last_period,
    d.first_value,
    d.last_value,
    d.slope,
    d.slope_error,
    d.slope_low,
    d.slope_high,
    d.theil_sen,
    d.tau,
    d.growth,
    d.target_goal,
    d.target_value,
    d.target_year,
    d.target_by_sex,
    d.required_rate,
    d.progress,
    d.verdict,
    v.text,
    case
        when d.not_assessed is not null then d.not_assessed
        when d.target_value is not null and not d.is_met and d.target_year is null then 'malar_saknas'
        when d.target_value is not null and not d.is_met and d.target_year <= d.last_year then 'malar_passerat'
    end as reason,
    case when d.subject = 'gap' and d.parity_reason is null then cast(floor(round(d.years_low, 9)) as integer) end
        as parity_years_low,
    case when d.subject = 'gap' and d.parity_reason is null then cast(ceil(round(d.years_high, 9)) as integer) end
        as parity_years_high,
    d.parity_reason,
    d.is_preliminary,
    cast(rule_value('version') as integer) as rules_version
from decided as d
left join reference.verdict as v on v.code = d.verdict
order by d.indicator, d.region_code, d.category, d.subject
