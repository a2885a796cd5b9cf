-- The default view of indicators.observation: where series overlap only the newest, so that no period comes twice; the
-- breaks stand beside. Every series stays reachable in indicators.observation. A view: nothing is stored twice.
select
    o.*,
    t.sort as period_sort,
    t.regime,
    t.new_series,
    t.break_id,
    t.break_what,
    t.break_line
from indicators.observation as o
join reference.region as r using (region_code)
join analysis.timeline as t
    on t.indicator = o.indicator and t.region_type = r.type and t.period = o.period
    and t.series is not distinct from o.series and t.is_current
