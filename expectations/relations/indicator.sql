-- What the rules of an indicator read besides its own rows.

-- The rows of the last publication beside today's of the same key. A region that is no longer asked for is left out.
-- `loss` is the share of the values, in the same period and type of region, that were there and are gone.
create or replace temp table compared as
with before as (
    select p.*, case when p.partner_code is null then r.type else 'relation' end as kind
    from previous.observation as p
    join subject using (indicator)
    left join reference.region as r using (region_code)
    where p.region_code in (select region_code from asked) or p.partner_code in (select region_code from asked)
),
beside as (
    select
        b.region_code, b.partner_code, b.period, b.sex, b.category, b.series, b.kind, b.value as value_before, o.value,
        o.indicator is not null as has_row, b.value is not null and o.value is null as is_lost
    from before as b
    left join observations as o
        on o.region_code = b.region_code and o.period = b.period and o.sex = b.sex and o.category = b.category
        and o.partner_code is not distinct from b.partner_code and o.series is not distinct from b.series
)
select
    *, count(*) filter (where is_lost) over of_group / nullif(count(value_before) over of_group, 0) as loss
from beside
window of_group as (partition by kind, period);

-- Each value beside the one a step earlier in the same series of the same place, and how far it moved: in per cent of
-- amounts and numbers, else in the unit itself. Relations, steps over a break and values of small numbers have none.
create or replace temp table steps as
with ordered as (
    select
        o.region_code, r.type as kind, o.period, p.sort, o.sex, o.category, o.series, o.value,
        coalesce(o.denominator, if(s.unit = 'persons', o.value, null)) as base, s.unit in ('persons', 'sek_thousands') as amount,
        lag(o.value) over one as before, lag(o.period) over one as earlier, lag(p.sort) over one as earlier_sort,
        lag(coalesce(o.denominator, if(s.unit = 'persons', o.value, null))) over one as base_before,
        max(p.sort) over (partition by o.series) as newest
    from observations as o
    cross join subject as s
    join reference.region as r using (region_code)
    join (select period, min(sort) as sort from reference.period group by period) as p using (period)
    where o.partner_code is null
    window one as (
        partition by o.region_code, o.sex, o.category, o.series order by p.sort
    )
),
breaks as (
    select distinct q.sort
    from reference.indicator_table as t
    join subject using (indicator)
    join reference.source_break as b using (table_id)
    join (select period, min(sort) as sort from reference.period group by period) as q on q.period = b.period
)
select
    region_code, kind, period, sort, sex, category, series, value, before, earlier, base, sort = newest as is_newest, amount,
    if(amount, 100 * ln(value / before), value - before) as size
from ordered as o
where value is not null and before is not null and (not amount or (value > 0 and before > 0))
    and coalesce(least(base, base_before), 100) >= 100
    and not exists (from breaks as b where b.sort > o.earlier_sort and b.sort <= o.sort);
