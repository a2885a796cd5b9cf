/*---
title: Sysselsättningsgrad 20–64 år
phrase: Sysselsättningsgraden i åldern 20–64 år
theme: arbete
definition: >-
  Sysselsatta i procent av befolkningen 20–64 år efter boenderegion, för kvinnor och män var för sig. Åldern 20–65
  år visas bredvid, eftersom riktåldern för pension har höjts. SCB:s årliga register (BAS, TAB3200); talet är det
  publicerade, täljaren och nämnaren de publicerade antalen bredvid.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
measures: [rus-2030.sysselsatta]
period: year
dimensions:
  age:
    20-65: 20–65 år
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        case when age = '20-64' then 'all' else 'age:' || age end as category,
        measure as operand,
        value,
        status,
        cell
    from staged.TAB3200
    where measure in ('employment_rate', 'employed', 'population') and age in ('20-64', '20-65') and birth_region = 'tot'
),
figures as (
    -- The rate as published; the counts that it rests on stand beside it, each with noise of its own.
    select
        region_code,
        period,
        sex,
        category,
        max(value) filter (where operand = 'employment_rate') as value,
        whole_sum(value, operand = 'employed') as numerator,
        whole_sum(value, operand = 'population') as denominator,
        joined_status(case when operand = 'employment_rate' then status end) as status
    from operands
    group by region_code, period, sex, category
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
    paired_reason(value, null, status, sex, (region_code, period, category)) as reason
from figures
