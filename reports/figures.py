"""Figures of the warehouse as the pictures take them: read, never computed."""

from collections.abc import Mapping, Sequence

import duckdb

from reports.catalogue import rows
from reports.subjects import Break, Flow, Place, Point

# Of two series in one period the one that began last is shown: the older ones stop where it begins.
_NEWEST = """
with
gap as (
    select
        g.*, coalesce(r.name, g.region_code) as name, r.type as level, r.county_code,
        translate(lower(r.name), 'åäöé', '{|}e') as swedish_order,
        i.measure, p.sort as period_sort
    from analysis.gap as g
    join reference.indicator as i using (indicator)
    left join reference.region as r using (region_code)
    left join (select period, min(sort) as sort from reference.period group by period) as p using (period)
    where g.indicator = $indicator and g.category = $category
),
start as (select series, min(period_sort) as first_sort from gap group by series),
mark as (
    select
        region_code, partner_code, period, series,
        bool_or(is_preliminary) as preliminary,
        string_agg(distinct coalesce(status, reason), ' ' order by coalesce(status, reason))
            filter (where value is null) as code
    from indicators.observation
    where indicator = $indicator and category = $category
    group by all
),
newest as (
    select
        gap.*, coalesce(mark.preliminary, false) as preliminary,
        coalesce(rtrim(reason.text, '.'), mark.code) as missing
    from gap
    join start on start.series is not distinct from gap.series
    left join mark
        on mark.region_code = gap.region_code and mark.period = gap.period
        and mark.series is not distinct from gap.series and mark.partner_code is not distinct from gap.partner_code
    left join reference.reason as reason on reason.reason = mark.code
    qualify row_number() over (
        partition by gap.region_code, gap.partner_code, gap.period order by start.first_sort desc, gap.series desc
    ) = 1
)
"""


def history(
    con: duckdb.DuckDBPyConnection, indicator: str, regions: Sequence[str], category: str = "all"
) -> tuple[Point, ...]:
    """Women, men, total and gap of the regions (codes, in that order) in every period; the newest series in each."""
    query = f"""{_NEWEST}
        select * from newest
        where region_code in (select unnest($regions)) and partner_code is null
        order by list_position($regions, region_code), period_sort"""
    found = rows(con, query, {"indicator": indicator, "category": category, "regions": list(regions)})
    points = []
    for row in found:
        level = row["measure"] == "level"
        columns = {"women": row["women"], "men": row["men"], "gap": row["diff"]} if level else {"total": row["total"]}
        for sex, value in columns.items():
            points.append(
                Point(
                    row["name"],
                    row["period"],
                    sex,  # type: ignore[arg-type]
                    value,
                    row["series"],
                    row["preliminary"],
                    row["missing"] if value is None else None,
                )
            )
    return tuple(points)


def breaks(con: duckdb.DuckDBPyConnection, indicator: str) -> tuple[Break, ...]:
    """The breaks of the tables that the indicator rests on, by period; one that several tables share stands once."""
    query = """
        select b.period, b.what, bool_and(b.line) as line
        from reference.source_break as b
        join reference.indicator_table as t using (table_id)
        where t.indicator = $indicator
        group by b.period, b.what
        order by b.period, b.what"""
    return tuple(Break(**row) for row in rows(con, query, {"indicator": indicator}))


def places(
    con: duckdb.DuckDBPyConnection, indicator: str, period: str, county: str | None = None, category: str = "all"
) -> tuple[Place, ...]:
    """Riket and every county in a period, or (with `county`) the county and its kommuner; the newest series."""
    chosen = "level in ('country', 'county')"
    if county is not None:
        chosen = "region_code = $county or (level = 'municipality' and county_code = $county)"
    query = f"""{_NEWEST}
        select region_code, name, level, women, men, diff, total, preliminary, missing, measure
        from newest
        where period = $period and partner_code is null and ({chosen})
        order by list_position(['country', 'county', 'municipality'], level), swedish_order"""
    parameters: Mapping[str, object] = {"indicator": indicator, "category": category, "period": period}
    found = rows(con, query, {**parameters, **({"county": county} if county else {})})
    return tuple(
        Place(
            code=row["region_code"],
            name=row["name"],
            level=row["level"],
            women=row["women"],
            men=row["men"],
            diff=row["diff"] if row["measure"] == "level" else None,
            total=row["total"] if row["measure"] != "level" else None,
            preliminary=row["preliminary"],
            missing=row["missing"],
        )
        for row in found
    )


def flows(con: duckdb.DuckDBPyConnection, indicator: str, period: str, home: Sequence[str]) -> tuple[Flow, ...]:
    """The relations from or to the places (codes) in a period, the largest first; those within one place left out."""
    query = f"""{_NEWEST}
        select n.name as home, coalesce(work.name, n.partner_code) as work, n.women, n.men
        from newest as n
        left join reference.region as work on work.region_code = n.partner_code
        where n.period = $period and n.region_code != n.partner_code
            and (list_contains($home, n.region_code) or list_contains($home, n.partner_code))
        order by greatest(coalesce(n.total, 0), coalesce(n.women, 0) + coalesce(n.men, 0)) desc,
            n.region_code, n.partner_code"""
    parameters = {"indicator": indicator, "category": "all", "period": period, "home": list(home)}
    return tuple(Flow(**row) for row in rows(con, query, parameters))
