"""What it costs to say where figures come from: recording it in a build, and walking one figure back."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

ADDED, TRACED = 0.25, 1.0
LARGEST = 5
RECORDING = (
    "record_queries",
    "record_lineage",
    "remember_vintages",
    "remember_definitions",
    "record_checks",
    "record_run",
)


def measure() -> list[dict[str, Any]]:
    """How much recording adds to a build without the report, and the slowest of the traces with the most cells."""
    return [
        at_most("provenance and quality recording, added to a build", recorded(), ADDED),
        at_most(f"jamstat trace, slowest of the {LARGEST} with most cells, seconds", traced(), TRACED),
    ]


def at_most(name: str, value: float, bound: float) -> dict[str, Any]:
    return {"name": name, "value": value, "bound": bound, "holds": value <= bound}


def recorded() -> float:
    """The time of what records, as a share of the rest of a first build; what is published is left out of both."""
    from flows import embedded, events
    from flows import refresh as work
    from flows.settings import Settings
    from reports import release
    from sources.client import Client

    spent: dict[str, float] = {}

    def timed(name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return plain(*arguments, **named)
            finally:
                spent[name] = spent.get(name, 0.0) + time.perf_counter() - start

        return run

    with TemporaryDirectory() as name, embedded.server() as url, Client(url) as client:
        settings = Settings(data_dir=Path(name) / "data", build_dir=Path(name) / "build")
        nowhere = release.Release(Path(name) / "build", is_latest=False)
        with work.opened(settings, "demo", url) as run, patch.object(release, "publish", lambda *_, **__: nowhere):
            states = work.fetch_all(run, client, list(run.project.tables))
            patches = [patch.object(work, one, timed(one, getattr(work, one))) for one in RECORDING]
            patches.append(patch.object(events, "of_run", timed("events", events.of_run)))
            for one in patches:
                one.start()
            start = time.perf_counter()
            work.build_and_publish(run, states)
            whole = time.perf_counter() - start
            for one in patches:
                one.stop()
    return sum(spent.values()) / (whole - sum(spent.values()))


def traced() -> float:
    """Seconds, after import, to walk back the figures of the latest release that rest on the most cells."""
    from flows import query
    from flows import settings as configured
    from flows.tracing import Key
    from warehouse import database

    settings = configured.load()
    path = settings.data_dir / query.latest_origin(settings) / "warehouse.duckdb"
    with database.connect(path) as con:
        found = [
            (indicator, *con.execute(
                f"select region_code, period, count(*) as n from ({sql}) group by all order by n desc, all limit 1"
            ).fetchall()[0])
            for indicator, sql in con.execute(
                "select substr(output, 12), operands from provenance.query "
                "where operands is not null and substr(output, 12) in "
                "(select indicator from provenance.indicator_state where state = 'published')"
            ).fetchall()
        ]  # fmt: skip
    slowest = 0.0
    for indicator, region, period, _ in sorted(found, key=lambda one: -one[3])[:LARGEST]:
        start = time.perf_counter()
        query.trace(settings, indicator, Key(region, period))
        slowest = max(slowest, time.perf_counter() - start)
    return slowest
