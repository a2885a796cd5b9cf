/*---
title: Könssegregering mellan yrken
phrase: Segregationsindex för kvinnors och mäns yrken
theme: arbete
definition: >-
  Duncans segregationsindex (0–100) över yrken enligt SSYK 2012 på tresiffernivå, anställda 16–64 år efter
  arbetsställets belägenhet: hälften av summan över yrken av skillnaden mellan yrkets andel av kvinnorna och av männen,
  gånger 100. Indexet är den andel av kvinnorna (eller männen) som skulle behöva byta yrke för att fördelningarna ska bli
  lika. Okänt yrke ingår inte; hur stor del av de anställda som har känt yrke visas av indikatorn
  om känt yrke. Täljare är antalet kvinnor och nämnare antalet män med känt yrke. Saknas ett yrke för ett av
  könen blir indexet tomt. RAMS (2014–2018), RAMS ny tidsserie (2019) och BAS (2020–) är skilda serier.
unit: index
measure: segregation
polarity: lower
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select region_code, period, sex, series, occupation, 'employees' as operand, value, status, cell
    from staged.occupations
    where measure = 'employees' and occupation <> 'unknown' and sex in ('women', 'men')
),
occupations as (
    select
        region_code,
        period,
        series,
        occupation,
        whole_sum(value, operand = 'employees' and sex = 'women') as women,
        whole_sum(value, operand = 'employees' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, series, occupation
),
totals as (
    select
        region_code,
        period,
        series,
        case when count(*) = count(women + men) then sum(women) end as all_women,
        case when count(*) = count(women + men) then sum(men) end as all_men,
        joined_status(status) as status
    from occupations
    group by region_code, period, series
),
distances as (
    -- Whole numbers, so that the sum does not depend on the order of its terms.
    select
        t.region_code,
        t.period,
        t.series,
        t.all_women,
        t.all_men,
        t.status,
        percent_of(sum(abs(o.women * t.all_men - o.men * t.all_women)), 2 * t.all_women * t.all_men) as value
    from totals as t
    join occupations as o
        on o.region_code = t.region_code and o.period = t.period and o.series = t.series
    group by t.region_code, t.period, t.series, t.all_women, t.all_men, t.status
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
    series,
    missing_reason(value, all_women * all_men, status) as reason
from distances
