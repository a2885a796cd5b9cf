/*---
title: Andel av de arbetande i länet som pendlar in över länsgräns
phrase: Andelen inpendlare över länsgräns bland dem som arbetar i länet
theme: pendling
definition: >-
  Inpendlare över länsgräns i procent av dagbefolkningen (förvärvsarbetande som arbetar i länet), alla
  utbildningsgrupper, för kvinnor och män var för sig. Serien RMI (regionala matchningsindikatorer, TAB6369) avser
  20–64 år och är beräknad ur tal som SCB publicerar. Serien BAS är reserv och kontroll: egna summor av relationer
  mellan kommuner (TAB1830), sysselsatta 15–74 år; små celler är skyddade, så summan är ungefärlig. Den slutar med
  det senaste året i TAB6369, och visas för alla år när TAB6369 inte kan läsas. Serierna avser olika åldrar och
  jämförs inte med varandra.
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
    -- Counties: published, or every cell of the relations of their municipalities.
    select region_code, period, sex, series, municipality_code, measure as operand, value, status, cell
    from staged.county_commuting
    where measure in ('in_commuters', 'workers_at_workplaces')
),
sums as (
    select
        o.region_code,
        o.period,
        o.sex,
        o.series,
        -- Persons are counted: out-commuters with a minus sign, as TAB6369 may have them, are as many without it.
        whole_sum(abs(o.value), o.operand = 'in_commuters') as in_commuters,
        whole_sum(abs(o.value), o.operand = 'workers_at_workplaces') as workers_at_workplaces,
        -- A county is the sum of all its municipalities or it is nothing.
        o.series <> 'BAS' or count(distinct o.municipality_code) = m.number as is_whole,
        joined_status(o.status) as status
    from operands as o
    join reference.county_size as m on m.county_code = o.region_code
    group by o.region_code, o.period, o.sex, o.series, m.number
),
rates as (
    select
        *,
        case when is_whole then in_commuters end as numerator,
        case when is_whole then workers_at_workplaces end as denominator
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
