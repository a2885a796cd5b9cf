-- Commuting over a municipality border, every source that there has been, side by side: BAS, RAMS_N, RAMS.
select k.region_code, k.period, k.sex, k.series, k.measure, k.value, k.status, k.cell
from (
    select region_code, period, sex, 'BAS' as series, measure, value, status, cell
    from staged.TAB1828
    union all
    -- Without TAB1828 the relations say the same: own sums of whole rows of the matrix.
    select
        region_code,
        period,
        sex,
        'BAS' as series,
        case when partner_code = region_code then 'lives_and_works' else 'out_commuters' end as measure,
        value,
        status,
        cell
    from staged.TAB1830
    where not exists (select 1 from staged.TAB1828)
        and region_code in (
            select region_code
            from staged.TAB1830
            group by region_code
            having count(distinct partner_code) = (select count(distinct partner_code) from staged.TAB1830)
        )
    union all
    -- Without TAB1828 the relations say the same: own sums of whole columns of the matrix.
    select
        partner_code as region_code, period, sex, 'BAS' as series, 'in_commuters' as measure, value, status, cell
    from staged.TAB1830
    where not exists (select 1 from staged.TAB1828)
        and partner_code <> region_code
        and partner_code in (
            select partner_code
            from staged.TAB1830
            group by partner_code
            having count(distinct region_code) = (select count(distinct region_code) from staged.TAB1830)
        )
    union all
    -- BAS takes the place of the older series from the first year that it has.
    select region_code, period, sex, 'RAMS_N' as series, measure, value, status, cell
    from staged.TAB5839
    where period not in (select period from staged.TAB1828 union all select period from staged.TAB1830)
    union all
    select region_code, period, sex, 'RAMS' as series, measure, value, status, cell
    from staged.TAB3266
    union all
    select region_code, period, sex, 'RAMS' as series, measure, value, status, cell
    from staged.TAB3267
) as k
-- A nought for a year before the municipality existed is not a value.
join reference.region as r on r.region_code = k.region_code
join reference.period as p
    on p.period = k.period
    and coalesce(r.valid_from <= p.end_date + 1, true)
    and coalesce(r.valid_to >= p.start_date, true)
