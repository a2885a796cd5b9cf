/*---
title: Kvinnor och män summerar till totalen (tabell med slumpskydd)
severity: warning
subject: table
message: Kvinnor och män avviker från den publicerade totalen; tabellen har slumpskydd, totalen behålls som publicerad
needs_sex: true
applies: additivity = 'ckm'
protects: sexes
otherwise: Tabellen saknar kön eller slumpskydd
---*/
select region_code, period, 'total' as sex, category, total as value, women + men as expected, total_cell as cell
from pairs
where is_count and women + men <> total
