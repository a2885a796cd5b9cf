/*---
title: Kvinnor och män summerar till totalen inom avrundningen
severity: critical
subject: table
message: Kvinnor och män avviker från den publicerade totalen med mer än avrundningen
needs_sex: true
applies: additivity = 'rounding'
protects: sexes
otherwise: Tabellen saknar kön, eller dess värden är inte avrundade antal
---*/
select region_code, period, 'total' as sex, category, total as value, women + men as expected, total_cell as cell
from pairs
where is_count and abs(women + men - total) > step * 1.000001
