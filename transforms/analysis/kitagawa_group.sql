-- The gap between women's and men's rate, group by group (Kitagawa; reference/method.md, section 7): for the indicators in
-- reference/decomposition.csv, whose categories are groups that together are everybody, each person in one.
--
-- women_part, men_part  the group's part of all women and of all men (denominators), 0-1
-- women_rate, men_rate  the rate in the group, per cent
-- rate_part             1/2 (women_part + men_part) (women_rate - men_rate): difference within the group
-- composition_part      1/2 (women_rate + men_rate) (women_part - men_part): where women and men are
--
-- A group that is missing, or empty for one sex, has no rate: then the gap of the place and period is not split at all.
with paired as (
    select
        o.indicator,
        o.region_code,
        o.period,
        o.series,
        o.category,
        d.dimension,
        max(o.numerator) filter (where o.sex = 'women') as women_count,
        max(o.numerator) filter (where o.sex = 'men') as men_count,
        max(o.denominator) filter (where o.sex = 'women') as women_base,
        max(o.denominator) filter (where o.sex = 'men') as men_base,
        string_agg(distinct o.reason, ' ' order by o.reason) filter (where o.value is null) as reason
    from indicators.observation as o
    join reference.decomposition as d
        on d.indicator = o.indicator and starts_with(o.category, d.dimension || ':')
    where o.sex in ('women', 'men') and o.partner_code is null
    group by all
),
expected as (
    select indicator, dimension, count(*) as groups
    from reference.indicator_dimension
    group by all
),
totals as (
    select
        p.indicator,
        p.region_code,
        p.period,
        p.series,
        sum(p.women_base) as women_base,
        sum(p.men_base) as men_base,
        count(*) filter (where p.women_count is not null and p.men_count is not null and p.women_base > 0 and p.men_base > 0)
            as groups,
        max(e.groups) as expected
    from paired as p
    join expected as e on e.indicator = p.indicator and e.dimension = p.dimension
    group by all
),
rates as (
    select
        p.*,
        t.groups = t.expected as is_split,
        p.women_base / nullif(t.women_base, 0) as women_part,
        p.men_base / nullif(t.men_base, 0) as men_part,
        100.0 * p.women_count / nullif(p.women_base, 0) as women_rate,
        100.0 * p.men_count / nullif(p.men_base, 0) as men_rate
    from paired as p
    join totals as t
        on t.indicator = p.indicator and t.region_code = p.region_code and t.period = p.period
        and t.series is not distinct from p.series
)
select
    indicator,
    dimension,
    region_code,
    period,
    series,
    category,
    women_base,
    men_base,
    case when is_split then women_part end as women_part,
    case when is_split then men_part end as men_part,
    women_rate,
    men_rate,
    case when is_split then 0.5 * (women_part + men_part) * (women_rate - men_rate) end as rate_part,
    case when is_split then 0.5 * (women_rate + men_rate) * (women_part - men_part) end as composition_part,
    case
        when women_base = 0 or men_base = 0 then 'namnare_noll'
        when women_rate is null or men_rate is null then coalesce(reason, 'saknas_i_kallan')
    end as reason
from rates
order by indicator, region_code, period, series, category
