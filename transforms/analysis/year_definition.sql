-- What a year changed in what indicators and the source's tables are, from the state before the year (or the first that is
-- kept of it) to the state at its end (analysis.report_year).
--
-- field         what has changed, as previous.definition names it; `new` where the indicator or table was not there before
-- before, now   its text then and after; null where it did not stand
with compared as (
    select year, base_run, end_run from analysis.report_year where kind = 'definitions' and base_run < end_run
),
stood as (
    select
        y.year,
        d.subject,
        d.id,
        d.field,
        d.part,
        arg_max(struct_pack(text := d.text), d.history_run) filter (where d.history_run <= y.base_run) as before,
        arg_max(struct_pack(text := d.text), d.history_run) as now
    from previous.definition as d
    join compared as y on d.history_run <= y.end_run
    group by all
),
told as (
    select
        year, subject, id, field, part, before.text as before, now.text as now,
        bool_or(before.text is not null) over (partition by year, subject, id) as was_there
    from stood
)
select year, subject, id, field, part, before, now
from told
where was_there and now is distinct from before
union all
select distinct year, subject, id, 'new', null, null, null
from told
where not was_there and now is not null
order by year, subject, id, field, part
