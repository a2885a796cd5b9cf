-- What a year changed in the figures of the home region and its kommuner, per indicator: from the state before the year (or
-- the first that is kept of it) to the state at its end (analysis.report_year).
--
-- cells, places             how many figures that both states have got another value, and of how many regions they are
-- first_period, last_period the first and the last period of those figures
-- largest                   the change that is largest in size, after minus before
-- period_before, period_now the newest period with a figure of the home region
with compared as (
    select year, base_run, end_run from analysis.report_year where kind = 'figures' and base_run < end_run
),
near as (
    select v.*, r.region_code = w.home_region as is_home
    from previous.vintage as v
    join reference.region as r using (region_code)
    join provenance.run as w on w.home_region in (r.region_code, r.county_code)
    where v.partner_code is null
),
stood as (
    select
        y.year,
        v.indicator,
        v.region_code,
        v.period,
        v.sex,
        v.category,
        v.series,
        v.is_home,
        arg_max(struct_pack(value := v.value), v.history_run) filter (where v.history_run <= y.base_run) as before,
        arg_max(struct_pack(value := v.value), v.history_run) as now
    from near as v
    join compared as y on v.history_run <= y.end_run
    group by all
),
sorted as (
    select s.* exclude (before, now), s.before.value as before, s.now.value as now, p.sort
    from stood as s
    left join (select period, min(sort) as sort from reference.period group by period) as p using (period)
),
counted as (
    select
        year,
        indicator,
        count(*) filter (where now <> before) as cells,
        count(distinct region_code) filter (where now <> before) as places,
        arg_min(period, sort) filter (where now <> before) as first_period,
        arg_max(period, sort) filter (where now <> before) as last_period,
        arg_max(now - before, abs(now - before)) filter (where now <> before) as largest,
        arg_max(period, sort) filter (where is_home and before is not null) as period_before,
        arg_max(period, sort) filter (where is_home and now is not null) as period_now
    from sorted
    group by year, indicator
)
select *
from counted
where cells > 0 or period_now is distinct from period_before
order by year, indicator
