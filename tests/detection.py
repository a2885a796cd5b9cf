"""Each corruption of the catalogue, put through the real path: fetched, stored, decoded, staged, built and checked."""

import datetime as dt
import functools
import multiprocessing
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import duckdb
import orjson

from expectations import gate
from flows import embedded, project, store
from flows import refresh as work
from flows.settings import Settings
from sources.client import Answer, Client, Config
from sources.selection import Regions
from tests.mutations import CATALOGUE, Cube, Mutation
from transforms import build, declarations
from warehouse.database import SCHEMA

LEFT_OUT = {
    "employment_gap_decomposition", "employment_rate_by_age_and_birth_region", "employment_rate_foreign_born",
    "labour_force_participation_rate", "entrepreneur_gap_by_form", "entrepreneur_share_by_age",
    "entrepreneur_share_foreign_born", "entrepreneur_representation_ratio", "company_owner_share_of_employed",
    "incorporated_share_of_entrepreneurs", "sole_proprietor_share_of_employed", "women_share_sole_proprietors",
    "women_share_company_owners", "entrepreneur_share_of_employed",
}  # fmt: skip
"""Indicators of the same tables as others that are tried: they would take time and tell no more."""
LATER = "2026-11-20T07:00:00Z"


class Changed:
    """A client whose answers are kept from one corruption to the next, and changed on their way."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._kept: dict[Any, Answer] = {}
        self.mutation: Mutation | None = None

    def config(self) -> Config:
        return self._client.config()

    def metadata(self, table_id: str) -> Answer:
        return self._answer("metadata", table_id, (table_id,), lambda: self._client.metadata(table_id))

    def data(self, table_id: str, selection: Mapping[str, Any]) -> Answer:
        key = (table_id, orjson.dumps({name: list(codes) for name, codes in selection.items()}))
        return self._answer("data", table_id, key, lambda: self._client.data(table_id, selection))

    def _answer(self, kind: str, table_id: str, key: Any, ask: Any) -> Answer:
        if key not in self._kept:
            self._kept[key] = ask()
        answer = self._kept[key]
        mutation = self.mutation
        if mutation is None or table_id != mutation.table or mutation.change is None:
            return answer
        document = orjson.loads(answer.body)
        if mutation.updated:
            document["updated"] = LATER
        if kind in mutation.on:
            cube = Cube(document)
            mutation.change(cube)
            cube.done()
        return replace(answer, body=orjson.dumps(document))


@dataclass
class Found:
    """What came of one run: refusals by table, and the failed checks with how many cells failed."""

    refused: dict[str, str] = field(default_factory=dict)
    failed: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)


@dataclass
class Detection:
    """What came of one corruption: the rule or refusal that caught it at the right place, and all that failed anew."""

    mutation: Mutation
    caught_by: str | None
    severity: str | None
    failed: tuple[str, ...]
    seconds: float

    @property
    def caught(self) -> bool:
        return self.caught_by is not None and self.severity == self.mutation.severity


class Laboratory:
    """Where corruptions are tried: one server, and one sound publication for each set of tables."""

    def __init__(self, folder: Path, base_url: str, origin: str, client: Client) -> None:
        self.folder, self.base_url, self.origin = folder, base_url, origin
        self.client = Changed(client)
        self._declared = project.load()
        self._sound: dict[tuple[str, ...], tuple[Path, Found]] = {}

    def try_out(self, mutation: Mutation) -> Detection:
        """What came of a corruption."""
        start = time.perf_counter()
        home, before = self._published(mutation.tables)
        with TemporaryDirectory(dir=self.folder) as name:
            shutil.copytree(home / self.origin / "last_good", Path(name) / self.origin / "last_good")
            self.client.mutation = mutation
            found = self._run(Path(name), mutation.tables, mutation)
            self.client.mutation = None
        anew = {
            key: severity
            for key, (severity, cells) in found.failed.items()
            if key not in before.failed or cells > before.failed[key][1]
        }
        refusal = found.refused.get(mutation.table)
        caught_by, severity = None, None
        if refusal is not None:
            if any(words in refusal for words in mutation.caught):
                caught_by, severity = "refused", "refused" if mutation.severity == "refused" else "critical"
        else:
            for (rule, _), of in anew.items():
                if rule in mutation.caught and (caught_by is None or of == mutation.severity):
                    caught_by, severity = rule, of
        failed = tuple(sorted({rule for rule, _ in anew})) + ((f"refused: {refusal}",) if refusal else ())
        return Detection(mutation, caught_by, severity, failed, time.perf_counter() - start)

    def sound(self, tables: tuple[str, ...]) -> Found:
        """What fails of sound answers that are published for the second time."""
        return self._published(tables)[1]

    def _published(self, tables: tuple[str, ...]) -> tuple[Path, Found]:
        if tables not in self._sound:
            home = self.folder / "-".join(tables)
            self._run(home, tables, None, publish=True)
            found = self._run(home, tables, None)
            if found.refused:
                raise ValueError(f"sound answers are refused: {found.refused}")
            self._sound[tables] = (home, found)
        return self._sound[tables]

    def _run(self, home: Path, tables: tuple[str, ...], mutation: Mutation | None, *, publish: bool = False) -> Found:
        declared = self._declared
        indicators = {
            name: one
            for name, one in declared.indicators.items()
            if set(declarations.tables(one)) <= set(tables) and name not in LEFT_OUT
        }
        chosen = replace(
            declared, tables={name: declared.tables[name] for name in tables}, indicators=indicators, corrections=()
        )
        settings = Settings(data_dir=home, build_dir=home / "build")
        run = work.Run(
            "20261126T060000000Z" if publish else "20261126T070000000Z", cast("Any", self.origin), settings.scope,
            settings, chosen, project.regions(settings, settings.scope), dt.datetime.now(dt.UTC), self.base_url,
            anew=True,
        )  # fmt: skip
        client = cast("Client", self.client)
        config = client.config()
        states = {name: work.fetch_table(run, client, config, name) for name in tables}
        found = Found({name: state.reason for name, state in states.items() if state.state != "loaded"})
        with duckdb.connect() as con, _nothing_joined():
            con.execute("set threads = 1")
            con.execute(SCHEMA.read_text(encoding="utf-8"))
            states = work.load(run, con, states)
            found.refused |= {name: state.reason for name, state in states.items() if state.state != "loaded"}
            if mutation is not None and found.refused:
                return found
            if mutation is not None and mutation.staged:
                con.execute(mutation.staged)
            built = [build.build_indicator(con, one) for one in indicators.values()]
            if mutation is not None and mutation.built:
                con.execute(mutation.built)
            if indicators:
                build.observe(con, indicators)
            else:  # the table is one of several that its indicators need; it is checked alone
                columns = ", ".join(f"null::{build.TYPES.get(name, 'varchar')} as {name}" for name in build.COLUMNS)
                con.execute(f"create view indicators.observation as select '' as indicator, {columns} where false")
            if not publish:
                store.remember_previous(con, run.paths)
            if mutation is not None and mutation.fresh:
                con.execute("""
                    delete from previous.observation as p using (
                        select indicator, max(period) as newest from previous.observation group by all) as n
                    where n.indicator = p.indicator and p.period = n.newest""")
            verdict = gate.check(con)
            found.failed = {
                (one.rule, one.subject): (one.severity, _number(one.observed))
                for one in verdict.results
                if not one.success
            }
            if publish:
                work._decide(run, con, states, built, {})
                left = store.write_last_good(con, run.paths, run.run_id)
                store.keep_last_good(run.paths, left, run.run_id, "", home)
        return found


def _number(observed: str) -> int:
    """How many cells failed, as the result says."""
    first = re.match(r"[\d\xa0]+", observed)
    return int(first[0].replace("\xa0", "")) if first else 0


@contextmanager
def _nothing_joined() -> Iterator[None]:
    """A block in which no table is put beside another: only a few are loaded."""
    join = build.join_staged
    with TemporaryDirectory() as empty:
        build.join_staged = functools.partial(join, folder=Path(empty))  # type: ignore[assignment]
        try:
            yield
        finally:
            build.join_staged = join


@contextmanager
def laboratories(folder: Path, recordings: Path | None) -> Iterator[dict[str, Laboratory]]:
    """A laboratory for each origin; none of recorded answers without a folder of them."""
    with ExitStack() as stack:
        found = {}
        for origin, recorded in (("demo", None), ("recorded", recordings)):
            if origin == "demo" or recorded is not None:
                url = stack.enter_context(embedded.server(recorded))
                client = stack.enter_context(Client(url))
                home = folder / f"of_{origin}"
                home.mkdir()
                found[origin] = Laboratory(home, url, origin, client)
        yield found


def detect(folder: Path, recordings: Path | None) -> list[Detection]:
    """What came of every corruption that can be tried here, in the order of the catalogue; two processes share them."""
    possible = [at for at, one in enumerate(CATALOGUE) if one.origin == "demo" or recordings is not None]
    together = sorted(possible, key=lambda at: (CATALOGUE[at].origin, CATALOGUE[at].tables))
    half = len(together) // 2
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        parts = pool.map(_some, [(folder, recordings, part) for part in (together[:half], together[half:])])
        found = dict(pair for part in parts for pair in part)
    return [Detection(CATALOGUE[at], *found[at]) for at in possible]


def _some(given: tuple[Path, Path | None, list[int]]) -> list[tuple[int, tuple[Any, ...]]]:
    """What came of some of the corruptions, by their place in the catalogue: what is changed cannot be sent."""
    folder, recordings, places = given
    with TemporaryDirectory(dir=folder) as own, laboratories(Path(own), recordings) as labs:
        found = [(at, labs[CATALOGUE[at].origin].try_out(CATALOGUE[at])) for at in places]
    return [(at, (one.caught_by, one.severity, one.failed, one.seconds)) for at, one in found]


__all__ = ["CATALOGUE", "Detection", "Laboratory", "Regions", "detect", "laboratories"]
