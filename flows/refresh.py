"""One refresh, as plain functions: fetch, build, check, publish. The Prefect flow and the command line call these."""

import datetime as dt
import fcntl
import hashlib
import importlib.metadata
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import yaml

from expectations import gate
from flows import events
from flows import project as projects
from flows import software as softwares
from flows.project import Project
from flows.settings import ORIGIN_LABELS, Origin, Scope, Settings
from flows.software import Software
from flows.store import (
    Paths,
    hold_back,
    keep_last_good,
    record_checks,
    record_engine,
    record_failure,
    record_run,
    remember_definitions,
    remember_follow_up,
    remember_previous,
    remember_vintages,
    replace_text,
    write_last_good,
)
from reports import followup, release
from sources import fetch as fetching
from sources.client import Client, Config
from sources.declarations import TableDeclaration
from sources.decoder import Dataset, column, decode, parse
from sources.errors import ContractError, Refused, SelectionError, SourceError, Unreachable
from sources.fetch import Edition
from sources.find import source_id
from sources.raw_store import FetchRecord, RawStore
from sources.selection import Regions, Resolved, resolve
from transforms import build as transforms
from transforms import corrections, declarations, lineage
from transforms.periods import PeriodError, describe
from warehouse import database
from warehouse.database import WarehouseError

EVENTS = "openlineage.ndjson"
"""What the run did, beside the release's other files."""
SWEDEN = ZoneInfo("Europe/Stockholm")
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""


def _silent(what: str, done: int, total: int) -> None:
    """No progress is shown."""


class AlreadyRunning(Exception):
    """Another refresh of the same data folder is running."""


@dataclass(frozen=True)
class TableState:
    """What became of one table in this run.

    state: loaded · not_recorded (a partial source lacks it) · unresolved (its id or codes are not confirmed) ·
    failed (it was refused, broke the contract or did not answer).
    """

    table_id: str
    state: str
    reason: str = ""
    dataset: Dataset | None = None
    resolved: Resolved | None = None
    records: tuple[FetchRecord, ...] = ()
    calls: int = 0
    unreachable: bool = False
    never_fetched: bool = False
    source_id: str | None = None
    """The source's id of the table, once it is known."""


@dataclass(frozen=True)
class Run:
    """One refresh: who asks for what, where it goes, and since when."""

    run_id: str
    origin: Origin
    scope: Scope
    settings: Settings
    project: Project
    regions: Regions
    started_at: dt.datetime
    base_url: str
    anew: bool = False
    progress: Progress = _silent
    accepted: tuple[str, ...] = ()
    finished_at: dt.datetime | None = None
    """When the run ended, where one that has ended is built again."""
    software: Software | None = None
    """What it is built with, where that is not what lies here."""

    def now(self) -> dt.datetime:
        """The time; that of the run where it is built again."""
        return self.finished_at or dt.datetime.now(dt.UTC)

    @property
    def paths(self) -> Paths:
        """Where this run's state lives."""
        return Paths(self.settings.data_dir / self.origin, self.scope_key)

    @property
    def scope_key(self) -> str:
        """The scope with its home region and the kommuner it asks for beside: only runs of equal scope are compared."""
        beside = sorted(set(self.regions.levels["municipality"]) - set(self.regions.home))
        return "-".join([self.scope, self.settings.home_region, *([] if self.regions.national else beside)])

    @property
    def store(self) -> RawStore:
        """The raw store of the origin."""
        return RawStore(self.paths.data / "raw")


@dataclass(frozen=True)
class Outcome:
    """How a refresh ended: state per indicator, where it was published, and what to tell."""

    run_id: str
    states: Mapping[str, str]
    release: Path | None
    is_latest: bool
    held_back: Mapping[str, str]
    missing: Sequence[str]
    calls: int
    unchanged: bool = False
    warnings: Sequence[str] = ()
    origin_label: str = ""
    follow_up: Sequence[str] = ()

    @property
    def exit_code(self) -> int:
        """0 everything buildable is published; 1 something was held back."""
        return 1 if self.held_back else 0


@contextmanager
def opened(
    settings: Settings,
    origin: Origin,
    base_url: str,
    *,
    scope: Scope | None = None,
    anew: bool = False,
    progress: Progress | None = None,
) -> Iterator[Run]:
    """A run, alone on its data folder for as long as the block lasts.

    Raises:
        AlreadyRunning: another run holds the folder.
        DeclarationError, SettingsError: something declared cannot be used; nothing was touched.
    """
    declared = projects.load()
    scope = scope or settings.scope
    regions = projects.regions(settings, scope)
    started_at = dt.datetime.now(dt.UTC)
    run_id = started_at.strftime("%Y%m%dT%H%M%S") + f"{started_at.microsecond // 1000:03d}Z"
    run = Run(run_id, origin, scope, settings, declared, regions, started_at, base_url, anew, progress or _silent)
    run.paths.data.mkdir(parents=True, exist_ok=True)
    with run.paths.lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise AlreadyRunning(
                f"{run.paths.data}: a refresh is running here ({lock.read().strip()}); wait until it has ended"
            ) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, run {run_id}")
        lock.flush()
        run.paths.sweep()
        if run.origin == "demo" and run.paths.generator() != (generator := projects.generator_hash()):
            if (run.paths.data / "raw").exists():
                run = replace(run, anew=True)  # another generator gives other figures under equal dates
            else:
                replace_text(run.paths.data / "generator", generator)  # so that a first run can be continued
        try:
            yield run
        finally:
            run.paths.sweep()


@contextmanager
def failure_told(run: Run) -> Iterator[None]:
    """Nothing; when the block fails, history and an event file say that the run published nothing, and why."""
    try:
        yield
    except BaseException as error:
        with suppress(OSError, duckdb.Error):  # a full disk may be what went wrong
            record_failure(run.paths, run.run_id, error)
            _keep_events(run, events.of_failure(run.run_id, run.origin, run.started_at, error))
        raise


def fetch_all(run: Run, client: Client, table_ids: Sequence[str]) -> dict[str, TableState]:
    """The state of every table asked for, fetched side by side.

    Raises:
        Unreachable: the source as a whole does not answer.
    """
    config = client.config()
    states: dict[str, TableState] = {}
    pool = ThreadPoolExecutor(run.settings.table_threads)
    interrupted = False
    try:
        for state in pool.map(lambda table_id: fetch_table(run, client, config, table_id), table_ids):
            states[state.table_id] = state
            run.progress("hämtar tabeller", len(states), len(table_ids))
    except KeyboardInterrupt:
        interrupted = True  # an answer under way may take minutes
        raise
    finally:
        pool.shutdown(wait=not interrupted, cancel_futures=True)
    if states and all(state.unreachable for state in states.values()):
        raise Unreachable(next(iter(states.values())).reason)
    return states


def fetch_table(run: Run, client: Client, config: Config, table_id: str) -> TableState:
    """The state of one table after asking the source for it; never raises what only concerns this table."""
    table = run.project.tables[table_id]
    try:
        found = source_id(client, table, run.paths.locked_id(table_id))
        edition = fetching.metadata(client, run.store, table_id, run.run_id, found)
        _refuse_mixed_origins(run, edition)
        fetched = fetching.fetch_table(
            client,
            run.store,
            config,
            edition,
            lambda dataset: resolve_table(run, table, dataset).grids,
            run_id=run.run_id,
            anew=run.anew,
        )
        resolved = resolve_table(run, table, fetched.edition.dataset)
        run.store.save_set(run.scope_key, table_id, fetched.edition.record, fetched.records, _asked(resolved))
        return _loaded(table_id, fetched.edition, resolved, fetched.records, fetched.calls)
    except (Refused, SelectionError, ContractError, Unreachable) as error:
        return _not_loaded(run, table, error)


def _refuse_mixed_origins(run: Run, edition: Edition) -> None:
    """Nothing, when synthetic figures meet a demo run and real ones any other; else the answer is put aside."""
    body = edition.dataset.body
    synthetic = ORIGIN_LABELS["demo"] in json.dumps([body.get("source"), body.get("note")], ensure_ascii=False)
    if synthetic != (run.origin == "demo"):
        run.store.reject(edition.record)
        found = "synthetic" if synthetic else "not synthetic"
        raise Unreachable(
            f"{run.base_url}: the figures here are {found}, the run is {run.origin}; origins are never mixed, "
            f"use --source {'demo' if synthetic else 'scb or recorded'}"
        )


def stored_table(run: Run, table_id: str) -> TableState:
    """The state of one table as last downloaded for this scope, without asking the source."""
    table = run.project.tables[table_id]
    try:
        held = run.store.load_set(run.scope_key, table_id)
        if held is None:
            return _absent_before(run, table_id)
        record, records, asked = held
        found = run.paths.locked_id(table_id) or table_id
        edition = Edition(table_id, parse(run.store.body(record)), record, found)
        resolved = resolve_table(run, table, edition.dataset)
        if asked != _asked(resolved):
            reason = f"the declaration asks for other cells than the last download has; refresh with --table {table_id}"
            return TableState(table_id, "failed", reason)
        return _loaded(table_id, edition, resolved, records, 0)
    except KeyError:
        return TableState(table_id, "failed", f"part of the last download is gone; refresh with --table {table_id}")
    except SourceError as error:
        return _not_loaded(run, table, error)


def _asked(resolved: Resolved) -> str:
    """A hash of the cells that are asked for."""
    return hashlib.sha256(json.dumps(resolved.grids).encode()).hexdigest()[:16]


def _absent_before(run: Run, table_id: str) -> TableState:
    """The state of a table that was never downloaded: as in the last build where that could not load it either."""
    rows: list[tuple[str, str]] = []
    if run.paths.warehouse.exists():
        # A warehouse that cannot be read tells nothing, and is made anew by this run.
        with suppress(duckdb.Error), database.connect(run.paths.warehouse) as con:
            rows = con.execute(
                "select state, coalesce(state_reason, '') from reference.source_table"
                " where table_id = ? and state in ('not_recorded', 'unresolved')",
                [table_id],
            ).fetchall()
    if rows:
        return TableState(table_id, *rows[0])
    reason = "never fetched for this scope; refresh it without --table first"
    return TableState(table_id, "failed", reason, never_fetched=True)


def _loaded(
    table_id: str, edition: Edition, resolved: Resolved, records: Sequence[FetchRecord], calls: int
) -> TableState:
    return TableState(
        table_id,
        "loaded",
        "; ".join(resolved.unresolved),
        edition.dataset,
        resolved,
        tuple(records),
        calls,
        source_id=edition.source_id,
    )


def _not_loaded(run: Run, table: TableDeclaration, error: Exception) -> TableState:
    absent = isinstance(error, Refused) and error.status in (400, 404) and "table" in error.title.casefold()
    partial = run.origin == "recorded"
    if partial and (absent or isinstance(error, SelectionError)):
        return TableState(table.id, "not_recorded", "not recorded" if absent else f"not recorded: {error}")
    reason = str(error).removeprefix(f"{table.id}: ")  # the id stands beside it wherever it is shown
    if not isinstance(error, Unreachable):
        reason = reason.replace(run.base_url.rstrip("/"), "")  # an embedded server has another port in each run
    if table.certainty != "V" and (absent or isinstance(error, SelectionError)):
        return TableState(table.id, "unresolved", reason)
    return TableState(table.id, "failed", reason, unreachable=isinstance(error, Unreachable))


def resolve_table(run: Run, table: TableDeclaration, dataset: Dataset) -> Resolved:
    """The codes that this run asks of a table, given its metadata; SelectionError where they do not fit."""
    locked = run.paths.locked_codes(table.id)
    return resolve(table, dataset, run.regions, locked=locked, partial=run.origin == "recorded")


def lock_codes(run: Run, states: Mapping[str, TableState]) -> None:
    """Nothing; codes found by label and ids found in the catalogue are kept, for later runs to hold them to."""
    found = {
        state.table_id: state.resolved.by_label
        | ({"table": {"id": state.source_id}} if state.source_id not in (None, state.table_id) else {})
        for state in states.values()
        if state.resolved
    }
    found = {table_id: names for table_id, names in found.items() if names}
    if found:
        path = run.paths.resolved_lock
        known = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        merged = {**(known or {}), **found}
        if merged != known:
            replace_text(path, yaml.safe_dump(merged, allow_unicode=True, sort_keys=True))


def build_and_publish(run: Run, states: Mapping[str, TableState]) -> Outcome:
    """The outcome, after the warehouse is built beside the old one, checked, put in place and published.

    Raises:
        Exception: anything that goes wrong leaves the last warehouse and the last release as they were.
    """
    fingerprint = fingerprint_of(run, states)
    if (done := _unchanged(run, fingerprint)) is not None:
        return done
    with failure_told(run):
        return _build_and_publish(run, states, fingerprint)


def _build_and_publish(run: Run, states: Mapping[str, TableState], fingerprint: str) -> Outcome:
    with database.building(run.paths.warehouse) as con:
        states = build(run, con, states, fingerprint)
        run.progress("publicerar", 0, 1)
        # All that takes room is on disk before the release appears; what follows are renamings.
        last_good = write_last_good(con, run.paths, run.run_id)
        told = events.of_run(con)
        _keep_events(run, told)
        con.execute("checkpoint")
        published = release.publish(
            con,
            run.settings.build_dir,
            lambda done, total, _: run.progress("publicerar", done, total),
            site_url=run.settings.site_url,
            year=run.settings.report_year,
            extra={EVENTS: told.encode()},
        )
        outcome = _outcome(run, con, published.path, published.is_latest, states)
    if run.origin == "demo":
        replace_text(run.paths.data / "generator", projects.generator_hash())
    keep_last_good(run.paths, last_good, run.run_id, fingerprint, published.path)
    run.progress("publicerar", 1, 1)
    return outcome


def _keep_events(run: Run, told: str) -> None:
    path = run.paths.events(run.run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, told)


def build(
    run: Run, con: duckdb.DuckDBPyConnection, states: Mapping[str, TableState], fingerprint: str
) -> dict[str, TableState]:
    """The states; the warehouse is whole and checked, and history holds the run."""
    run.progress("bygger", 0, 3)
    loaded = load(run, con, states)
    built = [transforms.build_indicator(con, indicator) for indicator in run.project.indicators.values()]
    transforms.observe(con, run.project.indicators)
    run.progress("bygger", 1, 3)
    remember_previous(con, run.paths, run.accepted)
    remember_follow_up(con, run.paths)
    verdict = gate.check(con)
    record_engine(run.paths, run.run_id, verdict.engine)
    run.progress("bygger", 2, 3)
    _decide(run, con, loaded, built, {**verdict.reasons, **run.project.held})
    record_checks(con, run.paths, run.run_id)
    remember_vintages(con, run.paths, run.run_id)
    made = record_queries(run, con)
    remember_definitions(con, run.paths, run.run_id)
    transforms.analyse(con)
    record_lineage(run, con, made)
    con.execute("update provenance.run set finished_at = ?", [run.now()])
    record_run(con, run.paths, run.run_id, fingerprint)
    return loaded


def load(run: Run, con: duckdb.DuckDBPyConnection, states: Mapping[str, TableState]) -> dict[str, TableState]:
    """The states; reference, provenance, raw and staged stand in the warehouse being built.

    A table whose stored answers cannot be used has failed, as if it had not been fetched.
    """
    transforms.load_reference(con)
    transforms.load_strategies(con, run.project.strategies)
    transforms.load_indicators(con, run.project.indicators)
    transforms.load_follow_up(con, run.project.follow_up)
    organisation = con.execute(
        "select organisation from reference.organisation where county_code = ?", [run.settings.home_region]
    ).fetchall()[0][0]
    database.insert(
        con,
        "provenance.run",
        [
            (
                run.run_id, run.origin, ORIGIN_LABELS[run.origin], run.settings.publisher or organisation,
                run.scope, run.settings.home_region,
                list(run.settings.comparison_regions), run.started_at, None, importlib.metadata.version("jamstat"),
                run.base_url,
            )
        ],
    )  # fmt: skip
    number = 0
    periods: dict[str, set[str]] = {}
    loaded: dict[str, TableState] = {}
    for table_id, table in run.project.tables.items():
        state = states[table_id]
        variables = [column(variable) for variable in table.variables]
        database.create_raw(con, table_id, variables)
        try:
            if state.dataset and state.resolved:
                codes = _periods(table, state.resolved)
                batches = _batches(run, con, state.records, number)
                database.load_raw(con, table_id, variables, batches, overlapping=len(state.resolved.grids) > 1)
                con.execute(_LOADED.format(table=database.quoted(table_id)), [table_id])
                periods.setdefault(table.cadence, set()).update(codes)
        except (ContractError, WarehouseError, PeriodError) as error:
            con.execute(f"delete from raw.{table_id}")
            con.execute("delete from provenance.fetch where table_id = ?", [table_id])
            con.execute("delete from provenance.load where output = ?", [f"raw.{table_id}"])
            state = _not_loaded(run, table, error)
        number += len(state.records)
        _describe(con, table, state)
        loaded[table_id] = state
    transforms.label_categories(con, run.project.indicators)
    transforms.load_periods(con, periods)
    transforms.stage(con, run.project.tables)
    corrections.apply(con, run.project.corrections)
    transforms.join_staged(con)
    return loaded


def record_queries(run: Run, con: duckdb.DuckDBPyConnection) -> list[lineage.Query]:
    """The queries that make the tables of the warehouse, which stand in provenance.query."""
    made = lineage.queries(run.project.indicators, set(run.project.tables))
    rows = [(one.output, one.file, one.sql, one.operands, one.sha256) for one in made]
    database.insert(con, "provenance.query", rows)
    return made


def record_lineage(run: Run, con: duckdb.DuckDBPyConnection, made: list[lineage.Query]) -> None:
    """Nothing; provenance.software, .package and .edge say what made the tables that stand in the warehouse."""
    made_by = run.software or softwares.now(run.settings)
    database.insert(
        con,
        "provenance.software",
        [
            (
                run.run_id, made_by.git_commit, made_by.dirty, made_by.code_sha256, made_by.lock_sha256,
                made_by.configuration_sha256, made_by.python, made_by.platform,
            )
        ],
    )  # fmt: skip
    database.insert(con, "provenance.package", made_by.packages.items())
    found = lineage.edges(con, made, run.project.indicators)
    database.insert(con, "provenance.edge", [astuple(edge) for edge in found])


_LOADED = """
insert into provenance.load
select f.fetch_number, 'raw.' || f.table_id, f.cells, count(r.cell)
from provenance.fetch as f
left join raw.{table} as r on r.cell >> 32 = f.fetch_number
where f.table_id = ?
group by all
"""


def _periods(table: TableDeclaration, resolved: Resolved) -> set[str]:
    """The periods that were asked for; PeriodError where one is not of the table's cadence."""
    codes = {code for grid in resolved.grids for code in grid[table.variable("period")]}
    for code in sorted(codes):
        describe(code, table.cadence)
    return codes


def _batches(
    run: Run, con: duckdb.DuckDBPyConnection, records: Sequence[FetchRecord], after: int
) -> Iterator[pa.RecordBatch]:
    """The cells of each record, one at a time; the record itself goes to provenance.fetch."""
    for chunk, record in enumerate(records):
        number = after + chunk + 1
        batch = decode(parse(run.store.body(record)), number)
        database.insert(con, "provenance.fetch", [_fetch_row(number, chunk, batch.num_rows, record)])
        yield batch


def _fetch_row(number: int, chunk: int, cells: int, record: FetchRecord) -> tuple[object, ...]:
    return (
        number, record.fetch_id, record.table_id, chunk, record.url, record.request, record.sha256, record.bytes, cells,
        record.requested_at, record.received_at, record.table_updated, record.run_id,
    )  # fmt: skip


def _describe(con: duckdb.DuckDBPyConnection, table: TableDeclaration, state: TableState) -> None:
    """The table as declared and as served, in the schema reference."""
    dataset = state.dataset
    levels = list(table.levels())
    database.insert(
        con,
        "reference.source_table",
        [
            (
                table.id, table.title, table.v1, table.agency, table.licence, table.series, table.cadence,
                table.additivity, table.preliminary, table.certainty, dataset.label if dataset else None,
                dataset.updated if dataset else None, state.state, state.reason or None, levels,
                state.source_id or (table.id if table.find is None else None), _expected(table, dataset),
            )
        ],
    )  # fmt: skip
    sexes = [(table.id, table.variable("sex"), code, sex) for code, sex in table.sexes().items()]
    breaks = [(table.id, one.id, one.period, one.what, one.line, one.parted()) for one in table.breaks]
    database.insert(con, "reference.source_sex", sexes)
    database.insert(con, "reference.source_break", breaks)
    if dataset is None or state.resolved is None:
        return
    names = {
        (variable, code): (name, table.codes[variable][name].certainty)
        for variable, named in state.resolved.names.items()
        for name, code in named.items()
    }
    database.insert(
        con,
        "reference.source_code",
        [
            (
                table.id, variable, names.get((variable, code), (None, None))[0], code,
                dataset.labels[variable].get(code), *dataset.units.get(code, (None, None)),
                names.get((variable, code), (None, None))[1],
            )
            for variable, codes in dataset.dimensions.items()
            for code in codes
        ],
    )  # fmt: skip
    notes = _notes(table.id, dataset)
    database.insert(con, "reference.source_note", notes)
    database.insert(con, "reference.source_word", _source_words(table, state, dataset, notes))
    database.insert(con, "provenance.not_recorded", [(table.id, what) for what in state.resolved.missing])


def _source_words(
    table: TableDeclaration, state: TableState, dataset: Dataset, notes: Sequence[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """What the metadata say of a table beside its figures, a text a row; later runs tell what has changed."""
    periods = table.variable("period")
    words: list[tuple[object, ...]] = [
        (table.id, "title", None, None, dataset.label),
        (table.id, "id", None, None, state.source_id or table.id),
        (table.id, "discontinued", None, None, str(_discontinued(dataset)).lower()),
    ]
    for variable, labels in dataset.labels.items():
        words.append((table.id, "variable", variable, None, dataset.body["dimension"][variable].get("label")))
        if variable != periods:
            words += [(table.id, "label", variable, code, labels.get(code)) for code in dataset.dimensions[variable]]
    for code, (unit, decimals) in dataset.units.items():
        words += [
            (table.id, "unit", dataset.contents, code, unit),
            (table.id, "decimals", dataset.contents, code, None if decimals is None else str(decimals)),
        ]
    # A note has no name of its own: it is known by its words, so that a new one and a lost one both show.
    words += [
        (table.id, "note", variable, hashlib.sha256(str(note).encode()).hexdigest()[:8], note)
        for _, variable, note, _ in dict.fromkeys(notes)
    ]
    return [word for word in words if word[4] is not None]


def _expected(table: TableDeclaration, dataset: Dataset | None) -> str | None:
    """The day on which the source is expected to publish next: as it says itself, else as declared; null if unknown."""
    said = _next_update(dataset) if dataset else ""
    try:
        return dt.date.fromisoformat(said).isoformat()
    except ValueError:
        return table.expected.isoformat() if table.expected else None


def _next_update(dataset: Dataset) -> str:
    """The day that the metadata give for the next publication; empty where they do not."""
    return str((dataset.body.get("extension", {}).get("px") or {}).get("nextUpdate") or "")[:10]


def _discontinued(dataset: Dataset) -> bool:
    return bool(dataset.body.get("extension", {}).get("discontinued"))


def _notes(table_id: str, dataset: Dataset) -> list[tuple[object, ...]]:
    root = [(None, dataset.body.get("note"), dataset.body.get("extension", {}).get("noteMandatory", {}))]
    parts = root + [
        (variable, part.get("note"), part.get("extension", {}).get("noteMandatory", {}))
        for variable, part in dataset.body["dimension"].items()
    ]
    return [
        (table_id, variable, note, bool((mandatory or {}).get(str(at))))
        for variable, notes, mandatory in parts
        for at, note in enumerate(notes or [])
    ]


def _decide(
    run: Run,
    con: duckdb.DuckDBPyConnection,
    states: Mapping[str, TableState],
    built: Sequence[transforms.Built],
    held: Mapping[str, str],
) -> None:
    """What is shown of each indicator: this run's figures, the last good ones, or none and why."""
    tables = {one: run.project.tables_of((one,)) for one in run.project.indicators}
    now = run.now()
    for one in built:
        sources = [states[table] for table in tables[one.indicator]]
        failed = [f"{state.table_id}: {state.reason}" for state in sources if state.state == "failed"]
        if one.indicator in held or failed:
            # The checks that fail because a table did say less than why it did.
            hold_back(con, run.paths, one.indicator, "; ".join(failed) or held[one.indicator])
        elif one.lacking is None:
            con.execute(
                "insert into provenance.indicator_state values (?, 'published', null, ?, ?)",
                [one.indicator, run.run_id, now],
            )
        else:
            misspelt = _misspelt(run.project, one)
            absent = "; ".join(filter(None, map(_absent, sources)))
            why = f"; {misspelt}" if misspelt else f" ({absent})" if absent else ""
            reason = f"{one.indicator}.sql: operands: no cells for {one.lacking}{why}"
            unconfirmed = not misspelt and any(
                s.state == "unresolved" or (s.resolved and s.resolved.unresolved) for s in sources
            )
            state = "unconfirmed" if unconfirmed and run.origin != "recorded" else "not_built"
            if not hold_back(con, run.paths, one.indicator, reason, only_if_known=True):
                con.execute(
                    "insert into provenance.indicator_state values (?, ?, ?, null, null)",
                    [one.indicator, state, reason],
                )


def _misspelt(project: Project, built: transforms.Built) -> str:
    """The closest match of the first operand that no table of the indicator declares; empty where all are declared."""
    indicator = project.indicators[built.indicator]
    declared = {
        name
        for table in project.tables_of((built.indicator,))
        for names in project.tables[table].codes.values()
        for name in names
    }
    for operand in (built.lacking or "").split(", "):
        if operand in declarations.operand_names(indicator) - declared - declarations.offered(indicator):
            near = get_close_matches(operand, sorted(declared), n=1, cutoff=0)
            return f"{operand!r} is declared in none of its tables; closest: {', '.join(near)}; correct the name"
    return ""


def _absent(state: TableState) -> str:
    """What a table lacks, in few words; the whole reason stands with the table."""
    if state.resolved is None:
        return f"{state.table_id} {state.state.replace('_', ' ')}"
    lacking = [*state.resolved.missing, *(text.partition(":")[0] for text in state.resolved.unresolved)]
    return f"{state.table_id} lacks {', '.join(lacking[:3])}{' …' if len(lacking) > 3 else ''}" if lacking else ""


def fingerprint_of(run: Run, states: Mapping[str, TableState]) -> str:
    """A hash of everything that decides what a run publishes."""
    fetched = [
        [
            state.table_id,
            state.state,
            state.reason,
            [record.fetch_id for record in state.records],
            _words(state.dataset),
        ]
        for state in states.values()
    ]
    passed = _passed(run, states)
    basis = json.dumps([run.scope_key, fetched, passed, projects.fingerprint(run.settings, demo=run.origin == "demo")])
    return hashlib.sha256(basis.encode()).hexdigest()[:16]


def _passed(run: Run, states: Mapping[str, TableState]) -> list[str]:
    """The days of the plan that have passed: what is late is told by a run even where no figure has changed."""
    today = run.started_at.astimezone(SWEDEN).date().isoformat()
    expected = [_expected(table, states[table_id].dataset) for table_id, table in run.project.tables.items()]
    days = [*(one for one in expected if one), *map(str, run.project.follow_up.days())]
    return sorted(day for day in days if day < today)


def _words(dataset: Dataset | None) -> list[object]:
    """What metadata say beside codes and cells; it may change while the figures and their date do not."""
    if dataset is None:
        return []
    said = [_discontinued(dataset), _next_update(dataset)]
    return [dataset.label, dataset.updated, dataset.labels, dataset.units, _notes("", dataset), *said]


def _unchanged(run: Run, fingerprint: str) -> Outcome | None:
    """The last outcome, when nothing that decides the result has changed and all that it left still stands."""
    last = run.paths.last_published()
    if run.accepted or last is None or last["fingerprint"] != fingerprint or not run.paths.warehouse.exists():
        return None
    shown, latest = Path(last["release"]), run.settings.build_dir / release.LATEST
    is_latest = latest.resolve() == shown.resolve() or release.run_of(latest) == last["run_id"]
    if not (shown / "manifest.json").exists() or not (is_latest or release.origin_of(latest) == "scb" != run.origin):
        return None
    try:
        with database.connect(run.paths.warehouse) as con:
            if con.execute("select run_id from provenance.run").fetchall() != [(last["run_id"],)]:
                return None  # the warehouse is of another scope
            outcome = _outcome(run, con, shown, is_latest, {})
    except duckdb.Error:  # a warehouse can be made anew, whatever has become of it
        return None
    return replace(outcome, run_id=last["run_id"], unchanged=True)


def _outcome(
    run: Run,
    con: duckdb.DuckDBPyConnection,
    release: Path,
    is_latest: bool,
    states: Mapping[str, TableState],
) -> Outcome:
    rows = con.execute("select indicator, state, reason from provenance.indicator_state order by indicator").fetchall()
    missing = con.execute("""
        select table_id || ': ' || coalesce(state_reason, state) from reference.source_table
        where state <> 'loaded' or state_reason is not null
        union all
        select table_id || ': not recorded: ' || count(*) || ' codes, such as ' || min(what)
        from provenance.not_recorded group by table_id
    """).fetchall()
    return Outcome(
        run.run_id,
        {indicator: state for indicator, state, _ in rows},
        release,
        is_latest,
        {indicator: reason for indicator, state, reason in rows if state == "held_back"},
        [text for (text,) in missing]
        + [named(one, reason) for one, state, reason in rows if state not in ("published", "held_back")],
        sum(state.calls for state in states.values()),
        warnings=gate.warnings(con),
        origin_label=ORIGIN_LABELS[run.origin],
        follow_up=followup.told(con),
    )


def named(indicator: str, reason: str) -> str:
    """The reason with the indicator that it is about, which stands there once."""
    return reason if reason.startswith(f"{indicator}.sql: ") else f"{indicator}: {reason}"


def user_agent(settings: Settings) -> str:
    """How we present ourselves to the API, with a contact where one is set."""
    contact = f"; {settings.contact}" if settings.contact else ""
    return f"jamstat/{importlib.metadata.version('jamstat')} (regional statistics of women and men{contact})"
