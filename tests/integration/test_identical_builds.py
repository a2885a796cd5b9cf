"""Two builds on different machines, so to speak, publish equal figures."""

import csv
import os
from pathlib import Path

from tests.integration.conftest import already_drawn, recorded_run


def tables(release: Path) -> dict[str, list[dict[str, str]]]:
    """Every published row, but for the day of fetching in its source line."""
    found = {}
    for path in sorted((release / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.name] = [{**row, "source": ""} for row in csv.DictReader(file)]
    return found


def test_clock_hash_seed_and_cores_do_not_change_a_figure(tmp_path: Path, shared: Path, recorded: Path) -> None:
    already_drawn(recorded, tmp_path)
    cores = os.sched_getaffinity(0)
    other = recorded_run(tmp_path, shared / "recordings", cores, PYTHONHASHSEED="2", TZ="Pacific/Auckland")
    one = tables(recorded / "build" / "latest")
    assert "occupation_segregation_index.csv" in one
    assert one == tables(other)
