/*---
title: Alla regioner och perioder finns i referenstabellerna
severity: critical
subject: table
message: Regioner eller perioder saknas i referenstabellerna
protects: structure
---*/
with used as (
    select 'region' as kind, region_code as code, max(cell) as cell from cells group by all
    union all
    select 'region', partner_code, max(cell) from cells where partner_code is not null group by all
    union all
    select 'period', period, max(cell) from cells group by all
),
known as (
    select 'region' as kind, region_code as code from reference.region
    union all
    select 'period', period from reference.period
)
select
    if(kind = 'region', code, null) as region_code, if(kind = 'period', code, null) as period, null as sex,
    null as category, null as value, 'kod i reference.' || kind as expected, max(cell) as cell
from used
anti join known using (kind, code)
group by kind, code
