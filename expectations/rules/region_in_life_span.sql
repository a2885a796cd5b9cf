/*---
title: Bara regioner som fanns i perioden har värden
severity: critical
subject: table
message: Regioner har värden för perioder då de inte fanns
protects: structure
---*/
-- A literal 0 outside the life span is how SCB fills the grid, and no value.
with valued as (
    select region_code as lived, period, sex, category, value, cell from cells where value <> 0
    union all
    select partner_code, period, sex, category, value, cell from cells where value <> 0 and partner_code is not null
)
select distinct o.region_code, o.period, v.sex, v.category, v.value, o.expected, v.cell
from valued as v
join outside_life_span as o on o.region_code = v.lived and o.period = v.period
