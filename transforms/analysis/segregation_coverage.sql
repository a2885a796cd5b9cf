-- How many categories a measure of segregation rests on, and on how large a part of the persons: one row per measure, place,
-- period and series (reference/method.md, section 6).
--
-- The measures are the indices of reference/segregation.csv and what reference/covered.csv adds: another measure of the same
-- distribution, or an index over `relations` between places, whose numerator and denominator are the women and the men in
-- them, and for which the numerators of `whole` are everybody, as whole_table publishes them. Without that table there is
-- nothing to hold the sum against, and the coverage is not known.
--
-- categories  with persons; of relations the places that they lead to
-- coverage    per cent; null where it is not known. Against a published whole it can pass 100 by some hundredths, since small
--             cells are protected on both sides. analysis.comparable says what follows when it is low or not known
with measures as (
    select index_indicator as indicator, indicator as distribution
    from reference.segregation
    union all
    select indicator, distribution
    from reference.covered
    where distribution is not null
),
related as (
    select
        o.indicator,
        o.region_code,
        o.period,
        o.series,
        o.numerator + o.denominator as persons,
        case when t.state = 'loaded' then c.whole end as whole
    from indicators.observation as o
    join reference.covered as c on c.indicator = o.indicator and c.relations is not null
    left join reference.source_table as t on t.table_id = c.whole_table
    where o.sex = 'total'
),
wholes as (
    select indicator, region_code, period, sum(numerator) as persons
    from analysis.current
    where indicator in (select whole from reference.covered) and category = 'all' and sex in ('women', 'men')
    group by indicator, region_code, period
    having count(numerator) = 2
),
destinations as (
    select c.indicator, a.area_code as region_code, m.period, count(distinct m.partner_code) as number
    from indicators.observation as m
    join reference.covered as c on c.relations = m.indicator
    join reference.municipality_area as a on a.region_code = m.region_code
    where m.partner_code <> m.region_code and m.value > 0
    group by c.indicator, a.area_code, m.period
)
select m.indicator, s.region_code, s.period, s.series, s.categories, s.coverage
from measures as m
join analysis.segregation as s on s.indicator = m.distribution
union all
select
    r.indicator,
    r.region_code,
    r.period,
    r.series,
    case when r.persons is not null then d.number end as categories,
    100.0 * r.persons / nullif(w.persons, 0) as coverage
from related as r
left join destinations as d on d.indicator = r.indicator and d.region_code = r.region_code and d.period = r.period
left join wholes as w on w.indicator = r.whole and w.region_code = r.region_code and w.period = r.period
order by indicator, region_code, period, series
