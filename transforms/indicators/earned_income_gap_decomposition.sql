/*---
title: Könsgapet i medelinkomst uppdelat på åldersstruktur och inkomst i samma ålder
phrase: Könsgapet i medelinkomst
theme: inkomst
definition: >-
  Skillnaden mellan kvinnors och mäns sammanräknade förvärvsinkomst, medelvärde 20–64 år (kvinnor minus män,
  tusental kronor i löpande priser), uppdelad enligt Kitagawa på femårsklasser av ålder. Skillnad inom samma grupp:
  hur inkomsten skiljer sig i samma ålder. Sammansättning: hur kvinnor och män fördelar sig på åldrar. De två
  delarna ger tillsammans hela skillnaden. Täljaren är delens storlek och nämnaren 1 (TAB3554).
unit: sek_thousands
prices: current
measure: decomposition
polarity: none
goals:
  - rus-2030.ekonomisk-utveckling
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
dimensions:
  part:
    rate: skillnad inom samma ålder
    composition: sammansättning (åldersstruktur)
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        p.category,
        age,
        measure as operand,
        value,
        status,
        cell
    from staged.TAB3554
    cross join (values ('part:rate'), ('part:composition')) as p (category)
    where measure in ('mean_income', 'earners') and income_class = 'total' and sex in ('women', 'men')
        and age in ('20-24', '25-29', '30-34', '35-39', '40-44', '45-49', '50-54', '55-59', '60-64')
),
groups as (
    select
        region_code,
        period,
        category,
        age,
        whole_sum(value, operand = 'mean_income' and sex = 'women') as women_income,
        whole_sum(value, operand = 'mean_income' and sex = 'men') as men_income,
        whole_sum(value, operand = 'earners' and sex = 'women') as women,
        whole_sum(value, operand = 'earners' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, category, age
),
parts as (
    select
        *,
        women / nullif(sum(women) over (partition by region_code, period, category), 0) as women_part,
        men / nullif(sum(men) over (partition by region_code, period, category), 0) as men_part
    from groups
),
effects as (
    select
        *,
        case category
            when 'part:rate' then 0.5 * (women_part + men_part) * (women_income - men_income)
            else 0.5 * (women_income + men_income) * (women_part - men_part)
        end as effect
    from parts
),
gaps as (
    -- An age group that is missing for one sex has no mean, and then the gap cannot be split.
    select
        region_code,
        period,
        category,
        case when count(*) = 9 and count(effect) = 9 then sum(effect order by age) end as value,
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
