"""What made the figures: code, lock, settings, Python, libraries."""

import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from flows import software
from flows.settings import Settings


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=e@example.invalid", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "a.py").write_text("a = 1\n")
    (tmp_path / software.LOCK).write_text("x==1\n")
    return tmp_path


def test_the_commit_is_named_and_so_is_a_tree_that_differs_from_it(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    clean = software.now(Settings(), root)
    assert (clean.git_commit, clean.dirty) == (git(root, "rev-parse", "HEAD"), False)
    (root / "flows" / "a.py").write_text("a = 2\n")
    changed = software.now(Settings(), root)
    assert (changed.git_commit, changed.dirty) == (clean.git_commit, True)
    assert changed.code_sha256 != clean.code_sha256
    assert changed.lock_sha256 == clean.lock_sha256


def test_code_outside_a_repository_of_its_own_has_no_commit(root: Path) -> None:
    outer = root / "inner"
    (outer / "flows").mkdir(parents=True)
    git(root, "init", "-q")
    found = software.now(Settings(), outer)
    assert (found.git_commit, found.dirty, found.lock_sha256) == (None, None, None)


def test_settings_that_decide_nothing_published_do_not_change_the_configuration(root: Path, tmp_path: Path) -> None:
    plain, elsewhere = software.now(Settings(), root), software.now(Settings(build_dir=tmp_path / "b"), root)
    assert plain.configuration_sha256 == elsewhere.configuration_sha256
    assert software.now(Settings(home_region="03"), root).configuration_sha256 != plain.configuration_sha256


def test_all_libraries_that_are_needed_are_listed_with_their_versions(root: Path) -> None:
    import duckdb

    assert software.now(Settings(), root).packages["duckdb"] == duckdb.__version__


def test_what_is_another_here_is_named_a_line_each(root: Path) -> None:
    here = software.now(Settings(), root)
    made_with = replace(
        here, packages={**here.packages, "duckdb": "0.1", "gone": "2"}, python="3.9.1", platform="Plan 9",
        lock_sha256="l", code_sha256="c", git_commit="abc",
    )  # fmt: skip
    lines = software.differences(made_with, here)
    assert [line.partition(":")[0] for line in lines] == [
        "duckdb", "gone", "Python", "platform", software.LOCK, "code",
    ]  # fmt: skip
    assert "built with 0.1" in lines[0]
    assert "here is none" in lines[1]
    assert "check out commit abc" in lines[-1]
    assert software.differences(here, here) == []


def test_a_manifest_of_another_version_is_read_as_far_as_it_tells(root: Path) -> None:
    here = software.now(Settings(), root)
    document = asdict(here)
    assert software.Software.told(document) == here
    del document["platform"]
    assert software.Software.told({**document, "later": 1}) == replace(here, platform=None)
