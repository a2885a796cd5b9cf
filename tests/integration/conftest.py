"""A small jamstat to break: two tables and three indicators, over a server whose faults a test switches on."""

import csv
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows import cli, embedded, project, source_health
from sources import client
from transforms import build

TABLES = ("TAB3200", "TAB3205")
INDICATORS = ("employment_rate", "entrepreneurs_per_1000_inhabitants", "women_share_entrepreneurs")
"""They read TAB3200, both tables, and TAB3205."""

JAMSTAT = Path(sys.executable).with_name("jamstat")
Common = Callable[[str], AbstractContextManager[Path]]
"""What the fixture of that name is."""

QUICK = functools.partial(client.Client, backoff=0.01, read_timeout=5.0, ceiling=10.0)
load, indicator, fingerprint = project.load, project.indicator, project.fingerprint

# The command line in a process of its own, over the server at the first argument where there is one. It stays at the
# function named in the second, such as `reports.manifest.render`, until it is stopped.
PROCESS = """
import contextlib, importlib, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background has Ctrl-C off
from flows import cli, embedded
base_url, stay_at = sys.argv.pop(1), sys.argv.pop(1)
if base_url:
    embedded.server = lambda *_: contextlib.nullcontext(base_url)
if stay_at:
    module, _, name = stay_at.rpartition(".")
    setattr(importlib.import_module(module), name, lambda *_: time.sleep(600))
cli.main()
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Server:
    """A demo server that tests control."""

    base_url: str

    def fault(self, fault: str, path: str = "", *, times: int | None = None, **more: Any) -> dict[str, Any]:
        """A rule: the fault strikes calls whose path fits, for ever unless `times` says otherwise."""
        match = {"path": path} | {name: more.pop(name) for name in ("method", "nth", "body", "every") if name in more}
        return {"fault": fault, "times": times, "match": match, **more}

    def switch_on(self, *rules: dict[str, Any]) -> None:
        """These faults and no others from now on; the first that fits strikes."""
        answer = httpx.put(self._control("faults"), json=rules, trust_env=False)
        assert answer.status_code == 204, answer.text

    def heal(self) -> None:
        """No faults, and an empty log."""
        assert httpx.delete(self._control("faults"), trust_env=False).status_code == 204

    def calls(self, path: str = "") -> list[str]:
        """The calls since the last `heal`, as `METHOD /tables/…`."""
        log = httpx.get(self._control("log"), trust_env=False).json()
        calls = [f"{call['method']} {call['path'].partition('/api/v2')[2].partition('?')[0]}" for call in log]
        return [call for call in calls if path in call]

    def _control(self, what: str) -> str:
        return self.base_url.removesuffix("/api/v2") + f"/control/{what}"


@dataclass
class Jamstat:
    """The command line with data and build folders of its own, in this process or in one of its own."""

    home: Path
    server: Server
    checkout: Path
    run: Callable[..., Done] = field(repr=False)
    origin: str = "demo"

    def __call__(self, *arguments: str) -> Done:
        """How the command ended."""
        return self.run(*arguments)

    def start(self, *arguments: str, own_server: bool = False, stay_at: str = "") -> "subprocess.Popen[str]":
        """The command in a process group of its own, as a terminal starts it."""
        return subprocess.Popen(
            [sys.executable, "-c", PROCESS, "" if own_server else self.server.base_url, stay_at, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.checkout,
            env={**os.environ, "JAMSTAT_DATA_DIR": str(self.data.parent), "JAMSTAT_BUILD_DIR": str(self.build)},
            start_new_session=True,
        )

    @property
    def data(self) -> Path:
        return self.home / "data" / self.origin

    @property
    def build(self) -> Path:
        return self.home / "build"

    @property
    def latest(self) -> Path:
        return self.build / "latest"

    def published(self) -> dict[str, str]:
        """A hash of every file that readers and the next run rest on, and where `latest` leads."""
        files = [self.data / "warehouse.duckdb", *self.build.rglob("*"), *(self.data / "last_good").rglob("*")]
        hashes = {
            str(file.relative_to(self.home)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
            if file.is_file()
        }
        return hashes | {"latest": str(self.latest.readlink())}

    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.latest / "manifest.json").read_text(encoding="utf-8"))
        return manifest

    def indicators(self) -> dict[str, dict[str, Any]]:
        """What the manifest says of each indicator."""
        return {one["id"]: one for one in self.manifest()["indicators"]}

    def rows(self, indicator: str) -> list[dict[str, str]]:
        """The rows of a published table, without the source line: that tells the day of the fetch."""
        with (self.latest / "tables" / f"{indicator}.csv").open(encoding="utf-8", newline="") as file:
            return [{**row, "source": ""} for row in csv.DictReader(file)]

    def figures(self, indicator: str) -> dict[tuple[str, ...], str]:
        """The published values by key."""
        key = ("region_code", "period", "sex", "category")
        return {tuple(row[name] for name in key): row["value"] for row in self.rows(indicator)}


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout's packages that declares no more than the small job."""
    return small_checkout(tmp_path_factory.mktemp("checkout"))


def small_checkout(
    folder: Path,
    tables: Iterable[str] = TABLES,
    indicators: Iterable[str] = INDICATORS,
    joined: Iterable[str] = (),
) -> Path:
    """The folder, now with a copy of this checkout's packages that declares no more than these."""
    for package in project.PACKAGES:
        shutil.copytree(
            project.ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "resolved.lock")
        )
    for kind, pattern, kept in (
        ("sources/tables", "*.yml", tables),
        ("transforms/staging", "*.sql", tables),
        ("transforms/staging/joined", "*.sql", joined),
        ("transforms/indicators", "*.sql", indicators),
    ):
        for file in (folder / kind).glob(pattern):
            if file.stem not in kept:
                file.unlink()
    return folder


@pytest.fixture(scope="session")
def demo_server() -> Iterator[Server]:
    """One server for all tests; `server` hands it out without faults."""
    with embedded.server(None, "--control") as base_url:
        yield Server(base_url)


@pytest.fixture
def server(demo_server: Server) -> Iterator[Server]:
    """A demo server without faults, its log empty."""
    demo_server.heal()
    yield demo_server
    demo_server.heal()


def in_process(
    monkeypatch: pytest.MonkeyPatch, home: Path, server: Server, checkout: Path, read: Callable[[], tuple[str, str]]
) -> Jamstat:
    """The command line in this process, for as long as the patches last."""
    for name in [name for name in os.environ if name.startswith("JAMSTAT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("JAMSTAT_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("JAMSTAT_BUILD_DIR", str(home / "build"))
    monkeypatch.chdir(home)
    monkeypatch.setattr(embedded, "server", lambda *_: nullcontext(server.base_url))
    monkeypatch.setattr(client, "Client", QUICK)
    monkeypatch.setattr(source_health, "Client", QUICK)
    joined = functools.partial(build.join_staged, folder=checkout / "transforms" / "staging" / "joined")
    monkeypatch.setattr(build, "join_staged", joined)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["jamstat", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        code = stopped.value.code or 0
        assert isinstance(code, int)
        return Done(code, *read())

    jamstat = Jamstat(home, server, checkout, run)
    monkeypatch.setattr(project, "load", lambda: load(jamstat.checkout))
    monkeypatch.setattr(project, "indicator", lambda name: indicator(name, jamstat.checkout))
    monkeypatch.setattr(project, "fingerprint", lambda *given, **more: fingerprint(*given, jamstat.checkout, **more))
    monkeypatch.setattr(project, "generator_hash", functools.partial(project.generator_hash, checkout))
    return jamstat


@pytest.fixture(scope="session")
def baseline(common: Common, demo_server: Server, checkout: Path) -> Path:
    """The folder of one run that published everything; never to be changed."""
    with common("baseline") as home:
        if not (home / "build" / "latest").exists():
            home.mkdir(exist_ok=True)
            demo_server.heal()
            with pytest.MonkeyPatch.context() as monkeypatch:
                done = in_process(monkeypatch, home, demo_server, checkout, lambda: ("", ""))("demo")
            assert done.code == 0
    return home


def recorded_run(home: Path, recordings: Path, cores: set[int], **environment: str) -> Path:
    """The release of the recorded answers, made by the command line in folders of its own on those cores."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JAMSTAT_")}
    folders = {"JAMSTAT_DATA_DIR": str(home / "data"), "JAMSTAT_BUILD_DIR": str(home / "build")}
    done = subprocess.run(
        [JAMSTAT, "refresh", "--source", "recorded", "--recordings", str(recordings)],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env=inherited | folders | environment,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return home / "build" / "latest"


@pytest.fixture(scope="session")
def recorded(common: Common, shared: Path) -> Path:
    """The folder of one run over the recorded answers, as a machine with one core makes it; never to be changed."""
    with common("recorded") as home:
        if not (home / "build" / "latest").exists():
            home.mkdir(exist_ok=True)
            first = min(os.sched_getaffinity(0))
            recorded_run(home, shared / "recordings", {first}, PYTHONHASHSEED="1", TZ="UTC")
    return home


def already_drawn(made: Path, home: Path) -> None:
    """Nothing; what the run in the first folder drew is drawn for the other, where drawing is not the matter."""
    shutil.copytree(made / "build" / "cache", home / "build" / "cache")


@pytest.fixture(scope="session")
def full_demo(common: Common, demo_server: Server) -> Path:
    """The folder of one demo run of everything that is declared; never to be changed. Takes half a minute.

    Processes that test side by side share it: the first that needs it makes it, the others wait.
    """
    with common("full_demo") as home:
        if (home / "build" / "latest").exists():
            return home
        home.mkdir(exist_ok=True)
        demo_server.heal()
        with pytest.MonkeyPatch.context() as monkeypatch:
            jamstat = in_process(monkeypatch, home, demo_server, project.ROOT, lambda: ("", ""))
            monkeypatch.setattr(client, "Client", QUICK.func)  # large answers take longer than QUICK waits for
            done = jamstat("demo")
        assert done.code == 0
    return home


@pytest.fixture
def fresh(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: Server,
    checkout: Path,
    capsys: pytest.CaptureFixture[str],
) -> Jamstat:
    """Jamstat on a machine where nothing was published yet."""
    home = tmp_path / "home"
    home.mkdir()
    return in_process(monkeypatch, home, server, checkout, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type, return-value]


@pytest.fixture
def jamstat(fresh: Jamstat, baseline: Path) -> Jamstat:
    """Jamstat where one run has published everything."""
    settle(baseline, fresh.home)
    return fresh


def settle(baseline: Path, home: Path) -> None:
    """The baseline also lies at `home`, and says so."""
    shutil.copytree(baseline, home, symlinks=True, dirs_exist_ok=True)
    for file in (home / "data").rglob("run.json"):
        file.write_text(file.read_text(encoding="utf-8").replace(str(baseline), str(home)), encoding="utf-8")


@pytest.fixture
def no_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing; runs in this process publish all but the site, where it is not the matter."""
    monkeypatch.setattr("reports.web.build.plan", lambda *_, **__: None)
    monkeypatch.setattr("reports.web.build.write", lambda _, folder, *__: folder.mkdir())


@pytest.fixture
def edit(jamstat: Jamstat, tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Changes a text in a file of a copy of the declarations, which are read from then on; gives the copy's root."""

    def change(file: str, old: str, new: str) -> Path:
        root = tmp_path / "edited"
        if not root.exists():
            for part in ("sources/tables", "transforms/strategy", "transforms/indicators", "transforms/reference"):
                shutil.copytree(jamstat.checkout / part, root / part)
            shutil.copy(jamstat.checkout / "transforms" / "corrections.yml", root / "transforms")
        text = (root / file).read_text(encoding="utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new), encoding="utf-8")
        jamstat.checkout = root
        return root

    return change
