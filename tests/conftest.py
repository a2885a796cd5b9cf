"""Shared fixtures: where the recorded answers lie, and what is made once for all processes that test."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from reports.release import publish
from tests.warehouses import small

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded real answers beside the checkout; skips without it, fails in CI."""
    folder = ROOT.parent / "shared"
    if not (folder / "recordings").is_dir():
        reason = "the recorded answers are not here: no ../shared/recordings beside this checkout"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], AbstractContextManager[Path]]:
    """Gives the folder of a name that all processes of this test run share, to one of them at a time."""
    base = tmp_path_factory.getbasetemp()
    root = base if worker_id == "master" else base.parent

    @contextmanager
    def folder(name: str) -> Iterator[Path]:
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield root / name

    return folder


@pytest.fixture(scope="session")
def small_release(common: Callable[[str], AbstractContextManager[Path]]) -> Path:
    """The release of the small warehouse with synthetic figures; never to be changed."""
    with common("small_release") as build:
        if not (build / "latest").exists():
            publish(small("demo"), build)
    return (build / "latest").resolve()
