"""Publishing: a finished warehouse becomes a release folder, whole or not at all."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa

from reports import catalogue as catalogues
from reports import manifest, opendata, page, quality, sentences, spreadsheets, tables, workbook
from reports.catalogue import Catalogue, Indicator
from reports.documents.typeset import DocumentError
from reports.opendata import Names
from reports.stamp import Stamp
from reports.web import build as web
from reports.web.making import Making, MakingError

LATEST = "latest"
CACHE = "cache"

Files = dict[str, dict[str, Path]]
"""By indicator, the path of each of its files by kind."""
Progress = Callable[[int, int, str], None]
"""Told how many steps are done, of how many, and what was just written."""


UNWRITTEN = (OSError, duckdb.IOException, DocumentError, MakingError)
"""What keeps a release from being written."""


class ReleaseError(Exception):
    """A release that could not be published; what was published before stands as it was."""


@dataclass(frozen=True)
class Release:
    """A published release: its folder, and whether `latest` now leads to it."""

    path: Path
    is_latest: bool


def publish(
    con: duckdb.DuckDBPyConnection,
    build_dir: Path,
    progress: Progress | None = None,
    *,
    site_url: str = "",
    year: str = "",
    extra: Mapping[str, bytes] | None = None,
) -> Release:
    """The release made from a finished warehouse, written to `build_dir/releases/<run_id>`.

    It is written beside and renamed, so a reader sees a whole release or none. `build_dir/latest` then leads to it,
    but figures that are made up or recorded never push SCB's own aside.

    Args:
        con: an open connection to the warehouse; only read from.
        build_dir: where releases lie.
        progress: told of each step.
        site_url: where the folder `site` will lie, ending with `/`; empty when that is not known.
        year: the year of the yearly reports; empty for the last whole one before the run.
        extra: what else lies in the release, by the file's name.

    Raises:
        ReleaseError: when the release exists already, or cannot be written; the earlier release then stands.
    """
    catalogue = catalogues.read(con)
    with unfinished(build_dir, catalogue.run.run_id) as beside:
        for name, content in (extra or {}).items():
            (beside / name).write_bytes(content)
        write(con, beside, cache_of(build_dir, catalogue.run.origin), progress, site_url=site_url, year=year)
        path = appear(beside)
        return Release(path, turn(build_dir, path, catalogue.run.origin))


@contextmanager
def unfinished(build_dir: Path, name: str) -> Iterator[Path]:
    """A block with a folder in which the release of that name is written; what is left of it at the end is removed.

    Raises:
        ReleaseError: when the release exists already, or cannot be written; the earlier release then stands.
    """
    releases, latest = build_dir / "releases", build_dir / LATEST
    path = releases / name
    if path.exists():
        raise ReleaseError(f"{path}: this release exists already and is never overwritten; start a new run")
    if latest.exists() and not latest.is_symlink():
        raise ReleaseError(f"{latest}: must be a link to a release; move what lies there and publish again")
    beside = releases / f".{path.name}.unfinished"
    held: int | None = None
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with _alone(releases):
            _sweep(releases, build_dir)
            beside.mkdir()
            held = os.open(beside, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX)  # for as long as this run lives
        yield beside
    except UNWRITTEN as error:
        raise _unwritten(path, error) from error
    finally:
        _discard(beside, _link(build_dir, path))
        if held is not None:
            os.close(held)


def write(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    cache: Path,
    progress: Progress | None = None,
    *,
    site_url: str = "",
    year: str = "",
    stamped: Callable[[Path], Stamp] | None = None,
) -> None:
    """Nothing; tables, workbook, manifest, pages and site of a warehouse stand in the folder.

    Args:
        con: an open connection to the warehouse; only read from.
        folder: where to write.
        cache: where contents of pages are kept.
        progress: told of each step.
        site_url: where the folder `site` will lie, ending with `/`; empty when that is not known.
        year: the year of the yearly reports; empty for the last whole one before the run.
        stamped: what files and pages say of their release, given the folder with what does not name it.
    """
    catalogue = catalogues.read(con)
    stamp = _write(con, catalogue, folder, progress or (lambda *_: None), site_url, stamped)
    with _building(cache) as begun:
        begin = (begun, web.contents_of(cache))
        plan = web.plan(con, catalogue, folder, site_url=site_url, year=year, stamp=stamp, begun=begin)
        web.write(plan, folder / web.FOLDER, cache, begun, progress)
    if stamp:
        index = folder / page.NAME
        index.write_text(stamp.on_index(index.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def appear(beside: Path) -> Path:
    """The release's folder: what was written beside it now stands there."""
    path = beside.with_name(beside.name.removeprefix(".").removesuffix(".unfinished"))
    beside.rename(path)
    return path


def turn(build_dir: Path, path: Path, origin: str) -> bool:
    """Whether `latest` now leads to the release; what is made up or recorded never pushes SCB's figures aside."""
    latest, link = build_dir / LATEST, _link(build_dir, path)
    with _alone(build_dir / "releases"):
        is_latest = origin == "scb" or origin_of(latest) != "scb"
        if is_latest:
            link.symlink_to(Path("releases") / path.name, target_is_directory=True)
            link.replace(latest)
    return is_latest


def _link(build_dir: Path, path: Path) -> Path:
    return build_dir / f".{LATEST}.{path.name}"


@dataclass(frozen=True)
class Rebuilt:
    """A site built again: the release that holds it, how many pages were made anew, and of how many."""

    path: Path
    made: int
    pages: int


def rebuild(
    con: duckdb.DuckDBPyConnection,
    build_dir: Path,
    progress: Progress | None = None,
    *,
    site_url: str = "",
    png: bool = False,
    year: str = "",
) -> Rebuilt:
    """The latest release with its site built again from the warehouse of its run; a page is made anew where it changed.

    A release is never overwritten: the new one stands beside it with the same files and its number raised
    (`<run_id>`, `<run_id>.2`, ...), and `latest` is turned to it in one step. Nothing is written when nothing changed.

    Args:
        con: an open connection to the warehouse; only read from.
        build_dir: where releases lie.
        progress: told of each page and of each PNG file.
        site_url: where the folder `site` will lie, ending with `/`; empty when that is not known.
        png: whether every picture shall lie beside its SVG as PNG too.
        year: the year of the yearly reports; empty for the last whole one before the run.

    Raises:
        ReleaseError: nothing is published, the warehouse is of another run, or it cannot be written.
    """
    catalogue = catalogues.read(con)
    latest, cache = build_dir / LATEST, cache_of(build_dir, catalogue.run.origin)
    if origin_of(latest) is None:
        raise ReleaseError(f"{latest}: nothing is published here yet; run `jamstat demo` or `jamstat refresh`")
    with _building(cache) as begun:
        old, run_id = latest.resolve(), catalogue.run.run_id
        name, _, number = old.name.partition(".")
        if "release" in orjson.loads((old / manifest.NAME).read_bytes()):
            raise ReleaseError(f"{old}: is a release and is never changed; `jamstat refresh` makes a new run")
        if name != run_id:
            raise ReleaseError(
                f"{old}: the warehouse holds another run ({run_id}) than the one published here; run `jamstat refresh`"
            )
        path = old.with_name(f"{run_id}.{int(number or 1) + 1}")
        beside, link = path.with_name(f".{path.name}.unfinished"), build_dir / f".{LATEST}.{path.name}"
        stands = old / web.FOLDER / web.FINGERPRINT
        try:
            begin = (begun, web.contents_of(cache))
            plan = web.plan(con, catalogue, old, site_url=site_url, png=png, year=year, begun=begin)
            if stands.exists() and stands.read_text(encoding="utf-8").strip() == plan.fingerprint:
                return Rebuilt(old, 0, len(plan.works))
            _discard(beside, link)
            shutil.copytree(old, beside, copy_function=web.same_file, ignore=shutil.ignore_patterns(web.FOLDER))
            made = web.write(plan, beside / web.FOLDER, cache, begun, progress)
            link.symlink_to(Path("releases") / path.name, target_is_directory=True)
            beside.rename(path)
            link.replace(latest)
        except UNWRITTEN as error:
            raise _unwritten(path, error) from error
        finally:
            _discard(beside, link)
    return Rebuilt(path, made, len(plan.works))


@contextmanager
def _building(cache: Path) -> Iterator[Making]:
    """A block in which no other run builds a site out of the cache; one that does is waited for."""
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache), Making() as begun:
        yield begun


def cache_of(build_dir: Path, origin: str) -> Path:
    """Where contents of pages are kept from one build to the next."""
    return build_dir / CACHE / origin


def _unwritten(path: Path, error: Exception) -> ReleaseError:
    reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error).splitlines()[0]
    return ReleaseError(
        f"{path}: could not be written ({reason}); nothing was published and the earlier release stands; "
        "make room or mend the folder, then run again"
    )


def origin_of(release: Path) -> str | None:
    """The origin (`scb`, `demo`, `recorded`) of the release that lies or leads there; null when there is none.

    Raises:
        ReleaseError: when its manifest cannot be read.
    """
    return _said(release, "origin")


def run_of(release: Path) -> str | None:
    """The run whose figures the release that lies or leads there holds; null when there is none.

    Raises:
        ReleaseError: when its manifest cannot be read.
    """
    return _said(release, "run_id")


def _said(release: Path, name: str) -> str | None:
    path = release / manifest.NAME
    try:
        return str(orjson.loads(path.read_bytes())[name])
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError) as error:
        raise ReleaseError(
            f"{path}: does not say which {name} it has; remove the link {release} and publish again"
        ) from error


def _write(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    folder: Path,
    progress: Progress,
    site_url: str,
    stamped: Callable[[Path], Stamp] | None,
) -> Stamp | None:
    """The release as it is named; its data files are written first, and the files that name it have their hash."""
    steps = 2 * len(catalogue.shown) + 3
    done = 0

    def step(what: str) -> None:
        nonlocal done
        done += 1
        progress(done, steps, what)

    (folder / "tables").mkdir()
    files: Files = {}
    named: list[Path] = []
    for item in catalogue.shown:
        rows = tables.rows(con, item, catalogue.run)
        names = opendata.names_of(con, item)
        csv, parquet = tables.write(con, rows, item, catalogue.run, folder / "tables")
        stat = opendata.write_table(rows, names, item, catalogue, folder / "tables")
        files[item.indicator] = {"csv": csv, "jsonstat": stat, "parquet": parquet}
        if not stamped:
            named.append(_name(rows, names, item, catalogue, files))
        step(f"tables/{csv.name}")
    told = sentences.of_region(con, catalogue, catalogue.run.home_region)
    found = quality.read(con)
    (folder / quality.JSON).write_bytes(quality.as_json(found, catalogue))
    stamp = None
    if stamped:
        (folder / manifest.NAME).write_bytes(manifest.render(catalogue, told, files, None, folder))
        stamp = stamped(folder)
        catalogue = replace(catalogue, run=replace(catalogue.run, edition=stamp))
        for item in catalogue.shown:
            rows = tables.rows(con, item, catalogue.run)  # all of them at once are too much to keep
            named.append(_name(rows, opendata.names_of(con, item), item, catalogue, files))
    book = folder / workbook.NAME
    book.write_bytes(workbook.render(con, catalogue, told, lambda indicator: step(f"{workbook.NAME}: {indicator}")))
    named += opendata.write(catalogue, folder, files, address=f"{site_url}data/" if site_url else "")
    step(opendata.PACKAGE)
    (folder / quality.XLSX).write_bytes(quality.as_xlsx(found, catalogue))
    named += [folder / quality.JSON, folder / quality.XLSX]
    (folder / manifest.NAME).write_bytes(manifest.render(catalogue, told, files, book, folder, named))
    step(manifest.NAME)
    page.write(con, catalogue, folder, files, book, told)
    step(page.NAME)
    return stamp


def _name(rows: pa.Table, names: Names, item: Indicator, catalogue: Catalogue, files: Files) -> Path:
    """The CSVW metadata of an indicator, written beside its CSV with its Excel file: what names a release."""
    csv = files[item.indicator]["csv"]
    sheet = csv.with_suffix(".xlsx")
    sheet.write_bytes(spreadsheets.render(rows, item, catalogue, names))
    # In the order in which files are offered.
    files[item.indicator] = {"csv": csv, "xlsx": sheet, **files[item.indicator]}
    return opendata.describe_table(item, catalogue.run, csv.parent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A block that no other run enters for the same folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sweep(releases: Path, build_dir: Path) -> None:
    """Removes what runs left that were killed while they published; what a living run writes is locked by it."""
    for folder in releases.glob(".*.unfinished"):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)
    for link in build_dir.glob(f".{LATEST}.*"):
        link.unlink()


def _discard(folder: Path, link: Path) -> None:
    """Removes what an unfinished publication of this run left behind."""
    if folder.exists():
        shutil.rmtree(folder)
    link.unlink(missing_ok=True)
