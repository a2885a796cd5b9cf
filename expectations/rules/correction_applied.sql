/*---
title: Inga värden är rättade av oss
severity: warning
subject: table
message: Värden är rättade av oss, med skäl i transforms/corrections.yml; SCB:s värde är ett annat
applies: exists (from reference.correction as c where c.table_id = subject.table_id)
protects: fetch
otherwise: Tabellen har inga rättelser
---*/
select
    cells.region_code, cells.period, cells.sex, cells.category, c.value,
    'SCB: ' || coalesce(cast(c.served as varchar), 'inget värde') as expected, c.cell
from reference.correction as c
join subject using (table_id)
join cells on cells.cell = c.cell
where c.outcome = 'applied'
