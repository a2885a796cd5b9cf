-- Register data on integration, every table side by side: BAS from 2022 (riket, counties, municipalities), RAMS to 2021.
select region_code, period, sex, 'BAS' as series, education, background, measure, value, status, cell
from staged.TAB6379
union all
select region_code, period, sex, 'BAS' as series, education, background, measure, value, status, cell
from staged.TAB6384
union all
select region_code, period, sex, 'BAS' as series, education, background, measure, value, status, cell
from staged.TAB6383
union all
select region_code, period, sex, 'RAMS' as series, education, background, measure, value, status, cell
from staged.TAB389
union all
select region_code, period, sex, 'RAMS' as series, education, background, measure, value, status, cell
from staged.TAB4881
