"""Releases that last: made from the latest run, compared, approved, and built again from what they hold.

A release is what its `inputs/` give: making one and verifying one are the same build.
"""

import datetime as dt
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape as xml

import duckdb
import orjson

from flows import events, query, refresh, software
from flows import project as projects
from flows.refresh import Progress, Run, TableState
from flows.settings import Origin, Scope, Settings
from flows.software import Software
from flows.store import Paths, restore_drift
from reports import opendata, quality, release
from reports.documents import typeset
from reports.stamp import Stamp, approved, approved_book, standing
from reports.web.build import DOCUMENTS, same_file
from reports.web.build import FOLDER as SITE
from reports.web.language import Language
from sources.errors import SourceError
from transforms import changes
from transforms.build import COLUMNS
from transforms.changes import Changes, Side
from transforms.written import CONTROL
from warehouse import database

INPUTS, AGAINST, RUN, ACCEPTANCES = "inputs", "inputs/against", "run.json", "acceptances.json"
MANIFEST, APPROVAL, APPROVED = "manifest.json", "approval.json", ".approved"
CSV, JSON = "changes.csv", "changes.json"
DATA = (f"{INPUTS}/", "tables/", changes.CELLS, CSV, JSON, quality.JSON, refresh.EVENTS)
"""What a release's hash covers; the rest, and of the tables these kinds, name the release with that hash."""
NAMING_KINDS = (".xlsx", opendata.DESCRIBED)
METADATA = (MANIFEST, opendata.PACKAGE, Path(opendata.CATALOGUE).name, Path(opendata.TURTLE).name)
MOST_NAMED = 5
EVERY = "*"
NOT_REPRODUCED = (
    {"what": "started_at, finished_at, published_at, run_id", "why": "clocks; taken from inputs/run.json"},
    {"what": "made_at, software", "why": "what the release was built with; taken from the manifest and compared"},
    {"what": "inputs/", "why": "what the release is built from; held to its hashes"},
)
MOST_SIGNS = 64
_ID = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{MOST_SIGNS - 1}}}")


class ReleaseRefused(ValueError):
    """A release cannot be made, compared, approved or verified; the message says why and what to do."""


@dataclass(frozen=True)
class Made:
    """A release that stands: its folder, its hash, and what its maker must know."""

    path: Path
    is_latest: bool
    manifest_hash: str
    changes: Mapping[str, Any]
    flags: tuple[str, ...]
    open_warnings: int


@dataclass(frozen=True)
class Verified:
    """What became of a verification: what differs, and what is other than when the release was built."""

    path: Path
    problems: tuple[str, ...]
    flags: tuple[str, ...]
    files: int
    rebuilt: bool


# --- Make


def make(settings: Settings, release_id: str, progress: Progress | None = None) -> Made:
    """The release, built from the answers that the latest run was published from.

    Raises:
        ReleaseRefused: the id is taken or no id, or what lies here is not what the run was published from.
    """
    if not _ID.fullmatch(release_id) or release_id == release.LATEST:
        raise ReleaseRefused(
            f"{release_id!r}: a release's id has a-z, 0-9 and - only, at most {MOST_SIGNS} of them, such as rv-2026-1, "
            f"and is not {release.LATEST}; choose another"
        )
    path = settings.build_dir / "releases" / release_id
    if path.exists():
        raise ReleaseRefused(f"{path}: this release exists already and is never changed; choose another id")
    origin: Any = query.latest_origin(settings)
    latest = settings.build_dir / release.LATEST
    published = _json(latest / MANIFEST)
    with (
        refresh.opened(settings, origin, "", scope=published["scope"], progress=progress) as opened,
        database.connect(opened.paths.warehouse) as con,
        release.unfinished(settings.build_dir, release_id) as beside,
    ):
        con.execute("set threads = 1")
        run = _run_of(con, opened, published)
        states = _states(con, run)
        if refresh.fingerprint_of(run, states) != (run.paths.last_published() or {}).get("fingerprint"):
            raise ReleaseRefused(
                f"{latest}: what is fetched, declared or set is not what run {run.run_id} was published from; "
                "run `jamstat refresh` and make the release then"
            )
        inputs = beside / INPUTS
        _collect(con, run, states, inputs)
        _remember_approvals(settings, published, inputs)
        _remember_release(settings, published, inputs)
        given = {"id": release_id, "made_at": _now(), "software": asdict(software.now(settings))}
        cache = release.cache_of(settings.build_dir, origin)
        built: dict[str, str] = {}
        manifest = _build(beside, beside, given, cache, lambda new: built.update(_figures(new)), progress)
        _refuse_altered(run, latest, beside, _figures(con), built)
        _protect(beside)
        path = release.appear(beside)
        is_latest = release.turn(settings.build_dir, path, origin)
    flags = []
    if manifest["release"]["dirty"]:
        flags.append(
            f"{release_id}: built with changes that are in no commit; its pages say so; commit them and make a new one"
        )
    flags += [
        f"{one['rule']}: {one['subject']}: was accepted until {one['expires']} by {one['name']} ({one['release_id']}); "
        "mend it, or accept it anew when you approve"
        for one in manifest["release"]["expired"]
    ]
    warnings = len(manifest["release"]["open_warnings"])
    return Made(path, is_latest, _sha256(path / MANIFEST), _json(path / JSON), tuple(flags), warnings)


def _run_of(con: duckdb.DuckDBPyConnection, opened: Run, published: Mapping[str, Any]) -> Run:
    """The run that built the warehouse, as it was: its id, its times and whom it asked."""
    found = con.execute("select run_id, started_at, finished_at, base_url from provenance.run").fetchall()
    run_id, started_at, finished_at, base_url = found[0]
    if run_id != published["run_id"]:
        raise ReleaseRefused(
            f"{opened.paths.warehouse}: holds run {run_id}, not {published['run_id']}, which is published; "
            "run `jamstat refresh` and make the release then"
        )
    # Figures that a person accepted are not compared with those before: previous.* lack them.
    accepted = con.execute("""
        select indicator from provenance.indicator_state
        where state = 'held_back' and run_id is not null and indicator not in (select indicator from previous.indicator)
    """).fetchall()
    utc = dt.UTC
    return replace(
        opened,
        run_id=run_id,
        started_at=started_at.astimezone(utc),
        finished_at=finished_at.astimezone(utc),
        base_url=base_url,
        accepted=tuple(one for (one,) in accepted),
    )


def _states(con: duckdb.DuckDBPyConnection, run: Run) -> dict[str, TableState]:
    """The state of each table as the run had it, from the stored answers."""
    rows = con.execute("select table_id, state, state_reason, source_id from reference.source_table").fetchall()
    known = {table_id: (state, reason, source_id) for table_id, state, reason, source_id in rows}
    states = {}
    for table_id in run.project.tables:
        state, reason, source_id = known.get(table_id, ("failed", "", None))
        if state == "loaded":
            states[table_id] = refresh.stored_table(run, table_id)
            if states[table_id].state != "loaded":
                raise ReleaseRefused(f"{table_id}: {states[table_id].reason}")
        else:
            states[table_id] = TableState(table_id, state, reason or "", source_id=source_id)
    return states


def _collect(con: duckdb.DuckDBPyConnection, run: Run, states: Mapping[str, TableState], inputs: Path) -> None:
    """Nothing; the folder holds all that the run rests on, laid out as the data folder of its origin was before it."""
    paths = Paths(inputs, run.scope_key)
    paths.last_good.mkdir(parents=True)
    try:
        for table_id, state in states.items():
            if state.state == "loaded":
                run.store.export(run.scope_key, table_id, inputs / "raw")
    except SourceError as error:
        raise ReleaseRefused(str(error)) from error
    if run.origin != "scb" and run.paths.resolved_lock.exists():
        shutil.copyfile(run.paths.resolved_lock, inputs / "resolved.lock")
    for file in sorted(run.paths.history.glob("*/*.parquet")):
        if file.stem < run.run_id:
            _copy(file, inputs / file.relative_to(run.paths.data))
    received: dict[str, dict[str, str]] = {}
    for indicator, table_id, time in con.execute("from provenance.held_back_source order by all").fetchall():
        received.setdefault(indicator, {})[table_id] = time.isoformat()
    known = {}
    for indicator, before, published_at in con.execute("""
        select indicator, run_id, published_at from previous.indicator
        union
        select indicator, run_id, published_at from provenance.indicator_state
        where state = 'held_back' and run_id is not null
        order by indicator
    """).fetchall():
        known[indicator] = {
            "run_id": before,
            "published_at": published_at.isoformat(),
            "received": received.get(indicator, {}),
        }
        source = "previous.observation" if indicator not in run.accepted else "indicators.observation"
        con.execute(
            f"copy (select {', '.join(COLUMNS)} from {source} where indicator = '{indicator}') "
            f"to '{paths.figures(indicator, before)}' (format parquet)"
        )
    updated = dict(con.execute("from previous.source_table order by all").fetchall())
    _write_json(paths.last_good / "indicators.json", known)
    _write_json(paths.last_good / "run.json", {"updated": updated})
    restore_drift(con, paths)
    _write_json(
        inputs / RUN,
        {
            "run_id": run.run_id,
            "origin": run.origin,
            "scope": run.scope,
            "base_url": run.base_url,
            "started_at": run.started_at.isoformat(),
            "finished_at": (run.finished_at or run.started_at).isoformat(),
            "accepted": run.accepted,
            "fingerprint": refresh.fingerprint_of(run, states),
            "settings": run.settings.model_dump(
                mode="json", exclude={"data_dir", "build_dir", "contact", "table_threads"}
            ),
            "not_loaded": [
                {"table_id": one.table_id, "state": one.state, "reason": one.reason, "source_id": one.source_id}
                for one in states.values()
                if one.state != "loaded"
            ],
        },
    )


def _remember_approvals(settings: Settings, published: Mapping[str, Any], inputs: Path) -> None:
    """Nothing; the inputs hold what was accepted in approvals of earlier releases, the newest word on each."""
    newest: dict[str, dict[str, Any]] = {}
    for folder, manifest in _releases(settings, published):
        approval = _approval(folder)
        if approval and approval.get("seal") != _seal(approval):
            raise ReleaseRefused(
                f"{folder.with_name(folder.name + APPROVED) / APPROVAL}: has been altered, and this release would take "
                f"over what it accepts; run `jamstat verify {folder.name}` and approve it again"
            )
        for one in approval.get("accepted_warnings", []):
            said = {"release_id": manifest["release"]["id"], **_signed(folder), **one}
            key = f"{one['rule']}:{one['subject']}"
            if key not in newest or newest[key]["time"] < said["time"]:
                newest[key] = said
    _write_json(inputs / ACCEPTANCES, [newest[key] for key in sorted(newest)])


def _signed(folder: Path) -> dict[str, str]:
    approval = _approval(folder)
    return {"name": approval["name"], "time": approval["time"]}


def _remember_release(settings: Settings, published: Mapping[str, Any], inputs: Path) -> None:
    """Nothing; the inputs hold the tables of the release made before this one, to compare with, where there is one."""
    before = max(
        _releases(settings, published), key=lambda one: (one[1]["made_at"], one[1]["release"]["id"]), default=None
    )
    if before is not None:
        folder = _as_published(before[0])
        for file in (folder / MANIFEST, folder / changes.CELLS, *sorted((folder / "tables").glob("*.parquet"))):
            _copy(file, inputs / "against" / file.relative_to(folder))


def _releases(settings: Settings, published: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The releases of the same origin, scope and home region, with their manifests."""
    for path in sorted((settings.build_dir / "releases").glob(f"*/{MANIFEST}")):
        if path.parent.name.startswith(".") or path.parent.name.endswith(APPROVED):
            continue
        manifest = _sealed(path.parent)
        alike = all(manifest.get(name) == published[name] for name in ("origin", "scope", "home_region"))
        if "release" in manifest and alike:
            yield path.parent, manifest


def _refuse_altered(run: Run, latest: Path, beside: Path, stored: Mapping[str, str], built: Mapping[str, str]) -> None:
    """Nothing, when the raw answers give the figures of the warehouse and the tables that were published."""
    other = sorted(one for one in stored.keys() | built.keys() if stored.get(one) != built.get(one))
    if other:
        raise ReleaseRefused(
            f"{run.paths.warehouse}: the raw answers give other figures of {', '.join(other[:3])}"
            f"{' …' if len(other) > 3 else ''}; the database has been altered; remove it and run `jamstat refresh`"
        )
    published = _published(latest)
    for file in sorted((latest / "tables").iterdir()):
        new = beside / "tables" / file.name
        # What names a release is another file in each, and is held to what was published.
        expected = (
            published.get(f"tables/{file.name}") if file.name.endswith(NAMING_KINDS) else new.exists() and _sha256(new)
        )
        if _sha256(file) != expected:
            raise ReleaseRefused(
                f"{file}: the raw answers give another file; the published one has been altered; "
                f"remove {latest.resolve()} and run `jamstat refresh`"
            )


def _published(folder: Path) -> dict[str, str]:
    """By path, the hash of every file that the manifest of a run or release names, as an approval left it."""
    manifest = _json(folder / MANIFEST)
    listed = manifest.get("files") or [
        *manifest["open_data"],
        *(one for item in manifest["indicators"] for one in item["files"].values()),
    ]
    signed = _json(folder / APPROVAL)["files"] if (folder / APPROVAL).exists() else []
    return {one["path"]: one["sha256"] for one in (*listed, *signed)}


def _figures(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """By indicator, a hash of its figures whatever their order."""
    columns = ", ".join(f"coalesce(cast({name} as varchar), '')" for name in COLUMNS)
    rows = con.execute(f"""
        select indicator, count(*) || ':' || cast(sum(md5_number_lower(concat_ws(chr(31), {columns}))) as varchar)
        from indicators.observation group by indicator
    """).fetchall()
    return dict(rows)


# --- Build


def _build(
    source: Path,
    folder: Path,
    given: Mapping[str, Any],
    cache: Path,
    look: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The manifest; the folder holds everything that the inputs of `source` give."""
    inputs = source / INPUTS
    about = _json(inputs / RUN)
    with TemporaryDirectory(prefix="jamstat-") as name:
        data = Path(name) / "data"
        shutil.copytree(inputs, data / about["origin"], copy_function=same_file)
        run, states = _restored(about, data, Path(name) / "build", progress)
        run = replace(run, software=Software.told(given["software"]))
        with database.building(run.paths.warehouse) as con:
            refresh.build(run, con, states, about["fingerprint"])
            if look:
                look(con)
            facts = _facts(con, run, given, _json(inputs / ACCEPTANCES))
            (folder / refresh.EVENTS).write_text(events.of_run(con), encoding="utf-8")
            changes.write_cells(con, run.project.indicators.values(), folder / changes.CELLS)
            release.write(
                con,
                folder,
                cache,
                lambda done, total, _: run.progress("publicerar", done, total),
                site_url=run.settings.site_url,
                year=run.settings.report_year,
                stamped=lambda written: _stamp(source, written, given, facts),
            )
    return _write_manifest(source, folder, given, facts)


def _restored(
    about: Mapping[str, Any], data: Path, build: Path, progress: Progress | None
) -> tuple[Run, dict[str, TableState]]:
    """The run and its tables as they were, over a data folder that holds nothing but its inputs."""
    settings = Settings(**about["settings"], data_dir=data, build_dir=build)
    origin: Origin = about["origin"]
    scope: Scope = about["scope"]
    run = Run(
        about["run_id"],
        origin,
        scope,
        settings,
        projects.load(),
        projects.regions(settings, scope),
        dt.datetime.fromisoformat(about["started_at"]),
        about["base_url"],
        accepted=tuple(about["accepted"]),
        finished_at=dt.datetime.fromisoformat(about["finished_at"]),
    )
    run = replace(run, progress=progress) if progress else run
    kept = {one["table_id"]: TableState(**one) for one in about["not_loaded"]}
    return run, {one: kept.get(one) or refresh.stored_table(run, one) for one in run.project.tables}


def _facts(
    con: duckdb.DuckDBPyConnection, run: Run, given: Mapping[str, Any], acceptances: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the release says of itself beside its files: formulas, open warnings, gaps, and what has expired."""
    open_warnings = [
        {"rule": rule, "subject": subject, "message": message}
        for rule, subject, message in con.execute("""
            select distinct rule, subject, message from checks.result
            where not success and severity = 'warning' order by all
        """).fetchall()
    ]
    day = run.now().astimezone(refresh.SWEDEN).date().isoformat()
    still_open = {(one["rule"], one["subject"]) for one in open_warnings}
    gaps = con.execute("""
        select goal_id, wording is null as wording_not_established,
            goal_id not in (select goal_id from reference.indicator_goal) as without_indicator
        from reference.goal
        where wording is null or goal_id not in (select goal_id from reference.indicator_goal)
        order by goal_id
    """).fetchall()
    return {
        "id": given["id"],
        "dirty": bool(given["software"]["dirty"]),
        "formulas": {one.id: hashlib.sha256(one.sql.encode()).hexdigest() for one in run.project.indicators.values()},
        "open_warnings": open_warnings,
        "expired": [one for one in acceptances if one["expires"] < day and (one["rule"], one["subject"]) in still_open],
        "known_gaps": [
            {"goal": goal, "wording_not_established": wording, "without_indicator": without}
            for goal, wording, without in gaps
        ],
    }


def _stamp(source: Path, folder: Path, given: Mapping[str, Any], facts: Mapping[str, Any]) -> Stamp:
    """What the pages say; the changes stand as files in the folder."""
    found = _changes(source, folder, facts)
    (folder / CSV).write_bytes(found.csv)
    (folder / JSON).write_bytes(found.json())
    listed = _hashes(folder)
    if folder != source:
        listed += [{**one, "path": f"{INPUTS}/{one['path']}"} for one in _hashes(source / INPUTS)]
    return Stamp(
        given["id"],
        content_hash(listed),
        facts["dirty"],
        given["software"],
        found.summary,
        tuple(facts["expired"]),
        tuple(facts["open_warnings"]),
    )


def content_hash(files: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of the lines `<sha256>  <path>`, by path, of what does not name the release: answers, data, changes."""
    kept = [one for one in files if one["path"].startswith(DATA) and not one["path"].endswith(NAMING_KINDS)]
    lines = [f"{one['sha256']}  {one['path']}\n" for one in sorted(kept, key=lambda one: one["path"])]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _changes(source: Path, folder: Path, facts: Mapping[str, Any]) -> Changes:
    against = source / AGAINST
    new = Side({**_json(folder / MANIFEST), "release": facts}, folder / "tables", folder / changes.CELLS)
    return changes.compare(_side(against) if against.exists() else None, new)


def _side(folder: Path) -> Side:
    return Side(_json(folder / MANIFEST), folder / "tables", folder / changes.CELLS)


def _write_manifest(source: Path, folder: Path, given: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest, which stands in the folder: what the run says, what the release is, every file and every input."""
    path = folder / MANIFEST
    about = _json(folder / JSON)
    files = [one for one in _hashes(folder) if one["path"] != MANIFEST]
    if folder != source:
        files += [{**one, "path": f"{INPUTS}/{one['path']}"} for one in _hashes(source / INPUTS)]
    files.sort(key=lambda one: one["path"])
    against = source / AGAINST / MANIFEST
    records = [_json(one) for one in sorted((source / INPUTS / "raw" / "records").glob("*/*.json"))]
    document = {
        **_json(path),
        "made_at": given["made_at"],
        "software": given["software"],
        "release": {
            **facts,
            "against": {**about["against"], "manifest_sha256": _sha256(against)} if about["against"] else None,
            "diff_hash": about["diff_hash"],
            "content_sha256": content_hash(files),
        },
        "raw": records,
        "not_reproduced": NOT_REPRODUCED,
        "files": files,
    }
    document["seal"] = _seal(document)
    path.unlink()  # it may be the same file as one of the site, which stays as it is
    _write_json(path, document)
    return document


def _seal(document: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in document.items() if name != "seal"}
    return hashlib.sha256(orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)).hexdigest()


# --- Compare


def diff(settings: Settings, old: str, new: str) -> Changes:
    """What differs between two releases or runs.

    Raises:
        ReleaseRefused: one is not here or has been altered, or they are of different origins, scopes or regions.
    """
    folders = [find(settings, one) for one in (old, new)]
    manifests = [_sealed(folder) for folder in folders]
    for name in ("origin", "scope", "home_region"):
        values = [manifest[name] for manifest in manifests]
        if values[0] != values[1]:
            raise ReleaseRefused(
                f"{old} and {new}: {name} differs ({values[0]}, {values[1]}); compare releases of the same {name}"
            )
    before, after = (_side(_as_published(folder)) for folder in folders)
    return changes.compare(before, after)


def _as_published(folder: Path) -> Path:
    """The folder of a release or a run, when what is compared of it is what was published.

    Raises:
        ReleaseRefused: the manifest, a table or the hashes of the source's cells are others, or are missing.
    """
    _sealed(folder)
    listed = _published(folder)
    compared = {name for name in listed if name.startswith("tables/") and name.endswith(".parquet")}
    compared |= {one.relative_to(folder).as_posix() for one in (folder / "tables").glob("*.parquet")}
    for name in sorted(compared | ({changes.CELLS} & listed.keys())):
        if not (folder / name).exists() or _sha256(folder / name) != listed.get(name):
            raise ReleaseRefused(_altered(folder / name))
    return folder


def _sealed(folder: Path) -> dict[str, Any]:
    """The manifest of a release or a run; ReleaseRefused where a release's is not the one that was written."""
    try:
        manifest: dict[str, Any] = _json(folder / MANIFEST)
    except orjson.JSONDecodeError:
        raise ReleaseRefused(_altered(folder / MANIFEST)) from None
    if ("release" in manifest or "seal" in manifest) and manifest.get("seal") != _seal(manifest):
        raise ReleaseRefused(_altered(folder / MANIFEST))
    return manifest


def _altered(file: Path) -> str:
    return f"{file}: has been altered, so nothing is compared with it; restore it from a copy of the release"


def find(settings: Settings, name: str) -> Path:
    """The folder of a release by its id, of a run by its id, or of the latest."""
    releases = settings.build_dir / "releases"
    path = settings.build_dir / release.LATEST if name == release.LATEST else releases / name
    if (path / MANIFEST).exists():
        return path.resolve()
    known = sorted(one.parent.name for one in releases.glob(f"*/{MANIFEST}") if not one.parent.name.startswith("."))
    near = get_close_matches(name, known, n=3, cutoff=0.3) or known[-3:]
    hint = f"closest: {', '.join(near)}" if near else "nothing is published here yet; run `jamstat refresh`"
    raise ReleaseRefused(f"{path}: no such release or run; {hint}")


# --- Approve


def approve(
    settings: Settings, release_id: str, *, name: str, comment: str, role: str = "", accept: Sequence[str] = ()
) -> Path:
    """The folder of the approved edition: the release with the approval on its pages and in its files.

    Nothing in the release itself changes. `latest` follows where it led to the release.

    Raises:
        ReleaseRefused: the release or what it differs in has changed since it was made, it is approved already, or a
            warning is open that nobody has accepted.
    """
    for option, text in (("--by", name), ("--comment", comment)):
        if not text.strip():
            raise ReleaseRefused(f"{option}: is empty; say who approves, and on what ground")
    for option, text in (
        ("--by", name),
        ("--comment", comment),
        ("--role", role),
        *(("--accept", one) for one in accept),
    ):
        if CONTROL.search(text) or "\n" in text:
            raise ReleaseRefused(f"{option} {text!r}: has characters that no reader sees; leave them out")
    path = _release(settings, release_id)
    manifest, problems = _check_files(path)
    if problems:
        raise ReleaseRefused(f"{problems[0]}; nothing was approved")
    if (done := _approval(path)) and done:
        raise ReleaseRefused(f"{release_id}: was approved by {done['name']} on {done['time'][:10]}; make a new release")
    _refuse_other_diff(settings, path, manifest)
    approval: dict[str, Any] = {
        "release_id": release_id,
        "manifest_hash": _sha256(path / MANIFEST),
        "diff_hash": manifest["release"]["diff_hash"],
        "name": name,
        "role": role,
        "comment": comment,
        "time": _now(),
        "basis": {
            "checks": manifest["checks"],
            "compared_with": manifest["release"]["against"],
            "content_sha256": manifest["release"]["content_sha256"],
        },
        "accepted_warnings": _all_accepted(path, manifest["release"], accept, comment),
        "auto_approved": False,
        "known_gaps": manifest["release"]["known_gaps"],
        "files": [],
    }
    was_latest = (settings.build_dir / release.LATEST).resolve() == path.resolve()
    with release.unfinished(settings.build_dir, f"{release_id}{APPROVED}") as beside:
        for file, signed in _edition(path, approval):
            target = beside / file.relative_to(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            if signed is None:
                same_file(file, target)
            else:
                target.write_bytes(signed)
                name_in = file.relative_to(path).as_posix()
                approval["files"].append({"path": name_in, "sha256": _sha256(target), "bytes": len(signed)})
        approval["files"].sort(key=lambda one: one["path"])
        approval["seal"] = _seal(approval)
        _write_json(beside / APPROVAL, approval)
        _protect(beside)
        done_path = release.appear(beside)
        if was_latest:
            release.turn(settings.build_dir, done_path, manifest["origin"])
    return done_path


def _edition(path: Path, approval: Mapping[str, Any]) -> Iterator[tuple[Path, bytes | None]]:
    """Every file of the release with what it is once approved; null where it says nothing of that."""
    files = _walk(path)
    books: dict[str, bytes] = {}
    again: dict[str, tuple[str, int]] = {}  # of files that others name by hash: the new hash and size
    for file in files:
        signed = None
        if file.suffix == ".html":
            t = Language("en" if file.is_relative_to(path / SITE / "en") else "sv")
            signed = approved(file.read_text(encoding="utf-8"), t, approval).encode()
        elif file.suffix in (".xlsx", ".docx"):
            digest = _sha256(file)  # the site has the same file
            if digest not in books:
                books[digest] = approved_book(file.read_bytes(), approval["release_id"], approval)
                again[digest] = (hashlib.sha256(books[digest]).hexdigest(), len(books[digest]))
            signed = books[digest]
        elif file.suffix == ".pdf" and (told := _told_of(path, file)).exists():
            signed = typeset.printed(_approved_text(told, approval))
        elif file.is_relative_to(path / DOCUMENTS):
            signed = _approved_text(file, approval)
        elif _is_metadata(path, file):
            continue
        yield file, signed
    for file in files:
        if _is_metadata(path, file):
            yield file, _with_hashes(_approved_text(file, approval), file.suffix, again)


def _is_metadata(path: Path, file: Path) -> bool:
    return file != path / MANIFEST and (file.name in METADATA or file.name.endswith(opendata.DESCRIBED))


def _told_of(path: Path, file: Path) -> Path:
    """Where what a PDF of the site is set from lies."""
    return path / DOCUMENTS / f"{file.parent.relative_to(path / SITE)}.json"


def _approved_text(file: Path, approval: Mapping[str, Any]) -> bytes:
    """The JSON, XML or Turtle of the file, which says that its release is approved."""
    old, new = standing(approval["release_id"]), standing(approval["release_id"], approval)
    return file.read_bytes().replace(
        old.encode(), xml(new).encode() if file.suffix == ".rdf" else orjson.dumps(new)[1:-1]
    )


def _with_hashes(content: bytes, suffix: str, again: Mapping[str, tuple[str, int]]) -> bytes:
    """The metadata with the hashes and sizes of what an approval changes, by the hash before."""
    if suffix == ".json":
        document = _with_values(orjson.loads(content), again)
        return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    text = content.decode("utf-8")

    def changed(found: re.Match[str]) -> str:
        digest, size = again.get(found["digest"], (found["digest"], int(found["size"])))
        return f"{found['head']}{size}{found['between']}{digest}"

    return _HASHED.sub(changed, text).encode()


_HASHED = re.compile(
    r'(?P<head>dcat:byteSize (?:rdf:datatype="[^"]*">|"))(?P<size>\d+)'
    r"(?P<between>(?:(?!byteSize ).)*?)(?P<digest>\b[0-9a-f]{64}\b)",
    re.DOTALL,
)


def _with_values(value: Any, again: Mapping[str, tuple[str, int]]) -> Any:
    if isinstance(value, list):
        return [_with_values(one, again) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: _with_values(one, again) for name, one in value.items()}
    for name, one in value.items():
        digest = one.removeprefix("sha256:") if isinstance(one, str) else ""
        if digest in again:
            found |= {name: one.replace(digest, again[digest][0]), "bytes": again[digest][1]}
    return found


def _refuse_other_diff(settings: Settings, path: Path, manifest: Mapping[str, Any]) -> None:
    """Nothing, when the release differs from the one before it in just what it says."""
    facts = manifest["release"]
    found = _changes(path, path, facts)
    if found.diff_hash != facts["diff_hash"] or found.csv != (path / CSV).read_bytes():
        raise ReleaseRefused(f"{path / CSV}: the release differs in other cells than this says; make a new release")
    against = facts["against"]
    if against:
        before = settings.build_dir / "releases" / against["id"] / MANIFEST
        if before.exists() and _sha256(before) != against["manifest_sha256"]:
            raise ReleaseRefused(
                f"{before}: has changed since {facts['id']} was compared with it, so the changes are others than those "
                "to approve; make a new release"
            )


def _all_accepted(path: Path, facts: Mapping[str, Any], accept: Sequence[str], comment: str) -> list[dict[str, str]]:
    """Every open warning of the release with who has accepted it and until when: now, or in an earlier approval.

    Raises:
        ReleaseRefused: one is accepted by nobody, or no longer.
    """
    today = _today()
    wanted = {(one["rule"], one["subject"]): one for one in facts["open_warnings"]}
    earlier = {(one["rule"], one["subject"]): one for one in _json(path / INPUTS / ACCEPTANCES)}
    found = {key: one for key, one in earlier.items() if key in wanted and one["expires"] >= today}
    for text in accept:
        found |= _accepted(text, wanted, comment)
    if expired := [key for key in earlier if key in wanted and key not in found]:
        one = earlier[expired[0]]
        raise ReleaseRefused(
            f"{one['rule']}: {one['subject']}: was accepted until {one['expires']} and is critical now; mend it, "
            f"or accept it anew: --accept {one['rule']}:{one['subject']}:ÅÅÅÅ-MM-DD"
        )
    if left := [f"{rule}:{subject}" for rule, subject in wanted if (rule, subject) not in found]:
        more = f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
        raise ReleaseRefused(
            f"{facts['id']}: {len(left)} open warnings that nobody has accepted: {', '.join(left[:MOST_NAMED])}{more}; "
            "mend them, or accept each until a day: --accept RULE:SUBJECT:ÅÅÅÅ-MM-DD, where * stands for every subject"
        )
    return [found[key] for key in wanted]


def _accepted(
    text: str, wanted: Mapping[tuple[str, str], Mapping[str, str]], comment: str
) -> dict[tuple[str, str], dict[str, str]]:
    """The open warnings that `RULE:SUBJECT:EXPIRY` or `RULE:SUBJECT:EXPIRY:COMMENT` accepts."""
    match = re.fullmatch(r"([^:]+):([^:]+):(\d{4}-\d\d-\d\d)(?::(.+))?", text)
    try:
        day = dt.date.fromisoformat(match[3]) if match else None
    except ValueError:
        day = None
    if match is None or day is None:
        raise ReleaseRefused(f"--accept {text}: wanted RULE:SUBJECT:EXPIRY, the last a day such as 2027-03-31")
    if day.isoformat() < _today():
        raise ReleaseRefused(f"--accept {text}: the day has passed; give a later one")
    rule, subject, expires, why = match.groups()
    found = [key for key in wanted if key[0] == rule and subject in (key[1], EVERY)]
    if not found:
        known = [":".join(key) for key in wanted]
        near = get_close_matches(f"{rule}:{subject}", known, n=1, cutoff=0) or ["none is open"]
        raise ReleaseRefused(f"--accept {text}: no such warning is open; closest: {near[0]}")
    said = {"expires": expires, "comment": why or comment}
    return {key: {"rule": key[0], "subject": key[1], **said} for key in found}


# --- Verify


def verify(settings: Settings, release_id: str, *, rebuild: bool = True, progress: Progress | None = None) -> Verified:
    """What differs between a release, its hashes, and what its inputs give when it is built again in an empty folder.

    Files that are altered, missing or added are found first; the release is then not built.

    Raises:
        ReleaseRefused: there is no such release.
    """
    path = _release(settings, release_id)
    manifest, problems = _check_files(path)
    if manifest:
        problems += _check_approved(path, manifest)
    if problems or not manifest:
        return Verified(path, tuple(problems), (), 0, rebuilt=False)
    flags = software.differences(Software.told(manifest["software"]), software.now(settings))
    if manifest["release"]["dirty"]:
        flags.append(f"{release_id}: was built with changes that are in no commit")
    approval, today = _approval(path), _today()
    flags += [
        f"{one['rule']}: {one['subject']}: was accepted until {one['expires']} by {one.get('name', approval['name'])}; "
        "mend it, or make a new release and accept it anew"
        for one in approval.get("accepted_warnings", [])
        if one["expires"] < today
    ]
    if not rebuild:
        return Verified(path, (), tuple(flags), len(manifest["files"]), rebuilt=False)
    given = {"id": release_id, "made_at": manifest["made_at"], "software": manifest["software"]}
    with TemporaryDirectory(prefix="jamstat-") as name:
        folder = Path(name) / release_id
        folder.mkdir()
        try:
            again = _build(path, folder, given, Path(name) / "cache", progress=progress)
        except (SourceError, database.WarehouseError, duckdb.Error) as error:
            return Verified(path, (f"{path}: cannot be built again: {error}",), tuple(flags), 0, rebuilt=False)
        problems = _compare(path, manifest, again)
        if not problems and _sha256(folder / MANIFEST) != _sha256(path / MANIFEST):
            other = [key for key in manifest if manifest[key] != again.get(key)]
            problems = [f"{path / MANIFEST}: says other things than the build: {', '.join(other) or 'its layout'}"]
    return Verified(path, tuple(problems), tuple(flags), len(manifest["files"]), rebuilt=True)


def _check_files(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and a line for every file that is altered, missing or added."""
    try:
        manifest = _json(path / MANIFEST)
        if manifest["seal"] != _seal(manifest):
            return {}, [f"{path / MANIFEST}: has been altered; restore it from a copy of the release"]
        listed = {one["path"]: one["sha256"] for one in manifest["files"]}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return {}, [f"{path / MANIFEST}: is no manifest of a release any more; restore it from a copy of the release"]
    found = {file.relative_to(path).as_posix(): file for file in _walk(path)}
    problems = []
    for name in sorted((listed.keys() | found.keys()) - {MANIFEST}):
        if name not in found:
            problems.append(f"{path / name}: is missing; restore it from a copy of the release")
        elif name not in listed:
            problems.append(f"{path / name}: does not belong to the release; remove it")
        elif _sha256(found[name]) != listed[name]:
            problems.append(f"{path / name}: has been altered; restore it from a copy of the release")
    return manifest, problems


def _check_approved(path: Path, manifest: Mapping[str, Any]) -> list[str]:
    """A line for what differs between the approved edition and the release with the approval on its pages."""
    edition = path.with_name(path.name + APPROVED)
    if not edition.exists():
        return []
    approval = _approval(path)
    if (
        approval.get("manifest_hash") != _sha256(path / MANIFEST)
        or approval.get("diff_hash") != (manifest["release"]["diff_hash"])
    ):
        return [f"{edition / APPROVAL}: approves another release than {path.name}; remove {edition} and approve again"]
    if approval.get("seal") != _seal(approval):
        return [f"{edition / APPROVAL}: has been altered; remove {edition} and approve again"]
    found = {file.relative_to(edition).as_posix() for file in _walk(edition)} - {APPROVAL}
    problems = [f"{edition / name}: does not belong to the release; remove it" for name in sorted(found)
                if not (path / name).exists()]  # fmt: skip
    files: list[dict[str, Any]] = []
    for file, signed in _edition(path, approval):
        other = edition / file.relative_to(path)
        if not other.exists() or other.read_bytes() != (file.read_bytes() if signed is None else signed):
            problems.append(f"{other}: is missing or altered; remove {edition} and approve again")
        elif signed is not None:
            files.append({"path": file.relative_to(path).as_posix(), "sha256": _sha256(other), "bytes": len(signed)})
    if not problems and sorted(files, key=lambda one: one["path"]) != approval["files"]:
        problems = [f"{edition / APPROVAL}: has been altered; remove {edition} and approve again"]
    return problems


def _compare(path: Path, manifest: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    """A line for every file that the build gives otherwise."""
    before, after = ({one["path"]: one["sha256"] for one in side["files"]} for side in (manifest, again))
    problems = []
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            what = "is not made" if name not in after else "is made beside" if name not in before else "comes out other"
            problems.append(f"{path / name}: {what} when the release is built again")
    return problems


# --- Files


def _release(settings: Settings, release_id: str) -> Path:
    path = find(settings, release_id)
    if path.name.endswith(APPROVED):
        path = path.with_name(path.name.removesuffix(APPROVED))
    if not _ID.fullmatch(path.name):
        raise ReleaseRefused(f"{release_id}: is a run, not a release; make one of it: `jamstat release ID`")
    return path


def _approval(path: Path) -> dict[str, Any]:
    """The approval of the release in the folder; empty where there is none."""
    file = path.with_name(path.name + APPROVED) / APPROVAL
    return _json(file) if file.exists() else {}


def _walk(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if not file.is_dir())


def _hashes(folder: Path) -> list[dict[str, Any]]:
    """Path, SHA-256 and bytes of every file, by path."""
    return [
        {"path": file.relative_to(folder).as_posix(), "sha256": _sha256(file), "bytes": file.stat().st_size}
        for file in _walk(folder)
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _protect(folder: Path) -> None:
    for file in _walk(folder):
        file.chmod(0o444)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _json(path: Path) -> Any:
    return orjson.loads(path.read_bytes())


def _write_json(path: Path, content: object) -> None:
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _today() -> str:
    return dt.datetime.now(refresh.SWEDEN).date().isoformat()


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
