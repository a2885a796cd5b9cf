/*---
title: Tabellen är inte äldre än i förra körningen
severity: critical
subject: table
message: Tabellen är uppdaterad tidigare än den som lästes i förra körningen; en äldre utgåva får inte ersätta en nyare
applies: exists (from previous.source_table as p where p.table_id = subject.table_id and p.updated is not null)
protects: fetch
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
---*/
select
    null as region_code, null as period, null as sex, 'uppdaterad ' || s.updated as category, null as value,
    'tidigast ' || p.updated as expected, null as cell
from subject as s
join previous.source_table as p using (table_id)
where try_cast(s.updated as timestamptz) < try_cast(p.updated as timestamptz)
