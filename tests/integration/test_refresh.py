"""What a refresh fetches, keeps, holds back and publishes, seen from the command line."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration.conftest import already_drawn

Jamstat = Any
"""The class of that name in conftest.py."""

EMPLOYED, ENTREPRENEURS = "employment_rate", "women_share_entrepreneurs"
BOTH = "entrepreneurs_per_1000_inhabitants"
"""They read TAB3200, TAB3205, and both."""

WHOLE_JOB = """
import sys
from flows import cli, embedded
from reports import release
server, drift = embedded.server, sys.argv.pop(1)
# Site and sheets are no matter here, the tables are.
release.web.plan = lambda *_, **__: None
release.web.write = lambda _, folder, *__: folder.mkdir()
release.workbook.render = release.spreadsheets.render = lambda *_: b""
embedded.server = lambda *_: server(None, *drift.split())
cli.main()
"""

# --- a table fails


@pytest.mark.parametrize(
    ("fault", "path", "reason"),
    [
        ({"fault": "problem", "status": 404}, "TAB3205/metadata", "404 Non-existent table"),
        ({"fault": "missing_region"}, "TAB3205/data", "codes, got"),
    ],
)
def test_a_failing_table_holds_back_what_depends_on_it_and_nothing_else(
    jamstat: Jamstat, fault: dict[str, Any], path: str, reason: str
) -> None:
    first = jamstat.manifest()
    before = {one: jamstat.rows(one) for one in (EMPLOYED, ENTREPRENEURS, BOTH)}
    metadata = jamstat.server.fault("updated", "TAB320.")
    broken = {"times": None, "match": {"path": path}, **fault}
    jamstat.server.switch_on(broken, metadata)

    done = jamstat("demo")

    assert done.code == 1
    assert f"held back: {BOTH}: TAB3205" in done.out
    assert f"held back: {ENTREPRENEURS}: TAB3205" in done.out
    found = jamstat.indicators()
    assert found[EMPLOYED]["state"] == "published"
    assert found[EMPLOYED]["run_id"] == jamstat.manifest()["run_id"] != first["run_id"]
    for held in (BOTH, ENTREPRENEURS):
        assert found[held]["state"] == "held_back"
        assert reason in found[held]["reason"]
        assert found[held]["run_id"] == first["run_id"]
        assert found[held]["published_at"] >= first["finished_at"][:10]
        assert jamstat.figures(held) == {
            (row["region_code"], row["period"], row["sex"], row["category"]): row["value"] for row in before[held]
        }
    tables = {one["id"]: one for one in jamstat.manifest()["tables"]}
    assert tables["TAB3200"]["state"] == "loaded"
    assert tables["TAB3205"]["state"] == "failed"
    assert reason in tables["TAB3205"]["reason"]

    again = jamstat("check")
    assert again.code == 1, "the last good figures pass, but they are old"
    assert f"{ENTREPRENEURS}: held back: TAB3205" in again.out
    assert "2 indicators held back" in again.out
    assert "the checks here are of the last good figures" in again.out


@pytest.mark.usefixtures("no_site")
def test_a_source_that_recovers_is_published_again(jamstat: Jamstat) -> None:
    figures = jamstat.figures(ENTREPRENEURS)
    jamstat.server.switch_on(jamstat.server.fault("problem", "TAB3205/metadata", status=404))
    assert jamstat("demo").code == 1
    assert jamstat("demo").code == 1, "as long as it lasts"
    jamstat.server.heal()

    assert jamstat("demo").code == 0

    assert {one["state"] for one in jamstat.indicators().values()} == {"published"}
    assert jamstat.figures(ENTREPRENEURS) == figures
    assert not [call for call in jamstat.server.calls() if call.startswith("POST")], "the answers were kept"


def test_a_table_that_never_came_leaves_its_indicators_empty_and_says_so(fresh: Jamstat) -> None:
    fresh.server.switch_on(fresh.server.fault("problem", "TAB3205/metadata", status=404))
    assert fresh("demo").code == 1
    found = fresh.indicators()
    assert found[EMPLOYED]["state"] == "published"
    assert found[ENTREPRENEURS]["state"] == "held_back"
    assert found[ENTREPRENEURS]["run_id"] is None
    assert found[ENTREPRENEURS]["rows"] == 0


# --- only what is asked for


@pytest.mark.usefixtures("no_site")
@pytest.mark.parametrize(
    ("option", "fetched"),
    [
        (("--table", "TAB3200"), {"TAB3200"}),
        (("--indicator", ENTREPRENEURS), {"TAB3205"}),
    ],
)
def test_a_partial_refresh_asks_for_no_other_table(
    jamstat: Jamstat, option: tuple[str, str], fetched: set[str]
) -> None:
    before = {one: jamstat.rows(one) for one in (EMPLOYED, ENTREPRENEURS, BOTH)}
    jamstat.server.switch_on(jamstat.server.fault("updated", "TAB320."))

    done = jamstat("refresh", "--source", "demo", *option)

    assert done.code == 0, done.err
    calls = jamstat.server.calls("/tables/")
    assert {call.split("/")[2] for call in calls} == fetched
    assert {call.split("/")[2] for call in calls if call.startswith("POST")} == fetched
    assert {one["state"] for one in jamstat.indicators().values()} == {"published"}
    assert {one: jamstat.rows(one) for one in before} == before


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
@pytest.mark.parametrize(
    ("option", "closest"),
    [(("--table", "TAB3250"), "TAB3205"), (("--indicator", "employment_rat"), "employment_rate")],
)
def test_what_is_not_declared_is_refused_with_the_closest(
    jamstat: Jamstat, option: tuple[str, str], closest: str, more: tuple[str, ...]
) -> None:
    before = jamstat.published()
    done = jamstat("refresh", "--source", "demo", *option, *more)
    assert done.code == 2
    assert option[1] in done.err
    assert f"closest: {closest}" in done.err
    assert done.err.count("\n") == 1
    assert jamstat.published() == before
    assert not jamstat.server.calls("/tables/")


def test_an_unchanged_source_costs_one_call_for_each_table(jamstat: Jamstat) -> None:
    before = jamstat.published()
    done = jamstat("demo")
    assert done.code == 0
    assert "nothing has changed since run" in done.out
    assert sorted(jamstat.server.calls()) == [
        "GET /config",
        "GET /tables/TAB3200/metadata",
        "GET /tables/TAB3205/metadata",
    ]
    assert jamstat.published() == before


@pytest.mark.usefixtures("no_site")
@pytest.mark.parametrize("lost", ["warehouse", "latest"])
def test_what_was_lost_is_made_anew_from_the_kept_answers(jamstat: Jamstat, lost: str) -> None:
    figures = jamstat.figures(EMPLOYED)
    if lost == "warehouse":
        (jamstat.data / "warehouse.duckdb").write_bytes(b"not a database")
    else:
        jamstat.latest.unlink()
    assert jamstat("demo").code == 0
    assert not [call for call in jamstat.server.calls() if call.startswith("POST")]
    assert jamstat.figures(EMPLOYED) == figures
    assert jamstat("trace", EMPLOYED, "--region", "19", "--period", "2023").code == 0


@pytest.mark.usefixtures("no_site")
def test_a_full_refresh_fetches_everything_anew(jamstat: Jamstat) -> None:
    assert jamstat("refresh", "--source", "demo", "--full").code == 0
    assert {call.split("/")[2] for call in jamstat.server.calls() if call.startswith("POST")} == {"TAB3200", "TAB3205"}


@pytest.mark.parametrize("option", [(), ("--full",), ("--table", "TAB3205"), ("--indicator", EMPLOYED)])
def test_a_dry_run_says_what_would_be_fetched_and_changes_nothing(jamstat: Jamstat, option: tuple[str, ...]) -> None:
    def state() -> dict[str, tuple[int, int]]:
        files = sorted(jamstat.home.rglob("*"))
        return {str(file): (file.lstat().st_mtime_ns, file.lstat().st_size) for file in files}

    before = state()
    done = jamstat("refresh", "--source", "demo", "--dry-run", *option)
    assert done.code == 0, done.err
    shown = {line.split()[0]: line for line in done.out.splitlines() if line.startswith("TAB")}
    wanted = {(): {"TAB3200", "TAB3205"}, ("--full",): {"TAB3200", "TAB3205"}}.get(option)
    assert set(shown) == (wanted or ({"TAB3205"} if "TAB3205" in option else {"TAB3200"}))
    for line in shown.values():
        assert ("to be fetched" if "--full" in option else "unchanged") in line
    assert not [call for call in jamstat.server.calls() if call.startswith("POST")]
    assert state() == before


def test_a_dry_run_on_a_new_machine_leaves_no_folder(fresh: Jamstat) -> None:
    done = fresh("refresh", "--source", "demo", "--dry-run")
    assert done.code == 0
    assert done.out.count("to be fetched") == 2
    assert not list(fresh.home.iterdir())


# --- origins are never mixed


@pytest.fixture
def real_release(jamstat: Jamstat) -> Path:
    """A release of SCB's figures stands as the latest."""
    release: Path = jamstat.build / "releases" / "20260101T080000000Z"
    release.mkdir()
    (release / "manifest.json").write_text(json.dumps({"origin": "scb", "run_id": release.name}), encoding="utf-8")
    jamstat.latest.unlink()
    jamstat.latest.symlink_to(Path("releases") / release.name, target_is_directory=True)
    return release


@pytest.mark.usefixtures("no_site")
def test_demo_figures_never_take_the_place_of_real_ones(jamstat: Jamstat, real_release: Path) -> None:
    unchanged = jamstat("demo")
    jamstat.server.switch_on(jamstat.server.fault("updated", "TAB320."))
    published = jamstat("demo")
    for done in (unchanged, published):
        assert done.code == 0
        assert "build/latest stays on the release with SCB's figures" in done.out
        assert jamstat.latest.resolve() == real_release
    releases = sorted(one.name for one in (jamstat.build / "releases").iterdir())
    assert len(releases) == 3
    assert f"results: {jamstat.build / 'releases' / releases[-1]}" in published.out


def test_synthetic_answers_are_refused_in_a_run_for_real_ones(
    jamstat: Jamstat, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = jamstat.published()
    monkeypatch.setenv("JAMSTAT_BASE_URL", jamstat.server.base_url)
    done = jamstat("refresh", "--source", "scb")
    assert done.code == 3
    assert "origins are never mixed" in done.err
    assert "--source demo" in done.err
    assert done.err.count("\n") == 1
    assert jamstat.published() == before
    kept = list((jamstat.home / "data" / "scb").rglob("records/*/*.json"))
    assert not kept, "nothing synthetic may be found again as an answer of SCB"


# --- another region


def test_another_region_needs_its_code_and_nothing_else(fresh: Jamstat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAMSTAT_HOME_REGION", "20")
    assert fresh("demo").code == 0
    manifest = fresh.manifest()
    assert manifest["organisation"] == "Region Dalarna"
    assert manifest["home_region"] == "20"
    regions = {row["region_code"]: row["region"] for row in fresh.rows(EMPLOYED)}
    kommuner = {code: name for code, name in regions.items() if len(code) == 4}
    assert len(kommuner) == 15
    assert kommuner["2080"] == "Falun"
    assert {code[:2] for code in kommuner} == {"20"}
    assert len([code for code in regions if len(code) == 2]) == 22, "riket and every county"


def test_an_unknown_region_is_refused_with_those_allowed(jamstat: Jamstat, monkeypatch: pytest.MonkeyPatch) -> None:
    before = jamstat.published()
    monkeypatch.setenv("JAMSTAT_HOME_REGION", "99")
    done = jamstat("demo")
    assert done.code == 2
    assert "'99'" in done.err
    assert "19 Västmanlands län" in done.err
    assert done.err.count("\n") == 1
    assert jamstat.published() == before


@pytest.mark.usefixtures("no_site")
def test_two_scopes_do_not_take_each_other_for_unchanged(jamstat: Jamstat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAMSTAT_HOME_REGION", "20")
    assert jamstat("demo").code == 0
    monkeypatch.setenv("JAMSTAT_HOME_REGION", "19")
    assert jamstat("demo").code == 0
    assert jamstat.manifest()["home_region"] == "19"
    assert {row["region_code"][:2] for row in jamstat.rows(EMPLOYED) if len(row["region_code"]) == 4} == {"19"}


# --- a source that has changed in every way that we must not rely on


@pytest.fixture(scope="module")
def drifted_job(tmp_path_factory: pytest.TempPathFactory, full_demo: Path) -> Iterator[tuple[Path, Any]]:
    """The whole job over the drifted server: its folder and its process."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JAMSTAT_")}
    home = tmp_path_factory.mktemp("drifted")
    already_drawn(full_demo, home)
    environment = inherited | {"JAMSTAT_DATA_DIR": str(home / "data"), "JAMSTAT_BUILD_DIR": str(home / "build")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(
        [sys.executable, "-c", WHOLE_JOB, "--drift", "demo"], cwd=home, env=environment, text=True, **pipes
    )
    yield home, process
    process.send_signal(signal.SIGINT)  # ends the server that the job has started, too
    process.communicate()


@pytest.mark.timeout(600)
def test_a_drifted_source_gives_equal_figures_in_every_table(drifted_job: tuple[Path, Any], full_demo: Path) -> None:
    home, process = drifted_job
    words = process.communicate(timeout=500)[0]
    assert process.returncode == 0, words
    plain, drifted = (folder / "build" / "latest" / "tables" for folder in (full_demo, home))
    names = sorted(file.name for file in plain.glob("*.csv"))
    assert names == sorted(file.name for file in drifted.glob("*.csv"))
    assert len(names) >= 40
    for name in names:
        assert _rows(plain / name) == _rows(drifted / name), name


def _rows(file: Path) -> list[list[str]]:
    """The rows of a table without the day of the fetch, in order of their keys."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    source = rows[0].index("source")
    return sorted(row[:source] + row[source + 1 :] for row in rows)


@pytest.mark.usefixtures("no_site")
def test_a_person_can_accept_that_an_indicator_holds_less(jamstat: Jamstat) -> None:
    (published,) = jamstat.home.rglob("employment_rate.*.parquet")
    with duckdb.connect() as con:  # as if one more year had been published
        con.execute(f"create table rows as select * from read_parquet('{published}')")
        con.execute("insert into rows select * replace ('1999' as period) from rows where period = '2024'")
        con.execute(f"copy rows to '{published}' (format parquet)")
    (last,) = jamstat.home.rglob("run.json")
    last.unlink()
    refused = jamstat("demo")
    assert refused.code == 1
    assert "coverage_not_smaller" in refused.out
    accepted = jamstat("refresh", "--source", "demo", "--accept", "employment_rate")
    assert accepted.code == 0, accepted.out + accepted.err
    unknown = jamstat("refresh", "--source", "demo", "--accept", "employment_rat")
    assert unknown.code == 2
    assert "employment_rate" in unknown.err
