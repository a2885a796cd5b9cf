/*---
title: Nettopendling över länsgräns
phrase: Nettopendlingen över länsgräns (inpendlare minus utpendlare)
theme: pendling
definition: >-
  Inpendlare minus utpendlare över länsgräns, för kvinnor och män var för sig. Täljaren är skillnaden och
  nämnaren 1. Egen summa av relationer mellan kommuner (TAB1830), sysselsatta 15–74 år (BAS); små celler är
  skyddade, så summan är ungefärlig.
unit: persons
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
        'in_commuters' as operand,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.region as h on h.region_code = m.region_code and h.type = 'municipality'
    join reference.region as w on w.region_code = m.partner_code and w.type = 'municipality'
    where m.measure = 'commuters' and w.county_code <> h.county_code and m.partner_code in (
        -- Only municipalities of workplace whose whole column of the matrix was fetched.
        select partner_code
        from staged.TAB1830
        group by partner_code
        having count(distinct region_code) = (select count(distinct region_code) from staged.TAB1830)
    )
    union all
    select
        h.county_code as region_code,
        m.period,
        m.sex,
        m.region_code as municipality_code,
        'out_commuters' as operand,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.region as h on h.region_code = m.region_code and h.type = 'municipality'
    join reference.region as w on w.region_code = m.partner_code and w.type = 'municipality'
    where m.measure = 'commuters' and w.county_code <> h.county_code and m.region_code in (
        -- Only municipalities of residence whose whole row of the matrix was fetched.
        select region_code
        from staged.TAB1830
        group by region_code
        having count(distinct partner_code) = (select count(distinct partner_code) from staged.TAB1830)
    )
),
sums as (
    select
        o.region_code,
        o.period,
        o.sex,
        whole_sum(o.value, o.operand = 'in_commuters') as in_commuters,
        whole_sum(o.value, o.operand = 'out_commuters') as out_commuters,
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
        case when is_whole then in_commuters - out_commuters end as numerator,
        case when is_whole and in_commuters - out_commuters is not null then 1 end as denominator
    from sums
),
valued as (
    select *, numerator / denominator as value
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
