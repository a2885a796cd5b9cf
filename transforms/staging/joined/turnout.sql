-- Turnout: riket, counties and municipalities, which are three tables.
select region_code, period, sex, background, measure, value, status, cell
from staged.TAB4255
union all
select region_code, period, sex, background, measure, value, status, cell
from staged.TAB4268
union all
select region_code, period, sex, background, measure, value, status, cell
from staged.TAB5211
