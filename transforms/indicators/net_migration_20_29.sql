/*---
title: Inrikes flyttningsöverskott 20–29 år per 1 000
phrase: Det inrikes flyttningsöverskottet i åldern 20–29 år
theme: befolkning
definition: >-
  Inrikes inflyttningar minus inrikes utflyttningar för personer 20–29 år, per 1 000 invånare i samma ålder, för
  kvinnor och män var för sig. Länets tal gäller flyttningar över länsgräns. Folkmängden är den 31 december samma
  år. Till och med 2024 är talen exakta (TAB1212, TAB638); från 2025 har de en liten slumpmässig osäkerhet (TAB6640,
  TAB5557). Ingen total visas för åren då SCB inte publicerar någon.
unit: per_1000
measure: level
polarity: gap
goals:
  - jamstalldhetspolitiken.jamstalld-halsa
period: year
---*/
with operands as (
    select region_code, period, sex, 'net_migration' as operand, value, status, cell
    from staged.TAB1212
    where measure = 'net_domestic' and age in ('20', '21', '22', '23', '24', '25', '26', '27', '28', '29')
    union all
    select region_code, period, sex, 'net_migration' as operand, value, status, cell
    from staged.TAB6640
    where measure = 'net_domestic' and age = '20-29'
    union all
    select region_code, period, sex, 'population' as operand, value, status, cell
    from staged.TAB638
    where measure = 'population' and age in ('20', '21', '22', '23', '24', '25', '26', '27', '28', '29')
        and period in (select period from staged.TAB1212)
    union all
    select region_code, period, sex, 'population' as operand, value, status, cell
    from staged.TAB5557
    where measure = 'population' and age = '20-29' and marital_status = 'all'
        and period in (select period from staged.TAB6640)
),
counts as (
    select
        region_code,
        period,
        sex,
        -- Ten one-year ages, of the population in four values of marital status, or the published group.
        count(*) filter (where operand = 'net_migration') in (1, 10)
            and count(*) filter (where operand = 'population') in (1, 40) as is_whole,
        whole_sum(value, operand = 'net_migration') as net_migration,
        whole_sum(value, operand = 'population') as population,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
),
rates as (
    select
        *,
        case when is_whole then net_migration end as numerator,
        case when is_whole then population end as denominator
    from counts
),
valued as (
    select *, 1000.0 * numerator / nullif(denominator, 0) as value
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
    paired_reason(value, denominator, status, sex, (region_code, period)) as reason
from valued
