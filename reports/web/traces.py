"""How each figure of the home region and its kommuner came to be: from the figure to the source's cells.

What a page shows is decided by what stands in the schema provenance, so an unchanged page is known without reading any
cells; they are read, for all regions of an indicator at once, when its first page is made.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from reports.catalogue import Catalogue, rows
from reports.web import reasons
from reports.web.figures import Cell, Key
from reports.wording import number, period_name, shaped

if TYPE_CHECKING:
    from reports.catalogue import Indicator
    from reports.web.pages import Site

KEY = ("region_code", "partner_code", "period", "sex", "category", "series")
MOST_CELLS = 12
"""So many cells are written out beside a figure; of more there is the number, and all of them in the file."""
MOST_GROUPS = 300
"""A region with more figures of groups or relations than this shows those of the newest period."""
CELLS = "celler.parquet"
ORDER = {"women": 0, "men": 1, "total": 2}
SEXES = {"women": "kvinnor", "men": "män", "total": "totalt"}
_SLUG = re.compile(r"[^0-9A-Za-zÅÄÖåäö:_-]+")
Rows = Sequence[Mapping[str, Any]]


def folder(indicator: str, region: str) -> str:
    """The folder of the page that tells how an indicator's figures in a region came to be."""
    return f"indikatorer/{indicator}/sparning/{region}"


def anchor(period: str, subject: str, category: str = "all", series: str | None = None, partner: str = "") -> str:
    """The place of a figure on its page; `subject` is women, men, total or gap."""
    parts = [period, subject, category if category != "all" else "", series or "", partner]
    return "-".join(_SLUG.sub("_", part) for part in parts if part)


@dataclass(frozen=True)
class Traces:
    """The pages that there are: the regions by indicator, and what decides each page."""

    con: duckdb.DuckDBPyConnection
    regions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    series: Mapping[str, str] = field(default_factory=dict)
    """The code of a series by its title."""
    latest: dict[str, "Behind"] = field(default_factory=dict, compare=False)
    """What was read last: the pages of an indicator are made one after the other."""

    def has(self, indicator: str, region: str) -> bool:
        """Whether there is a page."""
        return region in self.regions.get(indicator, ())

    def place(self, cell: Cell | Key, subject: str) -> str:
        """The place of a table's cell on its page."""
        return anchor(cell.period, subject, cell.category, self.series.get(cell.series or "", cell.series))

    def digest(self, indicator: str, region: str) -> list[str]:
        """What decides a page: equal where all that it shows is equal."""
        return [self.decided.get(indicator, ""), self.changed.get((indicator, region), "")]


def read(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> Traces:
    """Which pages there are; none of an indicator whose query is not kept in the warehouse."""
    home = {"home": catalogue.run.home_region}
    regions: dict[str, set[str]] = {}
    for row in rows(con, _REGIONS, home):
        regions.setdefault(row["indicator"], set()).add(row["region_code"])
    return Traces(
        con,
        {name: frozenset(found) for name, found in regions.items()},
        {row["indicator"]: row["digest"] for row in rows(con, _DECIDED)},
        {(row["indicator"], row["region_code"]): row["digest"] for row in rows(con, _CHANGED)},
        {row["title"]: row["series"] for row in rows(con, "select title, series from reference.series")},
    )


# --- What a page shows


@dataclass(frozen=True)
class Behind:
    """All that is behind an indicator's figures, by region where it differs."""

    figures: Mapping[str, Rows]
    cells: Mapping[tuple[Any, ...], Rows]
    counts: Mapping[tuple[Any, ...], Rows]
    keys: tuple[str, ...]
    matched: tuple[str, ...]
    parts: Mapping[str, Rows]
    fetches: Mapping[str, Rows]
    gaps: Mapping[tuple[Any, ...], Mapping[str, Any]]
    vintages: Mapping[str, Rows]
    checks: Rows
    formula: str
    formula_hash: str
    file: str


def shown(site: "Site", item: "Indicator", region: str) -> dict[str, Any]:
    """What the page of an indicator and a region shows, read from the warehouse."""
    traces = site.traces
    assert traces is not None
    held = item.state == "held_back"
    behind = _behind(traces, site.home, item)
    fetches = behind.fetches.get(region, ())
    numbers = {row["fetch_number"]: at for at, row in enumerate(fetches, 1)}
    labels = site.figures.categories.get(item.indicator, {})
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in behind.figures.get(region, ()):
        place = (row["period"], row["category"], row["series"], row["partner_code"])
        whole, gap = groups.get(place), behind.gaps.get((region, *place))
        if whole is None:
            whole = groups[place] = {
                "id": anchor(row["period"], "gap", row["category"], row["series_code"], row["partner_code"] or ""),
                "name": _name(row, labels, item.period_type),
                "gap": _plain(gap["diff"], item.decimals, None, signed=True)
                if gap and gap["diff"] is not None
                else None,
                "rows": [],
            }
        matched = tuple(row["series_code" if name == "series" else name] for name in behind.matched)
        whole["rows"].append(
            {
                "id": anchor(row["period"], row["sex"], row["category"], row["series_code"], row["partner_code"] or ""),
                "sex": SEXES[row["sex"]],
                "value": _plain(row["value"], item.decimals, row["status"] or row["reason"]),
                "divided": [
                    f"{name} {_exact(row[name_in])}"
                    for name, name_in in (("täljare", "numerator"), ("nämnare", "denominator"))
                    if row[name_in] is not None
                ]
                + ([f"män {_exact(gap['men_part'])}"] if gap and gap["men_part"] is not None else []),
                "cells": [
                    (
                        one["operand"],
                        SEXES.get(one["sex"], "") if one["sex"] != row["sex"] else "",
                        _exact(one["value"]) if one["value"] is not None else one["status"] or "saknas",
                        f"{numbers[one['cell'] >> 32]}:{one['cell'] & 0xFFFFFFFF}",
                        f"källan: {'saknas' if one['served'] is None else _exact(one['served'])}; "
                        f"rättad av oss: {one['correction']}"
                        if one["correction"] is not None
                        else "",
                    )
                    for one in behind.cells.get(matched, ())
                ],
                "counts": [
                    (one["operand"], SEXES.get(one["sex"], "") if one["sex"] != row["sex"] else "", one["n"])
                    for one in behind.counts.get(matched, ())
                ],
            }
        )
    failed = [one for one in behind.checks if one["success"] is False]
    return {
        "groups": list(groups.values()),
        "corrected": any(one[4] for group in groups.values() for row in group["rows"] for one in row["cells"]),
        "collapsed": any(row["counts"] for group in groups.values() for row in group["rows"]),
        "parts": behind.parts.get(region, ()),
        "fetches": [{**row, "number": at} for at, row in enumerate(fetches, 1)],
        "formula": behind.formula,
        "formula_hash": behind.formula_hash,
        "file": behind.file,
        "checks": behind.checks,
        "failed": failed,
        "skipped": [reasons.skipped(one, site.t) for one in behind.checks if one["success"] is None],
        "held": held,
        "received": sorted(item.received.items()),
        "period": next((row["period"] for row in behind.figures.get(region, ())), ""),
        "vintages": [
            {
                **row,
                "name": _name(row, labels, item.period_type),
                "subject": {**SEXES, "gap": "skillnad"}[row["subject"]],
                "value": _plain(row["value"], item.decimals, row["status"], signed=row["subject"] == "gap"),
                "revision": None
                if row["revision"] is None
                else number(row["revision"], item.decimals, "sv", signed=True),
            }
            for row in behind.vintages.get(region, ())
        ],
    }


def write_cells(site: "Site", item: "Indicator", beside: Path) -> None:
    """Nothing; where a page gives only the number of cells, a file in the folder holds every cell of the indicator."""
    assert site.traces is not None
    behind = _behind(site.traces, site.home, item)
    if not behind.counts:
        return
    keys = ", ".join("o.of_sex as sex" if name == "sex" else f"o.{name}" for name in behind.keys)
    site.traces.con.execute(
        f"""
        copy (
            select {keys}, o.operand, o.value, o.status, if(c.cell is null, o.value, c.served) as served, f.table_id,
                f.fetch_id, f.sha256, o.cell & 4294967295 as cell_index
            from behind_operand as o
            join provenance.fetch as f on f.fetch_number = o.cell >> 32
            left join {_CORRECTED} as c on c.cell = o.cell
            order by all
        ) to '{beside / CELLS}' (format parquet, compression zstd)
        """
    )


def _near(con: duckdb.DuckDBPyConnection, home: str) -> str:
    """The codes of the home region and its kommuner as a list in SQL, by which DuckDB skips what it need not read."""
    return ", ".join(f"'{code}'" for (code,) in con.execute(f"{_NEAR} order by 1", {"home": home}).fetchall())


def _operands(con: duckdb.DuckDBPyConnection, indicator: str, *, level: bool) -> tuple[str, list[str], list[str]]:
    """The query that reads the indicator's cells, its columns, and those that a figure's key decides."""
    ((sql,),) = con.execute(
        "select operands from provenance.query where output = ?", [f"indicators.{indicator}"]
    ).fetchall()
    columns = [row[0] for row in con.execute(f"describe ({sql})").fetchall()]
    # A share or an index is published for both sexes together and made from the cells of each.
    return sql, columns, [name for name in KEY if name in columns and (name != "sex" or level)]


def _behind(traces: Traces, home: str, item: "Indicator") -> Behind:
    """Everything for the pages of one indicator; its cells stand in the table `behind_operand` too."""
    if item.indicator not in traces.latest:
        traces.latest.clear()
        level, held = item.measure == "level", item.state == "held_back"
        traces.latest[item.indicator] = _read(traces.con, item.indicator, home, level=level, held=held)
    return traces.latest[item.indicator]


def _read(con: duckdb.DuckDBPyConnection, indicator: str, home: str, *, level: bool, held: bool) -> Behind:
    """All of it; of an indicator that is held back no cells, for the warehouse has those of the newer figures."""
    operands, columns, matched = _operands(con, indicator, level=level)
    near = _near(con, home)
    keys = ", ".join(matched)
    sex = "sex" if "sex" in columns else "null"
    con.execute(
        f"create or replace temp table behind_operand as select {keys}, operand, {sex} as of_sex, value, status, cell "
        f"from ({operands}) where cell is not null and region_code in ({near}) and not $held",
        {"held": held},
    )
    few = f"select {keys} from behind_operand group by all having count(*) <= {MOST_CELLS}"
    many = f"select {keys} from behind_operand group by all having count(*) > {MOST_CELLS}"
    joined = " and ".join(f"k.{name} is not distinct from o.{name}" for name in matched)
    own = ", ".join(f"o.{name}" for name in matched)
    cells = rows(
        con,
        f"select {own}, o.operand, o.of_sex, o.value, o.status, o.cell, c.served, c.reason as correction "
        f"from behind_operand as o join ({few}) as k on {joined} left join {_CORRECTED} as c on c.cell = o.cell "
        "order by o.operand, list_position(['women', 'men', 'total'], o.of_sex), o.cell",
    )
    counts = rows(
        con,
        f"select {own}, o.operand, o.of_sex, count(*) as n from behind_operand as o join ({many}) as k on {joined} "
        f"group by {own}, o.operand, o.of_sex order by o.operand, list_position(['women', 'men', 'total'], o.of_sex)",
    )
    ((formula, formula_hash, file),) = con.execute(
        "select sql, sha256, file from provenance.query where output = ?", [f"indicators.{indicator}"]
    ).fetchall()
    return Behind(
        figures=_by(rows(con, _FIGURES.format(indicator=indicator, near=near)), "region_code"),
        cells=_keyed(cells, matched),
        counts=_keyed(counts, matched),
        keys=tuple(name for name in KEY if name in columns),
        matched=tuple(matched),
        parts={} if held else _parts(con, indicator),
        fetches=_by(rows(con, _FETCHES), "region_code"),
        gaps={
            tuple(row[name] for name in ("region_code", "period", "category", "series", "partner_code")): row
            for row in rows(con, _GAPS.format(near=near), {"indicator": indicator})
        },
        vintages=_by(rows(con, _VINTAGES, {"indicator": indicator}), "region_code"),
        checks=rows(con, _CHECKS, {"indicator": indicator}),
        formula=formula,
        formula_hash=formula_hash,
        file=file,
    )


def _parts(con: duckdb.DuckDBPyConnection, indicator: str) -> dict[str, list[dict[str, Any]]]:
    """By region, what each operand is: its table, and per variable the code in words or how many codes there are."""
    found: dict[str, list[dict[str, Any]]] = {}
    tables = rows(con, _TABLES, {"indicator": indicator})
    for table in tables:
        name = table["table_id"]
        variables = [
            row[0]
            for row in con.execute(f'describe raw."{name}"').fetchall()
            if row[0] not in ("value", "status", "cell")
        ]
        each = ", ".join(
            f'count(distinct r."{one}") as "n_{at}", min(r."{one}") as "c_{at}"' for at, one in enumerate(variables)
        )
        query = f"""
            select o.region_code, o.operand, count(distinct o.cell) as cells, {each}
            from behind_operand as o join raw."{name}" as r on r.cell = o.cell
            group by all order by o.region_code, o.operand
        """
        labels = {
            (row["variable"].casefold(), row["code"]): row["label"]
            for row in rows(con, "select variable, code, label from reference.source_code where table_id = $table",
                            {"table": name})
        }  # fmt: skip
        written = {row["variable"].casefold(): row["variable"] for row in rows(
            con, "select distinct variable from reference.source_code where table_id = $table", {"table": name}
        )}  # fmt: skip
        for row in rows(con, query):
            of = [
                {
                    "variable": written.get(one.casefold(), one),
                    "code": row[f"c_{at}"] if row[f"n_{at}"] == 1 else None,
                    "label": labels.get((one.casefold(), row[f"c_{at}"])),
                    "n": row[f"n_{at}"],
                }
                for at, one in enumerate(variables)
            ]
            found.setdefault(row["region_code"], []).append(
                {"operand": row["operand"], "cells": row["cells"], **table, "variables": of}
            )
    return found


def _keyed(found: Rows, matched: Sequence[str]) -> dict[tuple[Any, ...], list[Mapping[str, Any]]]:
    by: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in found:
        by.setdefault(tuple(row[name] for name in matched), []).append({**row, "sex": row["of_sex"]})
    return by


def _by(found: Rows, key: str) -> dict[str, list[Mapping[str, Any]]]:
    by: dict[str, list[Mapping[str, Any]]] = {}
    for row in found:
        by.setdefault(row[key], []).append(row)
    return by


def _name(row: Mapping[str, Any], labels: Mapping[str, str], period_type: str) -> list[str]:
    """What a figure is of: its period, group, series and the other region."""
    partner = row.get("partner_name")
    of = [
        period_name(row["period"], shaped(row["period"]) or period_type),
        labels.get(row["category"], row["category"]) if row["category"] != "all" else None,
        row["series"],
        f"till {partner}" if partner else None,
    ]
    return [one for one in of if one]


def _plain(value: float | None, decimals: int, missing: str | None, *, signed: bool = False) -> str:
    return number(value, decimals, "sv", signed=signed) if value is not None else missing or "saknas"


@lru_cache(maxsize=100_000)
def _exact(value: float) -> str:
    """The value with all the decimals that it has."""
    _, _, decimals = repr(value).partition(".")
    return number(value, 0 if value == int(value) else len(decimals) if "e" not in decimals else 6, "sv")


_NEAR = "select region_code from reference.region where valid_to is null and $home in (region_code, county_code)"

_REGIONS = f"""
select distinct indicator, region_code
from indicators.observation
where region_code in ({_NEAR})
    and indicator in (select substr(output, 12) from provenance.query where operands is not null)
"""

# One text per indicator: its own and all queries behind it, the answers, the labels, the corrections, the checks.
_DECIDED = """
with recursive step as (
    select distinct output, input from provenance.edge where input <> output
),
upstream as (
    select 'indicators.' || indicator as output, 'indicators.' || indicator as input from reference.indicator
    union
    select u.output, s.input from upstream as u join step as s on s.output = u.input
),
formula as (
    select u.output, string_agg(distinct q.sha256, ' ' order by q.sha256) as text
    from upstream as u join provenance.query as q on q.output in (u.input, 'macros')
    group by u.output
),
answer as (
    select t.indicator, string_agg(f.fetch_id, ' ' order by f.fetch_number) as text
    from reference.indicator_table as t join provenance.fetch as f using (table_id)
    group by t.indicator
),
label as (
    select t.indicator, bit_xor(hash(c.table_id, c.variable, c.code, c.label)) as text
    from reference.indicator_table as t join reference.source_code as c using (table_id)
    group by t.indicator
),
correction as (
    select t.indicator, bit_xor(hash(c)) as text
    from reference.indicator_table as t join reference.correction as c using (table_id)
    group by t.indicator
),
subject as (
    select indicator, indicator as subject from reference.indicator
    union all
    select indicator, table_id from reference.indicator_table
),
outcome as (
    select rule, subject, severity, success, message from checks.result
    union all
    select rule, subject, null, null, reason from checks.skipped
),
checked as (
    select s.indicator, bit_xor(hash(r.rule, r.subject, r.severity, r.success, r.message)) as text
    from subject as s join outcome as r using (subject)
    group by s.indicator
)
select
    i.indicator, concat_ws('|', f.text, a.text, l.text, c.text, k.text, s.state, s.reason,
        case when s.state = 'held_back' then s.run_id end) as digest
from reference.indicator as i
left join formula as f on f.output = 'indicators.' || i.indicator
left join answer as a using (indicator)
left join label as l using (indicator)
left join correction as c using (indicator)
left join checked as k using (indicator)
left join provenance.indicator_state as s using (indicator)
"""

_CHANGED = """
select indicator, region_code, md5(string_agg(concat_ws('|', period, category, series, subject, history_run, value),
    ' ' order by period, category, series, subject, history_run)) as digest
from analysis.revision
where not is_latest or vintage > 1
group by all
"""

_CORRECTED = "(select cell, served, reason from reference.correction where outcome = 'applied')"
_FIGURES = f"""
with near as (
    select o.*, p.sort, coalesce(n.title, o.series) as series_title, r.name as partner_name,
        o.category = 'all' and o.partner_code is null as is_whole
    from indicators.{{indicator}} as o
    left join (select period, min(sort) as sort from reference.period group by period) as p using (period)
    left join reference.series as n on n.series = o.series
    left join reference.region as r on r.region_code = o.partner_code and r.valid_to is null
    where o.region_code in ({{near}})
),
counted as (
    select *, count(*) over of_kind as n, max(sort) over of_kind as newest
    from near
    window of_kind as (partition by region_code, is_whole)
)
select * exclude (series, n, newest, is_whole, sort, series_title), series as series_code, series_title as series
from counted
where is_whole or n <= {MOST_GROUPS} or sort = newest
order by sort desc, is_whole desc, partner_code, category, series, list_position(['women', 'men', 'total'], sex)
"""

_GAPS = """
select
    g.region_code, g.period, g.category, coalesce(n.title, g.series) as series, g.partner_code, g.diff, g.reason,
    cast(g.men_part as double) as men_part
from analysis.gap as g
left join reference.series as n on n.series = g.series
where g.indicator = $indicator and g.region_code in ({near})
    and coalesce(g.diff, g.men_part) is not null
"""

_FETCHES = """
select distinct o.region_code, f.fetch_number, f.fetch_id, f.table_id, s.title, f.received_at, f.updated, f.sha256,
    f.bytes, f.cells
from (select distinct region_code, cell >> 32 as fetch_number from behind_operand) as o
join provenance.fetch as f using (fetch_number)
left join reference.source_table as s on s.table_id = f.table_id
order by o.region_code, f.fetch_number
"""

_TABLES = """
select t.table_id, s.title, s.agency
from reference.indicator_table as t
left join reference.source_table as s using (table_id)
where t.indicator = $indicator
order by t.table_id
"""

_VINTAGES = """
select region_code, period, category, series, subject, history_run, value, status, revision, is_preliminary, vintage
from analysis.revision
where indicator = $indicator
qualify count(*) over (partition by region_code, period, category, series, subject) > 1
order by region_code, period desc, category, series, subject, vintage
"""

_CHECKS = """
with own as (
    select $indicator as subject
    union all
    select table_id from reference.indicator_table where indicator = $indicator
)
select rule, severity, subject, success, message from checks.result where subject in (from own)
union all
select coalesce(rule, 'alla'), null, subject, null, reason from checks.skipped where subject in (from own)
order by success nulls last, severity, rule, subject
"""
