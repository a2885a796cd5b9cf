/*---
title: Helårsekvivalenter, andel av befolkningen 20–64 år
phrase: Andelen helårsekvivalenter av befolkningen i åldern 20–64 år
theme: inkomst
definition: >-
  Personer som försörjs med sociala ersättningar och bidrag, räknade som helårsekvivalenter, i procent av
  folkmängden 20–64 år, för kvinnor och män var för sig. Helårsekvivalenter är så många personer som hade kunnat
  försörjas hela året med en ersättning. Länets tal är vår summa av dagens kommuner. Månadsstatistik (TAB1386).
unit: percent
measure: level
polarity: lower
goals:
  - rus-2030.ekonomisk-utveckling
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: month
---*/
with operands as (
    -- Riket and municipalities, and counties as the sum of their municipalities: the same cells under both regions.
    select
        a.area_code as region_code,
        k.period,
        k.sex,
        k.region_code as part_code,
        k.measure as operand,
        k.value,
        k.status,
        k.cell
    from staged.TAB1386 as k
    join (
        select region_code, area_code from reference.municipality_area union all select '00', '00'
    ) as a on a.region_code = k.region_code
    where k.measure in ('full_year_equivalents', 'population') and k.age = '20-64'
),
sums as (
    select
        o.region_code,
        o.period,
        o.sex,
        whole_sum(o.value, o.operand = 'full_year_equivalents') as full_year_equivalents,
        whole_sum(o.value, o.operand = 'population') as population,
        m.number is not null as is_sum,
        -- A county is the sum of all its municipalities or it is nothing.
        m.number is null or count(distinct o.part_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    left join reference.county_size as m on m.county_code = o.region_code
    group by o.region_code, o.period, o.sex, m.number
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
    'all' as category,
    paired(value, value, sex, (region_code, period)) as value,
    paired(numerator, value, sex, (region_code, period)) as numerator,
    paired(denominator, value, sex, (region_code, period)) as denominator,
    status,
    case
        when paired(value, value, sex, (region_code, period)) is null
            then paired_reason(value, denominator, status, sex, (region_code, period))
        when is_sum then 'own_sum'
    end as reason
from valued
