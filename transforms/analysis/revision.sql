-- The revision triangle: every figure as each run showed it, from its first on, where a run changed it or its other sex.
--
-- subject        women, men, total, or gap (women minus men, of levels where both have values)
-- vintage        1 for the first that was published, counted per key
-- before         the value of the vintage before
-- revision       value minus before; null where one of them is missing
-- first_value    the value as first published
-- from_first     value minus first_value
-- sign_changed   the gap has turned: another sex is higher than in the vintage before
-- is_latest      the vintage that is shown now
with key as (
    select distinct indicator, region_code, period, category, series, history_run
    from previous.vintage
    where partner_code is null
),
sexes as (
    select distinct indicator, region_code, period, category, series, sex
    from previous.vintage
    where partner_code is null
),
standing as (
    -- A run that changes one sex leaves the other as it stood.
    select
        k.indicator,
        k.region_code,
        k.period,
        k.category,
        k.series,
        s.sex as subject,
        k.history_run,
        arg_max(struct_pack(value := v.value, status := v.status, mark := v.is_preliminary), v.history_run) as seen
    from key as k
    join sexes as s
        on s.indicator = k.indicator and s.region_code = k.region_code and s.period = k.period
        and s.category = k.category and s.series is not distinct from k.series
    join previous.vintage as v
        on v.indicator = k.indicator and v.region_code = k.region_code and v.period = k.period
        and v.category = k.category and v.series is not distinct from k.series and v.sex = s.sex
        and v.history_run <= k.history_run and v.partner_code is null
    group by all
),
subject as (
    select
        indicator, region_code, period, category, series, subject, history_run, seen.value as value,
        seen.status as status, seen.mark as is_preliminary
    from standing
    union all
    select
        indicator,
        region_code,
        period,
        category,
        series,
        'gap' as subject,
        history_run,
        max(seen.value) filter (where subject = 'women') - max(seen.value) filter (where subject = 'men') as value,
        null as status,
        bool_or(seen.mark) as is_preliminary
    from standing
    where subject in ('women', 'men')
    group by indicator, region_code, period, category, series, history_run
),
followed as (
    select
        *,
        row_number() over in_order as vintage,
        lag(value) over in_order as before,
        first_value(value) over in_order as first_value,
        lead(history_run) over in_order is null as is_latest
    from subject
    window in_order as (
        partition by indicator, region_code, period, category, series, subject order by history_run
    )
)
select
    indicator,
    region_code,
    period,
    category,
    series,
    subject,
    vintage,
    history_run,
    value,
    status,
    is_preliminary,
    before,
    value - before as revision,
    first_value,
    value - first_value as from_first,
    case when subject = 'gap' then sign(value) * sign(before) < 0 end as sign_changed,
    is_latest
from followed
order by indicator, region_code, period, category, series, subject, vintage
