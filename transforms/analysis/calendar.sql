-- The calendar: what is to happen on a day, with what a calendar program needs to tell an update from a repetition.
--
-- content    what the event says; another one than last time raises its sequence by one
-- modified   when the content last changed: the start of the run that met it first
-- cancelled  it stood in the calendar and is gone from the plan of the same region; told until its day has passed, and
--            of what was late then by one run
with run as (
    select
        strftime(started_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as started,
        strftime(started_at at time zone 'Europe/Stockholm', '%Y-%m-%d') as today,
        concat_ws('.', '@' || origin, home_region, 'jamstat') as domain
    from provenance.run
),
planned as (
    select uid, kind, title, due, role, state, false as cancelled from analysis.follow_up where due is not null
    union all
    select p.uid, p.kind, p.title, p.due, p.role, 'cancelled', true
    from previous.event as p
    cross join run as r
    where (p.due >= r.today or ends_with(p.content, '|late')) and ends_with(p.uid, r.domain)
        and p.uid not in (select uid from analysis.follow_up where due is not null)
),
worded as (
    select *, concat_ws('|', title, due, coalesce(role, ''), state) as content from planned
)
select
    w.uid,
    w.kind,
    w.title,
    w.due,
    w.role,
    w.state,
    w.cancelled,
    w.content,
    cast(coalesce(p.sequence + case when p.content = w.content then 0 else 1 end, 0) as integer) as sequence,
    case when p.content = w.content then p.modified else r.started end as modified,
    r.started as stamped
from worded as w
cross join run as r
left join previous.event as p using (uid)
order by w.due, w.uid
