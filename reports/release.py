"""Publishing: a finished warehouse becomes a release folder, whole or not at all."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import orjson

from reports import catalogue as catalogues
from reports import manifest, opendata, page, tables, workbook
from reports.catalogue import Catalogue

LATEST = "latest"

Progress = Callable[[int, int, str], None]
"""Told how many steps are done, of how many, and what was just written."""


class ReleaseError(Exception):
    """A release that could not be published; what was published before stands as it was."""


@dataclass(frozen=True)
class Release:
    """A published release: its folder, and whether `latest` now leads to it."""

    path: Path
    is_latest: bool


def publish(con: duckdb.DuckDBPyConnection, build_dir: Path, progress: Progress | None = None) -> Release:
    """The release made from a finished warehouse, written to `build_dir/releases/<run_id>`.

    It is written beside and renamed, so a reader sees a whole release or none. `build_dir/latest` then leads to it,
    but figures that are made up or recorded never push SCB's own aside.

    Args:
        con: an open connection to the warehouse; only read from.
        build_dir: where releases lie.
        progress: told of each step.

    Raises:
        ReleaseError: when the release exists already, or cannot be written; the earlier release then stands.
    """
    catalogue = catalogues.read(con)
    releases, latest = build_dir / "releases", build_dir / LATEST
    path = releases / catalogue.run.run_id
    if path.exists():
        raise ReleaseError(f"{path}: this release exists already and is never overwritten; start a new run")
    if latest.exists() and not latest.is_symlink():
        raise ReleaseError(f"{latest}: must be a link to a release; move what lies there and publish again")
    is_latest = catalogue.run.origin == "scb" or origin_of(latest) != "scb"
    beside = releases / f".{path.name}.unfinished"
    link = build_dir / f".{LATEST}.{path.name}"
    try:
        _discard(beside, link)
        beside.mkdir(parents=True)
        _write(con, catalogue, beside, progress or (lambda *_: None))
        if is_latest:
            link.symlink_to(Path("releases") / path.name, target_is_directory=True)
        beside.rename(path)
        if is_latest:
            link.replace(latest)
    except (OSError, duckdb.IOException) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error).splitlines()[0]
        raise ReleaseError(
            f"{path}: could not be written ({reason}); nothing was published and the earlier release stands; "
            "make room or mend the folder, then run again"
        ) from error
    finally:
        _discard(beside, link)
    return Release(path, is_latest)


def origin_of(release: Path) -> str | None:
    """The origin (`scb`, `demo`, `recorded`) of the release that lies or leads there; null when there is none.

    Raises:
        ReleaseError: when its manifest cannot be read.
    """
    path = release / manifest.NAME
    try:
        return str(orjson.loads(path.read_bytes())["origin"])
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError) as error:
        raise ReleaseError(
            f"{path}: does not say which origin it has; remove the link {release} and publish again"
        ) from error


def _write(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, folder: Path, progress: Progress) -> None:
    steps = 2 * len(catalogue.shown) + 3
    done = 0

    def step(what: str) -> None:
        nonlocal done
        done += 1
        progress(done, steps, what)

    (folder / "tables").mkdir()
    files: dict[str, dict[str, Path]] = {}
    open_data: list[Path] = []
    for item in catalogue.shown:
        rows = tables.rows(con, item, catalogue.run)
        csv, parquet = tables.write(con, rows, item, catalogue.run, folder / "tables")
        stat, described = opendata.write_table(con, rows, item, catalogue, folder / "tables")
        files[item.indicator] = {"csv": csv, "parquet": parquet, "jsonstat": stat}
        open_data.append(described)
        step(f"tables/{csv.name}")
    book = folder / workbook.NAME
    book.write_bytes(workbook.render(con, catalogue, lambda indicator: step(f"{workbook.NAME}: {indicator}")))
    open_data += opendata.write(catalogue, folder, files)
    step(opendata.PACKAGE)
    (folder / manifest.NAME).write_bytes(manifest.render(catalogue, files, book, folder, open_data))
    step(manifest.NAME)
    page.write(con, catalogue, folder, files, book)
    step(page.NAME)


def _discard(folder: Path, link: Path) -> None:
    """Removes what an unfinished publication of this run left behind."""
    if folder.exists():
        shutil.rmtree(folder)
    link.unlink(missing_ok=True)
