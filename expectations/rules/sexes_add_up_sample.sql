/*---
title: Kvinnor och män summerar till totalen inom avrundningen (urvalsundersökning)
severity: warning
subject: table
message: Kvinnor och män avviker från totalen med mer än avrundningen; jämför med felmarginalen
needs_sex: true
applies: additivity = 'sample'
protects: sexes
otherwise: Tabellen saknar kön eller bygger inte på urval
---*/
select region_code, period, 'total' as sex, category, total as value, women + men as expected, total_cell as cell
from pairs
where is_count and abs(women + men - total) > step * 1.000001
