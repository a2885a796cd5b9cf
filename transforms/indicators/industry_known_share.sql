/*---
title: Andel sysselsatta med känd bransch
phrase: Andelen sysselsatta med känd bransch
theme: arbete
definition: >-
  Sysselsatta 15–74 år med känd bransch (SNI 2007) i procent av alla sysselsatta 15–74 år, efter arbetsställets
  belägenhet och kön. Visar täckningen för indikatorn industry_segregation_index; under 95 procent ska indexet
  läsas med försiktighet. Täljaren är vår summa av publicerade tal. Preliminär månadsstatistik (BAS, TAB3784).
unit: percent
measure: level
polarity: none
goals:
  - jamstalldhetspolitiken.ekonomisk-jamstalldhet
period: month
---*/
with operands as (
    select
        region_code,
        period,
        sex,
        case when industry = 'total' then 'all' else 'known' end as operand,
        value,
        status,
        cell
    from staged.TAB3784
    where measure = 'employed_by_workplace' and birth_region = 'tot' and industry <> 'unknown'
),
counts as (
    select
        region_code,
        period,
        sex,
        whole_sum(value, operand = 'known') as numerator,
        whole_sum(value, operand = 'all') as denominator,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
),
rates as (
    select *, percent_of(numerator, denominator) as value
    from counts
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
    case
        when paired(value, value, sex, (region_code, period)) is null
            then paired_reason(value, denominator, status, sex, (region_code, period))
        else 'own_sum'
    end as reason,
    true as is_preliminary
from rates
