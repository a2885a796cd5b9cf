"""The six packages: imported from this checkout, with names that shadow nothing, in one direction."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("flows", "sources", "warehouse", "transforms", "expectations", "reports")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_comes_from_exactly_this_checkout(package: str) -> None:
    module = importlib.import_module(package)
    assert Path(str(module.__file__)) == ROOT / package / "__init__.py"


def test_no_module_is_named_after_the_standard_librarys() -> None:
    named = {path.stem for package in PACKAGES for path in (ROOT / package).rglob("*.py")} - {"__init__", "__main__"}
    assert named.isdisjoint(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("sources", "import flows"),
        ("sources", "from sources.demo import server"),
        ("sources/demo", "from sources.client import Client"),
        ("warehouse", "from transforms import build"),
        ("transforms", "from warehouse import database"),
        ("expectations", "import sources"),
        ("reports", "from warehouse import database"),
        ("flows", "import pandas"),
    ],
)
def test_an_import_against_the_direction_is_refused(room: str, line: str) -> None:
    ruff = [Path(sys.executable).with_name("ruff"), "check", "--select", "TID"]
    done = subprocess.run(
        [*ruff, "--stdin-filename", f"{room}/probe.py", "-"],
        check=False,
        input=f'"""A probe."""\n\n{line}\n',
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "TID25" in done.stdout


def test_only_settings_reads_the_environment() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "os.environ" in (text := path.read_text(encoding="utf-8")) or "getenv" in text
    ]
    assert readers in ([], ["flows/settings.py"])


def test_the_command_line_starts_without_the_slow_libraries() -> None:
    slow = {"pandas", "prefect", "great_expectations", "altair", "duckdb", "pyarrow"}
    code = f"import sys, flows.cli; print(sorted({slow!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
