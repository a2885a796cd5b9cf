/*---
title: Könsgapet i sysselsättning uppdelat på födelseregion och ålder
phrase: Könsgapet i sysselsättning
theme: arbete
definition: >-
  Skillnaden mellan kvinnors och mäns sysselsättningsgrad (kvinnor minus män, procentenheter), uppdelad enligt
  Kitagawa på grupper av ålder (femårsklasser 20–64 år) och födelseregion (inrikes, utrikes). Skillnad inom
  samma grupp: hur sysselsättningsgraden skiljer sig i grupperna. Sammansättning: var kvinnor och män finns. De
  två delarna ger tillsammans hela skillnaden. Täljaren är delens storlek och nämnaren 1. SCB:s årliga register
  (BAS, TAB3200).
unit: percentage_points
measure: decomposition
polarity: none
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
dimensions:
  part:
    rate: skillnad inom samma grupp
    composition: sammansättning (var kvinnor och män finns)
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        p.category,
        age || ' ' || birth_region as population_group,
        measure as operand,
        value,
        status,
        cell
    from staged.TAB3200
    cross join (values ('part:rate'), ('part:composition')) as p (category)
    where measure in ('employed', 'population') and birth_region in ('in', 'ut') and sex in ('women', 'men')
        and age in ('20-24', '25-29', '30-34', '35-39', '40-44', '45-49', '50-54', '55-59', '60-64')
),
groups as (
    select
        region_code,
        period,
        category,
        population_group,
        whole_sum(value, operand = 'employed' and sex = 'women') as women_employed,
        whole_sum(value, operand = 'employed' and sex = 'men') as men_employed,
        whole_sum(value, operand = 'population' and sex = 'women') as women,
        whole_sum(value, operand = 'population' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, category, population_group
),
rates as (
    select
        *,
        women_employed / nullif(women, 0) as women_rate,
        men_employed / nullif(men, 0) as men_rate,
        women / sum(women) over (partition by region_code, period, category) as women_part,
        men / sum(men) over (partition by region_code, period, category) as men_part
    from groups
),
effects as (
    select
        *,
        case category
            when 'part:rate' then 50.0 * (women_part + men_part) * (women_rate - men_rate)
            else 50.0 * (women_rate + men_rate) * (women_part - men_part)
        end as effect
    from rates
),
gaps as (
    -- A group that is missing or empty for one sex has no rate, and then the gap cannot be split.
    select
        region_code,
        period,
        category,
        case when count(*) = 18 and count(effect) = 18 then sum(effect order by population_group) end as value,
        min(least(women, men)) as smallest_group,
        joined_status(status) as status
    from effects
    group by region_code, period, category
)
select
    region_code,
    period,
    'total' as sex,
    category,
    value,
    value as numerator,
    case when value is not null then 1 end as denominator,
    status,
    missing_reason(value, smallest_group, status) as reason
from gaps
