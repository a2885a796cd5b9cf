-- Commuting over the county border, its sources side by side and never in one series: RMI is 20-64 years, BAS 15-74.
select region_code, null as municipality_code, period, sex, 'RMI' as series, measure, value, status, cell
from staged.TAB6369
where education = 'total'
union all
-- The relations as stand-by and check. Beside TAB6369 they end with it, so that the latest year is not of other ages.
select
    k.county_code as region_code,
    k.municipality_code,
    k.period,
    k.sex,
    'BAS' as series,
    k.measure,
    k.value,
    k.status,
    k.cell
from (
    -- Who lives in the county: whole rows of the matrix. Who leaves it is a part of them.
    select
        h.county_code,
        m.region_code as municipality_code,
        m.period,
        m.sex,
        'resident_workers' as measure,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.region as h on h.region_code = m.region_code and h.type = 'municipality'
    where m.region_code in (
        select region_code
        from staged.TAB1830
        group by region_code
        having count(distinct partner_code) = (select count(distinct partner_code) from staged.TAB1830)
    )
    union all
    select
        h.county_code,
        m.region_code as municipality_code,
        m.period,
        m.sex,
        'out_commuters' as measure,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.region as h on h.region_code = m.region_code and h.type = 'municipality'
    join reference.region as w on w.region_code = m.partner_code and w.type = 'municipality'
    where w.county_code <> h.county_code and m.region_code in (
        select region_code
        from staged.TAB1830
        group by region_code
        having count(distinct partner_code) = (select count(distinct partner_code) from staged.TAB1830)
    )
    union all
    -- Who works in the county: whole columns of the matrix. Who comes into it is a part of them.
    select
        w.county_code,
        m.partner_code as municipality_code,
        m.period,
        m.sex,
        'workers_at_workplaces' as measure,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.region as w on w.region_code = m.partner_code and w.type = 'municipality'
    where m.partner_code in (
        select partner_code
        from staged.TAB1830
        group by partner_code
        having count(distinct region_code) = (select count(distinct region_code) from staged.TAB1830)
    )
    union all
    select
        w.county_code,
        m.partner_code as municipality_code,
        m.period,
        m.sex,
        'in_commuters' as measure,
        m.value,
        m.status,
        m.cell
    from staged.TAB1830 as m
    join reference.region as h on h.region_code = m.region_code and h.type = 'municipality'
    join reference.region as w on w.region_code = m.partner_code and w.type = 'municipality'
    where w.county_code <> h.county_code and m.partner_code in (
        select partner_code
        from staged.TAB1830
        group by partner_code
        having count(distinct region_code) = (select count(distinct region_code) from staged.TAB1830)
    )
) as k
where k.period <= coalesce((select max(period) from staged.TAB6369), k.period)
