/*---
title: Andel som fortfarande är företagare efter ett år
phrase: Andelen företagare som fortfarande är företagare efter ett år
theme: foretagande
definition: >-
  Andel av företagarna som fortfarande är företagare efter ett år, som SCB publicerar den för kvinnor och män.
  Serien BAS (från 2022) avser 20–65 år, serien RAMS (till och med 2021) 20–64 år; serierna länkas inte.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.foretagsklimat
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - jrt.affarsplan-2018-2020
  - affarsplan-2030.breddat-naringsliv
  - tillvaxtverket-jrt.tillvaxtresurser
period: year
---*/
with operands as (
    select region_code, period, sex, 'BAS' as series, 'entrepreneur_survival' as operand, value, status, cell
    from staged.TAB6384
    where measure = 'entrepreneur_survival' and education = 'total' and background = 'total'
    union all
    select region_code, period, sex, 'BAS' as series, 'entrepreneur_survival' as operand, value, status, cell
    from staged.TAB6383
    where measure = 'entrepreneur_survival' and education = 'total' and background = 'total'
    union all
    select region_code, period, sex, 'RAMS' as series, 'entrepreneur_survival' as operand, value, status, cell
    from staged.TAB389
    where measure = 'entrepreneur_survival' and education = 'total' and background = 'total'
    union all
    select region_code, period, sex, 'RAMS' as series, 'entrepreneur_survival' as operand, value, status, cell
    from staged.TAB4881
    where measure = 'entrepreneur_survival' and education = 'total' and background = 'total'
)
select
    region_code,
    period,
    sex,
    'all' as category,
    case when paired(value, value, sex, (region_code, period, series)) is not null then value end as value,
    null as numerator,
    null as denominator,
    status,
    series,
    paired_reason(value, null, status, sex, (region_code, period, series)) as reason
from operands
