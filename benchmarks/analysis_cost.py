"""What the statistics cost: every indicator and analysis from staged tables, at national scope, beside plain pandas.

The synthetic tables of all regions are fetched and staged once, which takes some minutes. Each measurement is a process
of its own, so that its peak memory is that of the work.
"""

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb
    import pandas as pd

SECONDS, GIBIBYTES = 60.0, 1.5
FEW, ALL = 21, 312
KEY = ["region_code", "period", "sex"]
COMPARED = (
    "sick_share_of_population", "entrepreneur_share_foreign_born", "women_share_managers",
    "occupation_segregation_index", "tertiary_education_share",
)  # fmt: skip


def measure() -> list[dict[str, Any]]:
    """Seconds and peak memory of all indicators and analyses, their growth with regions, and the ratio to pandas."""
    with TemporaryDirectory() as name:
        staged = stage(Path(name))
        everything = alone("build", staged)
        counties = alone("build_counties", staged)
        pandas = alone("compare", staged)
    # In processor time: the two are measured one after the other, on a machine that may do other work meanwhile.
    growth = everything["processor"] / counties["processor"]
    ratio = pandas["sql"] / pandas["pandas"]
    label = (
        f"{everything['indicators']} indicators and {everything['analyses']} analyses, {everything['regions']} regions"
    )
    return [
        at_most(f"{label}: seconds", everything["seconds"], SECONDS),
        at_most(f"{label}: peak memory, GiB", everything["gibibytes"], GIBIBYTES),
        at_most(f"the same, {FEW} regions to {ALL}: times the processor time", growth, ALL / FEW),
        {"name": "5 indicators: SQL / vectorised pandas, seconds", "value": ratio, "bound": None, "holds": True},
    ]


def at_most(name: str, value: float, bound: float) -> dict[str, Any]:
    return {"name": name, "value": value, "bound": bound, "holds": value <= bound}


def stage(folder: Path) -> Path:
    """The path of a warehouse with all staged tables at national scope, and nothing after them."""
    from flows import embedded
    from flows import refresh as work
    from flows.settings import Settings
    from sources.client import Client
    from warehouse import database

    path = folder / "national.duckdb"
    with embedded.server() as url, Client(url) as client:
        settings = Settings(data_dir=folder / "data", build_dir=folder / "build", scope="national")
        with work.opened(settings, "demo", url) as run:
            states = work.fetch_all(run, client, list(run.project.tables))
            with database.building(path) as con:
                work.load(run, con, states)
    return path


def alone(what: str, staged: Path) -> dict[str, Any]:
    """What a measurement in a process of its own found, on a copy of the staged warehouse."""
    copy = staged.with_name(f"{what}.duckdb")
    shutil.copyfile(staged, copy)
    command = [sys.executable, "-m", "benchmarks.analysis_cost", what, str(copy)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    copy.unlink()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def connect(path: str) -> "duckdb.DuckDBPyConnection":
    import duckdb

    con = duckdb.connect(path)
    con.execute("set enable_progress_bar = false")
    con.execute("set threads = 1")  # as every build does, for identical figures
    return con


def build(path: str, *, only_counties: bool = False) -> dict[str, Any]:
    from flows import project
    from transforms import build as transforms

    declared = project.load().indicators
    with connect(path) as con:
        if only_counties:
            keep_counties(con)
        start, used = time.perf_counter(), time.process_time()
        for indicator in declared.values():
            transforms.build_indicator(con, indicator)
        transforms.observe(con, declared)
        transforms.analyse(con)
        seconds, used = time.perf_counter() - start, time.process_time() - used
        regions = con.execute("select count(distinct region_code) from indicators.observation").fetchall()[0][0]
    return {
        "seconds": seconds,
        "processor": used,
        "gibibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
        "regions": regions,
        "indicators": len(declared),
        "analyses": len(transforms.analyses()),
    }


def keep_counties(con: "duckdb.DuckDBPyConnection") -> None:
    """Nothing; the staged tables hold the counties only."""
    tables = con.execute(
        "select t.table_name from information_schema.tables as t join information_schema.columns as c "
        "on c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'region_code' "
        "where t.table_schema = 'staged' and t.table_type = 'BASE TABLE'"
    ).fetchall()
    for (table,) in tables:
        con.execute(
            f"create or replace table staged.{table} as from staged.{table} "
            "where region_code in (select region_code from reference.region where type = 'county')"
        )


# --- The same figures in pandas


def compare(path: str) -> dict[str, Any]:
    """Seconds that the five indicators take in SQL and in pandas, from the same staged rows; they give equal values."""
    from flows import project
    from transforms import build as transforms

    declared = project.load().indicators
    ways: dict[str, Callable[[dict[str, pd.DataFrame]], pd.Series]] = {
        "sick_share_of_population": sick_share,
        "entrepreneur_share_foreign_born": entrepreneurs_by_birth,
        "women_share_managers": women_among_managers,
        "occupation_segregation_index": occupation_segregation,
        "tertiary_education_share": tertiary,
    }
    took = {"sql": 0.0, "pandas": 0.0}
    with connect(path) as con:
        frames = {
            name: con.execute(f"from staged.{name}").df() for name in ("TAB3200", "TAB3205", "TAB3981", "TAB4434")
        }
        for name in COMPARED:
            start = time.perf_counter()
            transforms.build_indicator(con, declared[name])
            took["sql"] += time.perf_counter() - start
            start = time.perf_counter()
            mine = ways[name](frames)
            took["pandas"] += time.perf_counter() - start
            published = con.execute(
                f"select * from indicators.{name} where value is not null and (series is null or series = 'BAS')"
            ).df()
            keys = [key for key in ("region_code", "period", "sex", "category") if key in mine.index.names]
            theirs = published.set_index(keys)["value"]
            worst = (mine.reindex(theirs.index) - theirs).abs().max()
            if not worst < 1e-9:
                raise AssertionError(f"{name}: pandas and SQL differ by {worst}")
    return took


def wide(rows: "pd.DataFrame", keys: list[str], column: str = "measure") -> "pd.DataFrame":
    """The sum of the values by the keys, one column per operand; null where a part is missing."""
    grouped = rows.groupby([*keys, column])["value"]
    whole = grouped.sum().where(grouped.count() == grouped.size())
    return whole.unstack(column)


def sick_share(frames: "dict[str, pd.DataFrame]") -> "pd.Series":
    rows = frames["TAB3200"]
    counts = wide(rows[(rows["age"] == "20-64") & (rows["birth_region"] == "tot")], KEY)
    return 100.0 * counts["sick"] / counts["population"]


def entrepreneurs_by_birth(frames: "dict[str, pd.DataFrame]") -> "pd.Series":
    rows = frames["TAB3205"]
    chosen = rows[
        (rows["age"] == "15-74")
        & (rows["measure"] == "employed_by_residence")
        & rows["birth_region"].isin(["in", "ut"])
    ]
    chosen = chosen.assign(category="birth_region:" + chosen["birth_region"])
    counts = wide(chosen, [*KEY, "category"], "occupational_status")
    return 100.0 * (counts["company_owners"] + counts["sole_proprietors"]) / counts["total"]


def women_among_managers(frames: "dict[str, pd.DataFrame]") -> "pd.Series":
    rows = frames["TAB4434"]
    counts = wide(rows[rows["occupation"].str.startswith("1") & (rows["measure"] == "employees")], KEY[:2], "sex")
    return 100.0 * counts["women"] / (counts["women"] + counts["men"])


def occupation_segregation(frames: "dict[str, pd.DataFrame]") -> "pd.Series":
    rows = frames["TAB4434"]
    known = rows[(rows["measure"] == "employees") & (rows["occupation"] != "unknown")]
    persons = wide(known, [*KEY[:2], "occupation"], "sex")[["women", "men"]]
    parts = persons / persons.groupby(KEY[:2]).transform("sum")
    return 50.0 * (parts["women"] - parts["men"]).abs().groupby(KEY[:2]).sum()


def tertiary(frames: "dict[str, pd.DataFrame]") -> "pd.Series":
    rows = frames["TAB3981"]
    ages = rows["age"].str.extract(r"^(\d+)$")[0].astype(float)
    counts = wide(rows[ages.between(25, 64)], KEY, "education")
    return 100.0 * (counts["post_secondary"] + counts["research"]) / counts.sum(axis=1, skipna=False)


def main(what: str, path: str) -> None:
    works: dict[str, Callable[[], dict[str, Any]]] = {
        "build": lambda: build(path),
        "build_counties": lambda: build(path, only_counties=True),
        "compare": lambda: compare(path),
    }
    sys.stdout.write(json.dumps(works[what]()))


if __name__ == "__main__":
    main(*sys.argv[1:])
