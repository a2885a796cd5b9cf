/*---
title: Både kvinnor och män finns för varje cell
severity: critical
subject: table
message: Celler finns för det ena könet men inte för det andra
field: selections
needs_sex: true
protects: sexes
otherwise: Tabellen har inga uppgifter efter kön
---*/
select
    region_code, period, if(n_women = 0, 'women', 'men') as sex, category, null as value,
    if(n_women = 0, 'kvinnor', 'män') || ' finns också' as expected, any_cell as cell
from pairs
where (n_women = 0) <> (n_men = 0)
