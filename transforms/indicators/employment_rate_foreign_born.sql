/*---
title: Sysselsättningsgrad 20–64 år efter födelseregion
phrase: Sysselsättningsgraden i åldern 20–64 år
theme: arbete
definition: >-
  Sysselsatta i procent av befolkningen 20–64 år bland utrikes födda och – som jämförelse – inrikes födda, efter
  boenderegion, för kvinnor och män var för sig. SCB:s årliga register (BAS, TAB3200); talet är det publicerade,
  täljaren och nämnaren de publicerade antalen bredvid.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
dimensions:
  birth_region:
    in: inrikes födda
    ut: utrikes födda
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'birth_region:' || birth_region as category,
        measure as operand,
        value,
        status,
        cell
    from staged.TAB3200
    where measure in ('employment_rate', 'employed', 'population') and age = '20-64' and birth_region in ('in', 'ut')
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
