/*---
title: Andel som arbetar i yrken med jämn könsfördelning
phrase: Andelen anställda som arbetar i yrken med jämn könsfördelning
theme: arbete
definition: >-
  Anställda 16–64 år i yrken (SSYK 2012, tre siffror) där kvinnor är 40–60 procent i regionen, i procent av alla
  anställda med känt yrke, för kvinnor och män var för sig, efter arbetsställets belägenhet. Saknas ett yrke för ett
  av könen blir andelen tom. RAMS (2014–2018), RAMS ny tidsserie (2019) och BAS (2020–) är skilda serier.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - affarsplan-2030.breddat-naringsliv
period: year
---*/
with operands as (
    -- Whether an occupation is balanced depends on both sexes: each sex's figure rests on the cells of both.
    select k.region_code, k.period, s.sex, k.series, k.occupation, k.sex as operand, k.value, k.status, k.cell
    from staged.occupations as k
    cross join (values ('women'), ('men')) as s (sex)
    where k.measure = 'employees' and k.occupation <> 'unknown' and k.sex in ('women', 'men')
),
occupations as (
    select
        region_code,
        period,
        sex,
        series,
        occupation,
        whole_sum(value, operand = 'women') as women,
        whole_sum(value, operand = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, sex, series, occupation
),
persons as (
    select
        *,
        case when sex = 'women' then women else men end as own,
        coalesce(percent_of(women, women + men) between 40 and 60, false) as is_balanced
    from occupations
),
sums as (
    select
        region_code,
        period,
        sex,
        series,
        case when count(*) = count(women + men) then coalesce(sum(own) filter (where is_balanced), 0) end as numerator,
        case when count(*) = count(women + men) then sum(own) end as denominator,
        joined_status(status) as status
    from persons
    group by region_code, period, sex, series
),
rates as (
    select *, percent_of(numerator, denominator) as value
    from sums
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
    paired_reason(value, denominator, status, sex, (region_code, period, series)) as reason
from rates
