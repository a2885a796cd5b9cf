/*---
title: Sysselsättningsgrad efter ålder och födelseregion
phrase: Sysselsättningsgraden efter ålder och födelseregion
theme: arbete
definition: >-
  Sysselsatta i procent av befolkningen i femårsklasser 20–64 år, för inrikes och utrikes födda, efter boenderegion, för
  kvinnor och män var för sig. Grupperna omfattar tillsammans alla 20–64 år; de ligger till grund för uppdelningen av
  könsgapet i sysselsättning. SCB:s årliga register (BAS, TAB3200); beräknad ur de publicerade antalen.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
dimensions:
  population_group:
    20-24_in: 20–24 år, inrikes födda
    25-29_in: 25–29 år, inrikes födda
    30-34_in: 30–34 år, inrikes födda
    35-39_in: 35–39 år, inrikes födda
    40-44_in: 40–44 år, inrikes födda
    45-49_in: 45–49 år, inrikes födda
    50-54_in: 50–54 år, inrikes födda
    55-59_in: 55–59 år, inrikes födda
    60-64_in: 60–64 år, inrikes födda
    20-24_ut: 20–24 år, utrikes födda
    25-29_ut: 25–29 år, utrikes födda
    30-34_ut: 30–34 år, utrikes födda
    35-39_ut: 35–39 år, utrikes födda
    40-44_ut: 40–44 år, utrikes födda
    45-49_ut: 45–49 år, utrikes födda
    50-54_ut: 50–54 år, utrikes födda
    55-59_ut: 55–59 år, utrikes födda
    60-64_ut: 60–64 år, utrikes födda
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'population_group:' || age || '_' || birth_region as category,
        measure as operand,
        value,
        status,
        cell
    from staged.TAB3200
    where measure in ('employed', 'population') and birth_region in ('in', 'ut') and sex in ('women', 'men')
        and age in ('20-24', '25-29', '30-34', '35-39', '40-44', '45-49', '50-54', '55-59', '60-64')
),
counts as (
    select
        region_code,
        period,
        sex,
        category,
        whole_sum(value, operand = 'employed') as numerator,
        whole_sum(value, operand = 'population') as denominator,
        joined_status(status) as status
    from operands
    group by region_code, period, sex, category
),
rates as (
    select *, percent_of(numerator, denominator) as value
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
