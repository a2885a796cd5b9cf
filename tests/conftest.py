"""Shared fixtures: where the recorded answers lie."""

import os
from pathlib import Path

import pytest

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
