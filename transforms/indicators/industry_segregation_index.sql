/*---
title: Könssegregering mellan branscher
phrase: Segregationsindex för kvinnors och mäns branscher
theme: arbete
definition: >-
  Duncans segregationsindex (0–100) över SCB:s grupper av näringsgrenar (SNI 2007), sysselsatta 15–74 år efter
  arbetsställets belägenhet: hälften av summan över branscher av skillnaden mellan branschens andel av kvinnorna
  och av männen, gånger 100. Okänd bransch ingår inte; täckningen visas av indikatorn om känd bransch.
  Täljare är antalet kvinnor och nämnare antalet män med känd bransch. Saknas en bransch för ett av könen blir
  indexet tomt. Preliminär månadsstatistik (BAS, TAB3784); november är referensmånad.
unit: index
measure: segregation
polarity: lower
goals:
  - rus-2030.fornyelseformaga
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
  - affarsplan-2030.breddat-naringsliv
period: month
reference_month: 11
---*/
with operands as (
    select region_code, period, sex, industry, 'employed' as operand, value, status, cell
    from staged.TAB3784
    where measure = 'employed_by_workplace' and birth_region = 'tot'
        and industry not in ('total', 'unknown') and sex in ('women', 'men')
),
industries as (
    select
        region_code,
        period,
        industry,
        whole_sum(value, operand = 'employed' and sex = 'women') as women,
        whole_sum(value, operand = 'employed' and sex = 'men') as men,
        joined_status(status) as status
    from operands
    group by region_code, period, industry
),
totals as (
    select
        region_code,
        period,
        case when count(*) = count(women + men) then sum(women) end as all_women,
        case when count(*) = count(women + men) then sum(men) end as all_men,
        joined_status(status) as status
    from industries
    group by region_code, period
),
distances as (
    -- Whole numbers, so that the sum does not depend on the order of its terms.
    select
        t.region_code,
        t.period,
        t.all_women,
        t.all_men,
        t.status,
        percent_of(sum(abs(i.women * t.all_men - i.men * t.all_women)), 2 * t.all_women * t.all_men) as value
    from totals as t
    join industries as i on i.region_code = t.region_code and i.period = t.period
    group by t.region_code, t.period, t.all_women, t.all_men, t.status
)
select
    region_code,
    period,
    'total' as sex,
    'all' as category,
    value,
    all_women as numerator,
    all_men as denominator,
    status,
    missing_reason(value, all_women * all_men, status) as reason
from distances
