/*---
title: Kommunerna summerar till länet (tabell med slumpskydd eller urval)
severity: warning
subject: table
message: Kommunerna avviker från länets publicerade värde, som behålls som publicerat
applies: additivity in ('ckm', 'sample')
protects: values
otherwise: Tabellen har varken slumpskydd eller urval
---*/
select region_code, period, sex, category, value, sum_of_parts as expected, cell
from counties
where value <> sum_of_parts
