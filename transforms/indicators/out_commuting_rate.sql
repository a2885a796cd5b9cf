/*---
title: Andel som pendlar ut över kommungräns
phrase: Andelen sysselsatta som pendlar ut över kommungräns
theme: pendling
definition: >-
  Utpendlare över kommungräns i procent av alla sysselsatta som bor i kommunen (bor och arbetar i kommunen plus
  utpendlare), för kvinnor och män var för sig. Länets och rikets tal är våra summor av dagens kommuner och gäller
  pendling över kommungräns, inte länsgräns. Källor: TAB1828 eller, när den inte kan läsas, egna summor ur TAB1830
  (BAS, 15–74 år, från 2020), TAB5839 (RAMS ny tidsserie, 16–74 år, 2019) och TAB3266, TAB3267 (RAMS, 16 år och
  äldre, till och med 2018). Serierna länkas inte.
unit: percent
measure: level
polarity: none
goals:
  - rus-2030.kollektivtrafik
  - jrt.lanstransportplan-2018-2029
  - lanstransportplan-2022-2033.studie-arbetsmarknad
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    -- Municipalities, and counties and riket as the sums of theirs: the same cells under each region.
    select
        a.area_code as region_code,
        c.period,
        c.sex,
        c.series,
        c.region_code as municipality_code,
        c.measure as operand,
        c.value,
        c.status,
        c.cell
    from staged.municipality_commuting as c
    join reference.area_part as a on a.region_code = c.region_code
    where c.measure in ('lives_and_works', 'out_commuters')
),
sums as (
    select
        o.region_code,
        o.period,
        o.sex,
        o.series,
        whole_sum(o.value, o.operand = 'lives_and_works') as lives_and_works,
        whole_sum(o.value, o.operand = 'out_commuters') as out_commuters,
        -- A county, and riket, is the sum of all its municipalities or it is nothing.
        m.number is null or count(distinct o.municipality_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    left join reference.area_size as m on m.area_code = o.region_code
    group by o.region_code, o.period, o.sex, o.series, m.number
),
rates as (
    select
        *,
        case when is_whole then out_commuters end as numerator,
        case when is_whole then lives_and_works + out_commuters end as denominator
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
    paired(value, value, sex, (region_code, period, series)) as value,
    paired(numerator, value, sex, (region_code, period, series)) as numerator,
    paired(denominator, value, sex, (region_code, period, series)) as denominator,
    status,
    series,
    case
        when paired(value, value, sex, (region_code, period, series)) is null
            then paired_reason(value, denominator, status, sex, (region_code, period, series))
        when series = 'BAS' then 'own_sum'
    end as reason
from valued
-- Riket is there only when every municipality is asked for.
where region_code <> '00' or is_whole
