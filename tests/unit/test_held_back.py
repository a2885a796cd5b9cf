"""What the pages say of an indicator that is held back: which run its figures are of, and what stopped newer ones."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import duckdb
import pytest

from reports import catalogue as catalogues
from reports.web import build as web
from reports.web.making import Making
from tests import warehouses

HELD = "occupation_segregation_index"
TRACE = f"indikatorer/{HELD}/sparning/19/index.html"
NEWER = "159,4"
Written = Callable[..., dict[str, str]]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """The small warehouse, whose query of the index now reads a cell of a newer fetch."""
    con = warehouses.small()
    con.execute(f"create view indicators.{HELD} as from indicators.observation where indicator = '{HELD}'")
    con.execute("create table raw.TAB4434 (Region varchar, value double, status varchar, cell ubigint)")
    con.execute("insert into raw.TAB4434 select '19', 159.4, null, (fetch_number::ubigint << 32) + 4711 "
                "from provenance.fetch where table_id = 'TAB4434'")  # fmt: skip
    operands = """
        select '19' as region_code, '2024' as period, 'women' as sex, 'employees' as operand, value, status, cell
        from raw.TAB4434"""
    con.execute(
        "insert into provenance.query values (?, 'x.sql', 'select 1', ?, 'abc')", [f"indicators.{HELD}", operands]
    )
    return con


@pytest.fixture
def written(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Written:
    """The texts of some pages as they are written of the warehouse."""

    def write(*paths: str) -> dict[str, str]:
        (tmp_path / "release").mkdir()
        plan = web.plan(con, catalogues.read(con), tmp_path / "release")
        works = tuple(work for work in plan.works if work.path in paths)
        with Making() as begun:
            web.write(replace(plan, works=works), tmp_path / "site", tmp_path / "cache", begun)
        return {path: (tmp_path / "site" / path).read_text(encoding="utf-8") for path in paths}

    return write


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_no_cell_of_a_newer_fetch_stands_behind_a_figure_that_is_held_back(written: Written, tmp_path: Path) -> None:
    page = written(TRACE)[TRACE]
    assert NEWER not in page
    assert ":4711" not in page
    assert 'id="delar"' not in page
    assert "Siffrorna är från körningen run-0000." in page
    assert f"<code>jamstat trace {HELD} --region 19 --period 2024</code>" in page
    assert "TAB4434</dt><dd>Mottagen 2025-11-20" in page
    assert not list((tmp_path / "site").rglob("*.parquet"))


def test_the_cells_stand_behind_a_figure_that_is_published(con: duckdb.DuckDBPyConnection, written: Written) -> None:
    con.execute("update provenance.indicator_state set state = 'published' where indicator = ?", [HELD])
    page = written(TRACE)[TRACE]
    assert NEWER in page
    assert ":4711" in page
    assert "Siffrorna är från körningen" not in page


@pytest.mark.parametrize("path", [TRACE, f"indikatorer/{HELD}/index.html", "kvalitet/index.html"])
def test_what_stopped_newer_figures_is_the_rule_with_its_cells_and_its_page(written: Written, path: str) -> None:
    page = written(path)[path]
    assert re.search(
        r'<li><a href="[./]+kvalitet/kontroller/value_range/index.html">Alla värden ligger inom enhetens gränser</a>: '
        r"<span>en cell</span></li>",
        page,
    )
    assert "En kontroll stoppade de nyare siffrorna:" in page
    assert "<summary>Visa vad körningen skrev</summary>" in page


def test_a_stop_of_a_table_names_the_table_and_an_english_page_marks_the_swedish(
    con: duckdb.DuckDBPyConnection, written: Written
) -> None:
    con.execute("update checks.result set subject_type = 'table', subject = 'TAB4434' where rule = 'value_range'")
    con.execute("update checks.failing_cell set subject = 'TAB4434' where rule = 'value_range'")
    con.execute("insert into checks.failing_total values ('value_range', 'TAB4434', 816)")
    warehouses.analyse(con)
    path = f"en/indikatorer/{HELD}/index.html"
    page = written(path)[path]
    assert "816 cells in table TAB4434" in words(page)
    assert 'lang="sv">Alla värden ligger inom enhetens gränser</a>' in page


def test_the_page_says_that_the_command_checks_what_is_shown(written: Written) -> None:
    page = written("kvalitet/index.html")["kvalitet/index.html"]
    assert "En indikator är kvarhållen. Av den prövar kommandot de siffror som visas" in page


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (
            "its id is not established: no table fits among 3 titled like 'x'; see find in x.yml",
            "Tabellens id är inte fastställt: ingen tabell i källans katalog stämmer med beskrivningen.",
        ),
        ("GET /tables/TAB9999/metadata: 404 Non-existent table", "Källan har ingen tabell med det id:t."),
        ("something unforeseen", "Tabellen är inte hämtad."),
    ],
)
def test_the_runs_own_words_are_marked_as_english_beside_ours(
    con: duckdb.DuckDBPyConnection, written: Written, reason: str, told: str
) -> None:
    con.execute("update checks.skipped set reason = ? where rule is null", [f"Tabellen är inte hämtad: {reason}"])
    page = unescape(written("kvalitet/index.html")["kvalitet/index.html"])
    assert told in page
    assert f'<span lang="en">{reason}</span>' in page
