"""The quality report as data: what was checked and found, what is missing, what the sources are; and as JSON and XLSX.

Everything is read from the warehouse as it stands. The five headings are those of SCB's kvalitetsdeklaration.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import orjson

from reports.catalogue import Catalogue, rows
from reports.workbook import Styles, origin, properties

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

JSON, XLSX = "quality.json", "kvalitetsrapport.xlsx"
MOST_CELLS = 50
"""Failing cells on a page; the files have all that were kept."""
MOST_ROWS = 100_000

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
    )


def _by(found: Sequence[Mapping[str, Any]], column: str) -> dict[str, list[Mapping[str, Any]]]:
    by: dict[str, list[Mapping[str, Any]]] = {}
    for row in found:
        by.setdefault(row[column], []).append(row)
    return by


def as_json(quality: Quality, catalogue: Catalogue) -> bytes:
    """The whole report, for machines."""
    run = catalogue.run
    document = {
        "run_id": run.run_id,
        "origin": run.origin,
        "origin_label": run.origin_label,
        "finished_at": run.finished_at,
        "groups": quality.groups,
        "rules": [{**row, "history": quality.history.get(row["rule"], [])} for row in quality.outcomes],
        "results": [row for found in quality.results.values() for row in found],
        "failing_cells": [row for found in quality.cells.values() for row in found],
        "skipped": quality.skipped,
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
        "coverage": [row for found in quality.regions.values() for row in found],
        "corrections": quality.corrections,
        "not_covered": NOT_COVERED,
    }
    return orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def as_xlsx(quality: Quality, catalogue: Catalogue) -> bytes:
    """The whole report as a workbook, a sheet for each part; equal warehouses give equal bytes."""
    import xlsxwriter

    run = catalogue.run
    titles = {item.indicator: item.title for item in catalogue.indicators}
    rules = {row["rule"]: row["title"] for row in quality.outcomes}
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        properties(book, f"Kvalitetsrapport, {run.home_name}", run)
        styles = Styles(book)
        sheet = book.add_worksheet("Om rapporten")
        sheet.set_column(0, 0, 100)
        sheet.write_string(0, 0, f"Kvalitetsrapport för uppgifter om kvinnor och män, {run.home_name}", styles.title)
        sheet.write_string(1, 0, f"Körning {run.run_id}, klar {run.finished_at}", styles.text)
        origin(sheet, styles, run, row=2)
        cited = [f"{name}: {text}" for name, text in run.cited(f"Kvalitetsrapport, {run.home_name}.")]
        for at, text in enumerate([*cited, "Det här täcker kontrollerna inte:", *NOT_COVERED], 4):
            sheet.write_string(at, 0, text, styles.wrapped)
        _sheet(
            book.add_worksheet("Kontroller"),
            styles,
            ("Regel", "Vad som kontrolleras", "Skyddar", "Allvar", "Godkända", "Varningar", "Stopp", "Överhoppade"),
            [
                (
                    r["rule"],
                    r["title"],
                    PROTECTS[r["protects"]],
                    r["severity"],
                    r["passed"],
                    r["warnings"],
                    r["failed"],
                    r["skipped"],
                )
                for r in quality.outcomes
            ],
        )
        _sheet(
            book.add_worksheet("Utfall"),
            styles,
            ("Regel", "Gäller", "Utfall", "Funnet", "Väntat", "Mening"),
            [
                (
                    r["rule"],
                    titles.get(r["subject"], r["subject"]),
                    "godkänd" if r["success"] else r["severity"],
                    r["observed"],
                    r["expected"],
                    r["message"],
                )
                for found in quality.results.values()
                for r in found
            ],
        )
        _sheet(
            book.add_worksheet("Celler"),
            styles,
            ("Regel", "Gäller", "Region", "Period", "Kön", "Grupp", "Värde", "Väntat"),
            [
                (
                    r["rule"],
                    r["subject"],
                    r["region_code"],
                    r["period"],
                    r["sex"],
                    r["category"],
                    r["value"],
                    r["expected"],
                )
                for found in quality.cells.values()
                for r in found
            ],
        )
        _sheet(
            book.add_worksheet("Överhoppade"),
            styles,
            ("Regel", "Gäller", "Skäl"),
            [
                (rules.get(r["rule"], "alla återstående"), titles.get(r["subject"], r["subject"]), r["reason"])
                for r in quality.skipped
            ],
        )
        _sheet(
            book.add_worksheet("Täckning"),
            styles,
            ("Indikator", "Regionkod", "Kön", "Finns", "Väntade", "Saknas", "Skäl", "Perioder som saknas"),
            [
                (
                    titles.get(r["indicator"], r["indicator"]),
                    r["region_code"],
                    r["sex"],
                    r["present"],
                    r["expected"],
                    r["holes"],
                    r["reason"],
                    ", ".join(r["periods"] or ()),
                )
                for found in quality.regions.values()
                for r in found
            ],
        )
        _sheet(
            book.add_worksheet("Källor"),
            styles,
            ("Tabell", "Rubrik", "Myndighet", "Hur ofta", "Uppdaterad", "Väntas", "Läge", "Osäkerhet", "Licens"),
            [
                (
                    r["table_id"],
                    r["title"],
                    r["agency"],
                    CADENCE.get(r["cadence"], "uppgift saknas"),
                    r["updated"],
                    r["expected"],
                    r["state"],
                    ADDITIVITY.get(r["additivity"], "uppgift saknas"),
                    r["licence"],
                )
                for r in quality.tables
            ],
        )
        _sheet(
            book.add_worksheet("Rättelser"),
            styles,
            ("Tabell", "Väntat hos källan", "Använt", "Skäl", "Läge"),
            [(r["table_id"], r["expect"], r["value"], r["reason"], r["status"]) for r in quality.corrections],
        )
        _sheet(
            book.add_worksheet("Historik"),
            styles,
            ("Regel", "Körning", "Dag", "Godkända", "Varningar", "Stopp", "Överhoppade"),
            [
                (r["rule"], r["run_id"], r["day"], r["passed"], r["warnings"], r["failed"], r["skipped"])
                for found in quality.history.values()
                for r in found
            ],
        )
    return buffer.getvalue()


def _sheet(sheet: "Worksheet", styles: Styles, heads: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(heads) - 1, 24)
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, styles.header)
    for row, line in enumerate(lines[:MOST_ROWS], 1):
        for at, value in enumerate(line):
            if isinstance(value, (int, float)):
                if math.isfinite(value):
                    sheet.write_number(row, at, value)
                else:
                    sheet.write_string(row, at, str(value), styles.text)
            elif value is not None:
                sheet.write_string(row, at, str(value), styles.text)


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
