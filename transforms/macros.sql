-- Helpers of the formulas. Null is not zero: a sum with a missing part is null, and a zero denominator gives null.

-- n of d in per cent; null where d is zero or either is null. (sqlglot reads the bare word percent as a keyword.)
create or replace macro percent_of(n, d) as 100.0 * n / nullif(d, 0);

-- SCB's symbols of the operands, each once and in order; null where there is none
create or replace macro joined_status(symbol) as string_agg(distinct symbol, ' ' order by symbol);

-- the sum of the rows that meet the condition; null where one of them is null or none is there
create or replace macro whole_sum(number, condition) as
    case when count(*) filter (where condition) = count(number) filter (where condition)
        then sum(number) filter (where condition)
    end;

-- the reason code of a missing value where SCB's symbol does not say it (method.md, section 10)
create or replace macro missing_reason(value, denominator, symbol) as
    case
        when value is not null then null
        when denominator = 0 then 'namnare_noll'
        when symbol is null then 'saknas_i_kallan'
    end;

-- Both sexes or neither: x where women and men of the key have a value (a total stands alone), otherwise null
create or replace macro paired(x, value, sex, key) as
    case when count(value) over (partition by key, sex = 'total') = case when sex = 'total' then 1 else 2 end then x end;

-- the reason of a value that is missing, or that is hidden because the other sex's is
create or replace macro paired_reason(value, denominator, symbol, sex, key) as
    case
        when value is null then missing_reason(value, denominator, symbol)
        when paired(value, value, sex, key) is null
            then coalesce(
                max(missing_reason(value, denominator, symbol)) over (partition by key, sex = 'total'),
                max(case when value is null and symbol is not null then 'osaker_eller_sekretess' end)
                    over (partition by key, sex = 'total'),
                'saknas_i_kallan'
            )
    end;

-- a limit of the analysis, declared in reference/analysis_rule.csv
create or replace macro rule_value(name) as (
    select cast(value as double) from reference.analysis_rule where rule = name
);

-- The sign of x, 0 within the tolerance. Nine decimals, so that 80.2 - 80 is 0.2 as written and not the float above it.
create or replace macro sign_beyond(x, tolerance) as
    case when abs(round(x, 9)) <= tolerance then 0 else cast(sign(x) as integer) end;

-- every municipality under itself and, when it exists today, under its county
create or replace view reference.municipality_area as
select region_code, region_code as area_code from reference.region where type = 'municipality'
union all
select region_code, county_code from reference.region where type = 'municipality' and valid_to is null;

-- how many municipalities a county has today; a county is the sum of all of them or it is nothing
create or replace view reference.county_size as
select county_code, count(*) as number
from reference.region
where type = 'municipality' and valid_to is null
group by county_code;

-- the same with riket, for tables of municipalities that have no riket of their own
create or replace view reference.area_part as
from reference.municipality_area
union all
select region_code, '00' from reference.region where type = 'municipality' and valid_to is null;

create or replace view reference.area_size as
select county_code as area_code, number from reference.county_size
union all
select '00', sum(number) from reference.county_size;

-- The figure that a challenge cites among those of a cell; of a band there is none.
create or replace macro cited_figure(figures, measure, sex) as
    case measure
        when 'diff' then struct_extract(figures, 'diff')
        when 'value' then case sex
            when 'women' then struct_extract(figures, 'women')
            when 'men' then struct_extract(figures, 'men')
            else struct_extract(figures, 'total')
        end
    end;
