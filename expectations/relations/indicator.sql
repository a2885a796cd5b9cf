-- What the rules of an indicator read besides its own rows; a view, so that nothing is computed until a rule reads it.

-- The rows of the last publication beside today's of the same key. A region that is no longer asked for is left out.
-- `loss` is the share of the values, in the same period and type of region, that were there and are gone.
create or replace temp view compared as
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
