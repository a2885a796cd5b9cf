"""The warehouse file: built beside, filled, and put in place of the old one in one step."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

SCHEMA = Path(__file__).with_name("schema.sql")


class WarehouseError(Exception):
    """The warehouse cannot be opened or filled; the message says why and what to do."""


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a finished warehouse.

    Raises:
        WarehouseError: there is none yet.
    """
    if not path.exists():
        raise WarehouseError(f"{path}: no warehouse here yet; run `jamstat refresh` first")
    con = duckdb.connect(str(path), read_only=True)
    # DuckDB 1.5.5 ends a recursive query too early now and then when several threads read (seen 2026-11-26).
    con.execute("set threads = 1")
    return con


@contextmanager
def building(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new, empty warehouse that takes the place of `path` when the block ends well.

    Whatever goes wrong inside leaves the warehouse at `path` as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    _remove(beside)
    try:
        with duckdb.connect(str(beside)) as con:
            # One thread adds floats in one order, so that every machine builds the same figures.
            con.execute("set threads = 1")
            con.execute(SCHEMA.read_text(encoding="utf-8"))
            yield con
            con.execute("checkpoint")
        beside.replace(path)
    finally:
        _remove(beside)


def _remove(path: Path) -> None:
    for file in (path, path.with_name(path.name + ".wal")):
        file.unlink(missing_ok=True)


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Nothing; the rows stand in the table, in its column order."""
    columns = list(zip(*rows, strict=True))
    if columns:
        arrays = [pa.array(column) for column in columns]
        con.register("incoming", pa.Table.from_arrays(arrays, [f"c{at}" for at in range(len(arrays))]))
        con.execute(f"insert into {table} select * from incoming")
        con.unregister("incoming")


def create_raw(con: duckdb.DuckDBPyConnection, table_id: str, variables: Sequence[str]) -> None:
    """Nothing; raw.<table> stands empty, with one text column per variable."""
    columns = ", ".join(f"{quoted(variable)} varchar" for variable in variables)
    con.execute(f"create table raw.{quoted(table_id)} ({columns}, value double, status varchar, cell ubigint)")


def load_raw(
    con: duckdb.DuckDBPyConnection,
    table_id: str,
    variables: Sequence[str],
    batches: Iterable[pa.RecordBatch],
    *,
    overlapping: bool = False,
) -> int:
    """The number of cells now in raw.<table>.

    Where grids of one selection may be overlapping, a cell that came twice is kept once, and must have come with one
    value.

    Raises:
        WarehouseError: a cell came twice with different values.
    """
    name = f"raw.{quoted(table_id)}"
    columns = ", ".join(map(quoted, [*variables, "value", "status", "cell"]))
    for batch in batches:
        con.register("batch", pa.Table.from_batches([batch]))
        con.execute(f"insert into {name} ({columns}) select {columns} from batch")
        con.unregister("batch")
    if overlapping:
        _keep_once(con, name, variables)
    return int(con.execute(f"select count(*) from {name}").fetchall()[0][0])


def _keep_once(con: duckdb.DuckDBPyConnection, name: str, variables: Sequence[str]) -> None:
    key = ", ".join(map(quoted, variables))
    con.execute(f"""
        create or replace temp table twice as
        select {key}, min(cell) as kept, count(distinct concat_ws('|', coalesce(value::varchar, ''), status)) as kinds
        from {name} group by all having count(*) > 1
    """)
    differing = con.execute(f"select {key} from twice where kinds > 1 limit 1").fetchall()
    if differing:
        raise WarehouseError(f"{name}: the cell {differing[0]} came twice with different values; fetch the table anew")
    same = " and ".join(f"raw_cell.{quoted(variable)} = twice.{quoted(variable)}" for variable in variables)
    con.execute(f"delete from {name} as raw_cell using twice where {same} and raw_cell.cell > twice.kept")
    con.execute("drop table twice")
