/*---
title: Totalen ligger mellan könens värden (tabell utan bestämd gräns)
severity: warning
subject: table
message: Totalen ligger varken mellan kvinnors och mäns värde eller är deras summa
needs_sex: true
applies: additivity in ('ckm', 'sample', 'none')
protects: sexes
otherwise: Tabellen saknar kön, eller har varken slumpskydd eller urval
---*/
-- The margin of error of the total is smaller than that of either sex, as more persons were asked.
select
    region_code, period, 'total' as sex, category, total as value,
    least(women, men) || '–' || greatest(women, men) as expected, total_cell as cell
from pairs
where (not is_count or (select additivity from subject) = 'none')
    and women is not null and men is not null and category not like 'margin%'
    and total not between least(women, men) - step * 1.000001 and greatest(women, men) + step * 1.000001
    and abs(women + men - total) > step * 1.000001
