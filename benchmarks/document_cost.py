"""What the documents cost: every brief and every yearly report of the home county from a warm warehouse, and again."""

import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.site_cost import Built, at_most
from reports import catalogue
from reports.web import build
from reports.web.making import Making
from warehouse import database

ALL = 30.0


def measure() -> list[dict[str, Any]]:
    """Seconds from nothing, pages made anew when nothing changed, and seconds of that."""
    with TemporaryDirectory() as name:
        home = Built(Path(name), "home")
        release = home.site.parent.resolve()
        with database.connect(home.folder / "data" / "demo" / "warehouse.duckdb") as con:
            cache = Path(name) / "cache"
            first, made, files = documents(con, release, cache, Path(name) / "first")
            second, again, _ = documents(con, release, cache, Path(name) / "second")
    return [
        at_most(f"{made} pages of documents with {files} PDF and DOCX files: seconds", first, ALL),
        at_most("the same, nothing changed: pages made anew", again, 0),
        at_most("the same, nothing changed: seconds", second, ALL),
    ]


def documents(con: Any, release: Path, cache: Path, folder: Path) -> tuple[float, int, int]:
    """Seconds, pages made anew and files of a site that is its documents alone."""
    start = time.perf_counter()
    whole = build.plan(con, catalogue.read(con), release)
    alone = replace(whole, works=tuple(work for work in whole.works if work.page.document is not None), links={})
    with Making() as begun:
        made = build.write(alone, folder, cache, begun)
    seconds = time.perf_counter() - start
    return seconds, made, sum(1 for path in folder.rglob("*") if path.suffix in (".pdf", ".docx"))
