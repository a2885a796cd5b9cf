/*---
title: Skillnad mellan kvinnors och mäns pendlingsmål
phrase: Olikhetsindex för kvinnors och mäns pendlingsmål
theme: pendling
definition: >-
  Duncans index (0–100) över kommunerna som utpendlarna arbetar i: hälften av summan av skillnaden mellan kommunens
  andel av de kvinnliga och av de manliga utpendlarna, gånger 100. Den egna kommunen ingår inte. Länets tal slår
  ihop utpendlarna från länets alla kommuner. Täljare är antalet kvinnor och nämnare antalet män som pendlar ut.
  Egen summa av relationer mellan kommuner (TAB1830), sysselsatta 15–74 år (BAS); små celler är skyddade, så indexet
  är ungefärligt och blir lätt högre där utpendlarna är få.
unit: index
measure: segregation
polarity: none
goals:
  - rus-2030.kollektivtrafik
  - jrt.lanstransportplan-2018-2029
  - lanstransportplan-2022-2033.studie-arbetsmarknad
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    -- Municipalities, and counties as the sum of their municipalities: the same cells under both regions.
    select
        a.area_code as region_code,
        m.period,
        m.sex,
        m.region_code as municipality_code,
        m.partner_code as destination,
        'out_commuters' as operand,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.municipality_area as a on a.region_code = m.region_code
    where m.measure = 'commuters' and m.partner_code <> m.region_code and m.sex in ('women', 'men')
        and m.region_code in (
            -- Only municipalities of residence whose whole row of the matrix was fetched.
            select region_code
            from staged.TAB1830
            group by region_code
            having count(distinct partner_code) = (select count(distinct partner_code) from staged.TAB1830)
        )
),
destinations as (
    select
        region_code,
        period,
        destination,
        whole_sum(value, operand = 'out_commuters' and sex = 'women') as women,
        whole_sum(value, operand = 'out_commuters' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, destination
),
wholes as (
    -- A county is the sum of all its municipalities or it is nothing.
    select o.region_code, o.period, m.number is null or count(distinct o.municipality_code) = m.number as is_whole
    from operands as o
    left join reference.county_size as m on m.county_code = o.region_code
    group by o.region_code, o.period, m.number
),
totals as (
    select
        d.region_code,
        d.period,
        case when w.is_whole and count(*) = count(d.women + d.men) then sum(d.women) end as all_women,
        case when w.is_whole and count(*) = count(d.women + d.men) then sum(d.men) end as all_men,
        joined_status(d.status) as status
    from destinations as d
    join wholes as w on w.region_code = d.region_code and w.period = d.period
    group by d.region_code, d.period, w.is_whole
),
distances as (
    -- Whole numbers, so that the sum does not depend on the order of its terms.
    select
        t.region_code,
        t.period,
        t.all_women,
        t.all_men,
        t.status,
        percent_of(sum(abs(d.women * t.all_men - d.men * t.all_women)), 2 * t.all_women * t.all_men) as value
    from totals as t
    join destinations as d on d.region_code = t.region_code and d.period = t.period
    group by t.region_code, t.period, t.all_women, t.all_men, t.status
)
select
    region_code,
    period,
    'total' as sex,
    'all' as category,
    value,
    all_women as numerator,
    all_men as denominator,
    status,
    case when value is null then missing_reason(value, all_women * all_men, status) else 'own_sum' end as reason
from distances
