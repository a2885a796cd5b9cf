/*---
title: Ett saknat värde saknas för båda könen
severity: warning
subject: indicator
message: Värdet finns för det ena könet men saknas för det andra; skillnaden kan inte räknas
field: value
applies: measure = 'level'
protects: sexes
otherwise: Måttet jämför redan kvinnor och män
---*/
with pair as (
    select
        region_code, partner_code, period, category, series, max(value) filter (sex = 'women') as women,
        max(value) filter (sex = 'men') as men
    from observations
    where sex in ('women', 'men')
    group by all
)
select
    region_code, period, if(women is null, 'women', 'men') as sex,
    concat_ws(', ', pair.category, partner_code, series) as category, null as value, 'ett värde' as expected,
    null as cell
from pair
where (women is null) <> (men is null)
