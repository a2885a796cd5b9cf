/*---
title: Arbetstillfällen per boende sysselsatt
theme: pendling
definition: >-
  Sysselsatta som arbetar i kommunen (bor och arbetar plus inpendlare) delat med sysselsatta som bor i kommunen
  (bor och arbetar plus utpendlare), för kvinnor och män var för sig. Över 1: fler arbetstillfällen än boende
  sysselsatta. Länets tal är vår summa av dagens kommuner. Källor: TAB1828 eller, när den inte kan läsas, egna
  summor ur TAB1830 (BAS, 15–74 år, från 2020), TAB5839 (RAMS ny tidsserie, 16–74 år, 2019) och TAB3266, TAB3267
  (RAMS, 16 år och äldre, till och med 2018). Serierna länkas inte.
unit: ratio
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
        k.period,
        k.sex,
        k.series,
        k.region_code as municipality_code,
        k.measure as operand,
        k.value,
        k.status,
        k.cell
    from (
        select region_code, period, sex, 'BAS' as series, measure, value, status, cell
        from staged.TAB1828
        union all
        -- Without TAB1828 the relations say the same: own sums of whole rows of the matrix.
        select
            region_code,
            period,
            sex,
            'BAS' as series,
            case when partner_code = region_code then 'lives_and_works' else 'out_commuters' end as measure,
            value,
            status,
            cell
        from staged.TAB1830
        where not exists (select 1 from staged.TAB1828)
            and region_code in (
                select region_code
                from staged.TAB1830
                group by region_code
                having count(distinct partner_code) = (select count(distinct partner_code) from staged.TAB1830)
            )
        union all
        -- Without TAB1828 the relations say the same: own sums of whole columns of the matrix.
        select
            partner_code as region_code, period, sex, 'BAS' as series, 'in_commuters' as measure, value, status, cell
        from staged.TAB1830
        where not exists (select 1 from staged.TAB1828)
            and partner_code <> region_code
            and partner_code in (
                select partner_code
                from staged.TAB1830
                group by partner_code
                having count(distinct region_code) = (select count(distinct region_code) from staged.TAB1830)
            )
        union all
        -- BAS takes the place of the older series from the first year that it has.
        select region_code, period, sex, 'RAMS_N' as series, measure, value, status, cell
        from staged.TAB5839
        where period not in (select period from staged.TAB1828 union all select period from staged.TAB1830)
        union all
        select region_code, period, sex, 'RAMS' as series, measure, value, status, cell
        from staged.TAB3266
        union all
        select region_code, period, sex, 'RAMS' as series, measure, value, status, cell
        from staged.TAB3267
    ) as k
    join (
        select region_code, region_code as area_code
        from reference.region
        where type = 'municipality'
        union all
        select region_code, county_code as area_code
        from reference.region
        where type = 'municipality' and valid_to is null
    ) as a on a.region_code = k.region_code
    -- A nought for a year before the municipality existed is not a value.
    join reference.region as r on r.region_code = k.region_code
    join reference.period as p
        on p.period = k.period
        and coalesce(r.valid_from <= p.end_date + 1, true)
        and coalesce(r.valid_to >= p.start_date, true)
    where k.measure in ('lives_and_works', 'in_commuters', 'out_commuters')
),
municipalities as (
    select county_code, count(*) as number
    from reference.region
    where type = 'municipality' and valid_to is null
    group by county_code
),
sums as (
    select
        o.region_code,
        o.period,
        o.sex,
        o.series,
        whole_sum(o.value, o.operand = 'lives_and_works') as lives_and_works,
        whole_sum(o.value, o.operand = 'in_commuters') as in_commuters,
        whole_sum(o.value, o.operand = 'out_commuters') as out_commuters,
        count(*) > count(distinct (o.operand, o.sex)) as is_sum,
        -- A county is the sum of all its municipalities or it is nothing.
        m.number is null or count(distinct o.municipality_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    left join municipalities as m on m.county_code = o.region_code
    group by o.region_code, o.period, o.sex, o.series, m.number
),
rates as (
    select
        *,
        case when is_whole then lives_and_works + in_commuters end as numerator,
        case when is_whole then lives_and_works + out_commuters end as denominator
    from sums
),
valued as (
    select *, 1.0 * numerator / nullif(denominator, 0) as value
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
