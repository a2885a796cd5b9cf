"""What differs between two releases, cell by cell: computed in SQL over the Parquet tables of both."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson

from transforms import declarations
from transforms.declarations import Indicator

CLASSES = ("new", "revised", "corrected", "definition", "status", "removed")
"""In the order in which they are told."""

CELLS = "source_cells.parquet"
DEFINING = ("definition", "unit", "measure", "polarity", "period_type", "tables")
LARGEST = 3
_KEY = ("indicator", "region_code", "partner_code", "period", "sex", "category", "series")


@dataclass(frozen=True)
class Side:
    """One release to compare: its manifest, the folder of its tables, and what it rests on where that is known."""

    manifest: Mapping[str, Any]
    tables: Path
    cells: Path

    @property
    def formulas(self) -> Mapping[str, str]:
        """By indicator, the hash of its query; empty where the release does not say."""
        return dict(self.manifest.get("release", {}).get("formulas", {}))


def write_cells(con: duckdb.DuckDBPyConnection, indicators: Iterable[Indicator], path: Path) -> None:
    """Nothing; the file holds a hash of the source's cells behind every indicator, region and period.

    The cells are taken as the source served them: where a value is corrected by us, as it was before. Sums of hashes
    do not depend on any order.
    """
    con.execute("""
        create or replace temp table source_cells (
            indicator varchar, region_code varchar, period varchar, cells bigint, hash varchar
        )
    """)
    for one in indicators:
        query = declarations.operands_sql(one)
        names = [row[0] for row in con.execute(f"describe {query}").fetchall() if row[0] not in ("cell", "value")]
        words = ", ".join(f"""coalesce(cast(o."{name}" as varchar), '')""" for name in names)
        con.execute(
            f"""
            insert into source_cells
            select ?, o.region_code, o.period, count(*), cast(sum(md5_number_lower(concat_ws(chr(31), {words},
                coalesce(cast(coalesce(c.served, cast(o.value as double)) as varchar), ''))))::hugeint as varchar)
            from ({query}) as o
            left join (select cell, any_value(served) as served from reference.correction group by cell) as c
                on c.cell = o.cell
            group by all
            """,
            [one.id],
        )
    con.execute(
        f"copy (select * from source_cells order by all) to '{_quoted(path)}' (format parquet, compression zstd)"
    )
    con.execute("drop table source_cells")


@dataclass(frozen=True)
class Changes:
    """What differs: every changed cell as CSV, and what a person reads of it."""

    csv: bytes
    summary: Mapping[str, Any]

    @property
    def diff_hash(self) -> str:
        """SHA-256 of the changed cells and the changed definitions."""
        return str(self.summary["diff_hash"])

    def json(self) -> bytes:
        """The summary as a file."""
        return orjson.dumps(self.summary, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def compare(old: Side | None, new: Side) -> Changes:
    """Every cell that differs between two releases; without an old one there is nothing to compare with."""
    with duckdb.connect() as con:
        con.execute("set threads = 1")
        for name, side in (("old", old), ("new", new)):
            _read(con, name, side)
        _facts(con, old, new)
        con.execute(_CHANGED if old else _CHANGED + " limit 0")
        rows = con.execute(_CSV).fetchall()
        lines = [",".join(name for name, *_ in con.description or ())]
        lines += [",".join(map(_cell, row)) for row in rows]
        csv = ("\n".join(lines) + "\n").encode()
        definitions = _definitions(old, new) if old else []
        digest = hashlib.sha256(csv + orjson.dumps(definitions, option=orjson.OPT_SORT_KEYS)).hexdigest()
        counts = dict(con.execute("select class, count(*) from changed group by class").fetchall())
        summary = {
            "against": _named(old) if old else None,
            "of": _named(new),
            "diff_hash": digest,
            "counts": {one: counts.get(one, 0) for one in CLASSES},
            "definitions": definitions,
            "indicators": _by_indicator(con, old, new),
        }
    return Changes(csv, summary)


def _named(side: Side) -> dict[str, Any]:
    release = side.manifest.get("release", {})
    return {"id": release.get("id", side.manifest["run_id"]), "run_id": side.manifest["run_id"]}


def _read(con: duckdb.DuckDBPyConnection, name: str, side: Side | None) -> None:
    """Nothing; `<name>_row` holds the published rows and `<name>_source` the hashes of what they rest on."""
    files = sorted(side.tables.glob("*.parquet")) if side else []
    columns = (
        "indicator, region_code, region, coalesce(partner_code, '') as partner_code, period, sex, category, "
        "coalesce(series, '') as series, value, numerator, denominator, margin, status, reason, is_preliminary"
    )
    if files:
        listed = ", ".join(f"'{_quoted(file)}'" for file in files)
        con.execute(f"create table {name}_row as select {columns} from read_parquet([{listed}], union_by_name = true)")
    else:
        con.execute(_NO_ROWS.format(name=name))
    if side and side.cells.exists():
        con.execute(f"create table {name}_source as select * from read_parquet('{_quoted(side.cells)}')")
    else:
        con.execute(
            f"create table {name}_source "
            "(indicator varchar, region_code varchar, period varchar, cells bigint, hash varchar)"
        )


def _facts(con: duckdb.DuckDBPyConnection, old: Side | None, new: Side) -> None:
    """Nothing; `fact` says of each indicator what has changed but its figures; unknown is null."""
    con.execute("create table fact (indicator varchar, defined boolean, formula boolean, published boolean)")
    if old is None:
        return
    updated = [{one["id"]: one["updated"] for one in side.manifest["tables"]} for side in (old, new)]
    before = {one["id"]: one for one in old.manifest["indicators"]}
    for one in new.manifest["indicators"]:
        if one["id"] not in before:
            continue
        formulas = [side.formulas.get(one["id"]) for side in (old, new)]
        con.execute(
            "insert into fact values (?, ?, ?, ?)",
            [
                one["id"],
                any(before[one["id"]].get(name) != one.get(name) for name in DEFINING),
                None if None in formulas else formulas[0] != formulas[1],
                any(updated[0].get(table) != updated[1].get(table) for table in one["tables"]),
            ],
        )


def _definitions(old: Side, new: Side) -> list[dict[str, Any]]:
    before = {one["id"]: one for one in old.manifest["indicators"]}
    return [
        {"indicator": one["id"], "field": name, "old": before[one["id"]].get(name), "new": one.get(name)}
        for one in new.manifest["indicators"]
        if one["id"] in before
        for name in DEFINING
        if before[one["id"]].get(name) != one.get(name)
    ]


def _by_indicator(con: duckdb.DuckDBPyConnection, old: Side | None, new: Side) -> list[dict[str, Any]]:
    """The changed indicators as the release orders them: cells of each class, their periods, the largest."""
    titles = {one["id"]: one["title"] for side in (old, new) if side for one in side.manifest["indicators"]}
    counts: dict[str, dict[str, int]] = {}
    periods: dict[str, dict[str, list[str]]] = {}
    for indicator, kind, number, first, last in con.execute(
        "select indicator, class, count(*), min(period), max(period) from changed group by all"
    ).fetchall():
        counts.setdefault(indicator, {})[kind] = number
        periods.setdefault(indicator, {})[kind] = [first, last]
    found = con.execute(_LARGEST, [LARGEST])
    names = [column[0] for column in found.description or ()]
    largest: dict[str, list[dict[str, Any]]] = {}
    for row in found.fetchall():
        one = dict(zip(names, row, strict=True))
        largest.setdefault(one.pop("indicator"), []).append(one)
    return [
        {
            "indicator": one,
            "title": title,
            "counts": {kind: counts[one].get(kind, 0) for kind in CLASSES},
            "periods": periods[one],
            "largest": largest.get(one, []),
        }
        for one, title in titles.items()
        if one in counts
    ]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    if text[:1] in "=+@\t\r" and len(text) > 1:
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n\r') else text


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


_NO_ROWS = """
create table {name}_row (
    indicator varchar, region_code varchar, region varchar, partner_code varchar, period varchar, sex varchar,
    category varchar, series varchar, value double, numerator double, denominator double, margin double, status varchar,
    reason varchar, is_preliminary boolean
)
"""
# A figure is corrected by us when the source's cells behind it are the same as before. Cells behind other regions and
# periods may be part of it too: where those differ, it is ours only if the formula has changed.
_CHANGED = f"""
create table changed as
with
source as (
    select indicator, region_code, period, o.hash is not distinct from n.hash and o.cells = n.cells as same
    from old_source as o join new_source as n using (indicator, region_code, period)
),
indicator_source as (select indicator, bool_and(same) as same from source group by indicator),
pair as (
    select
        {", ".join(f"coalesce(o.{name}, n.{name}) as {name}" for name in _KEY)},
        coalesce(n.region, o.region) as region, o.indicator is not null as was, n.indicator is not null as stands,
        o.value as old_value, n.value as new_value, o.status as old_status, n.status as new_status,
        o.reason as old_reason, n.reason as new_reason, o.is_preliminary as old_preliminary,
        n.is_preliminary as new_preliminary,
        o.value is distinct from n.value or o.numerator is distinct from n.numerator
        or o.denominator is distinct from n.denominator or o.margin is distinct from n.margin as other_figure,
        o.status is distinct from n.status or o.reason is distinct from n.reason
        or o.is_preliminary is distinct from n.is_preliminary as other_status
    from old_row as o
    full join new_row as n using ({", ".join(_KEY)})
),
classed as (
    select
        p.*,
        case
            when not p.was then 'new'
            when not p.stands then 'removed'
            when not p.other_figure then 'status'
            -- Where the formula is the same and the source's cells are not, the source has changed the figure.
            when f.defined and not (s.same is not distinct from false and f.formula is not distinct from false)
                then 'definition'
            when s.same is null then if(coalesce(f.published, true), 'revised', 'corrected')
            when s.same and (i.same or coalesce(f.formula, false)) then 'corrected'
            else 'revised'
        end as class,
        coalesce(f.formula, false) as formula
    from pair as p
    left join fact as f using (indicator)
    left join source as s using (indicator, region_code, period)
    left join indicator_source as i using (indicator)
    where p.other_figure or p.other_status or not p.was or not p.stands
)
select
    *,
    case
        when class = 'revised' and formula then 'source_and_formula'
        when class = 'revised' then 'source'
        when class = 'corrected' then if(formula, 'formula', 'correction_or_code')
    end as why,
    case when was and stands then new_value - old_value end as difference,
    case when was and stands then 100 * (new_value - old_value) / nullif(abs(old_value), 0) end as percent
from classed
"""
_ORDER = f"{', '.join(_KEY)}"
_CSV = f"""
select
    indicator, region_code, region, nullif(partner_code, '') as partner_code, period, sex, category,
    nullif(series, '') as series, class, why, old_value, new_value, difference, percent, old_status, new_status,
    old_reason, new_reason, old_preliminary, new_preliminary
from changed
order by {_ORDER}
"""
_LARGEST = f"""
select
    indicator, region_code, region, nullif(partner_code, '') as partner_code, period, sex, category,
    nullif(series, '') as series, class, old_value, new_value, difference, percent
from changed
where class in ('revised', 'corrected', 'definition') and difference <> 0
qualify row_number() over (
    partition by indicator order by abs(percent) desc nulls last, abs(difference) desc, {_ORDER}
) <= ?
order by indicator, abs(percent) desc nulls last, abs(difference) desc, {_ORDER}
"""
