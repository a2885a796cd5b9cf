/*---
title: Andel kvinnor bland utpendlarna
phrase: Andelen kvinnor bland utpendlarna över kommungräns
theme: pendling
definition: >-
  Kvinnor i procent av alla som pendlar ut från kommunen över kommungräns. Nämnaren är kvinnor plus män. Länets och
  rikets tal är våra summor av dagens kommuner och gäller pendling över kommungräns, inte länsgräns. Källor: TAB1828
  eller, när den inte kan läsas, egna summor ur TAB1830 (BAS, 15–74 år, från 2020), TAB5839 (RAMS ny tidsserie,
  16–74 år, 2019) och TAB3266, TAB3267 (RAMS, 16 år och äldre, till och med 2018). Serierna länkas inte.
unit: percent
measure: share
polarity: parity
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
    where c.measure in ('out_commuters') and c.sex in ('women', 'men')
),
sums as (
    select
        o.region_code,
        o.period,
        o.series,
        whole_sum(o.value, o.operand = 'out_commuters' and o.sex = 'women') as women,
        whole_sum(o.value, o.operand = 'out_commuters' and o.sex = 'men') as men,
        count(*) > count(distinct (o.operand, o.sex)) as is_sum,
        -- A county, and riket, is the sum of all its municipalities or it is nothing.
        m.number is null or count(distinct o.municipality_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    left join reference.area_size as m on m.area_code = o.region_code
    group by o.region_code, o.period, o.series, m.number
),
shares as (
    select
        *,
        case when is_whole then women end as numerator,
        case when is_whole then women + men end as denominator
    from sums
),
valued as (
    select *, percent_of(numerator, denominator) as value
    from shares
)
select
    region_code,
    period,
    'total' as sex,
    'all' as category,
    value,
    case when value is not null then numerator end as numerator,
    case when value is not null then denominator end as denominator,
    status,
    series,
    case
        when value is null then missing_reason(value, denominator, status)
        when series = 'BAS' and is_sum then 'own_sum'
    end as reason
from valued
-- Riket is there only when every municipality is asked for.
where region_code <> '00' or is_whole
