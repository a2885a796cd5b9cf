-- The checks by what they protect.
select
    protects, count(*) as rules, sum(passed)::bigint as passed, sum(warnings)::bigint as warnings,
    sum(failed)::bigint as failed, sum(skipped)::bigint as skipped
from analysis.check_outcome
group by protects
order by list_position(['fetch', 'structure', 'sexes', 'values', 'missing', 'time'], protects)
