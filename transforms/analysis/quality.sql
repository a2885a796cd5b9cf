-- How sure the figures of an indicator are (reference/method.md, sections 10 and 11): the least certain of its tables decides.
--
-- kind  sample    a survey; margins of error stand in analysis.uncertainty
--       noise     counts with a small random shift in every cell (CKM); how large it can be is not established, so shares of
--                 fewer than noise_base persons are only told apart beyond noise_tolerance percentage points
--       rounding  published rounded
--       register  everybody is counted: no sampling uncertainty, which is not the same as exact
with kinds as (
    select
        i.indicator,
        string_agg(distinct s.additivity, ' ' order by s.additivity) as additivity,
        case
            when bool_or(s.additivity = 'sample') then 'sample'
            when bool_or(s.additivity = 'ckm') then 'noise'
            when bool_or(s.additivity = 'rounding') then 'rounding'
            else 'register'
        end as kind,
        bool_or(s.preliminary = 'all') as is_preliminary
    from reference.indicator as i
    left join reference.indicator_table as t using (indicator)
    left join reference.source_table as s using (table_id)
    group by i.indicator
)
select
    indicator,
    kind,
    additivity,
    coalesce(is_preliminary, false) as is_preliminary,
    case kind
        when 'sample' then 'Urvalsundersökning: felmarginalen anges vid varje tal.'
        when 'noise'
            then 'Totalräknad – ingen urvalsosäkerhet, men varje tal kan ha en liten slumpmässig ändring; se kvalitetsdeklaration.'
        when 'rounding' then 'Totalräknad – ingen urvalsosäkerhet, men talen är avrundade; se kvalitetsdeklaration.'
        else 'Totalräknad – ingen urvalsosäkerhet; se kvalitetsdeklaration.'
    end as text
from kinds
order by indicator
