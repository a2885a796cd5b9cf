-- What a challenge cites, as it was when it was written and as it is now: one row per challenge and cited cell.
--
-- then_*       the figures when the challenge was written: the file's own where it gives them, else those that the first run
--              met (previous.challenge), else today's. Women, men and the difference stand together whichever is cited, but a
--              figure that the file gives stands alone, with the band that follows from it
-- now_*        the same cell; where `latest` is cited, the newest period of the default view that has a value
-- again        the cited figure of then_period as it is today: another one than then is a revision
-- new_period, revised, sign_changed, band_changed, gone   why the text may need its author; compared with the decimals that
--              are shown. sign_changed is of the difference of a level; gone: there was a figure and now there is none
-- problem      missing: there is no such cell; suppressed: it has no value. now_reason says why
-- noted        whether an earlier run kept the figures; those of the others are kept by this run
with cited as (
    select
        ch.challenge, ch.day, ch.sort, c.number, c.indicator, c.region_code, c.period, c.category, c.sex, c.measure,
        c.then_value, c.then_band, c.then_period as written_period,
        c.then_value is not null or c.then_band is not null as given, i.measure as indicator_measure, i.unit,
        coalesce(trait.decimals, try_cast(u.decimals as integer), 1) as decimals
    from reference.challenge_cite as c
    join reference.challenge as ch using (challenge)
    left join reference.indicator as i using (indicator)
    left join reference.indicator_trait as trait using (indicator)
    left join reference.unit as u on u.unit = i.unit
),
wanted as (
    select distinct indicator, region_code, category from cited
),
missing as (
    select
        o.indicator, o.region_code, o.period, o.category, o.series,
        any_value(coalesce(o.status, o.reason)) filter (where o.sex = 'women' and o.value is null) as women_missing,
        any_value(coalesce(o.status, o.reason)) filter (where o.sex = 'men' and o.value is null) as men_missing,
        any_value(coalesce(o.status, o.reason)) filter (where o.sex = 'total' and o.value is null) as total_missing
    from indicators.observation as o
    join wanted using (indicator, region_code, category)
    where o.partner_code is null
    group by all
),
cells as (
    select
        g.indicator, g.region_code, g.period, g.category, g.reason, t.sort, m.women_missing, m.men_missing,
        m.total_missing,
        struct_pack(women := g.women, men := g.men, total := g.total, diff := g.diff, band := g.band) as figures
    from analysis.gap as g
    join wanted using (indicator, region_code, category)
    join reference.region as r using (region_code)
    join analysis.timeline as t
        on t.indicator = g.indicator and t.region_type = r.type and t.period = g.period and t.is_current
        and t.series is not distinct from g.series
    left join missing as m
        on m.indicator = g.indicator and m.region_code = g.region_code and m.period = g.period
        and m.category = g.category and m.series is not distinct from g.series
    where g.partner_code is null
),
noted as (
    select distinct on (challenge, day, indicator, region_code, period, category)
        *, struct_pack(women := women, men := men, total := total, diff := diff, band := band) as figures
    from previous.challenge
    order by run_id
),
now as (
    select c.challenge, c.number, x.*
    from cited as c
    join cells as x
        on x.indicator = c.indicator and x.region_code = c.region_code and x.category = c.category
        and c.period in ('latest', x.period)
    qualify row_number() over (
        partition by c.challenge, c.number
        order by
            case c.indicator_measure
                when 'level' then x.figures.women is not null and x.figures.men is not null
                else x.figures.total is not null
            end desc,
            x.sort desc
    ) = 1
),
dated as (
    select
        c.*,
        n.period as now_period,
        n.figures as today,
        n.reason as now_reason,
        n.women_missing,
        n.men_missing,
        n.total_missing,
        n.challenge is not null as is_there,
        p.challenge is not null as noted,
        coalesce(
            case when c.period <> 'latest' then c.period end, c.written_period, p.then_period, n.period
        ) as then_period,
        p.then_period as noted_period,
        p.figures as noted_figures
    from cited as c
    left join now as n on n.challenge = c.challenge and n.number = c.number
    left join noted as p
        on p.challenge = c.challenge and p.day = c.day and p.indicator = c.indicator and p.region_code = c.region_code
        and p.period = c.period and p.category = c.category
),
remembered as (
    select
        d.*,
        a.figures as again_figures,
        case
            when d.given then struct_pack(
                women := case when d.sex = 'women' then d.then_value end,
                men := case when d.sex = 'men' then d.then_value end,
                total := case when d.sex = 'total' then d.then_value end,
                diff := case when d.measure = 'diff' then d.then_value end,
                band := case
                    when d.then_band is not null then d.then_band
                    when d.indicator_measure is distinct from 'share' or d.unit is distinct from 'percent' then null
                    when d.measure = 'diff' and d.then_value < 0 or d.sex = 'total' and d.then_value < 40
                        then 'mansdominerad'
                    when d.measure = 'diff' and d.then_value > 0 or d.sex = 'total' and d.then_value > 60
                        then 'kvinnodominerad'
                    when d.measure = 'diff' or d.sex = 'total' then 'jämn'
                end
            )
            when d.noted and d.noted_period = d.then_period then d.noted_figures
            when not d.noted and d.now_period = d.then_period then d.today
        end as seen
    from dated as d
    left join cells as a
        on a.indicator = d.indicator and a.region_code = d.region_code and a.category = d.category
        and a.period = d.then_period
),
chosen as (
    select
        *,
        cited_figure(seen, measure, sex) as cited_then,
        cited_figure(today, measure, sex) as cited_now,
        cited_figure(again_figures, measure, sex) as again
    from remembered
),
flagged as (
    select
        *,
        coalesce(period = 'latest' and now_period <> then_period, false) as new_period,
        coalesce(
            case measure
                when 'band' then seen.band <> again_figures.band
                else round(cited_then, decimals) <> round(again, decimals)
            end,
            false
        ) as revised,
        coalesce(
            indicator_measure = 'level' and sign(round(seen.diff, decimals)) <> sign(round(today.diff, decimals)),
            false
        ) as sign_changed,
        coalesce(seen.band <> today.band, false) as band_changed,
        case measure
            when 'band' then seen.band is not null and today.band is null
            else cited_then is not null and cited_now is null
        end as gone
    from chosen
)
select
    challenge,
    number,
    day,
    indicator,
    region_code,
    period as asked,
    category,
    sex,
    measure,
    decimals,
    then_period,
    seen.women as then_women,
    seen.men as then_men,
    seen.total as then_total,
    seen.diff as then_diff,
    seen.band as then_band,
    now_period,
    today.women as now_women,
    today.men as now_men,
    today.total as now_total,
    today.diff as now_diff,
    today.band as now_band,
    women_missing,
    men_missing,
    total_missing,
    now_reason,
    again,
    again_figures.band as again_band,
    new_period,
    revised,
    sign_changed,
    band_changed,
    gone,
    new_period or revised or sign_changed or band_changed or gone as changed,
    case
        when not is_there then 'missing'
        when measure = 'band' and today.band is null or measure <> 'band' and cited_now is null then 'suppressed'
    end as problem,
    noted
from flagged
order by sort, challenge, number
