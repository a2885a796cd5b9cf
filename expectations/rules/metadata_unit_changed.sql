/*---
title: Enhet och decimaler är desamma som i förra publicerade körningen
severity: critical
subject: table
message: SCB har ändrat enhet eller antal decimaler för ett innehåll; värdena betyder inte längre detsamma
field: codes
applies: exists (from previous.source_word as p where p.table_id = subject.table_id)
protects: fetch
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
---*/
select
    null as region_code, null as period, null as sex, concat_ws(' ', variable, code, now) as category, null as value,
    'förut ' || before as expected, null as cell
from words
where kind in ('unit', 'decimals') and before is not null and now is not null
