-- The values of an indicator in a region by sex: how many are there of those that should be, and the holes by reason.
--
-- One row per region, sex and reason; reason is null where there is no hole. periods are those of the holes, in order; spans
-- the first and the last of each unbroken run of them.
with placed as (
    select
        *,
        row_number() over (partition by indicator, region_code, sex order by sort)
        - row_number() over (partition by indicator, region_code, sex, reason order by sort) as run
    from analysis.coverage_cell
),
runs as (
    select
        indicator, region_code, sex, reason, min(sort) as sort, count(*) as number, list(period order by sort) as periods,
        struct_pack(first := arg_min(period, sort), last := arg_max(period, sort)) as span
    from placed
    group by indicator, region_code, sex, reason, run
),
counted as (
    select
        *, coalesce(sum(number) filter (where reason is null) over one, 0)::bigint as present,
        (sum(number) over one)::bigint as expected
    from runs
    window one as (partition by indicator, region_code, sex)
)
select
    indicator, region_code, sex, reason, coalesce(sum(number) filter (where reason is not null), 0)::bigint as holes,
    any_value(present) as present, any_value(expected) as expected,
    flatten(list(periods order by sort) filter (where reason is not null)) as periods,
    list(span order by sort) filter (where reason is not null) as spans
from counted
group by indicator, region_code, sex, reason
having reason is not null or any_value(present) = any_value(expected)
order by indicator, region_code, sex, reason
