/*---
title: Varje yrkeskod finns i SSYK 2012 eller är namngiven i deklarationen
severity: critical
subject: table
message: Yrkeskoder är okända; en summa bredvid sina delar skulle räknas två gånger
field: codes
applies: exists (from classified where dimension = 'occupation')
protects: structure
otherwise: Tabellen är inte indelad efter yrke
---*/
with known as (
    select code from reference.ssyk where major_group is not null
    union all
    select name from reference.source_code join subject using (table_id) where name is not null
)
select
    null as region_code, null as period, null as sex, code as category, max(value) as value,
    'kod i reference.ssyk' as expected, max(cell) as cell
from classified
where dimension = 'occupation' and code not in (from known)
group by code
