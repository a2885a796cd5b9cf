-- What each rule came to in this run: how many subjects passed, were warned of, stopped, or could not be checked.
--
-- A rule that was held against nothing has noughts. cells are those kept; a rule and subject keeps a thousand at most.
with named as (
    select rule, title, severity, subject_type, protects from checks.rule
    union all
    select rule, any_value(message), any_value(severity), any_value(subject_type), 'structure'
    from checks.result where rule not in (select rule from checks.rule) group by rule
)
select
    n.rule, n.title, n.severity, n.subject_type, n.protects, count(r.rule) filter (where r.success) as passed,
    count(r.rule) filter (where not r.success and r.severity = 'warning') as warnings,
    count(r.rule) filter (where not r.success and r.severity = 'critical') as failed,
    (select count(*) from checks.skipped as s where s.rule = n.rule) as skipped,
    (select count(*) from checks.failing_cell as f where f.rule = n.rule) as cells
from named as n
left join checks.result as r using (rule)
group by all
order by n.rule
