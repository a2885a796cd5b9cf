-- What the source has changed since the last published run: figures of the home region and its kommuner that both runs
-- have under one key, with another value now. Empty where no earlier run is known. What is new or gone is not counted.
--
-- places     how many regions the changed figures are of
-- largest    the change that is largest in size, now minus before
select
    o.indicator,
    count(*) as cells,
    count(distinct o.region_code) as places,
    arg_min(o.period, s.sort) as first_period,
    arg_max(o.period, s.sort) as last_period,
    arg_max(o.value - p.value, abs(o.value - p.value)) as largest
from indicators.observation as o
join previous.observation as p
    on p.indicator = o.indicator and p.region_code = o.region_code and p.period = o.period and p.sex = o.sex
    and p.category = o.category and p.partner_code is not distinct from o.partner_code
    and p.series is not distinct from o.series
join reference.region as r on r.region_code = o.region_code
join provenance.run as w on w.home_region in (r.region_code, r.county_code)
join (select period, min(sort) as sort from reference.period group by period) as s on s.period = o.period
where o.value is distinct from p.value and o.value is not null and p.value is not null
group by o.indicator
order by o.indicator
