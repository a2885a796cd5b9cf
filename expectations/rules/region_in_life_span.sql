/*---
title: Bara regioner som fanns i perioden har värden
severity: critical
subject: table
message: Regioner har värden för perioder då de inte fanns
---*/
-- A literal 0 outside the life span is how SCB fills the grid, and no value.
with outside as (
    select region_code, period from reference.region, reference.period
    except
    select region_code, period from existing
),
valued as (
    select *, region_code as lived from cells where value <> 0
    union all
    select *, partner_code from cells where value <> 0 and partner_code is not null
)
select distinct
    v.lived as region_code, v.period, v.sex, v.category, v.value,
    concat_ws(' ', 'inget värde; finns', r.valid_from, 'till', r.valid_to) as expected, v.cell
from valued as v
join outside as o on o.region_code = v.lived and o.period = v.period
join reference.region as r on r.region_code = v.lived
