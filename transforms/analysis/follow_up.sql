-- What is to happen and when, as of the day of the run: data that the source publishes, evaluations and reports, and what
-- each audience (målgrupp) gets.
--
-- due, done  days as text. Of data: the day that the source is expected to publish, and the day that it last did
-- state      ended: the source has discontinued the table, so nothing is due; unknown: no day is established; done;
--            late: the day has passed; coming: it has not
-- uid        names the event in the calendar for as long as its slug or table stands, whatever its day
with run as (
    select
        strftime(started_at at time zone 'Europe/Stockholm', '%Y-%m-%d') as today,
        concat_ws('.', '@' || origin, home_region, 'jamstat') as domain
    from provenance.run
),
ended as (
    select table_id from reference.source_word where kind = 'discontinued' and text = 'true'
),
events as (
    select
        'data' as kind, table_id as subject, null as audience, title,
        case when table_id not in (from ended) then expected end as due, left(updated, 10) as done,
        agency as role, null as form, null as moment, cast([] as varchar[]) as goals, false as example, 1 as part,
        row_number() over (order by table_id) as sort
    from reference.source_table
    where table_id in (select table_id from reference.indicator_table)
    union all
    select
        kind, slug, null, title, due, done, role, null, null, goals, coalesce(example, false), 2, sort
    from reference.activity
    union all
    select
        i.kind, i.audience || '.' || i.slug, i.audience, i.what, i.due, i.done, null, i.form, i.moment, a.goals,
        coalesce(a.example, false), 3, row_number() over (order by a.sort, i.sort)
    from reference.audience_item as i
    join reference.audience as a on a.slug = i.audience
)
select
    e.kind || '-' || e.subject || r.domain as uid,
    e.kind,
    e.subject,
    e.audience,
    e.title,
    e.due,
    e.done,
    e.role,
    e.form,
    e.moment,
    e.goals,
    e.example,
    case
        when e.kind <> 'data' and e.done is not null then 'done'
        when e.kind = 'data' and e.subject in (from ended) then 'ended'
        when e.due is null then 'unknown'
        when e.kind = 'data' and e.done >= e.due then 'done'
        when e.due < r.today then 'late'
        else 'coming'
    end as state,
    row_number() over (order by e.part, e.sort) as sort
from events as e
cross join run as r
order by sort
