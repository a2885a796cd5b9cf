/*---
title: Inget värde har reviderats mer än värdena brukar röra sig
severity: warning
subject: indicator
message: Värden skiljer sig från förra publicerade körningen mer än de brukar ändras från en period till nästa
field: value
applies: exists (from previous.indicator as p where p.indicator = subject.indicator)
protects: time
otherwise: Det finns ingen tidigare publicerad körning att jämföra med
limits: {spread: 3, floor: 0.5}
---*/
-- How much is usual is learned from the steps of the same sex and type of region; the floor is in the unit, or per cent.
with usual as (
    select kind, sex, category, median(abs(size)) as step, any_value(amount) as amount from steps group by all
)
select
    c.region_code, c.period, c.sex, concat_ws(', ', c.category, c.series) as category, c.value,
    'förut ' || round(c.value_before, 2) as expected, null as cell
from compared as c
join usual as u on u.kind = c.kind and u.sex = c.sex and u.category = c.category
where c.partner_code is null and c.value is not null and c.value_before is not null
    and (not u.amount or (c.value > 0 and c.value_before >= 30))
    and abs(if(u.amount, 100 * ln(c.value / c.value_before), c.value - c.value_before)) > greatest({spread} * u.step, {floor})
