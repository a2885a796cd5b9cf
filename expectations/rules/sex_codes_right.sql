/*---
title: Koderna för kön betyder det som deklarationen säger
severity: critical
subject: table
message: Koderna för kön har andra benämningar hos SCB än deklarationen säger; de kan ha bytt plats
field: variables
needs_sex: true
protects: sexes
otherwise: Tabellen har inga uppgifter efter kön
---*/
with labelled as (
    select
        s.variable, s.code, s.sex, c.label, regexp_matches(lower(c.label), 'kvinn|\bwom[ae]n') as says_women,
        regexp_matches(lower(c.label), '\bm[aä]n\b|\bmen\b') as says_men
    from reference.source_sex as s
    join subject using (table_id)
    left join reference.source_code as c
        on c.table_id = s.table_id and c.variable = s.variable and c.code = s.code
)
select
    null as region_code, null as period, sex, concat_ws(': ', variable || ':' || code, label) as category,
    null as value, case sex when 'women' then 'kvinnor' when 'men' then 'män' else 'båda könen' end as expected,
    null as cell
from labelled
where not coalesce(
    case sex
        when 'women' then says_women and not says_men
        when 'men' then says_men and not says_women
        else says_women = says_men
    end,
    false
)
