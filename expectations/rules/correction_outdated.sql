/*---
title: Rättelserna gäller det värde som SCB har
severity: critical
subject: table
message: SCB har ett annat värde än det som en rättelse gäller; ta bort rättelsen i transforms/corrections.yml
applies: exists (from reference.correction as c where c.table_id = subject.table_id)
protects: fetch
otherwise: Tabellen har inga rättelser
---*/
select cells.region_code, cells.period, cells.sex, cells.category, c.served as value, c.expect as expected, c.cell
from reference.correction as c
join subject using (table_id)
left join cells on cells.cell = c.cell
where c.outcome = 'outdated'
