"""Two million synthetic cells from server to staged table, and 900 charts: `python -m benchmarks.scale`.

Prints seconds and peak memory; docs/decisions/006-scale.md keeps a run and what it means for national scope.
"""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

CHARTS, TOGETHER = 900, 24


def main() -> None:
    with TemporaryDirectory() as name:
        two_million_cells(Path(name))
    charts()


def two_million_cells(folder: Path) -> None:
    """TAB6471 whole: 312 regions, 134 ages, three sexes, 16 months."""
    from flows import embedded, project
    from sources import fetch
    from sources.client import Client
    from sources.decoder import decode, parse
    from sources.raw_store import RawStore
    from warehouse import database

    store = RawStore(folder / "raw")
    declared = project.load().tables["TAB6471"]
    with embedded.server() as url, Client(url) as client:
        config = client.config()
        edition = fetch.metadata(client, store, "TAB6471", "scale")
        with measured("fetch, store and check"):
            fetched = fetch.fetch_table(
                client, store, config, edition, lambda head: [dict(head.dimensions)], run_id="scale"
            )
    variables = list(declared.variables)
    with measured("decode and load"), database.building(folder / "scale.duckdb") as con:
        database.create_raw(con, "TAB6471", variables)
        batches = (decode(parse(store.body(record)), at) for at, record in enumerate(fetched.records, start=1))
        cells = database.load_raw(con, "TAB6471", variables, batches)
        start = time.perf_counter()
        con.execute('create table staged.t as select "Region", "Tid", "Kon", value, status, cell from raw."TAB6471"')
        con.execute('create table staged.s as select "Region", "Tid", sum(value) from staged.t group by all')
        print(f"  staged and summed in {time.perf_counter() - start:.1f} s")
    print(f"{cells} cells in {fetched.calls} calls; kept bytes {size(folder / 'raw') / 1e6:.1f} MB")


def charts() -> None:
    """Line charts of women and men over 25 periods, wide and narrow, drawn together as those of some pages are."""
    from reports.charts import Measure, Point, draw, over_time

    measure = Measure("Sysselsättningsgrad", "percent", 1, "Källa: SCB", "Egen beräkning")
    with measured(f"{CHARTS // 2} charts laid out"):
        made = [
            over_time(
                measure,
                [
                    Point("Västmanlands län", str(2000 + year), sex, 70 + at / 100 + year / 5 + place * 5)
                    for place, sex in enumerate(("women", "men"))
                    for year in range(25)
                ],
            )
            for at in range(CHARTS // 2)
        ]
    with measured(f"{CHARTS} pictures of them to SVG"):
        for at in range(0, len(made), TOGETHER):
            draw(made[at : at + TOGETHER])
    total = sum(len(chart.svg) + len(chart.narrow) for chart in made)
    print(f"{total / CHARTS / 1000:.1f} kB of SVG a picture")


@contextmanager
def measured(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {seconds:.1f} s, peak so far {peak:.0f} MB", flush=True)


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
