-- How much the source has revised the home region's figures after they were first published, per indicator and subject.
--
-- figures                 those that an earlier run than this one has published, and so could be revised
-- revised                 those of them that now have another value than when first published
-- mean_revision           mean of (now minus first) over `figures`; what was not revised counts as 0
-- mean_absolute_revision  mean of the size of the same
-- largest                 the revision that is largest in size
-- sign_changes            how many times the gap has turned
-- runs                    in how many runs a figure was published or changed
--
-- A figure that is or was missing has no revision and is not counted.
with latest as (
    select v.*
    from analysis.revision as v
    join provenance.run as w on w.home_region = v.region_code
    where v.is_latest
),
first_run as (
    select indicator, region_code, period, category, series, subject, min(history_run) as history_run
    from analysis.revision
    group by all
),
turns as (
    select v.indicator, v.subject, count(*) filter (where v.sign_changed) as sign_changes
    from analysis.revision as v
    join provenance.run as w on w.home_region = v.region_code
    group by all
),
runs as (
    select v.indicator, count(distinct v.history_run) as runs
    from analysis.revision as v
    join provenance.run as w on w.home_region = v.region_code
    group by v.indicator
)
select
    l.indicator,
    l.subject,
    count(*) as figures,
    count(*) filter (where l.from_first <> 0) as revised,
    avg(l.from_first) as mean_revision,
    avg(abs(l.from_first)) as mean_absolute_revision,
    arg_max(l.from_first, abs(l.from_first)) as largest,
    any_value(t.sign_changes) as sign_changes,
    any_value(r.runs) as runs
from latest as l
join first_run as f
    on f.indicator = l.indicator and f.region_code = l.region_code and f.period = l.period
    and f.category = l.category and f.series is not distinct from l.series and f.subject = l.subject
cross join (select max(run_id) as run_id from provenance.run) as w
join turns as t on t.indicator = l.indicator and t.subject = l.subject
join runs as r on r.indicator = l.indicator
where l.from_first is not null and (w.run_id is null or f.history_run < w.run_id)
group by l.indicator, l.subject
order by l.indicator, l.subject
