/*---
title: Totalen för andelar, medelvärden och medianer ligger mellan könens värden
severity: critical
subject: table
message: Totalen ligger varken mellan kvinnors och mäns värde eller är deras summa
needs_sex: true
applies: additivity in ('exact', 'rounding')
protects: sexes
otherwise: Tabellen saknar kön, eller har slumpskydd eller urval
---*/
select
    region_code, period, 'total' as sex, category, total as value,
    least(women, men) || '–' || greatest(women, men) as expected, total_cell as cell
from pairs
where not is_count
    and women is not null and men is not null
    and total not between least(women, men) - step * 1.000001 and greatest(women, men) + step * 1.000001
    and abs(women + men - total) > step * 1.000001
