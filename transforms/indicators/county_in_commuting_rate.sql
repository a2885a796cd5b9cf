/*---
title: Andel av de arbetande i länet som pendlar in över länsgräns
phrase: Andelen inpendlare över länsgräns bland dem som arbetar i länet
theme: pendling
definition: >-
  Sysselsatta som arbetar i länet och bor i ett annat län, i procent av alla sysselsatta som arbetar i länet,
  för kvinnor och män var för sig. Egen summa av relationer mellan kommuner (TAB1830), sysselsatta 15–74 år
  (BAS); små celler är skyddade, så summan är ungefärlig.
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
    -- Municipality to county: every cell of the relations is kept.
    select
        w.county_code as region_code,
        m.period,
        m.sex,
        m.partner_code as municipality_code,
        case when w.county_code = h.county_code then 'lives_in_county' else 'lives_outside' end as operand,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.region as h on h.region_code = m.region_code and h.type = 'municipality'
    join reference.region as w on w.region_code = m.partner_code and w.type = 'municipality'
    where m.measure = 'commuters' and m.partner_code in (
        -- Only municipalities of workplace whose whole column of the matrix was fetched.
        select partner_code
        from staged.TAB1830
        group by partner_code
        having count(distinct region_code) = (select count(distinct region_code) from staged.TAB1830)
    )
),
sums as (
    select
        o.region_code,
        o.period,
        o.sex,
        whole_sum(o.value, o.operand = 'lives_in_county') as lives_in_county,
        whole_sum(o.value, o.operand = 'lives_outside') as lives_outside,
        -- A county is the sum of all its municipalities or it is nothing.
        count(distinct o.municipality_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    join reference.county_size as m on m.county_code = o.region_code
    group by o.region_code, o.period, o.sex, m.number
),
rates as (
    select
        *,
        case when is_whole then lives_outside end as numerator,
        case when is_whole then lives_in_county + lives_outside end as denominator
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
        else 'own_sum'
    end as reason
from valued
