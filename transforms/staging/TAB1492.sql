-- Disposable income of households with a single adult, at fixed prices, by residence and sex of the adult
-- The sex stands in the name of the household type: without_children_women is staged as without_children, women.
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    regexp_replace(hh.name, '_(women|men|total)$', '') as household_type,
    r."Alder" as age,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.TAB1492 as r
join reference.source_sex as s
    on s.table_id = 'TAB1492' and s.code = r."Hushallstyp"
join reference.source_code as c
    on c.table_id = 'TAB1492' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
join reference.source_code as hh
    on hh.table_id = 'TAB1492' and hh.variable = 'Hushallstyp' and hh.code = r."Hushallstyp"
