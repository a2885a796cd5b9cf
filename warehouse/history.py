"""What outlives a warehouse file: one Parquet file per run and kind, only ever added."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

KINDS = ("run", "fetch", "check", "failing_cell", "skipped", "quality", "vintage", "definition", "challenge", "event")


def append(con: duckdb.DuckDBPyConnection, folder: Path, kind: str, run_id: str, query: str) -> None:
    """Nothing; the rows of the query stand in history/<kind>/<run_id>.parquet.

    Raises:
        OSError: the disk is full or not writable; no partial file is left.
    """
    path = folder / kind / f"{run_id}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    try:
        con.execute(f"copy (select '{run_id}' as history_run, * from ({query})) to '{beside}' (format parquet)")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def attach(con: duckdb.DuckDBPyConnection, folder: Path, kinds: Sequence[str] = KINDS) -> None:
    """Nothing; history_<kind> is a temporary view over the runs' files, for each kind that has any."""
    for kind in kinds:
        if list((folder / kind).glob("*.parquet")):  # the whole list: an iterator left halfway warns
            read = f"read_parquet('{folder / kind / '*.parquet'}', union_by_name = true)"
            con.execute(f"create or replace temp view history_{kind} as select * from {read}")


def has(con: duckdb.DuckDBPyConnection, kind: str) -> bool:
    """Whether any run has left rows of that kind (after `attach`)."""
    found = con.execute("select 1 from duckdb_views() where view_name = ?", [f"history_{kind}"]).fetchall()
    return bool(found)
