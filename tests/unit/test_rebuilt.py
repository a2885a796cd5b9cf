"""A report that is built again: what is made anew, what stands, and what is left when it fails."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from reports.release import ReleaseError, publish, rebuild
from tests import warehouses


def test_an_unchanged_report_is_left_alone(tmp_path: Path) -> None:
    con = warehouses.small()
    release = publish(con, tmp_path)
    again = rebuild(con, tmp_path)
    assert (again.path, again.made) == (release.path.resolve(), 0)
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["run-0001"]


def test_only_the_pages_whose_figures_changed_are_made_anew(tmp_path: Path) -> None:
    con = warehouses.small()
    publish(con, tmp_path)
    con.execute(
        "update indicators.observation set value = 55 "
        "where indicator = 'women_share_regional_council' and sex = 'total'"
    )
    warehouses.analyse(con)
    again = rebuild(con, tmp_path)
    assert 0 < again.made < again.pages / 2
    page = (tmp_path / "latest/site/indikatorer/women_share_regional_council/index.html").read_text("utf-8")
    assert "55,0" in page


def test_a_rebuilt_report_stands_beside_the_release_with_the_same_files(tmp_path: Path) -> None:
    con = warehouses.small()
    old = publish(con, tmp_path).path
    con.execute("update provenance.run set organisation = 'Region Någonstans'")
    again = rebuild(con, tmp_path)
    assert again.path.name == "run-0001.2"
    assert (tmp_path / "latest").resolve() == again.path
    assert "Region Någonstans" in (tmp_path / "latest/site/index.html").read_text("utf-8")
    assert "Region Någonstans" not in (old / "site/index.html").read_text("utf-8")
    for path in (old / "tables").iterdir():
        assert path.read_bytes() == (again.path / "tables" / path.name).read_bytes()


def test_two_reports_at_once_are_built_one_after_the_other(tmp_path: Path) -> None:
    old = publish(warehouses.small(), tmp_path).path.resolve()
    warehouse = warehouses.small()
    warehouse.execute("update provenance.run set organisation = 'Region Någonstans'")
    entered, others = Event(), []

    def second(*_: object) -> None:
        if not entered.is_set():
            entered.set()
            others.append(pool.submit(rebuild, warehouse.cursor(), tmp_path))
            with pytest.raises(TimeoutError):
                others[0].result(timeout=1)

    with ThreadPoolExecutor(1) as pool:
        first = rebuild(warehouse, tmp_path, second)
        again = others[0].result()
    assert first.path.name == "run-0001.2"
    assert (again.path, again.made) == (first.path, 0)
    assert (tmp_path / "latest").resolve() == first.path
    names = [sorted(path.relative_to(folder) for path in folder.rglob("*")) for folder in (old, first.path)]
    assert names[0] == names[1]


def test_a_report_that_fails_leaves_the_old_one_up(tmp_path: Path) -> None:
    con = warehouses.small()
    publish(con, tmp_path)
    before = (tmp_path / "latest/site/index.html").read_bytes()
    con.execute("update provenance.run set organisation = 'Region Någonstans'")

    def stop(done: int, pages: int, what: str) -> None:
        if done == 5:
            raise OSError(28, "No space left on device")

    with pytest.raises(ReleaseError, match="could not be written"):
        rebuild(con, tmp_path, stop)
    assert (tmp_path / "latest/site/index.html").read_bytes() == before
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["run-0001"]


def test_a_report_without_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="nothing is published here yet; run `jamstat demo`"):
        rebuild(warehouses.small(), tmp_path)


def built(folder: Path) -> Path:
    con = warehouses.small()
    warehouses.analyse(con)
    return publish(con, folder).path / "site"


def test_a_release_holds_the_same_bytes_when_built_twice(tmp_path: Path) -> None:
    one, two = (built(tmp_path / name) for name in ("a", "b"))
    for path in one.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path
