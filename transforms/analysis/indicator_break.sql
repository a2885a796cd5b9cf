-- The declared breaks of the tables that an indicator reads.
--
-- parts      whether the break parts the indicator's own contents; where it does not, it is a flag
-- from_date  the first day of the period that it is declared for
select distinct
    t.indicator,
    s.series as table_series,
    b.break_id,
    b.period,
    b.what,
    b.parts is null or len(b.parts) > 0 and coalesce(list_has_any(b.parts, m.measures), true) as parts,
    b.line,
    make_date(
        cast(left(b.period, 4) as integer),
        case
            when contains(b.period, 'M') then try_cast(right(b.period, 2) as integer)
            when contains(b.period, 'K') then 3 * try_cast(right(b.period, 1) as integer) - 2
            else 1
        end,
        1
    ) as from_date
from reference.indicator_table as t
join reference.source_table as s using (table_id)
join reference.source_break as b using (table_id)
left join (
    select indicator, list(measure) as measures from reference.indicator_measure group by indicator
) as m on m.indicator = t.indicator
order by t.indicator, b.period, b.break_id, s.series, b.what
