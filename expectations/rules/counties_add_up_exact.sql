/*---
title: Kommunerna summerar exakt till länet
severity: critical
subject: table
message: Kommunerna summerar inte till länets publicerade värde
applies: additivity = 'exact'
protects: values
otherwise: Tabellen har slumpskydd, urval, avrundning eller mått som inte summerar
---*/
select region_code, period, sex, category, value, sum_of_parts as expected, cell
from counties
where value <> sum_of_parts
