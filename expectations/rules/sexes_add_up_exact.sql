/*---
title: Kvinnor och män summerar exakt till totalen
severity: critical
subject: table
message: Kvinnor och män summerar inte till den publicerade totalen
needs_sex: true
applies: additivity = 'exact'
protects: sexes
otherwise: Tabellen saknar kön, eller har slumpskydd, urval, avrundning eller mått som inte summerar
---*/
select region_code, period, 'total' as sex, category, total as value, women + men as expected, total_cell as cell
from pairs
where is_count and women + men <> total
