-- The values of an indicator in riket, the home county and its municipalities: how many are there of those expected.
select
    indicator, count(*) as expected, count(*) filter (where has_value) as present,
    count(*) filter (where not has_value) as holes
from analysis.coverage_cell
group by indicator
order by indicator
