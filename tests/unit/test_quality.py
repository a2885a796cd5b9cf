"""The quality report: what was found, skipped and missing stands there, in every form."""

import io
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from expectations import datadocs
from flows import store
from reports import catalogue, quality
from tests import warehouses

SCHEMA = warehouses.ROOT / "warehouse" / "schema.sql"


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return warehouses.small("demo")


def test_a_rule_is_counted_by_outcome_and_its_skips_are_kept_with_the_reason(con: duckdb.DuckDBPyConnection) -> None:
    report = quality.read(con)
    found = {row["rule"]: (row["passed"], row["warnings"], row["failed"], row["skipped"]) for row in report.outcomes}
    assert found == {"additivity": (0, 1, 0, 1), "contract_key": (1, 0, 0, 0), "value_range": (0, 0, 1, 0)}
    assert {row["reason"] for row in report.skipped} == {
        "Tabellen saknar kön eller slumpskydd", "Tabellen är inte hämtad: not recorded",
    }  # fmt: skip
    assert [row["run_id"] for row in report.history["additivity"]] == ["run-0001", "run-0000"]


def test_every_expected_value_is_there_or_missing_for_a_reason(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute(
        "select count(*) from analysis.coverage_cell where has_value = (reason is not null)"
    ).fetchone() == (0,)
    whole = con.execute("select indicator, expected - present - holes from analysis.coverage_indicator").fetchall()
    assert whole
    assert {left for _, left in whole} == {0}


def test_holes_are_told_by_their_unbroken_runs(con: duckdb.DuckDBPyConnection) -> None:
    told = con.execute(
        "select reason, holes, len(periods), spans from analysis.coverage_region where holes > 0"
    ).fetchall()
    assert told
    assert all(holes == periods and len(spans) <= holes for _, holes, periods, spans in told)
    sql = (warehouses.ROOT / "transforms" / "analysis" / "coverage_region.sql").read_text(encoding="utf-8")
    with duckdb.connect() as other:
        other.execute("create schema analysis")
        other.execute("""
            create table analysis.coverage_cell as
            select 'x' as indicator, '19' as region_code, 'women' as sex, cast(2000 + n as varchar) as period,
                n as sort, n in (1, 4) as has_value, if(n in (1, 4), null, '..') as reason
            from range(1, 6) as t(n)""")
        found = other.execute(sql).fetchall()
    assert found == [
        ("x", "19", "women", "..", 3, 2, 5, ["2002", "2003", "2005"],
         [{"first": "2002", "last": "2003"}, {"first": "2005", "last": "2005"}]),
    ]  # fmt: skip


def test_what_the_source_says_otherwise_is_told_word_by_word(con: duckdb.DuckDBPyConnection) -> None:
    (one,) = quality.read(con).drift["TAB3200"]
    assert (one["kind"], one["code"], one["before"], one["now"]) == ("label", "1", "man", "män")


def test_the_files_have_every_failing_cell_and_say_whose_figures_they_are(con: duckdb.DuckDBPyConnection) -> None:
    report, known = quality.read(con), catalogue.read(con)
    document: dict[str, Any] = json.loads(quality.as_json(report, known))
    assert document["origin_label"] == warehouses.LABELS["demo"]
    columns = document["failing_cells"]["columns"]
    cells = [
        dict(zip(columns, row, strict=True), rule=group["rule"], subject=group["subject"])
        for group in document["failing_cells"]["groups"]
        for row in group["rows"]
    ]
    assert [(row["rule"], row["value"]) for row in cells] == [
        ("additivity", 12),
        ("value_range", 104),
    ]
    assert cells == [row for found in report.cells.values() for row in found]
    skipped = [(one["rule"], subject, one["reason"]) for one in document["skipped"] for subject in one["subjects"]]
    assert sorted(skipped, key=str) == sorted(
        ((row["rule"], row["subject"], row["reason"]) for row in report.skipped), key=str
    )
    book = openpyxl.load_workbook(io.BytesIO(quality.as_xlsx(report, known)))
    assert [row[0] for row in book["Celler"].iter_rows(min_row=5, values_only=True)] == ["additivity", "value_range"]
    assert warehouses.LABELS["demo"] in str(list(book["Om rapporten"].values))
    assert quality.as_xlsx(report, known) == quality.as_xlsx(report, known)


def test_the_workbook_says_in_swedish_why_a_table_is_missing_and_what_is_corrected() -> None:
    con = warehouses.small("demo")
    said = "GET /tables/TAB1?lang=sv: 404 Non-existent table", "bytes were altered"
    for at, reason in enumerate(said):
        con.execute(
            "insert into checks.skipped values (null, 'table', ?, ?)", [f"T{at}", f"Tabellen är inte hämtad: {reason}"]
        )
    con.execute(
        "update reference.source_table set state = 'unresolved', state_reason = ? where table_id = 'TAB3200'", said[:1]
    )
    con.execute("""
        insert into reference.correction values
        ('TAB3200', 0, 80.1, 80.1, null, 'Felskriven.', 'vi', null, 'reported', 'applied')
    """)
    report, known = quality.read(con), catalogue.read(con)
    book = openpyxl.load_workbook(io.BytesIO(quality.as_xlsx(report, known)))
    why = {row[1]: row[2] for row in book["Överhoppade"].iter_rows(min_row=5, values_only=True)}
    assert (why["T0"], why["T1"]) == ("Källan har ingen tabell med det id:t.", "Tabellen är inte hämtad.")
    standing = {row[0]: row[6] for row in book["Källor"].iter_rows(min_row=5, values_only=True)}
    assert standing["TAB3200"] == "Källan har ingen tabell med det id:t."
    (corrected,) = book["Rättelser"].iter_rows(min_row=5, values_only=True)
    assert corrected == ("TAB3200", 80.1, "saknas", "Felskriven.", "anmäld till SCB")
    assert all(reason in quality.as_json(report, known).decode() for reason in said), "machines get the run's own words"


def test_the_history_of_checks_keeps_a_bounded_number_of_runs(tmp_path: Path) -> None:
    paths = store.Paths(tmp_path, "home-19")
    with duckdb.connect() as con:
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        con.execute("insert into provenance.run (run_id, started_at) values ('', now())")
        con.execute("insert into checks.rule values ('one', 'En', 'warning', 'table', 'time')")
        for run in range(store.MOST_RUNS + 5):
            con.execute("delete from checks.history")
            con.execute("update provenance.run set run_id = ?", [f"{run:03d}"])
            store.record_checks(con, paths, f"{run:03d}")
        kept = con.execute("select run_id from checks.history order by run_id").fetchall()
    assert kept == [(f"{run:03d}",) for run in range(5, store.MOST_RUNS + 5)]
    assert len(list((paths.history / "quality").iterdir())) == store.MOST_RUNS + 5


def test_a_run_that_is_made_again_meets_what_it_met(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    paths = store.Paths(tmp_path, "home-19")
    store.restore_drift(con, paths)
    with duckdb.connect() as again:
        again.execute(SCHEMA.read_text(encoding="utf-8"))
        again.execute("insert into provenance.run (run_id, started_at) values ('run-0001', now())")
        store.remember_quality(again, paths)
        assert again.execute("select run_id from checks.history").fetchall() == [("run-0000",)]


def test_the_results_of_great_expectations_become_pages(tmp_path: Path) -> None:
    result = {
        "success": False,
        "expectation_config": {"type": "expect_table_row_count_to_equal", "kwargs": {"value": 0}, "meta": {}},
        "result": {"observed_value": 3},
        "exception_info": {"raised_exception": False, "exception_traceback": None, "exception_message": None},
        "meta": {},
    }
    assert datadocs.write([{"rule": "key_unique", "subject": "TAB1", "result": result}], tmp_path) == 2
    assert "TAB1.html" in (tmp_path / "index.html").read_text(encoding="utf-8")
    page = (tmp_path / "TAB1.html").read_text(encoding="utf-8")
    assert "Must have exactly" in page
    assert not re.search(r"<(script|link|img)|https?:", page)
