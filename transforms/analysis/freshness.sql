-- How fresh the tables are on the run's day: when the source updated them and was expected to publish next.
--
-- state  ended     the source has discontinued the table, so nothing is expected
--        late      the day on which the source was expected to publish has passed, and what was read is older
--        current   the day has not come, or was met
--        unknown   no day is known
with run as (
    select cast(started_at at time zone 'Europe/Stockholm' as date) as today from provenance.run
),
ended as (
    select distinct table_id from reference.source_word where kind = 'discontinued' and text = 'true'
)
select
    t.table_id, left(t.updated, 10) as updated, if(e.table_id is null, t.expected, null) as expected,
    date_diff('day', try_cast(left(t.updated, 10) as date), r.today)::bigint as age_days,
    case
        when e.table_id is not null then 'ended'
        when t.expected is null then 'unknown'
        when t.expected < strftime(r.today, '%Y-%m-%d') and coalesce(left(t.updated, 10) < t.expected, true) then 'late'
        else 'current'
    end as state
from reference.source_table as t
cross join run as r
left join ended as e using (table_id)
order by t.table_id
