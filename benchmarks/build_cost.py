"""What traceability costs: a build with cells and fetch records against one without them, alternating."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

ROUNDS = 3


def measure() -> list[dict[str, Any]]:
    """The share of a build that `cell` and fetch records take, on the synthetic tables at home scope."""
    import pyarrow as pa

    from flows import embedded
    from flows import refresh as work
    from flows.settings import Settings
    from sources.client import Client
    from transforms import build as transforms
    from warehouse import database

    decode, insert = work.decode, database.insert

    def without_fetches(con: Any, table: str, rows: Any) -> None:
        if table != "provenance.fetch":
            insert(con, table, rows)

    def without_cell(dataset: Any, number: int = 0) -> Any:
        batch = decode(dataset, number)
        return batch.set_column(batch.num_columns - 1, "cell", pa.nulls(batch.num_rows, pa.uint64()))

    def build(run: work.Run, states: dict[str, work.TableState], folder: Path) -> float:
        start = time.perf_counter()
        with database.building(folder / "bench.duckdb") as con:
            work.load(run, con, states)
            for indicator in run.project.indicators.values():
                transforms.build_indicator(con, indicator)
        return time.perf_counter() - start

    with TemporaryDirectory() as name, embedded.server() as url, Client(url) as client:
        settings = Settings(data_dir=Path(name) / "data", build_dir=Path(name) / "build")
        with work.opened(settings, "demo", url) as run:
            states = work.fetch_all(run, client, list(run.project.tables))
            full = bare = float("inf")
            for _ in range(ROUNDS):
                full = min(full, build(run, states, Path(name)))
                with patch.object(work, "decode", without_cell), patch.object(database, "insert", without_fetches):
                    bare = min(bare, build(run, states, Path(name)))
    share = max(0.0, (full - bare) / full)
    return [{"name": "cell and fetch records: share of a build", "value": share, "bound": 0.15, "holds": share <= 0.15}]
