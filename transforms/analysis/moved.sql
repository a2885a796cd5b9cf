-- Who moved (reference/method.md, section 4): between the latest comparable period and
--   previous     the period before it (of a month: the same month of the year before), and
--   five_points  the first of the five latest comparable periods.
--
-- One row per indicator, place, category and span, with its inputs. The rules 1-16 stand in that order; the first that holds
-- wins. Amounts in current prices are judged on women's value as per cent of men's, and neutrally (rule 4): their levels
-- move with prices. A share has no women's and men's values of its own: total stands for both, its gap is the distance to
-- the band, and its codes are neutral too. `rule` is the number of the rule in the method.
with spans as (
    select 'previous' as span, 1 as steps
    union all
    select 'five_points' as span, rule_value('span_points') - 1 as steps
),
reachable as (
    -- Whether the default view has the period at all: then it is a break that stands between.
    select l.indicator, l.region_type, s.span, s.steps, l.whole > s.steps as is_there
    from analysis.timeline as l
    cross join spans as s
    where l.back = 0
),
inputs as (
    select
        l.indicator,
        l.measure,
        l.unit,
        l.polarity,
        l.region_code,
        l.category,
        l.series,
        r.span,
        f.period as first_period,
        l.period as last_period,
        f.women as women_first,
        f.men as men_first,
        l.women as women_last,
        l.men as men_last,
        f.total as total_first,
        l.total as total_last,
        l.gap_kind,
        f.gap as gap_first,
        l.gap as gap_last,
        greatest(
            l.tau_gap,
            f.tau_gap,
            coalesce(sqrt(l.margin_gap * l.margin_gap + f.margin_gap * f.margin_gap), 0)
        ) as tau,
        greatest(l.tau, f.tau, coalesce(sqrt(l.margin_women * l.margin_women + f.margin_women * f.margin_women), 0))
            as tau_women,
        greatest(l.tau, f.tau, coalesce(sqrt(l.margin_men * l.margin_men + f.margin_men * f.margin_men), 0)) as tau_men,
        greatest(f.tau_gap, coalesce(f.margin_gap, 0)) as tau_gap_first,
        greatest(l.tau_gap, coalesce(l.margin_gap, 0)) as tau_gap_last,
        l.is_preliminary or coalesce(f.is_preliminary, false) as is_preliminary,
        case
            when l.coverage_reason is not null or f.coverage_reason is not null
                then coalesce(l.coverage_reason, f.coverage_reason)
            when l.gap is null then coalesce(l.reason, 'saknas_i_kallan')
            when l.small_base or f.small_base then 'litet_underlag'
            when f.period is null and not r.is_there then 'for_fa_punkter'
            when f.period is null and t.in_window then 'saknas_i_kallan'
            when f.period is null and l.period = t.latest and t.is_overlapping then 'overlappande_perioder'
            when f.period is null then 'brott_i_fonster'
            when f.gap is null then coalesce(f.reason, 'saknas_i_kallan')
        end as reason
    from analysis.comparable as l
    join reachable as r on r.indicator = l.indicator and r.region_type = l.region_type
    left join analysis.comparable as f
        on f.indicator = l.indicator and f.region_code = l.region_code and f.category = l.category
        and f.region_type = l.region_type and f.back = r.steps
    left join (
        select
            indicator, region_type, back, in_window, period_type = 'five_years' as is_overlapping,
            first(period) over (partition by indicator, region_type order by back) as latest
        from analysis.timeline
        where back is not null
    ) as t
        on t.indicator = l.indicator and t.region_type = l.region_type and t.back = r.steps
    where l.back = 0
),
differences as (
    select
        *,
        coalesce(women_last - women_first, total_last - total_first) as women_change,
        coalesce(men_last - men_first, total_last - total_first) as men_change,
        abs(gap_first) - abs(gap_last) as closing,
        case polarity when 'lower' then -1 else 1 end as sigma,
        measure <> 'level' or gap_kind <> 'difference' or polarity not in ('higher', 'lower') as is_neutral
    from inputs
),
sided as (
    select
        *,
        sign_beyond(women_change, tau_women) as women_sign,
        sign_beyond(men_change, tau_men) as men_sign,
        sign_beyond(gap_first, tau_gap_first) as first_sign,
        sign_beyond(gap_last, tau_gap_last) as last_sign,
        sign_beyond(closing, tau) as closing_sign,
        case
            when sign_beyond(gap_first, tau_gap_first) = 0 or sigma * gap_first < 0 then sigma * women_change
            else sigma * men_change
        end as lagging_gain,
        case
            when sign_beyond(gap_first, tau_gap_first) = 0 or sigma * gap_first < 0 then sigma * men_change
            else sigma * women_change
        end as leading_gain
    from differences
),
signed as (
    select
        *,
        sign_beyond(lagging_gain, greatest(tau_women, tau_men)) as lagging_sign,
        sign_beyond(leading_gain, greatest(tau_women, tau_men)) as leading_sign
    from sided
),
decided as (
    select
        *,
        case
            when reason is not null or gap_first is null or gap_last is null then 1
            when women_sign = 0 and men_sign = 0 then 2
            when first_sign * last_sign = -1 then 3
            when is_neutral then 4
            when first_sign = 0 and last_sign <> 0 then 5
            when closing_sign = 1 and lagging_sign = 1 and leading_sign = 1 then 6
            when closing_sign = 1 and lagging_sign = -1 and leading_sign = -1 then 7
            when closing_sign = 1 and round(lagging_gain + leading_gain, 9) >= 0 then 8
            when closing_sign = 1 then 9
            when closing_sign = -1 and lagging_sign = 1 and leading_sign = 1 then 10
            when closing_sign = -1 and lagging_sign = -1 and leading_sign = -1 then 11
            when closing_sign = -1 and round(lagging_gain + leading_gain, 9) >= 0 then 12
            when closing_sign = -1 then 13
            when lagging_sign = 1 and leading_sign = 1 then 14
            when lagging_sign = -1 and leading_sign = -1 then 15
            else 16
        end as rule
    from signed
),
coded as (
    select
        *,
        case
            when rule = 4 then case closing_sign when 1 then 'gapet_minskar' when 0 then 'gapet_oforandrat' else 'gapet_okar' end
            else (list_value(
                'ej_bedombar', 'oforandrat', 'overkorsning', null, 'nytt_gap', 'bada_upp_gapet_minskar',
                'bada_ned_gapet_minskar', 'lyft', 'nedatutjamning', 'bada_upp_gapet_okar', 'bada_ned_gapet_okar',
                'forsprang', 'efterslapning', 'bada_upp_samma_gap', 'bada_ned_samma_gap', 'gapet_oforandrat'
            ))[rule]
        end as code
    from decided
)
select
    d.indicator,
    d.region_code,
    d.category,
    d.series,
    d.span,
    d.first_period,
    d.last_period,
    d.women_first,
    d.men_first,
    d.women_last,
    d.men_last,
    d.total_first,
    d.total_last,
    d.gap_kind,
    d.gap_first,
    d.gap_last,
    d.closing,
    d.tau,
    d.is_preliminary,
    d.rule,
    d.code,
    m.text,
    m.levelling_down = 'true' as levelling_down,
    case
        when d.rule = 1 or d.measure <> 'level' then null
        when round(abs(d.women_change) - abs(d.men_change), 9) > greatest(d.tau_women, d.tau_men) then 'women'
        when round(abs(d.women_change) - abs(d.men_change), 9) < -greatest(d.tau_women, d.tau_men) then 'men'
        else 'both'
    end as most_moved,
    case when d.rule = 1 then coalesce(d.reason, 'saknas_i_kallan') end as reason
from coded as d
left join reference.moved as m on m.code = d.code
order by d.indicator, d.region_code, d.category, d.span
