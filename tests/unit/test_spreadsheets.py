"""The Excel file of each indicator, opened as its readers open it."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from reports import catalogue as catalogues
from reports import opendata, spreadsheets, tables
from reports.release import Release, publish
from tests.warehouses import analyse, small

WATERMARK = "Syntetiska demodata – inte statistik"
SHOWN = ["commuting_relations", "employment_rate", "occupation_segregation_index", "women_share_regional_council"]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(small(), tmp_path_factory.mktemp("scb"))


def sheet_of(path: Path) -> Any:
    return openpyxl.load_workbook(path).worksheets[1]


def lines_of(sheet: Any) -> list[dict[str, Any]]:
    (table,) = sheet.tables.values()
    header, *lines = [[cell.value for cell in row] for row in sheet[table.ref]]
    return [dict(zip(header, line, strict=True)) for line in lines]


def lines(release: Release, indicator: str) -> list[dict[str, Any]]:
    return lines_of(sheet_of(release.path / "tables" / f"{indicator}.xlsx"))


def made(con: duckdb.DuckDBPyConnection, indicator: str) -> bytes:
    catalogue = catalogues.read(con)
    (item,) = [one for one in catalogue.shown if one.indicator == indicator]
    return spreadsheets.render(tables.rows(con, item, catalogue.run), item, catalogue, opendata.names_of(con, item))


def book_of(release: Release, indicator: str) -> Any:
    return openpyxl.load_workbook(release.path / "tables" / f"{indicator}.xlsx")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]


@pytest.mark.parametrize("indicator", SHOWN)
def test_every_figure_and_symbol_of_the_csv_is_in_the_excel_file(release: Release, indicator: str) -> None:
    found = {}
    for line in lines(release, indicator):
        values = list(line.items())
        where = next(at for at, (name, _) in enumerate(values) if name.startswith(("Kvinnor, ", "Andel", "index")))
        key = (line.get("Regionkod") or line["Bostadsregionens kod"], line.get("Arbetsplatsregionens kod") or "",
               line["Period"], line.get("Grupp", "samtliga"), line.get("Serie") or "")  # fmt: skip
        sexes = ("women", "men", "total") if values[where][0].startswith("Kvinnor, ") else ("total",)
        for sex, (_, value) in zip(sexes, values[where:], strict=False):
            found[(*key, sex)] = value
    groups = {"all": "samtliga", "age:20-54": "20–54 år", "age:55-64": "55–64 år"}
    with (release.path / "tables" / f"{indicator}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        key = (row["region_code"], row["partner_code"], row["period"], groups[row["category"]], row["series"])
        shown = found[(*key, row["sex"])]
        if row["value"]:
            assert shown == float(row["value"])
        else:
            assert shown == (row["status"] or "Nämnaren är noll")
    assert len(rows) >= len(lines(release, indicator)) > 0


def test_women_stand_before_men_and_their_units_are_named(release: Release) -> None:
    assert list(lines(release, "employment_rate")[0])[:13] == [
        "Region",
        "Regionkod",
        "Period",
        "Grupp",
        "Serie",
        "Kvinnor, % av kvinnorna",
        "Män, % av männen",
        "Kvinnor och män, procent",
        "Skillnad (kvinnor − män), procentenheter",
        "Täljare, kvinnor",
        "Täljare, män",
        "Täljare, kvinnor och män",
        "Nämnare, kvinnor",
    ]
    share = lines(release, "women_share_regional_council")[0]
    assert list(share)[3:] == ["Andel kvinnor, % av kvinnor och män", "Könsfördelning", "Täljare", "Nämnare"]
    assert share["Könsfördelning"] == "jämn könsfördelning"


def test_a_missing_value_has_its_symbol_and_the_symbol_is_explained(release: Release) -> None:
    norberg = next(line for line in lines(release, "employment_rate") if line["Region"] == "Norberg")
    assert (norberg["Kvinnor, % av kvinnorna"], norberg["Män, % av männen"]) == ("..", 81.25)
    assert norberg["Skillnad (kvinnor − män), procentenheter"] == ".."
    book = book_of(release, "employment_rate")
    facts = {row[0]: row[1] for row in book["Om tabellen"].iter_rows(values_only=True)}
    assert ".. = Uppgiften är för osäker eller skyddad." in facts["Uppgift saknas"]
    assert facts["Källa"].startswith("Egen beräkning (Region Västmanland) på underlag från SCB")
    assert facts["Definition"].startswith("Andel sysselsatta")


def test_a_preliminary_row_says_so(release: Release) -> None:
    home = [line for line in lines(release, "employment_rate") if line["Regionkod"] == "19"]
    assert {line["Period"]: line["Anmärkning"] for line in home if line["Grupp"] == "samtliga"} == {
        "2018": None,
        "2023": None,
        "2024": "Preliminär",
    }


def test_the_file_is_a_cover_and_one_real_table_without_merged_cells(release: Release) -> None:
    book = book_of(release, "employment_rate")
    assert book.sheetnames == ["Om tabellen", "employment_rate"]
    sheet = book["employment_rate"]
    assert book.active is sheet
    assert sheet["A1"].value == "Sysselsättningsgrad"
    assert sheet["A4"].value.startswith("Egen beräkning")
    (table,) = sheet.tables.values()
    assert table.ref == sheet.dimensions.replace("A1", "A7")
    assert sheet.freeze_panes == "C8"
    assert not [one for one in book.worksheets if one.merged_cells.ranges]
    assert sheet["F8"].number_format == "#,##0.0"
    assert all(any(cell.value is not None for cell in row) for row in sheet[table.ref])


def test_made_up_figures_say_so_on_top_of_both_sheets(tmp_path: Path) -> None:
    for path in sorted((publish(small("demo"), tmp_path).path / "tables").glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path).worksheets:
            marks = [cell for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == WATERMARK]
            assert marks, sheet.title
            assert marks[0].font.color.rgb == "FFB00020"


@pytest.mark.parametrize(
    "label",
    [
        "=1+1",
        "+46",
        "-1",
        "@SUM(A1)",
        '"&<b>',
        "<script>alert(1)</script>",
        "\u202eÖdnal",
        "a\x07b",
        "_x0041_",
        "Å" * 40_000,
    ],
)
def test_no_label_is_a_formula_or_breaks_the_file(label: str) -> None:
    con = small()
    con.execute("update reference.region set name = ? where region_code = '1984'", [label])
    con.execute(
        "update reference.indicator set title = ?, definition = ? where indicator = 'employment_rate'", [label, label]
    )
    con.execute("update indicators.observation set series = ? where region_code = '1984'", [label])
    analyse(con)
    sheet = opened(made(con, "employment_rate"))
    (line,) = [line for line in lines_of(sheet) if line["Regionkod"] == "1984"]
    shown = unescape(line["Region"])
    assert shown == label[:32_767]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in {"s", "n", "inlineStr"}, cell.coordinate


def test_the_file_is_the_same_bytes_every_time_and_does_not_tell_when_it_was_made() -> None:
    content = made(small(threads=1), "employment_rate")
    assert made(small(threads=4), "employment_rate") == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-02-03T23:30:00Z" in archive.read("docProps/core.xml")
        assert archive.testzip() is None


def test_a_table_longer_than_a_sheet_is_cut_and_says_where_the_rest_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    sheet = opened(made(small(), "employment_rate"))
    assert len(lines_of(sheet)) == 3
    assert "Bladet rymmer inte alla rader: hela tabellen finns i tables/employment_rate.csv." in sheet["A3"].value


def test_one_row_is_a_table_too() -> None:
    con = small()
    con.execute("delete from indicators.observation where indicator = 'employment_rate' and region_code != '0380'")
    analyse(con)
    (line,) = lines_of(opened(made(con, "employment_rate")))
    assert (line["Region"], line["Kvinnor, % av kvinnorna"]) == ("Uppsala", 81)


def test_the_file_is_listed_where_the_other_formats_are(release: Release) -> None:
    manifest = json.loads((release.path / "manifest.json").read_bytes())
    (entry,) = [one for one in manifest["indicators"] if one["id"] == "employment_rate"]
    assert list(entry["files"]) == ["csv", "xlsx", "jsonstat", "parquet"]
    assert entry["files"]["xlsx"]["path"] == "tables/employment_rate.xlsx"
    turtle = (release.path / opendata.TURTLE).read_text(encoding="utf-8")
    assert "file-type/XLSX" in turtle
    page = (release.path / "site" / "indikatorer" / "employment_rate" / "index.html").read_text(encoding="utf-8")
    offered = [page.index(f"employment_rate.{ending}") for ending in ('csv"', "xlsx", 'json"', "parquet")]
    assert offered == sorted(offered)
