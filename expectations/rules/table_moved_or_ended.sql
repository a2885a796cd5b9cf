/*---
title: Tabellen är varken flyttad eller nedlagd sedan förra publicerade körningen
severity: warning
subject: table
message: SCB har lagt ned tabellen eller gett den ett annat id
applies: exists (from previous.source_word as p where p.table_id = subject.table_id)
protects: fetch
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
---*/
select
    null as region_code, null as period, null as sex, kind || ': ' || coalesce(now, 'borta') as category, null as value,
    coalesce('förut ' || before, 'ingen uppgift förut') as expected, null as cell
from words
where kind in ('id', 'discontinued')
