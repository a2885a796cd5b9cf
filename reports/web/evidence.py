"""What lies behind an indicator or a goal in the home region: parts of a gap, of an index, margins, riket, components.

Read from the analyses as they stand; nothing is computed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from reports.catalogue import rows
from reports.web.language import Language

Row = Mapping[str, Any]
LARGEST = 10


@dataclass(frozen=True)
class Evidence:
    """The rows by indicator, in the latest period of each; `components` by goal."""

    parts: Mapping[str, Sequence[Row]]
    part_groups: Mapping[str, Sequence[Row]]
    segregation: Mapping[str, Row]
    segregation_groups: Mapping[str, Sequence[Row]]
    against_country: Mapping[str, Sequence[Row]]
    margins: Mapping[str, Row]
    components: Mapping[str, Sequence[Row]]


def read(con: duckdb.DuckDBPyConnection, home: str) -> Evidence:
    """What lies behind the figures of the home region.

    Args:
        con: the finished warehouse.
        home: the code of the home region.
    """
    parts, groups, segregation, categories, country, margins, components = (
        rows(con, query, {"home": home})
        for query in (_PARTS, _PART_GROUPS, _SEGREGATION, _CATEGORIES, _AGAINST_COUNTRY, _MARGINS, _COMPONENTS)
    )
    return Evidence(
        parts=_by(parts, "indicator"),
        part_groups=_by(groups, "indicator"),
        segregation={row["indicator"]: row for row in segregation},
        segregation_groups=_by(categories, "indicator"),
        against_country=_by(country, "indicator"),
        margins={row["indicator"]: row for row in margins},
        components=_by(components, "goal_id"),
    )


def worded(found: Evidence, t: Language) -> Evidence:
    """The same rows with the names of groups and indicators in a language."""

    def named(by: Mapping[str, Sequence[Row]], column: str) -> dict[str, list[Row]]:
        return {name: [{**row, column: t(row[column])} for row in of] for name, of in by.items()}

    return replace(
        found,
        part_groups=named(found.part_groups, "label"),
        segregation_groups=named(found.segregation_groups, "label"),
        components=named(found.components, "title"),
    )


def _by(found: Sequence[Row], key: str) -> dict[str, list[Row]]:
    made: dict[str, list[Row]] = {}
    for row in found:
        made.setdefault(row[key], []).append(row)
    return made


_SORTED = """
ordered_period as (select period, min(sort) as sort from reference.period group by period),
label as (
    select indicator, dimension || ':' || code as category, any_value(label) as label, min(sort) as sort
    from reference.indicator_dimension
    group by all
)
"""

# The parts of a gap in its latest period: the whole, and each group.
_PARTS = f"""
with {_SORTED}
select
    k.indicator, k.dimension, k.period, k.groups, k.women_rate, k.men_rate, k.diff, k.rate_part, k.composition_part,
    k.reason
from analysis.kitagawa as k
join ordered_period as p using (period)
where k.region_code = $home
qualify p.sort = max(p.sort) over (partition by k.indicator)
order by k.indicator, k.dimension, k.series nulls first
"""

_PART_GROUPS = f"""
with {_SORTED}
select
    g.indicator, g.dimension, g.period, coalesce(l.label, g.category) as label, g.women_rate, g.men_rate, g.rate_part,
    g.composition_part, g.reason
from analysis.kitagawa_group as g
join ordered_period as p using (period)
left join label as l on l.indicator = g.indicator and l.category = g.category
where g.region_code = $home
qualify p.sort = max(p.sort) over (partition by g.indicator)
order by g.indicator, g.dimension, l.sort nulls last, g.category
"""

# An index in its latest period, under the indicator of the groups and under that of the index.
_SEGREGATION = f"""
with {_SORTED},
latest as (
    select s.*
    from analysis.segregation as s
    join ordered_period as p using (period)
    where s.region_code = $home
    qualify row_number() over (partition by s.indicator order by p.sort desc, s.series nulls first) = 1
)
select
    i.indicator, s.period, s.categories, s.women, s.men, s.duncan, s.karmel_maclachlan, s.size_standardised, s.theil_h,
    s.balanced_share, s.coverage, s.low_coverage, s.reason
from latest as s
join reference.segregation as r using (indicator)
join (values (true), (false)) as own (is_own) on true
join reference.indicator as i on i.indicator = case when own.is_own then r.indicator else r.index_indicator end
order by i.indicator
"""

# The groups that add most to the index, under both indicators; what is not known is no group.
_CATEGORIES = f"""
with {_SORTED},
latest as (
    select c.*, row_number() over (
        partition by c.indicator, c.period, c.series order by c.duncan desc, c.category
    ) as place, dense_rank() over (partition by c.indicator order by p.sort desc, c.series nulls first) as age
    from analysis.segregation_category as c
    join ordered_period as p using (period)
    where c.region_code = $home and c.is_known and c.duncan is not null
)
select
    i.indicator, c.indicator as of_indicator, c.category, c.period, coalesce(l.label, c.code) as label, c.women, c.men,
    c.share_women, c.duncan
from latest as c
join reference.segregation as r using (indicator)
join (values (true), (false)) as own (is_own) on true
join reference.indicator as i on i.indicator = case when own.is_own then r.indicator else r.index_indicator end
left join label as l on l.indicator = c.indicator and l.category = c.category
where c.age = 1 and c.place <= {LARGEST}
order by i.indicator, c.place
"""

# Women with women, men with men, the gap with the gap, in the first and the last period that can be compared.
_AGAINST_COUNTRY = """
select
    indicator, region_code, period, series, gap_kind, women, women_country, women_against_country, men, men_country,
    men_against_country,
    total, total_country, total_against_country, gap, gap_country, gap_size_against_country, is_preliminary
from analysis.compare
where region_code = $home and category = 'all'
    and peers = case when $home = '00' then 'country' else 'county' end
    and coalesce(women_against_country, men_against_country, total_against_country) is not null
order by indicator, back
"""

_MARGINS = f"""
with {_SORTED}
select
    u.indicator, u.period, u.women, u.margin_women, u.men, u.margin_men, u.diff, u.margin_diff, u.is_significant, u.text
from analysis.uncertainty as u
join ordered_period as p using (period)
where u.region_code = $home and u.partner_code is null and u.category = 'all'
qualify row_number() over (partition by u.indicator order by p.sort desc, u.series nulls first) = 1
order by u.indicator
"""

_COMPONENTS = """
select c.goal_id, c.indicator, c.region_code, i.title, c.period, c.series, c.women, c.men, c.total, c.parity, c.worse
from analysis.parity_component as c
join reference.indicator as i using (indicator)
where c.region_code = $home
order by c.goal_id, i.sort, c.indicator
"""
