/*---
title: Kommunerna summerar till länet inom avrundningen
severity: critical
subject: table
message: Kommunerna avviker från länets publicerade värde med mer än avrundningen
applies: additivity = 'rounding'
protects: values
otherwise: Tabellens värden är inte avrundade antal
---*/
select region_code, period, sex, category, value, sum_of_parts as expected, cell
from counties
where abs(value - sum_of_parts) > (parts + 1) // 2
