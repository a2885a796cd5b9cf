/*---
title: Etiketter, noter och innehåll är desamma som i förra publicerade körningen
severity: warning
subject: table
message: SCB har ändrat etiketter, noter eller koder; läs vad som har ändrats
field: codes
applies: exists (from previous.source_word as p where p.table_id = subject.table_id)
protects: fetch
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
---*/
-- A new code is no drift: a new year or region is expected to come.
select
    null as region_code, null as period, null as sex, concat_ws(' ', kind, variable, code) || ': ' || coalesce(now, 'borta') as category,
    null as value, coalesce('förut ' || before, 'fanns inte förut') as expected, null as cell
from words
where kind in ('title', 'variable', 'label', 'note') and (before is not null or kind = 'note')
