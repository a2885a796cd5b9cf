"""What it costs to say where figures come from: recording it in a build and after many, and walking one figure back."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

ADDED, TRACED, GROWN = 0.25, 1.0, 1.2
LARGEST, ROUNDS = 5, 5
FEW, MANY = 10, 1000
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
        *(at_most(name, value, GROWN) for name, value in grown().items()),
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


def grown() -> dict[str, float]:
    """The time that history takes a run after many others, as a multiple of that after few.

    The runs before are the latest one over again, with a few changed figures each. Of figures that changed, a run reads
    no more than `store.MOST_VINTAGES` runs.
    """
    from flows import query, store
    from flows import settings as configured

    settings = configured.load()
    data = settings.data_dir / query.latest_origin(settings)
    last = next(iter(store.Paths(data, path.name) for path in sorted((data / "last_good").iterdir())))
    with TemporaryDirectory() as name:
        seconds = {
            number: _history_work(store.Paths(Path(name) / str(number) / data.name, last.scope_key), last, number)
            for number in (FEW, store.MOST_VINTAGES, MANY)
        }
    return {
        f"{what}: run {MANY} / run {few}": seconds[MANY][what] / seconds[few][what]
        for what, few in (("quality history", FEW), ("vintages", store.MOST_VINTAGES))
    }


def _history_work(paths: Any, last: Any, number: int) -> dict[str, float]:
    """Seconds of each kind of work, the quickest of several, where so many runs have left their history."""
    import duckdb

    from flows import store
    from warehouse import history

    paths.history.mkdir(parents=True)
    shutil.copytree(last.last_good, paths.last_good)
    shutil.copyfile(last.warehouse, paths.warehouse)
    found = []
    with duckdb.connect(str(paths.warehouse)) as con:
        con.execute("set threads = 1")
        run_id = con.execute("select run_id from provenance.run").fetchall()[0][0]
        store.record_checks(con, paths, "00000000T000000000Z")
        vintage = f"select {', '.join(store.VINTAGE)} from indicators.observation where region_code = '19' limit 100"
        history.append(con, paths.history, "vintage", "00000000T000000000Z", vintage)
        for kind in paths.history.iterdir():
            for at in range(1, number):
                shutil.copyfile(kind / "00000000T000000000Z.parquet", kind / f"{at:08}T000000000Z.parquet")
        con.execute(f"""
            copy (select h.* replace (printf('%08dT000000000Z', n) as run_id)
                from checks.history as h, range({min(number, store.MOST_RUNS)}) as r (n) where h.run_id = '{run_id}')
            to '{paths.quality}' (format parquet)
        """)
        for _ in range(ROUNDS):
            con.execute("delete from checks.history")
            con.execute("delete from previous.vintage")
            start = time.perf_counter()
            store.record_checks(con, paths, run_id)
            checked = time.perf_counter()
            store.remember_vintages(con, paths, run_id)
            found.append({"quality history": checked - start, "vintages": time.perf_counter() - checked})
    return {what: min(one[what] for one in found) for what in found[0]}


def traced() -> float:
    """Seconds, after import, to walk back the figures of the latest release that rest on the most cells."""
    from flows import query
    from flows import settings as configured
    from flows.tracing import Key
    from warehouse import database

    settings = configured.load()
    path = settings.data_dir / query.latest_origin(settings) / "warehouse.duckdb"
    with database.connect(path) as con:
        operands = con.execute("""
            select substr(output, 12), operands from provenance.query
            where operands is not null and substr(output, 12) in
                (select indicator from provenance.indicator_state where state = 'published')
        """).fetchall()
        most = "select region_code, period, count(*) as n from ({}) group by all order by n desc, 1, 2 limit 1"
        found = [(indicator, *con.execute(most.format(sql)).fetchall()[0]) for indicator, sql in operands]
    slowest = 0.0
    for indicator, region, period, _ in sorted(found, key=lambda one: -one[3])[:LARGEST]:
        start = time.perf_counter()
        query.trace(settings, indicator, Key(region, period))
        slowest = max(slowest, time.perf_counter() - start)
    return slowest
