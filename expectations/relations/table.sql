-- What the rules of a table read besides its own cells; a view, so that nothing is computed until a rule reads it.

-- A county's published count beside the sum of its municipalities, where every one of them has a value.
create or replace temp view counties as
with part as (
    select e.county_code, c.period, c.sex, c.category, count(c.value) as parts, sum(c.value) as sum_of_parts
    from cells as c
    join existing as e on e.region_code = c.region_code and e.period = c.period
    where e.type = 'municipality' and c.is_count and c.partner_code is null
    group by all
),
existing_parts as (
    select county_code, period, count(*) as parts from existing where type = 'municipality' group by all
)
select c.region_code, c.period, c.sex, c.category, c.value, part.sum_of_parts, part.parts, c.cell
from part
join existing_parts using (county_code, period, parts)
join cells as c
    on c.region_code = part.county_code and c.period = part.period and c.sex = part.sex and c.category = part.category
where c.value is not null;
