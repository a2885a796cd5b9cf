/*---
title: Varje region som körningen omfattar finns i varje period
severity: critical
subject: table
message: Riket, län eller kommuner saknas i perioder där tabellen har andra regioner
field: selections
protects: missing
---*/
-- The levels are those that the declaration says the table has. A municipality that has left the county or closed is not
-- asked for: tables differ in whether they keep it. What recordings lack is listed by itself.
with filled as (
    select distinct measure, period from cells
),
present as (
    select distinct measure, period, region_code from cells
),
begun as (
    select distinct period, start_date from reference.period
),
expected as (
    select f.measure, f.period, a.region_code, a.name
    from filled as f
    join begun as b using (period)
    cross join asked as a
    cross join subject as s
    where list_contains(s.levels, a.type)
        and coalesce(cast(a.valid_from as date) <= cast(b.start_date as date), true)
        and not exists (
            from provenance.not_recorded as n where n.table_id = s.table_id and n.what like '% ' || a.region_code
        )
)
select
    e.region_code, e.period, null as sex, e.measure as category, null as value, e.name as expected, null as cell
from expected as e
anti join present as p on p.measure = e.measure and p.period = e.period and p.region_code = e.region_code
