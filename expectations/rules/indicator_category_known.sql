/*---
title: Alla kategorier har en benämning
severity: warning
subject: indicator
message: Kategorier saknar benämning under dimensions i indikatorns fil; SCB kan ha bytt kod
field: dimensions
protects: structure
---*/
select
    null as region_code, max(o.period) as period, null as sex, o.category, null as value, 'en känd kategori' as expected,
    null as cell
from observations as o
anti join (
    select indicator, dimension || ':' || code as category from reference.indicator_dimension
) as known using (indicator, category)
where o.category <> 'all'
group by o.category
