-- The years that a yearly report can be of, and what the state at the end of each can be compared with: for figures
-- (previous.vintage) and for definitions (previous.definition), a row each.
--
-- base_run     the last run before the year that changed something; where none did, the first of all, if it is of the year
-- end_run      the last run up to the end of the year that changed something
-- oldest       the day of the first run of which anything is kept
-- since        the day that the comparison begins with: the last of the year before, or else `oldest`; null where nothing
--              of the year is kept
-- until        the last day of the year, or that of the run
-- whole        whether what stood when the year began is kept
-- several      whether a later run up to the end of the year can be compared with base_run, also if it changed nothing
-- is_default   the last whole year by the clock of the run
with run as (
    select
        run_id, cast(started_at at time zone 'Europe/Stockholm' as date) as today
    from provenance.run
),
kept as (
    select distinct 'figures' as kind, history_run from previous.vintage
    union all
    select distinct 'definitions' as kind, history_run from previous.definition
),
seen as (
    select
        k.kind,
        k.history_run,
        coalesce(
            cast(
                (try_strptime(left(k.history_run, 15), '%Y%m%dT%H%M%S') at time zone 'UTC')
                at time zone 'Europe/Stockholm' as date
            ),
            r.today
        ) as day
    from kept as k
    cross join run as r
),
ran as (
    select run_id, try_cast(day as date) as day from checks.history
    union
    select run_id, today from run
),
years as (
    select
        cast(year(r.today) - g.back as integer) as year, make_date(year(r.today) - g.back, 1, 1) as first_day,
        make_date(year(r.today) - g.back, 12, 31) as last_day, g.back = 1 as is_default, r.today
    from run as r
    cross join (select unnest(range(0, 31)) as back) as g
),
compared as (
    select
        y.*,
        n.kind,
        coalesce(
            max(s.history_run) filter (where s.day < y.first_day),
            min(s.history_run) filter (where s.day <= y.last_day)
        ) as base_run,
        max(s.history_run) filter (where s.day <= y.last_day) as end_run,
        min(s.day) as oldest,
        coalesce(bool_or(s.day < y.first_day), false) as whole
    from years as y
    cross join (values ('figures'), ('definitions')) as n (kind)
    left join seen as s on s.kind = n.kind
    group by all
)
select
    year,
    kind,
    base_run,
    end_run,
    strftime(oldest, '%Y-%m-%d') as oldest,
    case
        when whole then strftime(first_day - 1, '%Y-%m-%d')
        when end_run is not null then strftime(oldest, '%Y-%m-%d')
    end as since,
    strftime(least(last_day, today), '%Y-%m-%d') as until,
    whole,
    coalesce(
        greatest(end_run, (select max(r.run_id) from ran as r where r.day <= last_day)) > base_run, false
    ) as several,
    is_default
from compared
order by year, kind
