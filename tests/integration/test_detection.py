"""The checks are checked: planted faults are caught where they should be, and sound data are not."""

from pathlib import Path

import pytest

from benchmarks import detection
from tests.detection import CATALOGUE, Laboratory, detect, laboratories

LEAST = 0.95


@pytest.mark.timeout(1200)  # a minute on two free cores; on a busy machine many
def test_planted_faults_are_caught_at_the_right_place_with_the_right_severity(tmp_path: Path, shared: Path) -> None:
    found = detect(tmp_path, shared / "recordings")
    missed = [f"{one.mutation.name}: {one.caught_by} {one.severity}, {one.failed}" for one in found if not one.caught]
    assert len(found) == len(CATALOGUE) >= 40
    assert len({one.name for one in CATALOGUE}) == len(CATALOGUE)
    assert 1 - len(missed) / len(found) >= LEAST, missed
    assert detection.written() == detection.table(found), "run `make bench`, or `python -m benchmarks.detection`"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> "Laboratory":
    with laboratories(tmp_path_factory.mktemp("sound"), None) as labs:
        yield labs["demo"]  # type: ignore[misc]


@pytest.mark.parametrize("tables", [("TAB4840",), ("TAB6366",), ("TAB5839",), ("TAB2589",)])
def test_sound_figures_published_twice_raise_nothing(demo: "Laboratory", tables: tuple[str, ...]) -> None:
    found = demo.sound(tables)
    assert found.refused == {}
    assert found.failed == {}
