"""One table, whole and of one edition: planned, fetched in parallel, checked, stored before it is decoded."""

import itertools
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

import orjson

from sources import contract, planner
from sources.client import Client, Config, request_body
from sources.decoder import Dataset, decode, parse
from sources.errors import ContractError, PublishedDuringDownload, ServerFailure, TooManyCells
from sources.raw_store import FetchRecord, RawStore, Records

LOG = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R")

THREADS = 4
RESTARTS = 2

Chunk = Mapping[str, Sequence[str]]
Progress = Callable[[int, int], None]
"""Called with chunks done and chunks planned."""


@dataclass(frozen=True)
class Edition:
    """A table's metadata as it is published now; `source_id` is the API's name of it, `table_id` ours."""

    table_id: str
    dataset: Dataset
    record: FetchRecord
    source_id: str


@dataclass(frozen=True)
class Fetched:
    """The records that together hold a selection, in the plan's order, and how many of them were fetched now."""

    edition: Edition
    records: tuple[FetchRecord, ...]
    calls: int
    plan_key: str


def metadata(client: Client, store: RawStore, table_id: str, run_id: str, source_id: str | None = None) -> Edition:
    """The table's metadata, stored; the one call that an unchanged table costs.

    `source_id` is the API's name of the table where it differs from ours, under which it is stored.

    Raises:
        SourceError: unreachable, refused, or metadata that is not json-stat2 or does not say when it was published.
    """
    source_id = source_id or table_id
    answer = client.metadata(source_id)
    try:
        dataset = _dated(parse(answer.body))
    except ContractError as error:
        record = store.put(answer, table_id, "", run_id)
        store.reject(record)
        raise ContractError(f"{table_id}: {error} (object {record.sha256[:12]} kept)") from error
    return Edition(table_id, dataset, store.put(answer, table_id, dataset.updated, run_id), source_id)


def _dated(dataset: Dataset) -> Dataset:
    if not dataset.updated:
        raise ContractError("the metadata does not say when the table was updated")
    return dataset


def fetch_table(
    client: Client,
    store: RawStore,
    config: Config,
    edition: Edition,
    grids_of: Callable[[Dataset], Sequence[Chunk]],
    *,
    run_id: str,
    anew: bool = False,
    progress: Progress | None = None,
) -> Fetched:
    """Every cell of the selection, of one edition of the table.

    What the store already holds of this edition is not asked for again, so an unchanged table costs no call here
    and an interrupted download continues where it stopped.

    Args:
        client: where to ask.
        store: where the bodies go, before they are decoded.
        config: the API's limits.
        edition: the metadata, read just before.
        grids_of: the codes to ask for, given the metadata; called again when the table is published meanwhile.
        run_id: noted in the fetch records.
        anew: fetch also what the store holds (the quarterly re-read of history).
        progress: told how far it has come.

    Raises:
        SourceError: unreachable, refused, or an answer that breaks the contract.
    """
    session = _Session(client, store, run_id, anew, progress, {})
    for _ in range(RESTARTS + 1):
        try:
            return _fetch_edition(session, config, edition, grids_of)
        except PublishedDuringDownload:
            edition = metadata(client, store, edition.table_id, run_id, edition.source_id)
        except TooManyCells:
            admitted = config.max_cells
            config = client.config()
            if config.max_cells >= admitted:
                raise  # planning anew would give the same chunks
    raise PublishedDuringDownload(
        f"{edition.table_id}: published or re-limited during {RESTARTS + 1} downloads in a row; run again later"
    )


@dataclass(frozen=True)
class _Session:
    client: Client
    store: RawStore
    run_id: str
    anew: bool
    progress: Progress | None
    updated: dict[str, str]
    """Of what was fetched now: `updated` of each answer, by fetch id."""


def _fetch_edition(
    session: "_Session", config: Config, edition: Edition, grids_of: Callable[[Dataset], Sequence[Chunk]]
) -> Fetched:
    head = edition.dataset
    plans = [planner.plan(grid, config.max_cells, head.time) for grid in grids_of(head)]
    chunks = [chunk for plan in plans for chunk in plan.chunks]
    known = Records([]) if session.anew else session.store.records(edition.table_id)
    records: list[list[FetchRecord]] = [[] for _ in chunks]
    work = _in_parallel(lambda chunk: list(_records(session, edition, known, chunk)), chunks)
    for done, (at, found) in enumerate(work, start=1):
        records[at] = found
        if session.progress:
            session.progress(done, len(chunks))
    fetched = tuple(itertools.chain.from_iterable(records))
    calls = sum(1 for record in fetched if record.fetch_id in session.updated)
    if calls:
        now = parse(session.client.metadata(edition.source_id).body).updated
        if now != head.updated:
            raise PublishedDuringDownload(f"{edition.table_id}: published {now} while {head.updated} was being read")
        _check_one_edition(session, edition, fetched)
    return Fetched(edition, fetched, calls, "-".join(plan.key for plan in plans))


def _check_one_edition(session: "_Session", edition: Edition, fetched: Sequence[FetchRecord]) -> None:
    """Nothing, when all answers with the same contents were updated at the same time; the older ones are put aside.

    An answer tells the update of its own contents only, so answers with unlike contents may differ.

    Raises:
        PublishedDuringDownload: some answers are older than others, as from a cache at the source.
    """
    contents = edition.dataset.contents
    by_contents: dict[tuple[str, ...], list[tuple[str, FetchRecord]]] = {}
    for record in fetched:
        selection = {
            part["variableCode"]: tuple(part["valueCodes"]) for part in orjson.loads(record.request)["selection"]
        }
        updated = session.updated.get(record.fetch_id) or parse(session.store.body(record)).updated
        by_contents.setdefault(selection.get(contents or "", ()), []).append((updated, record))
    stale = {
        record for group in by_contents.values() for updated, record in group if updated < max(at for at, _ in group)
    }
    for record in stale:
        session.store.reject(record)
    if stale:
        raise PublishedDuringDownload(
            f"{edition.table_id}: {len(stale)} of {len(fetched)} answers are of an older edition than the rest"
        )


def _halves(chunk: Chunk) -> tuple[Chunk, Chunk] | None:
    """The chunk cut in two along its largest dimension; None when it is a single cell."""
    largest = max(chunk, key=lambda variable: len(chunk[variable]))
    codes = chunk[largest]
    if len(codes) == 1:
        return None
    middle = len(codes) // 2
    return {**chunk, largest: codes[:middle]}, {**chunk, largest: codes[middle:]}


def _records(session: "_Session", edition: Edition, known: Records, chunk: Chunk) -> Iterator[FetchRecord]:
    """The records of a chunk: one, or those of its halves where the server fails on the whole; stored ones first."""
    if held := _held(session.store, known, chunk, edition.dataset.updated):
        yield from held
        return
    try:
        yield _ask(session, edition, chunk)
    except ServerFailure:
        if (halves := _halves(chunk)) is None:
            raise
        LOG.warning("%s: the server fails on a chunk of %d cells; halved", edition.table_id, planner.cells(chunk))
        for half in halves:
            yield from _records(session, edition, known, half)


def _held(store: RawStore, known: Records, chunk: Chunk, updated: str) -> list[FetchRecord]:
    """The stored records of a chunk, whole or in the halves it once had to be fetched in; empty when any part lacks."""
    if (record := known.find(request_body(chunk), updated)) and store.holds(record):
        return [record]
    if (halves := _halves(chunk)) and (first := _held(store, known, halves[0], updated)):
        second = _held(store, known, halves[1], updated)
        return first + second if second else []
    return []


def _ask(session: "_Session", edition: Edition, chunk: Chunk) -> FetchRecord:
    """The record of a chunk's answer, stored before it is read and put aside if it breaks the contract."""
    answer = session.client.data(edition.source_id, chunk)
    record = session.store.put(answer, edition.table_id, edition.dataset.updated, session.run_id)
    try:
        dataset = parse(answer.body)
        contract.check_chunk(dataset, chunk, edition.dataset, edition.table_id)
        decode(dataset)
    except ContractError as error:
        session.store.reject(record)
        words = str(error).removeprefix(edition.table_id).removeprefix(":").strip()
        raise type(error)(f"{edition.table_id}: {words} (object {record.sha256[:12]} kept)") from error
    session.updated[record.fetch_id] = dataset.updated
    return record


def _in_parallel(work: Callable[[T], R], items: Sequence[T]) -> Iterator[tuple[int, R]]:
    """Results with their positions as they come, never more than a few items ahead of the consumer."""
    waiting = iter(enumerate(items))
    with ThreadPoolExecutor(THREADS) as pool:
        running: dict[Future[R], int] = {}
        try:
            while True:
                for at, item in itertools.islice(waiting, THREADS + 2 - len(running)):
                    running[pool.submit(work, item)] = at
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        finally:
            for future in running:
                future.cancel()
