/*---
title: Andel sysselsatta efter födelseregion och vistelsetid
phrase: Andelen sysselsatta
theme: arbete
definition: >-
  Andel sysselsatta (i serien RAMS förvärvsarbetande) efter födelseregion och tid i Sverige, som SCB publicerar den
  för kvinnor och män i registerdata för integration. Serien BAS (från 2022) avser 20–65 år, serien RAMS (till och
  med 2021) 20–64 år; serierna länkas inte.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: year
dimensions:
  background:
    born_sweden: födda i Sverige
    foreign_born: utrikes födda
    stay_0_1: vistelsetid 0–1 år
    stay_2_3: vistelsetid 2–3 år
    stay_4_9: vistelsetid 4–9 år
    stay_10: vistelsetid 10 år eller mer
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        'background:' || background as category,
        series,
        'employment_share' as operand,
        value,
        status,
        cell
    from staged.integration
    where measure = 'employment_share' and education = 'total' and background <> 'total'
)
select
    region_code,
    period,
    sex,
    category,
    case when paired(value, value, sex, (region_code, period, category, series)) is not null then value end as value,
    null as numerator,
    null as denominator,
    status,
    series,
    paired_reason(value, null, status, sex, (region_code, period, category, series)) as reason
from operands
