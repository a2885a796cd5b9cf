/*---
title: Arbetskraftsdeltagande 20–64 år
phrase: Arbetskraftsdeltagandet i åldern 20–64 år
theme: arbete
definition: >-
  Arbetskraften (sysselsatta och arbetslösa) i procent av befolkningen 20–64 år efter boenderegion, för kvinnor och
  män var för sig. SCB:s årliga register (BAS, TAB3200); talet är det publicerade, täljaren och nämnaren de
  publicerade antalen bredvid.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        measure as operand,
        value,
        status,
        cell
    from staged.TAB3200
    where measure in ('participation_rate', 'labour_force', 'population') and age = '20-64' and birth_region = 'tot'
),
figures as (
    -- The rate as published; the counts that it rests on stand beside it, each with noise of its own.
    select
        region_code,
        period,
        sex,
        max(value) filter (where operand = 'participation_rate') as value,
        whole_sum(value, operand = 'labour_force') as numerator,
        whole_sum(value, operand = 'population') as denominator,
        joined_status(case when operand = 'participation_rate' then status end) as status
    from operands
    group by region_code, period, sex
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
    paired_reason(value, null, status, sex, (region_code, period)) as reason
from figures
