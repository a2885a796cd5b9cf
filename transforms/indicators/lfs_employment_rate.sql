/*---
title: Sysselsättningsgrad 15–74 år enligt AKU
phrase: Sysselsättningsgraden i åldern 15–74 år enligt Arbetskraftsundersökningarna
theme: arbete
definition: >-
  Sysselsatta i procent av befolkningen 15–74 år, kvartal, som SCB publicerar talet för kvinnor och män i
  arbetskraftsundersökningarna (AKU). Urvalsundersökning: felmarginalen är ett 95-procentigt osäkerhetsintervall som
  SCB publicerar, och skillnader mindre än den säger ingenting. Annan källa och andra åldrar än registerstatistiken;
  serierna jämförs inte.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.sysselsatta
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: quarter
---*/
with operands as (
    select region_code, period, sex, measure as operand, value, status, cell
    from staged.lfs_quarter
    where measure in ('percent', 'margin') and labour_status = 'employed'
),
figures as (
    select
        region_code,
        period,
        sex,
        max(value) filter (where operand = 'percent') as value,
        max(value) filter (where operand = 'margin') as margin,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
)
select
    region_code,
    period,
    sex,
    'all' as category,
    case when paired(value, value, sex, (region_code, period)) is not null then value end as value,
    null as numerator,
    null as denominator,
    status,
    case when paired(value, value, sex, (region_code, period)) is not null then margin end as margin,
    paired_reason(value, null, status, sex, (region_code, period)) as reason
from figures
