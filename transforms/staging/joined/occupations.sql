-- Employees by occupation, every source that there has been, side by side: RAMS, RAMS_N, BAS.
select region_code, period, sex, 'RAMS' as series, occupation, measure, value, status, cell
from staged.TAB4396
union all
-- BAS takes the place of the older series from the first year that it has.
select region_code, period, sex, 'RAMS_N' as series, occupation, measure, value, status, cell
from staged.TAB3119
where period not in (select period from staged.TAB4434)
union all
select region_code, period, sex, 'BAS' as series, occupation, measure, value, status, cell
from staged.TAB4434
