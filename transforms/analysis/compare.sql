-- A place against riket and against its peers (reference/method.md, section 13): women with women, men with men, the gap
-- with the gap. For the latest comparable period and for the first of the window (analysis.timeline).
--
-- peers          county (the counties), county_municipalities (those of the same county), like_sized (the municipalities of
--                one class of reference/size_class.csv by the latest population), country (riket itself, without ranks)
-- panel          places with values in every period of the window; only these are ranked (a constant panel), and a mean or
--                a rank counts them alone: panel of peer_count
-- *_rank         1 is the highest value; where lower is better the lowest. gap_rank: 1 is the smallest gap. Equal values
--                share a rank. Ranks move when others move: never a verdict. Figures with low or unknown
--                coverage have no rank.
-- gap_size       what gaps are ranked by: for persons the relative difference |women - men| / (women + men), since a
--                difference in persons follows the size of the place; for others |gap| of analysis.comparable
-- *_country, *_against_country  riket's value of the same series and period, and the difference to it (none for persons:
--                a place is a part of riket)
with windows as (
    select indicator, region_type, max(back) as first_back, count(*) as periods
    from analysis.timeline
    where in_window
    group by all
),
population as (
    select region_code, max_by(women + men, sort) as persons
    from analysis.comparable
    where indicator = 'population' and category = 'all' and women is not null and men is not null
    group by region_code
),
sizes as (
    select p.region_code, s.size_class
    from population as p
    join reference.size_class as s
        on p.persons >= cast(s.lower as double) and (s.upper is null or p.persons < cast(s.upper as double))
),
valued as (
    select
        c.*,
        r.county_code,
        w.first_back,
        w.periods,
        coalesce(c.total, c.women) as any_value,
        case when c.unit = 'persons' then abs(c.mgap) when c.measure <> 'segregation' then abs(c.gap) end as gap_size,
        (case when c.measure = 'level' then c.women is not null and c.men is not null else c.total is not null end)
            and c.coverage_reason is null as is_valued
    from analysis.comparable as c
    join reference.region as r using (region_code)
    join windows as w on w.indicator = c.indicator and w.region_type = c.region_type
),
constant as (
    select indicator, region_code, category, count(*) filter (where is_valued) = max(periods) as in_panel
    from valued
    group by all
),
grouped as (
    select
        v.*,
        p.peers,
        case p.peers
            when 'county_municipalities' then v.county_code
            when 'like_sized' then s.size_class
            else ''
        end as peer_group,
        k.in_panel
    from valued as v
    join constant as k using (indicator, region_code, category)
    join (
        values ('country', 'country'), ('county', 'county'), ('municipality', 'county_municipalities'),
            ('municipality', 'like_sized')
    ) as p (region_type, peers) on p.region_type = v.region_type
    left join sizes as s on s.region_code = v.region_code
    where v.back in (0, v.first_back) and (p.peers <> 'like_sized' or s.size_class is not null)
),
ranked as (
    select
        *,
        count(*) over peer as peer_count,
        count(*) filter (where in_panel) over peer as panel,
        case when in_panel then rank() over (
            partition by indicator, category, period, peers, peer_group, in_panel
            order by case when polarity = 'lower' then women else -women end nulls last
        ) end as women_rank,
        case when in_panel then rank() over (
            partition by indicator, category, period, peers, peer_group, in_panel
            order by case when polarity = 'lower' then men else -men end nulls last
        ) end as men_rank,
        case when in_panel then rank() over (
            partition by indicator, category, period, peers, peer_group, in_panel
            order by case when polarity = 'lower' then total else -total end nulls last
        ) end as total_rank,
        case when in_panel then rank() over (
            partition by indicator, category, period, peers, peer_group, in_panel
            order by round(gap_size, 9) nulls last
        ) end as gap_rank
    from grouped
    window peer as (partition by indicator, category, period, peers, peer_group)
)
select
    r.indicator,
    r.region_code,
    r.category,
    r.series,
    r.period,
    r.back,
    r.peers,
    r.peer_group,
    r.women,
    r.men,
    r.total,
    r.gap,
    r.gap_kind,
    r.gap_size,
    n.women as women_country,
    n.men as men_country,
    n.total as total_country,
    n.gap as gap_country,
    case when r.unit <> 'persons' then r.women - n.women end as women_against_country,
    case when r.unit <> 'persons' then r.men - n.men end as men_against_country,
    case when r.unit <> 'persons' then r.total - n.total end as total_against_country,
    r.gap_size - n.gap_size as gap_size_against_country,
    r.in_panel,
    r.panel,
    r.peer_count,
    case when r.peers <> 'country' and r.women is not null then r.women_rank end as women_rank,
    case when r.peers <> 'country' and r.men is not null then r.men_rank end as men_rank,
    case when r.peers <> 'country' and r.measure <> 'level' and r.total is not null then r.total_rank end as total_rank,
    case when r.peers <> 'country' and r.gap_size is not null then r.gap_rank end as gap_rank,
    r.is_preliminary
from ranked as r
left join valued as n
    on n.indicator = r.indicator and n.category = r.category and n.period = r.period and n.region_type = 'country'
    and n.series is not distinct from r.series
order by r.indicator, r.region_code, r.category, r.sort, r.peers
