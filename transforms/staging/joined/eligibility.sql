-- Eligibility to further studies: riket, counties and municipalities, which are three tables.
select region_code, period, sex, background, measure, value, status, cell
from staged.TAB1813
union all
select region_code, period, sex, background, measure, value, status, cell
from staged.TAB1807
union all
-- Its women and men are values of the background: no other background is divided by sex.
select region_code, period, sex, 'total' as background, measure, value, status, cell
from staged.TAB1804
