/*---
title: Varje cell finns en gång
severity: critical
subject: table
message: Samma cell finns flera gånger
protects: structure
---*/
select region_code, period, sex, category, number as value, 'en gång' as expected, cell from repeated
