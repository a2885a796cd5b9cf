"""A small warehouse by hand, in which the analyses are tried: rows in, rows out."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports import release
from transforms import declarations
from transforms.build import VIEWS, analyses, load_periods, load_reference, load_strategies
from warehouse import database

SCHEMA = Path(__file__).parents[2] / "warehouse" / "schema.sql"
STRATEGIES = declarations.load_strategies(SCHEMA.parents[1] / "transforms" / "strategy")
COLUMNS = """
    indicator varchar, region_code varchar, partner_code varchar, period varchar, sex varchar, category varchar,
    series varchar, value double, numerator double, denominator double, status varchar, margin double, reason varchar,
    is_preliminary boolean
"""
Row = dict[str, Any]


class Case:
    """The schema and the reference tables of a warehouse, its observations filled in by the test."""

    def __init__(self, empty: Path) -> None:
        self.con = duckdb.connect()
        self.con.execute("set threads = 1")
        self.con.execute(f"attach '{empty}' as empty (read_only)")
        self.con.execute("copy from database empty to memory")
        self.con.execute("detach empty")
        self.queries = analyses()
        self.rows: list[Row] = []

    def clear(self) -> None:
        """No observation and no declared indicator is left."""
        for table in (
            "indicator",
            "indicator_trait",
            "indicator_table",
            "indicator_goal",
            "source_table",
            "source_break",
        ):
            self.con.execute(f"delete from reference.{table}")
        self.empty()

    def empty(self) -> None:
        """No observation is left."""
        self.con.execute("delete from indicators.observation")
        self.rows = []

    def declare(
        self,
        indicator: str = "x",
        unit: str = "percent",
        measure: str = "level",
        polarity: str = "higher",
        period_type: str = "year",
        *,
        series: tuple[str | None, ...] = (None,),
        additivity: str = "exact",
        breaks: tuple[str, ...] = (),
        goals: tuple[str, ...] = (),
        decimals: int | None = None,
        prices: str | None = None,
    ) -> None:
        """An indicator stands with a table per series, each with the breaks."""
        self.con.execute(
            "insert into reference.indicator values (?, ?, 'arbete', 'd', ?, ?, ?, ?, true, 1)",
            [indicator, indicator, unit, measure, polarity, period_type],
        )
        prices = "current" if prices is None and unit == "sek_thousands" else prices
        self.con.execute("insert into reference.indicator_trait values (?, ?, ?)", [indicator, decimals, prices])
        for at, name in enumerate(series):
            table = f"{indicator}{at}"
            self.con.execute("insert into reference.indicator_table values (?, ?)", [indicator, table])
            self.con.execute(
                "insert into reference.source_table (table_id, series, additivity) values (?, ?, ?)",
                [table, name, additivity],
            )
            for period in breaks:
                self.con.execute(
                    "insert into reference.source_break (table_id, break_id, period, what, line) "
                    "values (?, ?, ?, 'what', true)",
                    [table, f"B{period}", period],
                )
        for goal in goals:
            self.con.execute("insert into reference.indicator_goal values (?, ?)", [indicator, goal])

    def put(self, sex: str, value: float | None, period: str = "2024", **more: Any) -> None:
        """One observation; written to the warehouse by the next `run`."""
        row: Row = {
            "indicator": "x", "region_code": "19", "partner_code": None, "period": period, "sex": sex,
            "category": "all", "series": None, "value": value, "numerator": None, "denominator": None, "status": None,
            "margin": None, "reason": None, "is_preliminary": None,
        } | more  # fmt: skip
        self.rows.append(row)

    def pair(self, women: float | None, men: float | None, period: str = "2024", **more: Any) -> None:
        """Women's and men's observation of one key."""
        self.put("women", women, period, **more)
        self.put("men", men, period, **more)

    def run(self, name: str) -> list[Row]:
        """The rows of analysis.<name>, made after those that it reads."""
        if self.rows:
            database.insert(self.con, "indicators.observation", [list(row.values()) for row in self.rows])
            self.rows = []
        needed = {name}
        for one, sql in reversed(self.queries.items()):
            if one in needed:
                needed |= declarations.reads_of(sql, "analysis")
        for one, sql in self.queries.items():
            if one in needed:
                kind = "view" if one in VIEWS else "table"
                self.con.execute(f"create or replace {kind} analysis.{one} as {sql}")
        found = self.con.execute(f"select * from analysis.{name}")
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a warehouse with the reference tables, and no observation."""
    file = tmp_path_factory.mktemp("empty") / "warehouse.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute("set threads = 1")
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        load_reference(con)
        load_strategies(con, STRATEGIES)
        years = [str(year) for year in range(1990, 2031)]
        months = [f"{year}M{month:02}" for year in range(2015, 2027) for month in range(1, 13)]
        load_periods(con, {"year": years, "month": months, "five_years": ["2018-2022", "2019-2023"]})
        con.execute(f"create table indicators.observation ({COLUMNS})")
        con.execute("insert into provenance.run (scope, home_region) values ('home', '19')")
    return file


@pytest.fixture
def case(empty: Path) -> Iterator[Case]:
    """An empty warehouse."""
    made = Case(empty)
    yield made
    made.con.close()


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory, small_release: Path) -> Path:
    """A folder of caches by origin, in which the small release is drawn."""
    folder = tmp_path_factory.mktemp("drawn")
    for origin in ("demo", "scb"):
        shutil.copytree(release.cache_of(small_release.parents[1], "demo"), folder / origin)
    return folder


@pytest.fixture
def drawn_once(monkeypatch: pytest.MonkeyPatch, drawn: Path) -> None:
    """Nothing; what the releases of these tests show is drawn once, for tests whose matter is not the drawing."""
    monkeypatch.setattr(release, "cache_of", lambda _, origin: drawn / origin)
