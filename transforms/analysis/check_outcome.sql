-- What each rule came to in this run: how many subjects passed, were warned of, stopped, or could not be checked.
--
-- A rule that was held against nothing has noughts. cells: all that failed; kept: those that checks.failing_cell has.
with named as (
    select rule, title, severity, subject_type, protects from checks.rule
    union all
    select rule, any_value(message), any_value(severity), any_value(subject_type), 'structure'
    from checks.result where rule not in (select rule from checks.rule) group by rule
),
kept as (
    select rule, subject, count(*) as cells from checks.failing_cell group by all
),
failing as (
    select rule, sum(greatest(k.cells, a.cells))::bigint as cells, sum(k.cells)::bigint as kept
    from kept as k
    left join checks.failing_total as a using (rule, subject)
    group by rule
)
select
    n.rule, n.title, n.severity, n.subject_type, n.protects, count(r.rule) filter (where r.success) as passed,
    count(r.rule) filter (where not r.success and r.severity = 'warning') as warnings,
    count(r.rule) filter (where not r.success and r.severity = 'critical') as failed,
    (select count(*) from checks.skipped as s where s.rule = n.rule) as skipped,
    coalesce(any_value(f.cells), 0) as cells, coalesce(any_value(f.kept), 0) as kept
from named as n
left join checks.result as r using (rule)
left join failing as f using (rule)
group by n.rule, n.title, n.severity, n.subject_type, n.protects
order by n.rule
