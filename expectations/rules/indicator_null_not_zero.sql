/*---
title: Inget saknat värde har blivit noll
severity: critical
subject: indicator
message: Noll står där ett underlag saknas eller regionen inte fanns
field: value
protects: missing
---*/
select
    region_code, period, sex, concat_ws(', ', category, partner_code, series) as category, value,
    coalesce('inget värde: ' || coalesce(status, reason), 'inget värde: regionen fanns inte') as expected, null as cell
from observations
where value = 0
    and (
        status like '%.%'
        or regexp_matches(
            reason, 'saknas_i_kallan|osaker_eller_sekretess|kan_ej_forekomma|ej_publicerad_an|nedlagd_serie|namnare_noll'
        )
        or (region_code, period) in (select (region_code, period) from outside_life_span)
    )
