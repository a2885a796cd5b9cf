"""The small warehouse of tests/golden/reports, with everything that a finished warehouse has beside its figures."""

import atexit
import itertools
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from transforms import build

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden" / "reports"
LABELS = {"scb": "SCB", "demo": "Syntetiska demodata – inte statistik", "recorded": "SCB (inspelat)"}
EMPTY = {
    "not_established": "strategy_id varchar, what varchar, note varchar, sort integer",
    "goal_target": "goal_id varchar, value double, unit varchar, year integer, by_sex boolean, measure varchar, "
    "wording varchar, sort integer",
}
GOAL_COLUMNS = (
    "number", "explanation", "follow_up_kind", "source_url", "source_page", "decided_by", "decided_on",
)  # fmt: skip


def small(origin: str = "scb", run_id: str = "run-0001", threads: int = 1) -> duckdb.DuckDBPyConnection:
    """The small warehouse, of that origin and run: a copy of one that each process makes once."""
    made = _made(origin, run_id, threads)
    own = made.with_name(f"{next(_NUMBERS)}.own")
    shutil.copyfile(made, own)
    con = _connected(own, threads)
    own.unlink()  # it lasts as long as the connection
    return con


_NUMBERS = itertools.count()


@cache
def _folder() -> Path:
    folder = Path(mkdtemp(prefix="jamstat-small-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _connected(file: Path, threads: int) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(file))
    con.execute(f"set threads = {threads}")
    return con


@cache
def _made(origin: str, run_id: str, threads: int) -> Path:
    file = _folder() / f"{next(_NUMBERS)}.duckdb"
    with _connected(file, threads) as con:
        con.execute((ROOT / "warehouse" / "schema.sql").read_text(encoding="utf-8"))
        con.execute((GOLDEN / "warehouse.sql").read_text(encoding="utf-8"))
        con.execute(
            "update provenance.run set run_id = ?, origin = ?, origin_label = ?", [run_id, origin, LABELS[origin]]
        )
        complete(con)
        # The distribution behind the index is not in the small warehouse; the index is of 147 occupations.
        con.execute("""
            insert into analysis.segregation_coverage
            values ('occupation_segregation_index', '19', '2024', null, 147, 98.75)
        """)
    return file


def two_levels() -> duckdb.DuckDBPyConnection:
    """The small warehouse with a second level in another theme, in the same places."""
    con = small("demo")
    con.execute("update reference.indicator set theme = 'makt' where indicator = 'unemployment_rate'")
    con.execute("""
        update provenance.indicator_state
        set state = 'published', reason = null, run_id = 'run-0001', published_at = timestamptz '2026-02-03 23:30:00+00'
        where indicator = 'unemployment_rate'
    """)
    con.execute("""
        insert into indicators.observation
        select 'unemployment_rate', region_code, partner_code, period, sex, category, series, 100 - value, null, null,
               status, null, null, false
        from indicators.observation where indicator = 'employment_rate' and category = 'all'
    """)
    analyse(con)
    return con


def complete(con: duckdb.DuckDBPyConnection) -> None:
    """Nothing; the reference tables that the SQL leaves out and every analysis stand in the warehouse."""
    tables = con.execute("select table_name from information_schema.tables where table_schema = 'reference'").fetchall()
    there = {name for (name,) in tables}
    for file in sorted((ROOT / "transforms" / "reference").glob("*.csv")):
        if file.stem not in there | {"regions"}:
            con.execute(
                f"create table reference.{file.stem} as from read_csv('{file}', header = true, all_varchar = true)"
            )
    for table in ("goal", "target_image", "area"):
        for column in GOAL_COLUMNS:
            con.execute(f"alter table reference.{table} add column if not exists {column} varchar")
    con.execute("alter table reference.strategy add column if not exists succeeds varchar")
    con.execute("alter table reference.strategy add column if not exists goal_total integer")
    con.execute("update reference.strategy set goal_total = 20 where strategy_id = 'rus-2030'")
    for table, columns in EMPTY.items():
        con.execute(f"create table if not exists reference.{table} ({columns})")
    con.execute((ROOT / "transforms" / "macros.sql").read_text(encoding="utf-8"))
    analyse(con)


def analyse(con: duckdb.DuckDBPyConnection) -> None:
    """Nothing; the analyses are made anew from the observations."""
    build.analyse(con)
