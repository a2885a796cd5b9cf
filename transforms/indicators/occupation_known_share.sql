/*---
title: Andel anställda med känt yrke
phrase: Andelen anställda med känt yrke
theme: arbete
definition: >-
  Anställda 16–64 år med känt yrke (SSYK 2012) i procent av alla anställda 16–64 år, efter arbetsställets belägenhet och
  kön. Visar täckningen för indikatorn occupation_segregation_index; under 95 procent ska indexet läsas med försiktighet.
unit: percent
measure: level
polarity: none
goals: [jamstalldhetspolitiken.ekonomisk-jamstalldhet]
period: year
---*/
with operands as (
    select
        region_code, period, sex, 'RAMS' as series,
        case when occupation = 'unknown' then 'unknown' else 'known' end as operand,
        value, status, cell
    from staged.TAB4396
    where measure = 'employees'
    union all
    -- BAS takes the place of the older series from the first year that it has.
    select
        region_code, period, sex, 'RAMS_N' as series,
        case when occupation = 'unknown' then 'unknown' else 'known' end as operand,
        value, status, cell
    from staged.TAB3119
    where measure = 'employees' and period not in (select period from staged.TAB4434)
    union all
    select
        region_code, period, sex, 'BAS' as series,
        case when occupation = 'unknown' then 'unknown' else 'known' end as operand,
        value, status, cell
    from staged.TAB4434
    where measure = 'employees'
),
counts as (
    select
        region_code,
        period,
        sex,
        series,
        whole_sum(value, operand = 'known') as known,
        whole_sum(value, operand = 'known') + whole_sum(value, operand = 'unknown') as employees,
        joined_status(status) as status
    from operands
    group by region_code, period, sex, series
),
shares as (
    select *, percent_of(known, employees) as value
    from counts
)
select
    region_code,
    period,
    sex,
    'all' as category,
    paired(value, value, sex, (region_code, period, series)) as value,
    paired(known, value, sex, (region_code, period, series)) as numerator,
    paired(employees, value, sex, (region_code, period, series)) as denominator,
    status,
    series,
    case
        when paired(value, value, sex, (region_code, period, series)) is null
            then paired_reason(value, employees, status, sex, (region_code, period, series))
        when series = 'BAS' then 'own_sum'
    end as reason
from shares
