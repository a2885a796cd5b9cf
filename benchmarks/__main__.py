"""Runs every benchmark and writes build/bench/results.json: a list of {name, value, bound, holds}."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from benchmarks import (
    analysis_cost,
    build_cost,
    calls,
    decoding,
    detection,
    document_cost,
    provenance_cost,
    release_cost,
    site_cost,
)

ROOT = Path(__file__).resolve().parent.parent
JAMSTAT = str(Path(sys.executable).with_name("jamstat"))


def main() -> None:
    results: list[dict[str, Any]] = [
        *decoding.measure(),
        *calls.measure(),
        *command_line(),
        *build_cost.measure(),
        *provenance_cost.measure(),
        *analysis_cost.measure(),
        *site_cost.measure(),
        *document_cost.measure(),
        *detection.measure(),
        *release_cost.measure(),
    ]
    out = ROOT / "build" / "bench" / "results.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    for one in results:
        bound = "" if one["bound"] is None else f"bound {one['bound']}"
        print(f"{one['name']:<64} {one['value']:>10.3f}  {bound:<14} {'' if one['holds'] else 'DOES NOT HOLD'}")
    print(out)
    sys.exit(not all(one["holds"] for one in results))


def command_line() -> list[dict[str, Any]]:
    """Seconds of the quickest of several starts; `list` needs a release to read."""
    if not (ROOT / "build" / "latest" / "manifest.json").exists():
        subprocess.run([JAMSTAT, "demo"], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return [
        at_most("jamstat --help, seconds", quickest(lambda: run("--help"), 5), 0.5),
        at_most("jamstat list, seconds", quickest(lambda: run("list"), 5), 1.0),
    ]


def run(*arguments: str) -> None:
    subprocess.run([JAMSTAT, *arguments], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def quickest(work: Callable[[], object], times: int) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def at_most(name: str, value: float, bound: float) -> dict[str, Any]:
    return {"name": name, "value": value, "bound": bound, "holds": value <= bound}


if __name__ == "__main__":
    main()
