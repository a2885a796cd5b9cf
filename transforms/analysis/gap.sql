-- Women against men: one row per indicator, place, period, category and series (reference/method.md, sections 2 and 2.1).
--
-- level                    women, men and total as observed; diff = women - men, ratio = women / men, parity = the lower
--                          through the higher. share_women and band only where the unit is persons, since only counts
--                          have a share.
-- share                    total is the value. In per cent it is share_women; diff is the distance to the 40-60 band
--                          (0 inside, + above, - below). A share in another unit is a representation ratio, where 1 is
--                          proportionate: diff is the distance to 1. Women and men are not filled in: one sex is never
--                          derived from the total.
-- segregation and          compare the sexes already: total is the value, everything else null with the reason
-- decomposition            kan_ej_forekomma.
--
-- gap_men                  (men - women) as per cent of men, + = men higher: the opposite sign of diff, so only where
--                          convention asks for it: pay, pension, income (sek_thousands)
-- mgap                     (women - men) / (women + men), -1 to 1; null for a value below zero or where both are zero
-- percentage_kind          what a percentage of the row is a percentage of (section 1). A: of all in the category, so
--                          women and men add up to 100 (share_women, and total of a share). B: of each sex, those who
--                          have the property (women and men of a level in per cent). Null where there is no percentage.
-- women_base, men_base     the denominators of women and men; total_base that of the total
-- men_part                 of a share of women in per cent: the men. The numerator is the women and the denominator women plus
--                          men, added by us, so this takes our own addition back; no published total is involved
-- smallest_base            the persons that the row's percentage, rate or share rests on: of a level the sex with fewer, of a
--                          share and of counts all (women and men)
-- small_base               fewer than least_base (section 2.1): the figures stand, the band is not told
-- margin_women, margin_men the margins of error of a sample survey; carried through the gap in analysis.uncertainty
--
-- The band is tested as 40 * all <= 100 * women <= 60 * all. Counts are whole numbers far below 2^53, so the test is exact.
with pivoted as (
    select
        indicator,
        region_code,
        partner_code,
        period,
        category,
        series,
        max(value) filter (where sex = 'women') as women,
        max(value) filter (where sex = 'men') as men,
        max(value) filter (where sex = 'total') as total,
        max(numerator) filter (where sex = 'total') as numerator,
        max(denominator) filter (where sex = 'total') as denominator,
        max(denominator) filter (where sex = 'women') as women_base,
        max(denominator) filter (where sex = 'men') as men_base,
        max(margin) filter (where sex = 'women') as margin_women,
        max(margin) filter (where sex = 'men') as margin_men,
        coalesce(bool_or(is_preliminary), false) as is_preliminary,
        max(missing) filter (where sex = 'women') as women_missing,
        max(missing) filter (where sex = 'men') as men_missing,
        max(missing) filter (where sex = 'total') as total_missing
    from (
        select
            *,
            case
                when value is not null then null
                when reason is not null then reason
                when status = '.' then 'kan_ej_forekomma'
                when contains(status, '..') then 'osaker_eller_sekretess'
                else 'saknas_i_kallan'
            end as missing
        from indicators.observation
    )
    group by all
),
counted as (
    select
        p.*,
        i.measure,
        i.unit,
        -- Both sexes' reasons, each once and in order; a total has one only where it is the value itself.
        case
            when measure <> 'level' then total_missing
            when women_missing <> men_missing
                then concat(least(women_missing, men_missing), ' ', greatest(women_missing, men_missing))
            else coalesce(women_missing, men_missing)
        end as reason,
        case
            when measure = 'level' and unit = 'persons' and women >= 0 and men >= 0 then women
            when measure = 'share' and unit = 'percent' then coalesce(numerator, total)
        end as part,
        case
            when measure = 'level' and unit = 'persons' and women >= 0 and men >= 0 then women + men
            when measure = 'share' and unit = 'percent' then case when numerator is null then 100 else denominator end
        end as whole
    from pivoted as p
    join reference.indicator as i using (indicator)
),
compared as (
    select
        *,
        case
            when measure = 'level' then women - men
            when measure = 'share' and unit = 'percent' and total is not null
                then greatest(total - 60, 0) + least(total - 40, 0)
            when measure = 'share' and unit <> 'percent' then total - 1
        end as diff,
        case when measure = 'level' then women / nullif(men, 0) end as ratio,
        case
            when measure = 'level' and women >= 0 and men >= 0
                then least(women, men) / nullif(greatest(women, men), 0)
        end as parity,
        case
            when measure = 'level' then 100.0 * part / nullif(whole, 0)
            when unit = 'percent' then total
        end as share_women,
        case
            when measure = 'level' and unit = 'sek_thousands' then 100.0 * (men - women) / nullif(men, 0)
        end as gap_men,
        case
            when measure = 'level' and women >= 0 and men >= 0 then (women - men) / nullif(women + men, 0)
        end as mgap,
        case
            when measure = 'level' and unit = 'persons' then whole
            when measure = 'level' then least(women_base, men_base)
            when measure = 'share' and unit = 'percent' then denominator
        end as smallest_base
    from counted
)
select
    indicator,
    region_code,
    partner_code,
    period,
    category,
    series,
    case when measure = 'level' then women end as women,
    case when measure = 'level' then men end as men,
    total,
    diff,
    ratio,
    parity,
    case when measure in ('level', 'share') then share_women end as share_women,
    case
        when measure not in ('level', 'share') or share_women is null then null
        when smallest_base < rule_value('least_base') then null
        when 100 * part < 40 * whole then 'mansdominerad'
        when 100 * part > 60 * whole then 'kvinnodominerad'
        else 'jämn'
    end as band,
    case
        when measure in ('segregation', 'decomposition') then coalesce(reason, 'kan_ej_forekomma')
        when diff is null then coalesce(reason, 'saknas_i_kallan')
        when measure = 'level' and men = 0 then 'namnare_noll'
    end as reason,
    gap_men,
    mgap,
    case
        when measure = 'share' and unit = 'percent' then 'A'
        when measure = 'level' and unit = 'percent' then 'B'
        when measure = 'level' and unit = 'persons' and share_women is not null then 'A'
    end as percentage_kind,
    women_base,
    men_base,
    denominator as total_base,
    case when measure = 'share' and unit = 'percent' then denominator - numerator end as men_part,
    smallest_base,
    coalesce(smallest_base < rule_value('least_base'), false) as small_base,
    margin_women,
    margin_men,
    is_preliminary
from compared
order by indicator, region_code, partner_code, period, category, series
