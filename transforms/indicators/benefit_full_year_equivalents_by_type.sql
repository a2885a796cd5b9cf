/*---
title: Helårsekvivalenter efter ersättning, andel av befolkningen 20–64 år
phrase: Andelen helårsekvivalenter av befolkningen i åldern 20–64 år
theme: inkomst
definition: >-
  Helårsekvivalenter med en viss ersättning i procent av folkmängden 20–64 år, för kvinnor och män var för sig.
  Sjuk- och aktivitetsersättning visas inte, eftersom SCB:s benämning inte är fastställd. Helårsekvivalenter är så
  många personer som hade kunnat försörjas hela året med en ersättning. Länets tal är vår summa av dagens kommuner.
  Månadsstatistik (TAB1386).
unit: percent
measure: level
polarity: lower
goals:
  - rus-2030.ekonomisk-utveckling
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: month
dimensions:
  benefit:
    sickness: sjukpenning
    unemployment: arbetslöshetsersättning
    labour_market_programmes: arbetsmarknadsåtgärder
    economic_assistance: ekonomiskt bistånd
    establishment: etableringsersättning
---*/
with operands as (
    -- Riket and municipalities, and counties as the sum of their municipalities: the same cells under both regions.
    select
        a.area_code as region_code,
        k.period,
        k.sex,
        'benefit:' || b.benefit as category,
        k.region_code as part_code,
        case when k.measure = 'population' then 'population' else 'full_year_equivalents' end as operand,
        k.value,
        k.status,
        k.cell
    from staged.TAB1386 as k
    join (
        select region_code, area_code from reference.municipality_area union all select '00', '00'
    ) as a on a.region_code = k.region_code
    join (values ('sickness'), ('unemployment'), ('labour_market_programmes'), ('economic_assistance'), ('establishment'))
        as b (benefit) on k.measure in (b.benefit, 'population')
    where k.age = '20-64'
),
sums as (
    select
        o.region_code,
        o.period,
        o.sex,
        o.category,
        whole_sum(o.value, o.operand = 'full_year_equivalents') as full_year_equivalents,
        whole_sum(o.value, o.operand = 'population') as population,
        m.number is not null as is_sum,
        -- A county is the sum of all its municipalities or it is nothing.
        m.number is null or count(distinct o.part_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    left join reference.county_size as m on m.county_code = o.region_code
    group by o.region_code, o.period, o.sex, o.category, m.number
),
rates as (
    select
        *,
        case when is_whole then full_year_equivalents end as numerator,
        case when is_whole then population end as denominator
    from sums
),
valued as (
    select *, percent_of(numerator, denominator) as value
    from rates
)
select
    region_code,
    period,
    sex,
    category,
    paired(value, value, sex, (region_code, period, category)) as value,
    paired(numerator, value, sex, (region_code, period, category)) as numerator,
    paired(denominator, value, sex, (region_code, period, category)) as denominator,
    status,
    case
        when paired(value, value, sex, (region_code, period, category)) is null
            then paired_reason(value, denominator, status, sex, (region_code, period, category))
        when is_sum then 'own_sum'
    end as reason
from valued
