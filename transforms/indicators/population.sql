/*---
title: Folkmängd efter kön
phrase: Folkmängden
theme: befolkning
definition: >-
  Folkmängd den 31 december efter kön. Till och med 2024 är talet summan över civilstånd (exakta tal, TAB638);
  från 2025 det publicerade talet, som har en liten slumpmässig osäkerhet (TAB5557). Ingen total visas för åren
  då SCB inte publicerar någon. Täljaren är folkmängden och nämnaren 1.
unit: persons
measure: level
polarity: none
goals:
  - jamstalldhetspolitiken.jamstalld-halsa
period: year
---*/
with operands as (
    select
        k.region_code,
        k.period,
        k.sex,
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
    where k.measure = 'population' and k.age = 'all'
    union all
    select region_code, period, sex, marital_status, 'population' as operand, value, status, cell
    from staged.TAB5557
    where measure = 'population' and age = 'all' and marital_status = 'all'
),
counts as (
    -- Four values of marital status, or the published total: anything else is a part only.
    select
        region_code,
        period,
        sex,
        case
            when count(*) = 4 or max(marital_status) = 'all' then whole_sum(value, operand = 'population')
        end as numerator,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
),
rates as (
    select *, case when numerator is not null then 1 end as denominator, numerator as value
    from counts
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
    paired_reason(value, denominator, status, sex, (region_code, period)) as reason
from rates
