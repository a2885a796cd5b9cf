"""How many planted faults the checks catch, and that keeping the history of checks costs the same whatever its length.

The detection table is written into docs/checks.md.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from flows import store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.detection import Detection

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "checks.md"
RECORDINGS = ROOT.parent / "shared" / "recordings"
BEGIN, END = "<!-- detection: written by make bench -->\n", "<!-- end of detection -->\n"
LEAST, RATIO = 0.95, 1.25
FEW, MANY, RULES = 10, 1000, 70


def measure() -> list[dict[str, Any]]:
    """The share of the corruptions that are caught where they should be, and the cost of the history of checks."""
    from tests.detection import detect

    with TemporaryDirectory() as folder:
        found = detect(Path(folder), RECORDINGS if RECORDINGS.is_dir() else None)
    write(found)
    caught = sum(one.caught for one in found) / len(found)
    few, many = (history_seconds(runs) for runs in (FEW, MANY))
    return [
        {"name": f"{len(found)} corruptions: share caught", "value": caught, "bound": LEAST, "holds": caught >= LEAST},
        {"name": "keeping a run's checks, processor seconds", "value": many, "bound": None, "holds": True},
        at_most(f"history of checks: run {MANY} / run {FEW}", many / few, RATIO),
    ]


def at_most(name: str, value: float, bound: float) -> dict[str, Any]:
    return {"name": name, "value": value, "bound": bound, "holds": value <= bound}


def table(found: "Sequence[Detection]") -> str:
    """The detection table, as it stands in docs/checks.md."""
    lines = ["| corruption | what has gone wrong | where | severity | caught by |", "|---|---|---|---|---|"]
    for one in found:
        mutation = one.mutation
        caught = f"`{one.caught_by}`" if one.caught else "**missed**"
        kind = "recorded answer" if mutation.origin == "recorded" else "answer" if mutation.change else "our SQL"
        lines.append(
            f"| {mutation.name} | {mutation.what} | {kind} {mutation.table} | {mutation.severity} | {caught} |"
        )
    missed = [one.mutation.name for one in found if not one.caught]
    said = f"{len(found) - len(missed)} of {len(found)} are caught at the right place with the right severity."
    return "\n".join([said, f"Missed: {', '.join(missed) or 'none'}.", "", *lines]) + "\n"


def write(found: "Sequence[Detection]") -> None:
    """Nothing; the table of the document is this one."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table(found)}\n{END}{after}", encoding="utf-8")


def written() -> str:
    """The table that stands in the document."""
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip("\n") + "\n"


def history_seconds(runs: int, times: int = 5) -> float:
    """The processor seconds of keeping a run's checks, the quickest of several, after so many runs."""
    with TemporaryDirectory() as folder, duckdb.connect() as con:
        con.execute((ROOT / "warehouse" / "schema.sql").read_text(encoding="utf-8"))
        con.execute("insert into provenance.run (run_id, started_at) values ('', now())")
        con.execute(
            "insert into checks.rule select 'rule' || i, '', 'warning', 'table', 'time' from range(?) as r(i)", [RULES]
        )
        con.execute("""
            insert into checks.result
            select rule, 'warning', 'table', 'TAB' || i, i % 9 > 0, '', '', '' from checks.rule, range(40) as r(i)""")
        paths = store.Paths(Path(folder), "home-19")
        for run in range(runs):  # every run leaves its files; only the summary of the scope is carried on
            for kind in ("check", "failing_cell", "skipped", "quality"):
                path = paths.history / kind / f"{run:06d}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
        for run in range(runs - store.MOST_RUNS, runs):
            _keep(con, paths, f"{max(run, 0):06d}")
        best = float("inf")
        for again in range(times):
            start = time.process_time()
            _keep(con, paths, f"{runs + again:06d}")
            best = min(best, time.process_time() - start)
        return best


def _keep(con: duckdb.DuckDBPyConnection, paths: store.Paths, run_id: str) -> None:
    con.execute("delete from checks.history")
    con.execute("update provenance.run set run_id = ?", [run_id])
    store.record_checks(con, paths, run_id)


if __name__ == "__main__":
    for line in measure():
        sys.stdout.write(f"{line}\n")
