"""From one published figure back to SCB's cells, checked against the bytes that were received."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import duckdb

from sources.decoder import column, decode, parse
from sources.errors import ContractError
from sources.raw_store import FetchRecord, RawStore
from transforms import declarations
from transforms.declarations import Indicator
from warehouse import history
from warehouse.database import quoted

SEXES: dict[Any, int] = {"women": 0, "men": 1, "total": 2}
OPTIONS = {"series": "--series", "partner_code": "--partner"}
KEY = ("region_code", "partner_code", "period", "sex", "category", "series")


class NotFound(ValueError):
    """There is no such figure; the message names the nearest that exist."""


@dataclass(frozen=True)
class Cell:
    """One of SCB's cells behind a figure: its codes, where it came from, and whether the kept bytes still say so.

    Where we have corrected the cell, `value` is ours, `served` is SCB's and `correction` says why.
    """

    operand: str
    sex: str | None
    value: float | None
    status: str | None
    table_id: str
    codes: dict[str, str]
    fetch_id: str
    index: int
    verified: bool
    served: float | None = None
    correction: str | None = None


@dataclass(frozen=True)
class Trace:
    """Everything behind one or more figures of equal key: the figures, SCB's cells, the queries, the checks."""

    indicator: str
    title: str
    definition: str
    formula: str
    origin: str
    figures: list[dict[str, Any]]
    cells: list[Cell]
    fetches: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    vintages: list[dict[str, Any]]
    note: str | None = None
    run: dict[str, Any] = field(default_factory=dict)
    edges: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """The trace as plain JSON values."""
        return {**self.__dict__, "cells": [cell.__dict__ for cell in self.cells]}


@dataclass(frozen=True)
class Key:
    """Which figure: a region and a period, and as much of the rest of the key as is needed."""

    region_code: str
    period: str
    sex: str | None = None
    category: str | None = None
    series: str | None = None
    partner_code: str | None = None

    def given(self, columns: Sequence[str]) -> dict[str, str]:
        """The parts that are given and are among the columns."""
        return {name: value for name, value in self.__dict__.items() if value is not None and name in columns}


def trace(con: duckdb.DuckDBPyConnection, store: RawStore, indicator: Indicator, key: Key) -> Trace:
    """What is behind the figures with that key.

    Raises:
        NotFound: no figure has the key.
        ContractError: a stored answer is gone or altered, or the figure is not what its formula gives.
    """
    figures = _rows(con, f"indicators.{indicator.id}", key.given(KEY))
    if not figures:
        raise NotFound(_what_exists(con, indicator, key))
    figures = _largest_first(con, figures)
    query = declarations.operands_sql(indicator)
    columns = [row[0] for row in con.execute(f"describe ({query})").fetchall()]
    # A share or an index is published for both sexes together and made from the cells of each.
    by_sex = indicator.front.measure == "level"
    given = key.given([name for name in columns if name != "sex" or by_sex])
    operands = _rows(
        con, f"({query})", given, [name for name in ("operand", "sex", "value", "status", "cell") if name in columns]
    )
    fetches = {row["fetch_number"]: row for row in _rows(con, "provenance.fetch", {})}
    used = sorted({row["cell"] >> 32 for row in operands})
    stored = {number: _stored(store, fetches[number]) for number in used}
    codes = {
        number: _codes(
            con, fetches[number]["table_id"], [row["cell"] for row in operands if row["cell"] >> 32 == number]
        )
        for number in used
    }
    corrected = {row["cell"]: row for row in _rows(con, "reference.correction", {}) if row["outcome"] == "applied"}
    cells = []
    for row in operands:
        number, index = row["cell"] >> 32, row["cell"] & 0xFFFFFFFF
        correction = corrected.get(row["cell"])
        served = correction["served"] if correction else row["value"]
        cells.append(
            Cell(
                row["operand"],
                row["sex"],
                row["value"],
                row["status"],
                fetches[number]["table_id"],
                codes[number][row["cell"]],
                fetches[number]["fetch_id"],
                index,
                stored[number][index] == (served, row["status"]),
                served,
                correction["reason"] if correction else None,
            )
        )
    held = _held_back(con, indicator)
    if not held:
        _refuse_other_figures(con, indicator, key, figures)
    then = _as_then(con, store, held[1], cells) if held else None
    cells, shown = then or (cells, [fetches[number] for number in used])
    subjects = [indicator.id, *declarations.tables(indicator)]
    checks = [row for row in _rows(con, "checks.result", {}) if row["subject"] in subjects]
    vintages = _largest_first(con, _vintages(con, indicator, key))
    front = indicator.front
    return Trace(
        indicator.id,
        front.title,
        front.definition,
        indicator.sql,
        con.execute("select origin_label from provenance.run").fetchall()[0][0],
        figures,
        cells,
        [{name: _plain(value) for name, value in one.items()} for one in shown],
        checks,
        vintages,
        held
        and f"held back ({held[0]}): the figures are those of run {held[1]}"
        + (", and so are the cells" if then else ", the cells those of the newest fetch"),
        _run(con),
        _edges(con, indicator),
        _changes(con, indicator, vintages),
        [row for row in _rows(con, "checks.skipped", {}) if row["subject"] in subjects],
    )


def _refuse_other_figures(
    con: duckdb.DuckDBPyConnection, indicator: Indicator, key: Key, figures: Sequence[dict[str, Any]]
) -> None:
    """Nothing, when the formula gives just these figures of the cells in the warehouse."""
    given = key.given(declarations.output_columns(indicator))
    again = {tuple(row.get(name) for name in KEY): row for row in _rows(con, f"({indicator.sql})", given)}
    for row in figures:
        computed = again.get(tuple(row[name] for name in KEY), {})
        for name in ("value", "numerator", "denominator"):
            shown, made = row[name], computed.get(name)
            if shown != made and (shown is None or made is None or not math.isclose(shown, made, rel_tol=1e-9)):
                raise ContractError(
                    f"indicators.{indicator.id}: {name} is {shown}, and the formula gives {made} of the same cells; "
                    "the database has been altered, or the formula since the run; run `jamstat refresh`"
                )


def _rows(
    con: duckdb.DuckDBPyConnection, source: str, given: dict[str, str], columns: Sequence[str] = ("*",)
) -> list[dict[str, Any]]:
    where = "".join(f" and {name} = ?" for name in given)
    result = con.execute(f"select {', '.join(columns)} from {source} where true{where} order by all", [*given.values()])
    names = [column[0] for column in result.description]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return sorted(rows, key=lambda row: SEXES.get(row.get("sex"), len(SEXES)))


def _largest_first(con: duckdb.DuckDBPyConnection, figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures, each with the name of its `partner`; relations by their flow of women and men, the largest first."""
    names = dict(con.execute("select region_code, name from reference.region").fetchall())
    flow: dict[str, float] = {}
    for row in figures:
        row["partner"] = names.get(row["partner_code"])
        if row["partner_code"] is not None and row["sex"] != "total":
            flow[row["partner_code"]] = flow.get(row["partner_code"], 0) + (row["value"] or 0)
    return sorted(figures, key=lambda row: (-flow.get(row["partner_code"], 0), row["partner_code"] or ""))


def _stored(store: RawStore, fetch: dict[str, Any]) -> list[tuple[float | None, str | None]]:
    """Values and symbols in the bytes as they were received."""
    batch = decode(parse(store.body(_record(store, fetch))))
    return list(zip(batch["value"].to_pylist(), batch["status"].to_pylist(), strict=True))


def _record(store: RawStore, fetch: dict[str, Any]) -> FetchRecord:
    records = {record.fetch_id: record for record in store.records(fetch["table_id"]).all}
    if (record := records.get(fetch["fetch_id"])) is None:
        raise ContractError(
            f"{fetch['table_id']}: the stored answer {fetch['fetch_id']} behind this figure is gone; "
            f"fetch it anew: jamstat refresh --full --table {fetch['table_id']}"
        )
    return record


def _codes(con: duckdb.DuckDBPyConnection, table_id: str, cells: list[int]) -> dict[int, dict[str, str]]:
    wanted = ", ".join(map(str, cells))
    rows = _rows(con, f"(select * from raw.{quoted(table_id)} where cell in ({wanted}))", {})
    own = ("value", "status", "cell")
    return {row["cell"]: {name: code for name, code in row.items() if name not in own} for row in rows}


def _vintages(con: duckdb.DuckDBPyConnection, indicator: Indicator, key: Key) -> list[dict[str, Any]]:
    """The figures as each run first published or changed them, where history is attached."""
    if not history.has(con, "vintage"):
        return []
    given = key.given(KEY) | {"indicator": indicator.id}
    columns = ("history_run", "sex", "category", "series", "partner_code", "value", "status", "reason")
    return _rows(con, "history_vintage", given, columns)


def _run(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The run that built the warehouse, with its software and the versions of its libraries."""
    found = _rows(con, "provenance.run left join provenance.software using (run_id)", {})[0]
    packages = {row["name"]: row["version"] for row in _rows(con, "provenance.package", {})}
    return {name: _plain(value) for name, value in found.items()} | {"packages": packages}


def _edges(con: duckdb.DuckDBPyConnection, indicator: Indicator) -> list[dict[str, Any]]:
    """The steps from the source's tables to the indicator, and to the analyses that read it."""
    return _rows(con, f"({_WALKED.format(indicator=indicator.id)})", {})


_WALKED = """
with recursive step as (
    select distinct output, input from provenance.edge where output_field is not null or type = 'DIRECT'
),
back as (
    select output, input from step where output = 'indicators.{indicator}'
    union
    select s.output, s.input from step as s join back as b on s.output = b.input
)
select e.output, e.output_field, e.input, e.input_field, e.type
from provenance.edge as e
join back using (output, input)
where split_part(e.input, '.', 1) <> 'reference'
"""


def _changes(
    con: duckdb.DuckDBPyConnection, indicator: Indicator, vintages: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """From each run that changed the figures to the next: which tables had a new edition, and whether the formula had.

    The cause of a change is not told by this, only what else was new.
    """
    runs = sorted({row["history_run"] for row in vintages})
    if len(runs) < 2 or not history.has(con, "fetch") or not history.has(con, "run"):
        return []
    given = ", ".join(f"'{run}'" for run in runs)
    tables = ", ".join(f"'{table}'" for table in declarations.tables(indicator))
    editions = {
        (row["history_run"], row["table_id"]): row["updated"]
        for row in _rows(
            con,
            "(select distinct history_run, table_id, updated from history_fetch "
            f"where history_run in ({given}) and table_id in ({tables}))",
            {},
        )
    }
    names = {row[0] for row in con.execute("describe history_run").fetchall()}
    formulas: dict[str, str | None] = {}
    if "formula_sha256" in names:
        formulas = {
            row["history_run"]: row["formula_sha256"]
            for row in _rows(
                con,
                "(select distinct history_run, formula_sha256 from history_run "
                f"where indicator = '{indicator.id}' and history_run in ({given}))",
                {},
            )
        }
    return [
        {
            "from": before,
            "to": after,
            "tables": [
                {"table_id": table, "from": editions.get((before, table)), "to": editions.get((after, table))}
                for table in declarations.tables(indicator)
                if editions.get((before, table)) != editions.get((after, table))
            ],
            "formula_changed": None
            if not formulas.get(before) or not formulas.get(after)
            else formulas[before] != formulas[after],
        }
        for before, after in pairwise(runs)
    ]


def _held_back(con: duckdb.DuckDBPyConnection, indicator: Indicator) -> tuple[str, str] | None:
    """Why the indicator is held back, and the run whose figures it shows; null where it is not."""
    found = con.execute(
        "select reason, run_id from provenance.indicator_state where indicator = ? and state = 'held_back'",
        [indicator.id],
    ).fetchall()
    return found[0] if found else None


def _as_then(
    con: duckdb.DuckDBPyConnection, store: RawStore, run_id: str, cells: Sequence[Cell]
) -> tuple[list[Cell], list[dict[str, Any]]] | None:
    """The cells of the same codes in the answers that an earlier run was built from, with its fetches.

    Null where one of them is not found: the chain is then not known.
    """
    if not history.has(con, "fetch"):
        return None
    fetches = _rows(con, "history_fetch", {"history_run": run_id})
    found, used = [], {}
    for cell in cells:
        for fetch in (one for one in fetches if one["table_id"] == cell.table_id):
            if fetch["fetch_id"] not in used:
                used[fetch["fetch_id"]] = (fetch, _positions(store, fetch), _stored(store, fetch))
            _, dimensions, stored = used[fetch["fetch_id"]]
            if all(cell.codes.get(name) in places for name, places in dimensions):
                index = 0
                for name, places in dimensions:
                    index = index * len(places) + places[cell.codes[name]]
                value, status = stored[index]
                found.append(
                    replace(
                        cell, value=value, status=status, fetch_id=fetch["fetch_id"], index=index, verified=True,
                        served=value, correction=None,
                    )
                )  # fmt: skip
                break
        else:
            return None
    kept = {cell.fetch_id for cell in found}
    return found, [fetch for fetch, *_ in used.values() if fetch["fetch_id"] in kept]


def _positions(store: RawStore, fetch: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    """The codes of each variable of a stored answer, with their places in it."""
    dimensions = parse(store.body(_record(store, fetch))).dimensions
    return [(column(name), {code: at for at, code in enumerate(codes)}) for name, codes in dimensions.items()]


def _what_exists(con: duckdb.DuckDBPyConnection, indicator: Indicator, key: Key) -> str:
    state = con.execute(
        "select state, reason from provenance.indicator_state where indicator = ? and state <> 'published'",
        [indicator.id],
    ).fetchall()
    if not con.execute(f"select count(*) from indicators.{indicator.id}").fetchall()[0][0]:
        why = f": {state[0][0].replace('_', ' ')}: {state[0][1]}" if state else ""
        return f"{indicator.id} has no figures{why}"
    for name, value in key.given(KEY).items():
        known = [
            str(row[0])
            for row in con.execute(f"select distinct {name} from indicators.{indicator.id} order by 1").fetchall()
            if row[0] is not None
        ]
        if not known:
            return f"{indicator.id} has no {name}; leave out {OPTIONS[name]}"
        if value not in known:
            near = get_close_matches(value, known, n=3, cutoff=0.3) or known[:3]
            return f"{indicator.id} has no figure with {name} {value!r}; closest: {', '.join(near)}"
    return f"{indicator.id} has no figure with {key.given(KEY)}; leave out --sex or --category to see what there is"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value
