"""Two builds on different machines, so to speak, publish equal figures."""

import csv
import os
import subprocess
import sys
from pathlib import Path

JAMSTAT = Path(sys.executable).with_name("jamstat")


def build(home: Path, shared: Path, cores: set[int], **env: str) -> dict[str, list[dict[str, str]]]:
    """Every published row, but for the day of fetching in its source line."""
    subprocess.run(
        [JAMSTAT, "refresh", "--source", "recorded", "--recordings", str(shared / "recordings")],
        check=True,
        capture_output=True,
        cwd=home,
        env={**os.environ, "JAMSTAT_DATA_DIR": str(home / "d"), "JAMSTAT_BUILD_DIR": str(home / "b"), **env},
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
        timeout=120,
    )
    tables = {}
    for path in sorted((home / "b" / "latest" / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.name] = [{**row, "source": ""} for row in csv.DictReader(file)]
    return tables


def test_clock_hash_seed_and_cores_do_not_change_a_figure(tmp_path: Path, shared: Path) -> None:
    cores = os.sched_getaffinity(0)
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one = build(tmp_path / "one", shared, {min(cores)}, PYTHONHASHSEED="1", TZ="UTC")
    other = build(tmp_path / "other", shared, cores, PYTHONHASHSEED="2", TZ="Pacific/Auckland")
    assert "occupation_segregation_index.csv" in one
    assert one == other
