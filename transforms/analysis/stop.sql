-- The critical checks that failed, by the indicators that they hold back from being published.
with subject as (
    select indicator, 'indicator' as subject_type, indicator as subject from reference.indicator
    union all
    select indicator, 'table', table_id from reference.indicator_table
),
kept as (
    select rule, subject, count(*) as cells from checks.failing_cell group by all
)
select
    s.indicator, r.rule, coalesce(n.title, r.message) as title, r.subject_type, r.subject, r.observed,
    greatest(k.cells, a.cells) as cells
from subject as s
join checks.result as r using (subject_type, subject)
left join checks.rule as n using (rule)
left join kept as k using (rule, subject)
left join checks.failing_total as a using (rule, subject)
where r.severity = 'critical' and not r.success
order by s.indicator, r.rule, r.subject
