"""What takes long to make for a page, its pictures and the files of its document, made by other processes."""

import gc
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, Self

from reports import charts, drawing
from reports.charts import Chart, Pictures
from reports.documents import typeset, word
from reports.documents.model import Document

PROCESSES = 2
MANY = 40
"""The jobs of so many pages take longer than the start of processes that do them."""
TOGETHER = 4
"""The jobs of so many pages go to a process at a time."""
PATIENCE = 5
"""How much the processes yield to the one that waits for them (Unix niceness)."""
PICTURE_NAMES = {"time": "utveckling", "gap": "skillnad", "regions": "lan", "map": "kommuner", "flows": "floden"}
"""The files of a page's pictures without ending; one of two measures is called as the two are."""
TOLD = "document.json"
"""What a document is set from, among its files."""


class MakingError(Exception):
    """A process that made pages was ended."""


@dataclass(frozen=True)
class Job:
    """What makes a page's pictures, and the document whose files are made with them."""

    pictures: Pictures
    document: Document | None = None
    site_url: str = ""


@dataclass(frozen=True)
class Made:
    """What a page shows of its pictures by name, and the files that stand beside it."""

    pictures: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


class Making:
    """Jobs by page, which other processes do from when they are begun, where there are many.

    Used as a context, at whose end what is not done is given up.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Mapping[str, Job]] = {}
        self._begun: dict[str, Future[dict[str, dict[str, Made]]]] = {}
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def __contains__(self, page: str) -> bool:
        return page in self._kept or page in self._begun

    def begin(self, page: str, jobs: Mapping[str, Job]) -> None:
        """Nothing; the jobs of a page are begun or will be, together with those of some others."""
        self._kept[page] = jobs
        if self._pool is None and len(self._kept) >= MANY:
            # A process started afresh shares no threads of this one's V8.
            ready = (drawing.prepared(), typeset.fonts())
            self._pool = ProcessPoolExecutor(PROCESSES, get_context("spawn"), _prepare, ready)
        if self._pool and len(self._kept) >= TOGETHER:
            self._submit(self._pool)

    def _submit(self, pool: ProcessPoolExecutor) -> None:
        while self._kept:
            some = {page: self._kept.pop(page) for page in list(self._kept)[:TOGETHER]}
            with _explained():
                self._begun |= dict.fromkeys(some, pool.submit(_do, some))

    def made(self, pages: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Made]]]:
        """Each page with what came of its jobs, by their names.

        While other processes have none ready, pages that they do nothing for are given.
        """
        if self._pool:
            self._submit(self._pool)
        given = list(pages)
        ahead = deque(page for page in given if page in self._begun)
        others = deque(page for page in given if page not in self._begun)
        while ahead or others:
            if ahead and (not others or self._begun[ahead[0]].done()):
                page = ahead.popleft()
                with _explained():
                    made = self._begun.pop(page).result()[page]
                yield page, made
            else:
                page = others.popleft()
                yield page, _do({page: self._kept.pop(page, {})})[page]


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise MakingError("a process that drew its pictures was ended, perhaps for want of memory") from error


def _prepare(templates: Mapping[str, bytes], fonts: Path) -> None:
    """Nothing; this process knows what another has made ready, and lets that go first."""
    drawing.prepare(templates)
    typeset.prepare(fonts)
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who waits for it is interrupted, and ends it
    Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(PATIENCE)


def _end_with_parent() -> None:
    """Nothing; this process ends where that which waits for it is gone."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def do(job: Job) -> Made:
    """What comes of a job, done here and now."""
    return _do({"": {"": job}})[""][""]


def _do(pages: Mapping[str, Mapping[str, Job]]) -> dict[str, dict[str, Made]]:
    found = {page: {name: job.pictures() for name, job in jobs.items()} for page, jobs in pages.items()}
    charts.draw(chart for some in found.values() for pictures in some.values() for chart in _each(pictures))
    return {page: {name: _made(job, found[page][name]) for name, job in jobs.items()} for page, jobs in pages.items()}


def _each(pictures: Any) -> Iterator[Chart]:
    """The charts among pictures by name, those in lists and by names of their own too."""
    if isinstance(pictures, Chart):
        yield pictures
    elif pictures is not None:
        for one in pictures.values() if isinstance(pictures, Mapping) else pictures:
            yield from _each(one)


def _made(job: Job, found: Mapping[str, Any]) -> Made:
    named = {file: found[name] for name, file in PICTURE_NAMES.items() if found.get(name) is not None}
    named |= {name: chart for name, chart in (found.get("pairs") or {}).items() if chart.missing is None}
    names = {id(chart): f"{name}.svg" for name, chart in named.items()}
    files = {f"{name}.svg": chart.download().encode() for name, chart in named.items()}
    if (document := job.document) is not None:
        told = typeset.told(document, found["figures"], job.site_url)
        files |= {f"{document.file}.pdf": typeset.printed(told), TOLD: told}
        if document.word:
            files[f"{document.file}.docx"] = word.docx(document, found["figures"], job.site_url)
    return Made(_shown(found, names), files)


def _shown(pictures: Any, names: Mapping[int, str]) -> Any:
    """The same with what a page shows of each chart in its place."""
    if isinstance(pictures, Chart):
        return pictures.picture(names.get(id(pictures)))
    if isinstance(pictures, Mapping):
        return {name: _shown(one, names) for name, one in pictures.items()}
    return None if pictures is None else [_shown(one, names) for one in pictures]
