/*---
title: Tabellen är inte äldre än i förra körningen
severity: warning
subject: table
message: Tabellen är uppdaterad tidigare än den som lästes i förra körningen
applies: exists (from previous.source_table as p where p.table_id = subject.table_id and p.updated is not null)
---*/
select
    null as region_code, null as period, null as sex, 'uppdaterad ' || s.updated as category, null as value,
    'tidigast ' || p.updated as expected, null as cell
from subject as s
join previous.source_table as p using (table_id)
where cast(s.updated as timestamp) < cast(p.updated as timestamp)
