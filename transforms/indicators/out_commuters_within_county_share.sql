/*---
title: Andel av utpendlarna som arbetar i en annan kommun i länet
phrase: Andelen av utpendlarna som arbetar i en annan kommun i länet
theme: pendling
definition: >-
  Utpendlare över kommungräns som arbetar i en annan kommun i samma län, i procent av alla utpendlare över
  kommungräns, för kvinnor och män var för sig. Länets tal är vår summa av dagens kommuner. Egen summa av
  relationer mellan kommuner (TAB1830), sysselsatta 15–74 år (BAS); små celler är skyddade, så summan är
  ungefärlig.
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
    -- Municipalities, and counties as the sum of their municipalities: the same cells under both regions.
    select
        a.area_code as region_code,
        m.period,
        m.sex,
        m.region_code as municipality_code,
        case when w.county_code = h.county_code then 'works_in_county' else 'works_outside' end as operand,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.region as h on h.region_code = m.region_code and h.type = 'municipality'
    join reference.region as w on w.region_code = m.partner_code and w.type = 'municipality'
    join (
        select region_code, region_code as area_code
        from reference.region
        where type = 'municipality'
        union all
        select region_code, county_code as area_code
        from reference.region
        where type = 'municipality' and valid_to is null
    ) as a on a.region_code = m.region_code
    where m.measure = 'commuters' and m.partner_code <> m.region_code and m.region_code in (
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
        whole_sum(o.value, o.operand = 'works_in_county') as works_in_county,
        whole_sum(o.value, o.operand = 'works_outside') as works_outside,
        -- A county is the sum of all its municipalities or it is nothing.
        m.number is null or count(distinct o.municipality_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    left join reference.county_size as m on m.county_code = o.region_code
    group by o.region_code, o.period, o.sex, m.number
),
rates as (
    select
        *,
        case when is_whole then works_in_county end as numerator,
        case when is_whole then works_in_county + works_outside end as denominator
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
