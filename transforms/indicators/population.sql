/*---
title: Folkmängd efter kön och ålder
phrase: Folkmängden
theme: befolkning
definition: >-
  Folkmängd den 31 december efter kön och ålder. Till och med 2024 är talet summan över civilstånd, och i
  tioårsklasser över ettårsklasser (exakta tal, TAB638); från 2025 det publicerade talet, som har en liten
  slumpmässig osäkerhet (TAB5557). Ålder visas från 2015, 20–29 år från 1997. Ingen total visas för åren då SCB inte
  publicerar någon. Täljaren är folkmängden och nämnaren 1.
unit: persons
measure: level
polarity: none
goals:
  - jamstalldhetspolitiken.jamstalld-halsa
period: year
dimensions:
  age:
    0-9: 0–9 år
    10-19: 10–19 år
    20-29: 20–29 år
    30-39: 30–39 år
    40-49: 40–49 år
    50-59: 50–59 år
    60-69: 60–69 år
    70-79: 70–79 år
    80-89: 80–89 år
    90-99: 90–99 år
    100+10: 100 år och äldre
---*/
with operands as (
    select
        k.region_code,
        k.period,
        k.sex,
        -- One-year ages in ten-year groups.
        case
            when k.age = 'all' then 'all'
            when k.age = '100+' then 'age:100+10'
            when length(k.age) = 1 then 'age:0-9'
            else concat('age:', left(k.age, 1), '0-', left(k.age, 1), '9')
        end as category,
        k.marital_status,
        'population' as operand,
        k.value,
        k.status,
        k.cell
    from staged.TAB638 as k
    -- A nought for a year before the municipality existed is not a value.
    join reference.region as r on r.region_code = k.region_code
    join reference.period as p
        on p.period = k.period
        and coalesce(r.valid_from <= p.end_date + 1, true)
        and coalesce(r.valid_to >= p.start_date, true)
    where k.measure = 'population'
    union all
    select
        region_code,
        period,
        sex,
        case when age = 'all' then 'all' else 'age:' || age end as category,
        marital_status,
        'population' as operand,
        value,
        status,
        cell
    from staged.TAB5557
    where measure = 'population' and marital_status = 'all'
),
counts as (
    -- Four values of marital status of each age, or the published figure: anything else is a part only.
    select
        region_code,
        period,
        sex,
        category,
        case
            when count(*) = case when category in ('all', 'age:100+10') then 4 else 40 end
                or max(marital_status) = 'all'
                then whole_sum(value, operand = 'population')
        end as numerator,
        joined_status(status) as status
    from operands
    group by region_code, period, sex, category
),
rates as (
    select *, case when numerator is not null then 1 end as denominator, numerator as value
    from counts
)
select
    region_code,
    period,
    sex,
    category,
    paired(value, value, sex, (region_code, period, category)) as value,
    paired(numerator, value, sex, (region_code, period, category)) as numerator,
    paired(denominator, value, sex, (region_code, period, category)) as denominator,
    status,
    paired_reason(value, denominator, status, sex, (region_code, period, category)) as reason
from rates
