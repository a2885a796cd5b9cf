"""Figures of the warehouse as the pictures take them: read, never computed."""

from collections.abc import Sequence

import duckdb

from reports.charts import Break, Flow, Place, Point


def history(
    con: duckdb.DuckDBPyConnection, indicator: str, regions: Sequence[str], category: str = "all"
) -> tuple[Point, ...]:
    """Women, men and total of the regions (codes, in that order) in every period; of two series in a period the newest."""
    raise NotImplementedError


def gaps(
    con: duckdb.DuckDBPyConnection, indicator: str, regions: Sequence[str], category: str = "all"
) -> tuple[Point, ...]:
    """The difference (sex `gap`) of a level, or the total of a share, for the regions in every period; newest series."""
    raise NotImplementedError


def breaks(con: duckdb.DuckDBPyConnection, indicator: str) -> tuple[Break, ...]:
    """The breaks of the tables that the indicator rests on, by period."""
    raise NotImplementedError


def places(
    con: duckdb.DuckDBPyConnection, indicator: str, period: str, county: str | None = None, category: str = "all"
) -> tuple[Place, ...]:
    """Riket and every county in a period, or (with `county`) the county's kommuner; newest series."""
    raise NotImplementedError


def flows(con: duckdb.DuckDBPyConnection, indicator: str, period: str, home: Sequence[str]) -> tuple[Flow, ...]:
    """The relations from or to the places (codes) in a period, the largest first; those within one place left out."""
    raise NotImplementedError
