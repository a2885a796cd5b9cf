/*---
title: Ingen kategori är en summa av de andra
severity: critical
subject: table
message: Kategorierna är tillsammans större än totalen, eller en av dem nästan lika stor; en summa räknas två gånger
applies: exists (from classified where code = 'total')
protects: structure
otherwise: Tabellen har ingen summa av alla kategorier
---*/
-- Noise moves single cells, not the sum over a whole period: 2 per cent is room enough (own definition).
with beside as (
    select *, max(value) filter (where code = 'total') over (partition by dimension, whole) as total from classified
),
part as (
    select * from beside where code <> 'total' and value is not null and total > 0
),
alone as (
    select code as category, sum(value) as value, sum(total) as total, max(cell) as cell
    from part where code <> 'unknown' group by code
),
of_whole as (
    select period, sum(value) as value, any_value(total) as total from part group by dimension, whole, period
),
together as (
    select period, sum(value) as value, sum(total) as total from of_whole group by period
)
select
    null as region_code, null as period, null as sex, category, value, 'under 95 procent av ' || total as expected, cell
from alone
where value >= 0.95 * total
union all
select
    null, period, null, 'alla kategorier', value, 'högst 102 procent av ' || total, null
from together
where value > 1.02 * total
