-- The values of an indicator in a region by sex: how many are there of those that should be, and the holes by reason.
--
-- One row per region, sex and reason; reason is null where there is no hole. periods are those of the holes, in order.
select
    indicator, region_code, sex, reason, count(*) filter (where not has_value) as holes,
    any_value(present) as present, any_value(expected) as expected,
    list(period order by sort) filter (where not has_value) as periods
from (
    select
        *, count(*) filter (where has_value) over one as present, count(*) over one as expected
    from analysis.coverage_cell
    window one as (partition by indicator, region_code, sex)
)
group by indicator, region_code, sex, reason
having reason is not null or any_value(present) = any_value(expected)
order by indicator, region_code, sex, reason
