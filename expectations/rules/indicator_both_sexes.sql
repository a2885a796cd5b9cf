/*---
title: Både kvinnor och män finns för varje värde
severity: critical
subject: indicator
message: Värden finns för det ena könet men inte för det andra
field: sex
applies: measure = 'level'
protects: sexes
otherwise: Måttet jämför redan kvinnor och män
---*/
with pair as (
    select
        region_code, partner_code, period, category, series, count(*) filter (sex = 'women') as n_women,
        count(*) filter (sex = 'men') as n_men
    from observations
    group by all
)
select
    region_code, period, if(n_women = 0, 'women', 'men') as sex,
    concat_ws(', ', pair.category, partner_code, series) as category, null as value,
    if(n_women = 0, 'kvinnor', 'män') || ' finns också' as expected, null as cell
from pair
where n_women = 0 or n_men = 0
