"""The quality report as data: what was checked and found, what is missing, what the sources are; and as JSON and XLSX.

Everything is read from the warehouse as it stands. The five headings are those of SCB's kvalitetsdeklaration.
"""

import io
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import orjson

from reports.catalogue import Catalogue, Run, rows
from reports.web import reasons
from reports.web.language import SWEDISH
from reports.workbook import Styles, named_table, origin, properties

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

JSON, XLSX = "quality.json", "kvalitetsrapport.xlsx"
MOST_CELLS = 50
"""Failing cells on a page; the files have all that were kept."""
MOST_ROWS = 100_000
_TOP = 3
CELL = "region_code period sex category value expected"

PROTECTS = {
    "fetch": "Källan och hämtningen",
    "structure": "Nycklar, koder och perioder",
    "sexes": "Kvinnor och män",
    "values": "Värdenas storlek och summor",
    "missing": "Det som saknas",
    "time": "Över tid och mot förra körningen",
}
ADDITIVITY = {
    "exact": "Antal utan slumpskydd: delarna summerar exakt.",
    "rounding": "Avrundade antal: delarna summerar inom avrundningen.",
    "ckm": "Slumpskydd: varje antal kan ha en liten slumpmässig ändring.",
    "sample": "Urvalsundersökning: talen har felmarginaler.",
    "none": "Medelvärden, medianer eller andelar: delarna summerar inte.",
}
CADENCE = {
    "year": "varje år", "quarter": "varje kvartal", "month": "varje månad", "mandate": "varje mandatperiod",
    "election": "vid varje val", "five_years": "femårsperioder, varje år", "school_year": "varje läsår",
}  # fmt: skip
DRIFT = {
    "title": "rubrik", "variable": "variabel", "label": "etikett", "note": "not", "unit": "enhet",
    "decimals": "decimaler", "id": "tabellens id", "discontinued": "nedlagd",
}  # fmt: skip
FRESH = {
    "late": "väntad dag har passerat", "current": "ingen senare utgåva väntad", "unknown": "väntad dag inte känd",
    "ended": "nedlagd av källan",
}  # fmt: skip
CORRECTION = {"reported": "anmäld till SCB", "confirmed": "bekräftad av SCB"}
GONE = {"no_row": "källan har ingen uppgift", "before_begin": "regionen fanns inte än"}
OUTCOMES = {"warning": "varning", "critical": "stopp"}
SEXES = {"women": "kvinnor", "men": "män", "total": "totalt"}
NOT_COVERED = (
    "Om SCB:s egna uppgifter är riktiga: kontrollerna ser bara det som inte hänger ihop eller har ändrats oväntat.",
    "Slumpskyddets storlek är inte fastställd, så en liten ändring i ett enskilt antal syns inte.",
    "Det allra första värdet i en serie har ingenting att jämföras med.",
    "En ändring som är mindre än den vanliga rörelsen från en period till nästa syns bara om källan är oförändrad.",
    "Målens ordalydelser kontrolleras av människor, inte av reglerna.",
)


@dataclass(frozen=True)
class Quality:
    """The quality report of a run; rows as the warehouse has them."""

    outcomes: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]
    results: Mapping[str, Sequence[Mapping[str, Any]]]
    cells: Mapping[str, Sequence[Mapping[str, Any]]]
    skipped: Sequence[Mapping[str, Any]]
    history: Mapping[str, Sequence[Mapping[str, Any]]]
    coverage: Mapping[str, Mapping[str, Any]]
    regions: Mapping[str, Sequence[Mapping[str, Any]]]
    tables: Sequence[Mapping[str, Any]]
    breaks: Mapping[str, Sequence[Mapping[str, Any]]]
    notes: Mapping[str, Sequence[str]]
    used_by: Mapping[str, Sequence[str]]
    drift: Mapping[str, Sequence[Mapping[str, Any]]]
    corrections: Sequence[Mapping[str, Any]]
    boxes: Mapping[str, Mapping[str, Any]]
    places: Mapping[str, str]
    totals: Sequence[Mapping[str, Any]]
    variables: Mapping[str, Sequence[str]]


def read(con: duckdb.DuckDBPyConnection) -> Quality:
    """The quality report of the warehouse's run."""
    notes: dict[str, list[str]] = {}
    for row in rows(con, "select distinct table_id, note from reference.source_note order by all"):
        notes.setdefault(row["table_id"], []).append(row["note"])
    used: dict[str, list[str]] = {}
    for row in rows(con, "select table_id, indicator from reference.indicator_table order by all"):
        used.setdefault(row["table_id"], []).append(row["indicator"])
    return Quality(
        outcomes=rows(con, "from analysis.check_outcome order by rule"),
        groups=rows(con, "from analysis.check_group"),
        results=_by(rows(con, "from checks.result order by rule, success, subject"), "rule"),
        cells=_by(rows(con, "select * exclude cell from checks.failing_cell order by rule, subject, rowid"), "rule"),
        skipped=rows(con, "from checks.skipped order by all"),
        history=_by(rows(con, "from checks.history order by rule, run_id desc"), "rule"),
        coverage={row["indicator"]: row for row in rows(con, "from analysis.coverage_indicator")},
        regions=_by(
            rows(con, "from analysis.coverage_region order by indicator, region_code, sex = 'men'"), "indicator"
        ),
        tables=rows(con, _TABLES),
        breaks=_by(rows(con, "from reference.source_break order by table_id, period"), "table_id"),
        notes=notes,
        used_by=used,
        drift=_by(rows(con, _DRIFT), "table_id"),
        corrections=rows(con, "select * exclude cell from reference.correction order by table_id, reported"),
        boxes={row["indicator"]: row for row in rows(con, "from analysis.quality_box")},
        places={
            row["region_code"]: row["name"]
            for row in rows(con, "select region_code, name from reference.region where valid_to is null")
        },
        totals=rows(con, "from checks.failing_total"),
        variables={row["table_id"]: row["names"] for row in rows(con, _VARIABLES)},
    )


def _by(found: Sequence[Mapping[str, Any]], column: str) -> dict[str, list[Mapping[str, Any]]]:
    by: dict[str, list[Mapping[str, Any]]] = {}
    for row in found:
        by.setdefault(row[column], []).append(row)
    return by


def as_json(quality: Quality, catalogue: Catalogue) -> bytes:
    """The whole report, for machines; its shape is told of in docs/checks.md."""
    run = catalogue.run
    totals = {(row["rule"], row["subject"]): row["cells"] for row in quality.totals}
    document = {
        "run_id": run.run_id,
        "origin": run.origin,
        "origin_label": run.origin_label,
        "finished_at": run.finished_at,
        "groups": quality.groups,
        "rules": quality.outcomes,
        "history": _table(_all(quality.history), "rule run_id day passed warnings failed skipped cells"),
        "results": _grouped(_all(quality.results), "rule success observed expected message", "subject", "subjects"),
        "failing_cells": {
            "columns": CELL.split(),
            "groups": [
                {**one, "cells": totals.get((one["rule"], one["subject"]))}
                for one in _grouped(_all(quality.cells), "rule subject", CELL, "rows")
            ],
        },
        "skipped": _grouped(quality.skipped, "rule subject_type reason", "subject", "subjects"),
        "tables": [
            {
                **row,
                "used_by": quality.used_by.get(row["table_id"], []),
                "breaks": quality.breaks.get(row["table_id"], []),
                "notes": quality.notes.get(row["table_id"], []),
                "changed_since_last_publication": quality.drift.get(row["table_id"], []),
            }
            for row in quality.tables
        ],
        "quality_boxes": list(quality.boxes.values()),
        "coverage": _table(
            _all(quality.regions), "indicator region_code sex present expected reason holes periods"
        ),
        "corrections": quality.corrections,
        "not_covered": NOT_COVERED,
    }  # fmt: skip
    return orjson.dumps(document, default=str, option=orjson.OPT_APPEND_NEWLINE)


def _all(by: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Mapping[str, Any]]:
    return itertools.chain.from_iterable(by.values())


def _grouped(rows: Iterable[Mapping[str, Any]], by: str, rest: str, called: str) -> list[dict[str, Any]]:
    """The rows once for each of their values in `by`, with what differs in a list: a value, or one for each column."""
    names, others = by.split(), rest.split()
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        told = [row[name] for name in others]
        found.setdefault(tuple(row[name] for name in names), []).append(told if len(told) > 1 else told[0])
    return [{**dict(zip(names, key, strict=True)), called: of} for key, of in found.items()]


def _table(rows: Iterable[Mapping[str, Any]], columns: str) -> dict[str, Any]:
    names = columns.split()
    return {"columns": names, "rows": [[row[name] for name in names] for row in rows]}


def as_xlsx(quality: Quality, catalogue: Catalogue) -> bytes:
    """The whole report as a workbook, a sheet for each part; equal warehouses give equal bytes."""
    import xlsxwriter

    run = catalogue.run
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        properties(book, f"Kvalitetsrapport, {run.home_name}", run)
        styles = Styles(book)
        sheets = _sheets(quality, catalogue)
        cover = book.add_worksheet("Om rapporten")
        cover.set_column(0, 0, 100)
        cover.write_string(0, 0, f"Kvalitetsrapport för uppgifter om kvinnor och män, {run.home_name}", styles.title)
        cover.write_string(1, 0, f"Körning {run.run_id}, klar {run.finished_at}", styles.text)
        origin(cover, styles, run, row=2)
        lines = ["Bladen:", *(f"{one.name}: {one.title}" for one in sheets)]
        cited = [f"{name}: {text}" for name, text in run.cited(f"Kvalitetsrapport, {run.home_name}.")]
        for at, text in enumerate(
            [*cited, *([""] if cited else []), *lines, "", "Det här täcker kontrollerna inte:", *NOT_COVERED], 4
        ):
            cover.write_string(at, 0, text, styles.bold if text.endswith(":") else styles.wrapped)
        for one in sheets:
            _write(book.add_worksheet(one.name), styles, run, one)
    return buffer.getvalue()


@dataclass(frozen=True)
class _Sheet:
    """A sheet: its name, what it says on top, the heads with their widths, and its lines."""

    name: str
    title: str
    heads: Mapping[str, int]
    lines: Sequence[Sequence[Any]]


def _sheets(quality: Quality, catalogue: Catalogue) -> list[_Sheet]:
    titles = {item.indicator: item.title for item in catalogue.indicators}
    rules = {row["rule"]: row["title"] for row in quality.outcomes}
    kept: dict[tuple[str, str], int] = {}
    for row in _all(quality.cells):
        kept[row["rule"], row["subject"]] = kept.get((row["rule"], row["subject"]), 0) + 1

    def of(subject: str) -> str:
        return titles.get(subject, subject)

    counts = {"Godkända": 11, "Varningar": 11, "Stopp": 8, "Överhoppade": 13}
    return [
        _Sheet(
            "Kontroller",
            "Varje regel, vad den skyddar och hur det gick i körningen",
            {"Regel": 30, "Vad som kontrolleras": 60, "Skyddar": 28, "När den inte går igenom": 14, **counts,
             "Celler": 10, "Celler i bladet Celler": 14},
            [
                (r["rule"], r["title"], PROTECTS[r["protects"]], OUTCOMES[r["severity"]], r["passed"], r["warnings"],
                 r["failed"], r["skipped"], r["cells"], r["kept"])
                for r in quality.outcomes
            ],
        ),
        _Sheet(
            "Utfall",
            "Varje regel mot varje tabell och indikator",
            {"Regel": 30, "Gäller": 44, "Utfall": 11, "Funnet": 34, "Väntat": 40, "Mening": 70,
             "Celler i bladet Celler": 14},
            [
                (r["rule"], of(r["subject"]), "godkänd" if r["success"] else OUTCOMES[r["severity"]], r["observed"],
                 r["expected"], r["message"], kept.get((r["rule"], r["subject"]), 0))
                for r in _all(quality.results)
            ],
        ),
        _Sheet(
            "Celler",
            "Värdena som inte gick igenom; högst tusen sparas av varje regel och tabell eller indikator",
            {"Regel": 30, "Gäller": 44, "Region": 20, "Regionkod": 11, "Period": 11, "Kön": 9, "Grupp": 34, "Värde": 14,
             "Väntat": 40},
            [
                (r["rule"], of(r["subject"]), quality.places.get(r["region_code"]), r["region_code"], r["period"],
                 SEXES.get(r["sex"]), r["category"] if r["category"] != "all" else None,
                 "saknas" if r["value"] is None else r["value"], r["expected"])
                for r in _all(quality.cells)
            ],
        ),
        _Sheet(
            "Överhoppade",
            "Kontroller som inte gick att tillämpa, och varför",
            {"Regel": 60, "Gäller": 44, "Skäl": 80},
            [
                (rules.get(r["rule"], "alla återstående"), of(r["subject"]),
                 reasons.of_check(r["reason"], SWEDISH).text)
                for r in quality.skipped
            ],
        ),
        _Sheet(
            "Täckning",
            "Värden som finns och saknas efter indikator, område och kön, med skäl",
            {"Indikator": 50, "Område": 20, "Regionkod": 11, "Kön": 16, "Finns": 8, "Väntade": 9, "Saknas": 8,
             "Skäl": 50, "Perioder som saknas": 60},
            [
                (of(r["indicator"]), quality.places.get(r["region_code"]), r["region_code"],
                 "kvinnor mot män" if r["sex"] == "total" else SEXES[r["sex"]], r["present"], r["expected"], r["holes"],
                 r["reason"] and missing(r["reason"], catalogue), _spans(r["spans"] or ()))
                for r in _all(quality.regions)
            ],
        ),
        _Sheet(
            "Källor",
            "Källans tabeller: när de uppdaterades och väntas igen",
            {"Tabell": 12, "Rubrik": 70, "Myndighet": 14, "Hur ofta": 18, "Uppdaterad": 13, "Väntas": 13, "Läge": 44,
             "Osäkerhet": 60, "Licens": 10},
            [
                (r["table_id"], r["title"], r["agency"], CADENCE.get(r["cadence"], "uppgift saknas"), r["updated"],
                 r["expected"] or ("–" if r["state"] == "ended" else "inte känd"),
                 FRESH[r["state"]] if r["standing"] == "loaded" else reasons.in_words(r["state_reason"], SWEDISH),
                 ADDITIVITY.get(r["additivity"], "uppgift saknas"), r["licence"])
                for r in quality.tables
            ],
        ),
        _Sheet(
            "Rättelser",
            "Värden som vi har rättat, i det öppna" if quality.corrections else "Inga värden är rättade av oss",
            {"Tabell": 12, "Väntat hos källan": 18, "Använt": 12, "Skäl": 80, "Läge": 18},
            [
                (r["table_id"], r["expect"], "saknas" if r["value"] is None else r["value"], r["reason"],
                 CORRECTION[r["status"]])
                for r in quality.corrections
            ],
        ),
        _Sheet(
            "Historik",
            "Hur varje regel har gått i de senaste körningarna",
            {"Regel": 30, "Körning": 24, "Dag": 12, **counts},
            [
                (r["rule"], r["run_id"], r["day"], r["passed"], r["warnings"], r["failed"], r["skipped"])
                for r in _all(quality.history)
            ],
        ),
    ]  # fmt: skip


def _spans(spans: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(" … ".join(dict.fromkeys((one["first"], one["last"]))) for one in spans)


def missing(reason: str, catalogue: Catalogue) -> str:
    """Why a value is missing, in words."""
    if reason in GONE:
        return GONE[reason]
    symbols = {sign: text for signs, text in catalogue.symbols.items() for sign in signs.split()}
    return ", ".join(catalogue.reasons.get(one) or symbols.get(one) or one for one in reason.split())


def _write(sheet: "Worksheet", styles: Styles, run: Run, one: _Sheet) -> None:
    sheet.write_string(0, 0, one.title, styles.title)
    cut = len(one.lines) - MOST_ROWS
    sheet.write_string(1, 0, f"{run.origin_label}." + (f" {cut} rader till finns i {JSON}." if cut > 0 else ""))
    lines = one.lines[:MOST_ROWS]
    for at, width in enumerate(one.heads.values()):
        sheet.set_column(at, at, width)
    for row, line in enumerate(lines, _TOP + 1):
        for at, value in enumerate(line):
            if isinstance(value, (int, float)) and math.isfinite(value):
                sheet.write_number(row, at, value, styles.number("General"))
            elif value is not None:
                sheet.write_string(row, at, str(value), styles.wrapped)
    if lines:
        named_table(sheet, styles, f"tabell_{one.name}", (_TOP, _TOP + len(lines)), list(one.heads))
    else:
        for at, head in enumerate(one.heads):
            sheet.write_string(_TOP, at, head, styles.header)
    sheet.freeze_panes(_TOP + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TOP)


_VARIABLES = (
    "select table_id, list(distinct variable order by variable) as names from reference.source_code group by all"
)
_TABLES = """
select
    t.table_id, t.title, t.agency, t.licence, t.cadence, t.additivity, t.preliminary, t.levels, t.certainty,
    t.state as standing, t.state_reason, f.updated, f.expected, f.age_days, f.state,
    (select strftime(max(received_at) at time zone 'Europe/Stockholm', '%Y-%m-%d') from provenance.fetch as p
        where p.table_id = t.table_id) as received,
    exists (from reference.source_sex as s where s.table_id = t.table_id) as has_sex
from reference.source_table as t
join analysis.freshness as f using (table_id)
order by t.table_id
"""

# A new period or region is no drift.
_DRIFT = """
select
    coalesce(n.table_id, b.table_id) as table_id, coalesce(n.kind, b.kind) as kind,
    coalesce(n.variable, b.variable) as variable,
    if(coalesce(n.kind, b.kind) = 'note', null, coalesce(n.code, b.code)) as code,
    b.text as before, n.text as now
from reference.source_word as n
full join previous.source_word as b
    on b.table_id = n.table_id and b.kind = n.kind and b.variable is not distinct from n.variable
    and b.code is not distinct from n.code
where b.text is distinct from n.text
    and coalesce(n.table_id, b.table_id) in (select table_id from previous.source_word)
    and coalesce(n.table_id, b.table_id) in (select table_id from reference.source_word)
    and (b.text is not null or n.kind = 'note')
order by all
"""
