/*---
title: Varje yrke i SSYK 2012 finns i varje period
severity: warning
subject: table
message: Yrken saknas; segregationsindex bygger på färre yrken än SSYK 2012 har
applies: exists (from classified where dimension = 'occupation')
protects: structure
otherwise: Tabellen är inte indelad efter yrke
---*/
with present as (
    select distinct period, code from classified where dimension = 'occupation'
),
wanted as (
    select distinct p.period, s.code, s.name from present as p cross join reference.ssyk as s
    where s.major_group is not null
)
select
    null as region_code, w.period, null as sex, w.code || ' ' || w.name as category, null as value,
    'yrket finns' as expected, null as cell
from wanted as w
anti join present as p on p.period = w.period and p.code = w.code
