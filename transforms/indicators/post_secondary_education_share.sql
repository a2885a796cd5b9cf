/*---
title: Andel med eftergymnasial utbildning, 25–64 år
phrase: Andelen med eftergymnasial utbildning i åldern 25–64 år
theme: utbildning
definition: >-
  Personer med eftergymnasial utbildning oavsett längd (forskarutbildning inräknad) i procent av befolkningen 25–64
  år; varje utbildningsnivås andel visas bredvid. De vars utbildningsnivå inte är känd ingår i nämnaren. Summor av
  ettårsklasser ur SCB:s utbildningsregister (TAB3981), för kvinnor och män var för sig.
unit: percent
measure: level
polarity: higher
goals:
  - rus-2030.fullfoljda-studier
  - jamstalldhetspolitiken.jamstalld-utbildning
period: year
dimensions:
  education:
    pre_secondary_short: förgymnasial utbildning kortare än 9 år
    pre_secondary: förgymnasial utbildning, 9 (10) år
    upper_secondary_short: gymnasial utbildning, högst 2 år
    upper_secondary: gymnasial utbildning, 3 år
    post_secondary_short: eftergymnasial utbildning, mindre än 3 år
    post_secondary: eftergymnasial utbildning, 3 år eller mer
    research: forskarutbildning
    unknown: uppgift om utbildningsnivå saknas
---*/
with operands as (
    select region_code, period, sex, age, education as operand, value, status, cell
    from staged.TAB3981
    where measure = 'population'
),
counts as (
    select
        region_code,
        period,
        sex,
        whole_sum(value, operand = 'pre_secondary_short') as pre_secondary_short,
        whole_sum(value, operand = 'pre_secondary') as pre_secondary,
        whole_sum(value, operand = 'upper_secondary_short') as upper_secondary_short,
        whole_sum(value, operand = 'upper_secondary') as upper_secondary,
        whole_sum(value, operand = 'post_secondary_short') as post_secondary_short,
        whole_sum(value, operand = 'post_secondary') as post_secondary,
        whole_sum(value, operand = 'research') as research,
        whole_sum(value, operand = 'unknown') as unknown,
        count(distinct age) as ages,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
),
parts as (
    -- Everybody in the denominator, also those whose level is not known.
    select
        c.*,
        k.category,
        case k.category
            when 'all' then post_secondary_short + post_secondary + research
            when 'education:pre_secondary_short' then pre_secondary_short
            when 'education:pre_secondary' then pre_secondary
            when 'education:upper_secondary_short' then upper_secondary_short
            when 'education:upper_secondary' then upper_secondary
            when 'education:post_secondary_short' then post_secondary_short
            when 'education:post_secondary' then post_secondary
            when 'education:research' then research
            when 'education:unknown' then unknown
        end as educated,
        pre_secondary_short
            + pre_secondary
            + upper_secondary_short
            + upper_secondary
            + post_secondary_short
            + post_secondary
            + research
            + unknown as persons
    from counts as c
    cross join (
        values ('all'),
        ('education:pre_secondary_short'),
        ('education:pre_secondary'),
        ('education:upper_secondary_short'),
        ('education:upper_secondary'),
        ('education:post_secondary_short'),
        ('education:post_secondary'),
        ('education:research'),
        ('education:unknown')
    ) as k (category)
),
rates as (
    -- One-year ages 25-64: with one of the forty missing there is no share.
    select
        *,
        case when ages = 40 then educated end as numerator,
        case when ages = 40 then persons end as denominator
    from parts
),
valued as (
    select *, percent_of(numerator, denominator) as value
    from rates
)
select
    region_code,
    period,
    sex,
    category,
    paired(value, value, sex, (region_code, period, category)) as value,
    paired(numerator, value, sex, (region_code, period, category)) as numerator,
    paired(denominator, value, sex, (region_code, period, category)) as denominator,
    status,
    paired_reason(value, denominator, status, sex, (region_code, period, category)) as reason
from valued
