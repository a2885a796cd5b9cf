"""Women and men side by side, with the gap that the warehouse has computed: the rows a person reads."""

from dataclasses import dataclass

import duckdb

from reports.catalogue import Catalogue, Indicator, rows

LARGEST = 100


@dataclass(frozen=True)
class Figure:
    """One value of one sex: a missing value has the source's symbol or our reason in its place."""

    value: float | None
    missing: str


@dataclass(frozen=True)
class Pair:
    """One line: a region (or a relation) in a period, for one category and series."""

    region: str
    partner: str | None
    period: str
    category: str
    series: str | None
    women: Figure
    men: Figure
    total: Figure
    diff: Figure
    ratio: Figure
    share_women: Figure
    women_base: float | None
    men_base: float | None
    total_base: float | None
    band: str | None
    preliminary: bool
    remark: str | None


def of_home(con: duckdb.DuckDBPyConnection, indicator: Indicator, catalogue: Catalogue) -> list[Pair]:
    """The lines of the home region, its kommuner and the comparison regions; of relations the 100 largest.

    Order: the home region, riket, the kommuner and the other regions by name (å, ä, ö last), each from its first period
    to its last. Relations: from or to the home region's kommuner in the latest period, the largest first.
    """
    relations = indicator.extent is not None and indicator.extent.relations
    return _pairs(con, indicator, catalogue, _LARGEST if relations else _HOME)


def latest(con: duckdb.DuckDBPyConnection, indicator: Indicator, catalogue: Catalogue) -> Pair | None:
    """The home region's line of the latest period, newest series; null when there is no undivided line."""
    found = _pairs(con, indicator, catalogue, _LATEST)
    return found[0] if found else None


def _pairs(con: duckdb.DuckDBPyConnection, indicator: Indicator, catalogue: Catalogue, query: str) -> list[Pair]:
    parameters = {
        "indicator": indicator.indicator,
        "home": catalogue.run.home_region,
        "compared": list(catalogue.run.comparison_regions),
    }

    def figure(value: float | None, missing: str | None) -> Figure:
        return Figure(value, _words(missing, catalogue) if missing else "saknas")

    return [
        Pair(
            region=row["region"],
            partner=row["partner"],
            period=row["period"],
            category=row["category_label"],
            series=row["series"],
            women=figure(row["women"], row["women_missing"]),
            men=figure(row["men"], row["men_missing"]),
            total=figure(row["total"], row["total_missing"]),
            diff=figure(row["diff"], row["gap_reason"]),
            ratio=figure(row["ratio"], row["gap_reason"]),
            share_women=figure(row["share_women"], row["gap_reason"]),
            women_base=row["women_base"],
            men_base=row["men_base"],
            total_base=row["total_base"],
            band=row["band"],
            preliminary=bool(row["is_preliminary"]),
            remark=_words(row["remark"], catalogue) if row["remark"] else None,
        )
        for row in rows(con, query, parameters)
    ]


def _words(codes: str, catalogue: Catalogue) -> str:
    """Reason codes in words; the source's symbols as they stand."""
    parts = codes.split()
    if not all(part in catalogue.reasons for part in parts):
        return codes
    return ", ".join(catalogue.reasons[part] for part in parts)


def _paired(which: str) -> str:
    """The start of a query: `pair` holds the wanted observations, women and men side by side with their gap.

    `any_value` picks the one row of a sex: the key of an observation is unique.
    """
    return f"""
with
home_place as (
    select
        region_code, name,
        case
            when region_code = $home then 0
            when type = 'country' then 1
            when type = 'municipality' and county_code = $home then 2
            else 3
        end as rank,
        translate(lower(name), 'åäöé', '{{|}}e') as swedish_order
    from reference.region
    where region_code = $home or list_contains($compared, region_code)
        or (type = 'municipality' and county_code = $home)
),
own as (select region_code from home_place where rank in (0, 2)),
ordered_period as (select period, min(sort) as sort from reference.period group by period),
category_label as (
    select dimension || ':' || code as category, any_value(label) as label, min(sort) as sort
    from reference.indicator_dimension
    where indicator = $indicator
    group by all
),
cell as (
    select
        region_code, partner_code, period, category, series,
        any_value(value) filter (where sex = 'women') as women,
        any_value(value) filter (where sex = 'men') as men,
        any_value(value) filter (where sex = 'total') as total,
        any_value(coalesce(status, reason)) filter (where sex = 'women') as women_missing,
        any_value(coalesce(status, reason)) filter (where sex = 'men') as men_missing,
        any_value(coalesce(status, reason)) filter (where sex = 'total') as total_missing,
        string_agg(distinct status, ' ' order by status) filter (where sex in ('women', 'men') and value is null)
            as symbol,
        any_value(denominator) filter (where sex = 'women') as women_base,
        any_value(denominator) filter (where sex = 'men') as men_base,
        any_value(denominator) filter (where sex = 'total') as total_base,
        bool_or(is_preliminary) as is_preliminary,
        string_agg(distinct reason, ' ' order by reason) filter (where value is not null) as remark
    from indicators.observation
    where indicator = $indicator and {which}
    group by all
),
pair as (
    select
        cell.*, gap.diff, gap.ratio, gap.share_women, gap.band,
        coalesce(cell.symbol, gap.reason) as gap_reason, p.sort as period_sort,
        c.sort as category_sort,
        coalesce(c.label, if(cell.category = 'all', 'samtliga', cell.category)) as category_label
    from cell
    left join analysis.gap
        on gap.indicator = $indicator and gap.region_code = cell.region_code and gap.period = cell.period
        and gap.category = cell.category and gap.partner_code is not distinct from cell.partner_code
        and gap.series is not distinct from cell.series
    left join ordered_period as p on p.period = cell.period
    left join category_label as c on c.category = cell.category
)
"""


_HOME = f"""{_paired("region_code in (select region_code from home_place)")}
select pair.*, home_place.name as region, null as partner
from pair
join home_place using (region_code)
order by rank, swedish_order, region_code, period_sort, series nulls first, category != 'all', category_sort, category
"""

_RELATIONS = "partner_code is not null and (region_code in (from own) or partner_code in (from own))"
_LARGEST = f"""{_paired(_RELATIONS)},
relation as (
    select pair.*, coalesce(place.name, pair.region_code) as region, coalesce(partner.name, partner_code) as partner
    from pair
    left join reference.region as place on place.region_code = pair.region_code
    left join reference.region as partner on partner.region_code = partner_code
)
select *
from relation
where period_sort = (select max(period_sort) from relation)
order by
    coalesce(total_base, total, greatest(women, men)) desc nulls last,
    region_code, partner_code, series nulls first, category
limit {LARGEST}
"""

_UNDIVIDED = "region_code = $home and partner_code is null and category = 'all'"
_LATEST = f"""{_paired(_UNDIVIDED)},
start as (select series, min(period_sort) as first_sort from pair group by series)
select pair.*, home_place.name as region, null as partner
from pair
join home_place using (region_code)
join start on start.series is not distinct from pair.series
order by period_sort desc, first_sort desc, pair.series desc
limit 1
"""
