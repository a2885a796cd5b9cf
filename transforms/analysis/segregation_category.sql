-- How each category contributes to the segregation of a distribution (reference/method.md, section 6).
--
-- The distributions are the indicators in reference/segregation.csv: a share of women per category, whose numerator is the
-- women and whose denominator is the women and the men. A known category without persons is left out: it changes no
-- measure. A category without a value makes every measure null, and so does one that is missing for a sex. The unknown category
-- (is_known false) takes no part; it lowers the coverage.
--
-- duncan            1/2 |f/F - m/N|, 0-1; the categories add up to Duncan's D
-- karmel_maclachlan |(1 - a) f - a m| / T, a = F / T; they add up to IP
-- size_standardised 1/2 |(f/t) / sum(f/t) - (m/t) / sum(m/t)|
-- theil             f/T ln(f T / (t F)) + m/T ln(m T / (t N)), 0 ln 0 = 0; they add up to Theil's M
-- women_below       women in categories with a lower f/m, and in part the category itself, for Gini's measure
with distribution as (
    select
        o.indicator,
        o.region_code,
        o.period,
        o.series,
        o.category,
        substr(o.category, length(d.dimension) + 2) as code,
        substr(o.category, length(d.dimension) + 2) <> d.unknown as is_known,
        left(substr(o.category, length(d.dimension) + 2), cast(d.group_digits as integer)) as super_group,
        case when o.reason = 'namnare_noll' then 0 else o.numerator end as women,
        case when o.reason = 'namnare_noll' then 0 else o.denominator - o.numerator end as men,
        case when o.reason = 'namnare_noll' then 0 else o.denominator end as persons,
        o.value is null as is_missing
    from indicators.observation as o
    join reference.segregation as d
        on d.indicator = o.indicator and starts_with(o.category, d.dimension || ':')
    -- namnare_noll: nobody is there, of either sex. That nobody is unknown is told, so that the coverage is known.
    where o.sex = 'total' and o.partner_code is null
        and (
            o.value is not null or o.reason is distinct from 'namnare_noll'
            or o.category = d.dimension || ':' || d.unknown
        )
),
totals as (
    select
        indicator,
        region_code,
        period,
        series,
        sum(women) filter (where is_known) as all_women,
        sum(men) filter (where is_known) as all_men,
        sum(persons) filter (where is_known) as all_persons,
        bool_or(is_missing) filter (where is_known) as is_missing,
        sum(women / nullif(persons, 0) order by category) filter (where is_known) as women_shares,
        sum(men / nullif(persons, 0) order by category) filter (where is_known) as men_shares
    from distribution
    group by indicator, region_code, period, series
)
select
    c.indicator,
    c.region_code,
    c.period,
    c.series,
    c.category,
    c.code,
    c.super_group,
    c.is_known,
    c.women,
    c.men,
    c.persons,
    100.0 * c.women / nullif(c.persons, 0) as share_women,
    40 * c.persons <= 100 * c.women and 100 * c.women <= 60 * c.persons as is_balanced,
    case when c.is_known and not t.is_missing
        then abs(c.women * t.all_men - c.men * t.all_women) / nullif(2 * t.all_women * t.all_men, 0)
    end as duncan,
    case when c.is_known and not t.is_missing
        then abs(c.women * t.all_men - c.men * t.all_women) / nullif(t.all_persons * t.all_persons, 0)
    end as karmel_maclachlan,
    case when c.is_known and not t.is_missing
        then 0.5 * abs(
            c.women / c.persons / nullif(t.women_shares, 0) - c.men / c.persons / nullif(t.men_shares, 0)
        )
    end as size_standardised,
    case when c.is_known and not t.is_missing
        then (
            case when c.women = 0 then 0 else c.women * ln(c.women * t.all_persons / (c.persons * t.all_women)) end
            + case when c.men = 0 then 0 else c.men * ln(c.men * t.all_persons / (c.persons * t.all_men)) end
        ) / nullif(t.all_persons, 0)
    end as theil,
    case when c.is_known and not t.is_missing
        then (
            sum(case when c.is_known then c.women else 0 end) over (
                partition by c.indicator, c.region_code, c.period, c.series
                order by case when c.men = 0 then 1 else 0 end, c.women / nullif(c.men, 0), c.category
                rows between unbounded preceding and current row
            ) - 0.5 * c.women
        )
    end as women_below
from distribution as c
join totals as t
    on t.indicator = c.indicator and t.region_code = c.region_code and t.period = c.period
    and t.series is not distinct from c.series
order by c.indicator, c.region_code, c.period, c.series, c.category
