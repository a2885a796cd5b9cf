/*---
title: Andel kvinnor i kommunfullmäktige
phrase: Andelen kvinnor i kommunfullmäktige
theme: makt
definition: >-
  Kvinnor i procent av ledamöterna i kommunfullmäktige efter valet. Summan över partier är vår; länets och rikets
  tal är vår summa av dagens kommuner och visas bara när alla finns med (TAB1970).
unit: percent
measure: share
polarity: parity
goals:
  - jamstalldhetspolitiken.makt-inflytande
  - tillvaxtverket-jrt.inflytande
  - agenda-2030-mal-5.valda
measures: [agenda-2030-mal-5.valda]
period: election
---*/
with operands as (
    -- Municipalities, and counties and riket as the sums of theirs: the same cells under each region.
    select
        a.area_code as region_code,
        k.period,
        k.sex,
        k.region_code as municipality_code,
        'members' as operand,
        k.value,
        k.status,
        k.cell
    from staged.TAB1970 as k
    join reference.area_part as a on a.region_code = k.region_code
    -- A nought for a year before the municipality existed is not a value.
    join reference.region as r on r.region_code = k.region_code
    join reference.period as p
        on p.period = k.period and p.type = 'year'
        and coalesce(r.valid_from <= p.end_date + 1, true)
        and coalesce(r.valid_to >= p.start_date, true)
    where k.measure = 'members' and k.sex in ('women', 'men')
),
counts as (
    select
        o.region_code,
        o.period,
        whole_sum(o.value, o.operand = 'members' and o.sex = 'women') as women,
        whole_sum(o.value, o.operand = 'members' and o.sex = 'men') as men,
        -- A county, and riket, is the sum of all its municipalities of today or it is nothing.
        m.number is null or count(distinct o.municipality_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    left join reference.area_size as m on m.area_code = o.region_code
    group by o.region_code, o.period, m.number
),
shares as (
    select
        *,
        case when is_whole then women end as numerator,
        case when is_whole then women + men end as denominator
    from counts
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
    case when value is null then missing_reason(value, denominator, status) else 'own_sum' end as reason
from valued
-- Riket is there only when every municipality is asked for.
where region_code <> '00' or is_whole
