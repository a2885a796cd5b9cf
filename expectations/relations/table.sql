-- What the rules of a table read besides its own cells; views, so that nothing is computed until a rule reads them.

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

-- What the source said of the table at the last publication beside what it says now, where they differ.
create or replace temp view words as
select
    coalesce(n.kind, b.kind) as kind, coalesce(n.variable, b.variable) as variable, coalesce(n.code, b.code) as code,
    b.text as before, n.text as now
from (select w.* from reference.source_word as w join subject using (table_id)) as n
full join (select w.* from previous.source_word as w join subject using (table_id)) as b
    on b.kind = n.kind and b.variable is not distinct from n.variable and b.code is not distinct from n.code
where b.text is distinct from n.text;
