/*---
title: Koderna för kön betyder det som deklarationen säger
severity: critical
subject: table
message: Koderna för kön har andra benämningar hos SCB än deklarationen säger; de kan ha bytt plats
needs_sex: true
---*/
-- The declared codes are those of one variable; one in which every code has the right word is enough.
with declared as (
    select s.code, s.sex from reference.source_sex as s join subject using (table_id)
),
labelled as (
    select
        c.variable, d.code, d.sex, c.label,
        regexp_matches(lower(c.label), 'kvinn|\bwom[ae]n') as says_women,
        regexp_matches(lower(c.label), '\bm[aä]n\b|\bmen\b') as says_men
    from declared as d
    join reference.source_code as c on c.code = d.code
    join subject using (table_id)
),
judged as (
    select
        *, case sex
            when 'women' then says_women and not says_men
            when 'men' then says_men and not says_women
            else says_women = says_men
        end as is_right
    from labelled
),
variable_score as (
    select
        variable, count(*) filter (is_right) as right_codes, count(*) filter (says_women or says_men) as sex_words
    from judged
    group by variable
),
best as (
    select variable from variable_score order by right_codes desc, sex_words desc, variable limit 1
)
select
    null as region_code, null as period, d.sex, concat_ws(': ', j.variable || ':' || d.code, j.label) as category,
    null as value, case d.sex when 'women' then 'kvinnor' when 'men' then 'män' else 'båda könen' end as expected,
    null as cell
from declared as d
left join (select judged.* from judged join best using (variable)) as j using (code, sex)
where not coalesce(j.is_right, false)
