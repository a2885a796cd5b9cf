/*---
title: Ingen andel är större än det hela
severity: warning
subject: indicator
message: Andelar är något större än 100 procent, eftersom tabellen har slumpskydd eller bygger på urval
field: value
applies: >-
    unit = 'percent' and derived and exists (
        from reference.indicator_table join reference.source_table using (table_id)
        where indicator = subject.indicator and additivity in ('ckm', 'sample')
    )
protects: values
otherwise: Indikatorn är ingen egen andel ur en tabell med slumpskydd eller urval
---*/
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    'högst 100' as expected, null as cell
from observations
where value > 100
