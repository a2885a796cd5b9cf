-- How fresh the tables are on the run's day: when the source updated them and was expected to publish next.
--
-- state  late      the day on which the source was expected to publish has passed, and what was read is older
--        current   the day has not come, or was met
--        unknown   no day is known
select
    t.table_id, left(t.updated, 10) as updated, t.expected,
    date_diff('day', try_cast(left(t.updated, 10) as date), cast(p.started_at as date))::bigint as age_days,
    case
        when t.expected is null then 'unknown'
        when t.expected < strftime(p.started_at, '%Y-%m-%d') and coalesce(left(t.updated, 10) < t.expected, true) then 'late'
        else 'current'
    end as state
from reference.source_table as t
cross join provenance.run as p
order by t.table_id
