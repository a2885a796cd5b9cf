"""The main job over SCB's recorded answers: what is published equals what SCB published."""

import csv
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.conftest import JAMSTAT, settle

Jamstat = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def jamstat(tmp_path_factory: pytest.TempPathFactory) -> Jamstat:
    """The command line with a data and build folder of its own."""
    home = tmp_path_factory.mktemp("recorded")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "JAMSTAT_DATA_DIR": str(home / "data"), "JAMSTAT_BUILD_DIR": str(home / "build")}
        return subprocess.run([JAMSTAT, *arguments], capture_output=True, text=True, cwd=home, env=env, timeout=120)

    run.home = home  # type: ignore[attr-defined]
    return run


@pytest.fixture(scope="module")
def release(jamstat: Jamstat, recorded: Path) -> Path:
    """The release of a recorded run."""
    settle(recorded, jamstat.home)  # type: ignore[attr-defined]
    return jamstat.home / "build" / "latest"  # type: ignore[attr-defined]


def rows(release: Path, indicator: str) -> list[dict[str, str]]:
    with (release / "tables" / f"{indicator}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_segregation_equals_the_reconciled_figures(release: Path) -> None:
    found = {
        row["period"]: round(float(row["value"]) / 100, 4)
        for row in rows(release, "occupation_segregation_index")
        if row["region_code"] == "19"
    }
    assert found == {"2014": 0.5810, "2015": 0.5701, "2016": 0.5700, "2017": 0.5652}


def test_population_is_kept_as_published_not_summed(release: Path) -> None:
    found = {
        row["sex"]: row["value"]
        for row in rows(release, "population_monthly")
        if (row["region_code"], row["period"], row["category"]) == ("19", "2026M01", "age:0-9")
    }
    assert found == {"women": "13048", "men": "13933", "total": "26980"}


def test_every_row_says_that_it_is_recorded(release: Path) -> None:
    assert {row["origin"] for row in rows(release, "population_monthly")} == {"SCB (inspelat)"}


def test_low_coverage_of_occupations_is_warned_of(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    states = {one["id"]: one["state"] for one in manifest["indicators"]}
    assert states["occupation_segregation_index"] == "published"
    warned = {one["id"]: one["warnings"] for one in manifest["indicators"]}
    assert any("95 procent" in warning for warning in warned["occupation_segregation_index"])
    assert manifest["checks"]["critical_failed"] == 0


def test_what_is_declared_and_absent_is_listed_and_not_built(jamstat: Jamstat, release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    states = {one["id"]: one for one in manifest["indicators"]}
    assert states["employment_rate"]["state"] == "not_built"
    assert "not recorded" in states["employment_rate"]["reason"]
    assert {(one["table"], one["what"]) for one in manifest["not_recorded"]} >= {("TAB6471", "Alder TotSA")}


def test_trace_lists_the_296_cells_of_duncan_and_the_bytes_agree(jamstat: Jamstat, release: Path) -> None:
    done = jamstat("trace", "occupation_segregation_index", "--region", "19", "--period", "2017", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["cells"]) == 296
    assert all(cell["verified"] for cell in found["cells"])
    assert {cell["codes"]["Yrke2012"] for cell in found["cells"]}.isdisjoint({"0002"})
    assert found["fetches"][0]["sha256"]
    assert [one["value"] for one in found["vintages"]] == [found["figures"][0]["value"]]


def test_an_unchanged_source_publishes_nothing_new(jamstat: Jamstat, release: Path, shared: Path) -> None:
    before = release.resolve()
    done = jamstat("refresh", "--source", "recorded", "--recordings", str(shared / "recordings"))
    assert done.returncode == 0
    assert "nothing has changed" in done.stdout
    assert release.resolve() == before


def test_list_and_show_read_the_release(jamstat: Jamstat, release: Path) -> None:
    listed = json.loads(jamstat("list", "--json").stdout)
    assert {"id", "title", "theme", "goals", "unit", "measure", "polarity", "tables", "status", "origin"} == set(
        listed[0]
    )
    shown = json.loads(jamstat("show", "population_monthly", "--json").stdout)
    assert any(figure["women"] == "91" and figure["men"] == "27" for figure in shown["figures"])


def test_an_unknown_indicator_names_the_closest(jamstat: Jamstat, release: Path) -> None:
    done = jamstat("show", "population_montly")
    assert done.returncode == 2
    assert "population_monthly" in done.stderr
    assert done.stderr.count("\n") == 1


def test_checks_run_again_on_the_latest_build(jamstat: Jamstat, release: Path) -> None:
    done = jamstat("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 critical" in done.stdout
