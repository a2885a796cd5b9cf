"""The command line: `jamstat`. Only light modules are imported before a command needs more."""

import os
import signal
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from flows import release_commands

if TYPE_CHECKING:
    from flows.project import Project
    from flows.refresh import Outcome, Run, TableState
    from flows.settings import Origin, Settings
    from flows.tracing import Trace

_shown = {"traceback": False}
MOST_LINES, MOST_WARNINGS = 40, 5
PUBLISHED, HELD_BACK, USAGE, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Regional statistics of women and men from Statistics Sweden: fetched, checked, traceable, published.",
    epilog="Exit codes: 0 published, 1 an indicator was held back, 2 usage or declaration, 3 source unreachable.",
)
sources_app = typer.Typer(no_args_is_help=True, help="The source tables against what the API serves now.")
app.add_typer(sources_app, name="sources")
new_app = typer.Typer(no_args_is_help=True, help="The skeleton of a new file, and of its test.")
app.add_typer(new_app, name="new")
challenge_app = typer.Typer(no_args_is_help=True, help="Challenges: words of people about the figures.")
app.add_typer(challenge_app, name="challenge")
release_commands.register(app)

SourceOption = Annotated[Literal["scb", "demo", "recorded"], typer.Option(help="Where the answers come from.")]
ScopeOption = Annotated[
    Literal["home", "national"] | None,
    typer.Option(help="home: riket, the counties and the home county's kommuner; national: all 312 regions."),
]
RecordingsOption = Annotated[Path | None, typer.Option(help="Folder of recorded answers, for --source recorded.")]
IndicatorArgument = Annotated[str, typer.Argument(metavar="ID", help="Its id, as `jamstat list` shows it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option(help="Show the traceback of an error.")] = False,
) -> None:
    """Regional statistics of women and men from Statistics Sweden: fetched, checked, traceable, published."""
    _shown["traceback"] = debug


@app.command()
def refresh(
    source: SourceOption = "scb",
    recordings: RecordingsOption = None,
    scope: ScopeOption = None,
    table: Annotated[list[str] | None, typer.Option(help="Fetch only this table; the rest as last fetched.")] = None,
    indicator: Annotated[list[str] | None, typer.Option(help="Fetch only this indicator's tables.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched; change nothing.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Fetch everything anew, also what has not changed.")] = False,
    accept: Annotated[
        list[str] | None, typer.Option(help="Publish this indicator even where it holds less than before.")
    ] = None,
) -> None:
    """Fetch what has changed, build, check and publish."""
    from flows import refresh as work
    from flows import settings as configured

    settings = configured.load()
    with _source(settings, source, recordings) as base_url, progress_bars() as progress:
        if dry_run:
            _dry_run(settings, source, base_url, scope, table or [], indicator or [], anew=full)
            return
        with work.opened(settings, source, base_url, scope=scope, anew=full, progress=progress) as opened:
            run = replace(opened, accepted=tuple(_known("--accept", accept or [], opened.project.indicators)))
            states = _fetch(run, base_url, table or [], indicator or [])
            work.lock_codes(run, states)
            outcome = work.build_and_publish(run, states)
    _tell(outcome)
    raise typer.Exit(outcome.exit_code)


@app.command()
def demo() -> None:
    """Run the whole job on synthetic figures; the same as refresh --source demo."""
    refresh(source="demo")


@app.command()
def report(
    png: Annotated[
        bool,
        typer.Option(
            "--png", help="Also write every picture as PNG beside its SVG; takes minutes the first time, and 200 MB."
        ),
    ] = False,
) -> None:
    """Build the web report of the latest run again; only pages that have changed are made anew."""
    from flows import query
    from reports import release
    from warehouse import database

    settings = _latest()
    _manifest()
    warehouse = settings.data_dir / query.latest_origin(settings) / "warehouse.duckdb"
    with progress_bars() as progress, database.connect(warehouse) as con:
        built = release.rebuild(
            con,
            settings.build_dir,
            lambda done, total, what: progress("PNG" if what.endswith(".png") else "rapport", done, total),
            site_url=settings.site_url,
            png=png,
            year=settings.report_year,
        )
    changed = f"{built.made} of {built.pages} pages made anew" if built.made else f"{built.pages} pages, none changed"
    _print(f"{changed}\nreport: {built.path / 'site' / 'index.html'}")


@app.command("serve-site")
def serve_site(
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.", min=0, max=65535)] = 8000,
) -> None:
    """Show the latest web report on this machine, until Ctrl-C."""
    import functools
    import http.server

    site = _release() / "site"
    if not (site / "index.html").exists():
        raise typer.BadParameter(f"{site}: no report is here yet; run `jamstat demo` or `jamstat refresh`")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing; a line per request would bury the address."""

    handler = functools.partial(Handler, directory=str(site))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise typer.BadParameter(f"--port {port}: {error.strerror}; choose another, or 0 for a free one") from error
    with server:
        _print(f"http://127.0.0.1:{server.server_address[1]}/")
        sys.stdout.flush()
        server.serve_forever()


@app.command()
def check(
    data_docs: Annotated[
        Path | None, typer.Option("--data-docs", help="Also write Great Expectations' Data Docs to this folder.")
    ] = None,
) -> None:
    """Run every check again on the latest build."""
    from flows import checks

    raise typer.Exit(HELD_BACK if checks.rerun(_latest(), data_docs) else PUBLISHED)


@app.command("list")
def list_(
    by: Annotated[Literal["theme", "goal"], typer.Option(help="What the indicators are grouped by.")] = "theme",
    as_json: JsonOption = False,
) -> None:
    """List the indicators of the latest release by theme or by goal, with their status."""
    manifest = _manifest()
    rows = [
        {name: one.get(name) for name in ("id", "title", "theme", "goals", "unit", "measure", "polarity", "tables")}
        | {"status": one["state"], "origin": manifest["origin_label"]}
        for one in manifest["indicators"]
    ]
    if as_json:
        _print_json(rows)
        return
    goals = {goal["id"]: f"{goal['name']} ({goal['strategy']})" for goal in manifest.get("goals", [])}
    groups: dict[str, list[dict[str, Any]]] = {goal: [] for goal in goals} if by == "goal" else {}
    for row in rows:
        for group in row["goals"] if by == "goal" else [row["theme"]]:
            groups.setdefault(group, []).append(row)
    _print_groups(("id", "title", "unit", "measure", "status"), groups, goals)
    _print(f"{len(rows)} indicators, {manifest['origin_label']}, run {manifest['run_id']}")


@app.command()
def show(indicator: IndicatorArgument, as_json: JsonOption = False) -> None:
    """Show one indicator: what it is, its sources and breaks, and the latest figures of the home region."""
    from flows import query

    described = query.describe(_latest(), _manifest(), _release(), indicator)
    if as_json:
        _print_json(described)
        return
    _print(f"{described['title']} ({described['id']})\n{described['definition']}\n")
    _print(described["sentence"] or f"No sentence: {described['sentence_reason']}.")
    _print("")
    status = described["state"] + (f": {described['reason']}" if described["reason"] else "")
    facts = {"status": status, "figures": described["origin"], "goals": ", ".join(described["goals"])}
    for name in ("theme", "unit", "measure", "polarity"):
        facts[name] = described[name]
    facts["periods"] = f"{described['first_period'] or '-'} to {described['last_period'] or '-'}"
    for name, value in facts.items():
        _print(f"{name:<9} {value}")
    _print("\nSources")
    _print_table(("table", "title", "updated", "state"), described["sources"])
    if described["codes"]:
        _print("\nSCB's codes of the cells behind {region}, {period}".format(**described["codes_of"]))
        _print_table(("table", "variable", "codes"), described["codes"])
    if described["breaks"]:
        _print("\nBreaks")
        _print_table(("table", "period", "what"), described["breaks"])
    _print(f"\nLatest figures, {described['unit']}")
    heads = _heads(described["measure"], described["unit"])
    relations = any(figure["partner"] for figure in described["figures"])
    shown = [_written(figure, described.get("decimals", 1), heads) for figure in described["figures"][:MOST_LINES]]
    columns = ("region", *(["to"] if relations else []), "period", "category", "series", *heads)
    _print_table(columns, shown)
    if len(described["figures"]) > len(shown):
        _print(f"... and {len(described['figures']) - len(shown)} more: {described['files']['csv']['path']}")
    if described["note"]:
        _print(described["note"])


@new_app.command("indicator")
def new_indicator(name: Annotated[str, typer.Argument(metavar="ID", help="Its id: the name of its file.")]) -> None:
    """Write the skeleton of an indicator and of its test; both say what to fill in."""
    from flows import project, scaffold

    _tell_new(project.ROOT, scaffold.indicator(project.ROOT, name))


@new_app.command("table")
def new_table(name: Annotated[str, typer.Argument(metavar="ID", help="SCB's id, such as TAB3200.")]) -> None:
    """Write the skeleton of a table's declaration, its staging query and its test."""
    from flows import project, scaffold

    _tell_new(project.ROOT, scaffold.table(project.ROOT, name))


@challenge_app.command("suggest")
def challenge_suggest(
    goal: Annotated[str | None, typer.Option(help="Only of this goal's indicators.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Draft challenges from the analyses by stated rules, for a person to word; never a cause."""
    from flows import query

    found = query.suggestions(_latest(), goal)
    if as_json:
        _print_json(found)
        return
    for draft in found["suggestions"]:
        for line in _draft(draft, found["day"]):
            _print(line)
    _print(f"# {len(found['suggestions'])} suggestions, {found['origin']}; save one as")
    _print("# transforms/strategy/challenges/<slug>.yml and word it where FYLL_I stands.")


@app.command()
def trace(
    indicator: IndicatorArgument,
    region: Annotated[str, typer.Option(help="SCB's region code.")],
    period: Annotated[str, typer.Option(help="SCB's period code.")],
    sex: Annotated[
        Literal["women", "men", "total"] | None, typer.Option(help="Only this sex; all there are when left out.")
    ] = None,
    category: Annotated[str | None, typer.Option(help="all, or dimension:code.")] = None,
    series: Annotated[str | None, typer.Option(help="Source system, such as BAS.")] = None,
    partner: Annotated[str | None, typer.Option(help="The other region of a relation.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Walk one published figure back to SCB's cells."""
    from flows import query
    from flows.tracing import Key

    found = query.trace(_latest(), indicator, Key(region, period, sex, category, series, partner))
    if as_json:
        _print_json(found.document())
        _refuse_other_bytes(found)
        return
    _print(f"{found.title} ({found.indicator}), {found.origin}\n{found.definition}")
    if found.note:
        _print(found.note)
    to = ("partner_code", "partner") if any(row["partner_code"] for row in found.figures) else ()
    columns = ("category", "series", "value", "numerator", "denominator", "status", "reason")
    _print_table((*to, "sex", *columns), found.figures)
    rows = [
        {
            **cell.__dict__,
            "cell": f"{cell.table_id} {cell.fetch_id}:{cell.index}",
            "codes": " ".join(f"{name}={code}" for name, code in cell.codes.items()),
            "bytes": ("agree" if cell.verified else "DIFFER")
            + (f", SCB's {cell.served} corrected: {cell.correction}" if cell.correction else ""),
        }
        for cell in found.cells
    ]
    _print_table(("operand", "sex", "value", "status", "cell", "codes", "bytes"), rows)
    _print(f"{len(rows)} cells")
    if len({one["history_run"] for one in found.vintages}) > 1:
        _print("the figure has changed:")
        columns = ("history_run", *to, "sex", "category", "series", "value", "status", "reason")
        _print_table(columns, found.vintages)
    for change in found.changes:
        tables = ", ".join(f"{one['table_id']} {one['from']} -> {one['to']}" for one in change["tables"])
        formula = {True: "formula changed", False: "same formula", None: "formula not known"}
        _print(f"  {change['from']} -> {change['to']}: {tables or 'same tables'}; {formula[change['formula_changed']]}")
    for fetch in found.fetches:
        _print(f"{fetch['fetch_id']}  {fetch['table_id']}  sha256 {fetch['sha256']}")
        _print(f"  received {fetch['received_at']}, table updated {fetch['updated']}\n  {fetch['url']}")
        _print(f"  {_shortened(fetch['request'])}")
    steps = sorted({(one["input"], one["output"]) for one in found.edges})
    _print("made of " + ", ".join(f"{source} -> {target}" for source, target in steps))
    run = found.run
    dirty = {True: ", files changed beyond it", False: "", None: ""}[run["dirty"]]
    _print(f"run {run['run_id']}, jamstat {run['version']}, commit {run['git_commit'] or 'unknown'}{dirty}")
    _print(f"  lock {run['lock_sha256']}, settings {run['configuration_sha256']}, Python {run['python']}")
    failed = [one for one in found.checks if one["success"] is False]
    counts = f"{len(found.checks)} checks, {len(failed)} not passed, {len(found.skipped)} skipped"
    _print(counts + "".join(f"\n  {one['message']}" for one in failed))
    _refuse_other_bytes(found)


def _refuse_other_bytes(found: "Trace") -> None:
    """Nothing, when the cells in the warehouse are those of the bytes that were received."""
    if other := [cell for cell in found.cells if not cell.verified]:
        one = f"{other[0].table_id} {other[0].fetch_id}:{other[0].index}"
        message = f"{len(other)} cells differ from the bytes received, first {one}; run `jamstat refresh`"
        typer.echo(f"jamstat: {found.indicator}: {message}", err=True)
        raise typer.Exit(3)


@app.command(
    "demo-server",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def demo_server(context: typer.Context) -> None:
    """Serve synthetic or recorded tables as PxWebApi v2 on loopback; the first line is the base URL."""
    os.execv(sys.executable, [sys.executable, "-m", "sources.demo", *context.args])  # noqa: S606


@sources_app.command("check")
def sources_check(source: SourceOption = "scb", recordings: RecordingsOption = None) -> None:
    """Compare every table declaration with the metadata served now."""
    from flows import settings as configured
    from flows import source_health

    settings = configured.load()
    with _source(settings, source, recordings) as base_url:
        rows = source_health.compare(settings, source, base_url)
    _print_table(("table", "updated", "result"), rows)
    raise typer.Exit(HELD_BACK if any(row["result"] != "agrees" for row in rows) else PUBLISHED)


@sources_app.command("record")
def sources_record(
    out: Annotated[Path, typer.Option(help="Folder to write recordings to.")],
    source: Annotated[Literal["scb", "demo"], typer.Option(help="Where the answers come from.")] = "scb",
) -> None:
    """Record metadata, a slice of every declared table, and how the API behaves, for tests to rest on."""
    from flows import settings as configured
    from flows import source_health

    settings = configured.load()
    with _source(settings, source, None) as base_url:
        for line in source_health.record(settings, base_url, out):
            _print(line)


def main() -> None:
    """Run the command line; an error is one line on stderr and an exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop from outside ends as Ctrl-C does
    try:
        code = app(standalone_mode=False)  # gives the code of a typer.Exit back instead of raising it
    except (KeyboardInterrupt, typer.Abort):
        _interrupted()
    except Exception as error:
        if _caused_by_interrupt(error):
            _interrupted()
        if _shown["traceback"]:
            raise
        _fail(*_explain(error))
    if code == INTERRUPTED:  # what typer makes of Ctrl-C
        _interrupted()
    sys.exit(code)


def _caused_by_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: DuckDB, for one, makes a RuntimeError of it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _interrupted() -> NoReturn:
    """Nothing; the process ends at once, without waiting for answers that are under way."""
    typer.echo("jamstat: interrupted; what was published stands as it was", err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def _explain(error: Exception) -> tuple[str, int]:
    """The one line to show for an error, and its exit code."""
    import errno

    from sources.errors import SourceError

    if in_usage := getattr(error, "format_message", None):  # typer's own errors, whose class it keeps to itself
        return in_usage().replace("Value error, ", ""), USAGE
    text = " ".join(str(error).split())
    if _ours(error):
        return text, UNREACHABLE if isinstance(error, SourceError) else USAGE
    # DuckDB's errors have the system's words and no number.
    if any(os.strerror(number) in text for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)):
        return f"the disk is full ({text}); make room and run again", USAGE
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}; mend it or name another folder", USAGE
    return f"{type(error).__name__}: {text}", USAGE


def _ours(error: Exception) -> bool:
    from flows.project import PACKAGES

    return type(error).__module__.partition(".")[0] in PACKAGES


def _fail(message: str, code: int) -> None:
    if message:  # none where the help was shown instead
        typer.echo(f"jamstat: {message}", err=True)
    sys.exit(code)


@contextmanager
def _source(settings: "Settings", source: str, recordings: Path | None) -> Iterator[str]:
    """The base URL to ask: SCB's, or that of an embedded server that runs meanwhile."""
    if (source == "recorded") != (recordings is not None):
        raise typer.BadParameter("--source recorded and --recordings DIR go together")
    if source == "scb":
        yield settings.base_url
        return
    from flows import embedded

    if recordings is not None and not recordings.is_dir():
        raise typer.BadParameter(f"--recordings {recordings}: no such folder")
    with embedded.server(recordings) as base_url:
        yield base_url


def _known(option: str, words: list[str], known: Collection[str]) -> list[str]:
    """The words, all of which are declared; an unknown one is a usage error that names the closest."""
    from difflib import get_close_matches

    for word in words:
        if word not in known:
            near = ", ".join(get_close_matches(word, known, n=3) or list(known)[:3])
            raise typer.BadParameter(f"{option} {word}: is not declared; closest: {near}")
    return words


def _wanted(project: "Project", tables: list[str], indicators: list[str]) -> list[str]:
    """The tables to fetch: those named and those of the indicators named, or all when none is."""
    _known("--table", tables, project.tables)
    _known("--indicator", indicators, project.indicators)
    if not tables and not indicators:
        return list(project.tables)
    return list(dict.fromkeys([*tables, *project.tables_of(tuple(indicators))]))


def _fetch(run: "Run", base_url: str, tables: list[str], indicators: list[str]) -> dict[str, "TableState"]:
    """The state of every declared table: fetched, or as last fetched when only some are asked for."""
    from flows import refresh as work
    from sources.client import Client

    wanted = _wanted(run.project, tables, indicators)
    kept = {one: work.stored_table(run, one) for one in run.project.tables if one not in wanted}
    if unknown := [one for one, state in kept.items() if state.never_fetched]:
        raise typer.BadParameter(
            f"nothing has been fetched for this scope yet of {', '.join(unknown[:3])}"
            f"{' …' if len(unknown) > 3 else ''}; run once without --table and --indicator"
        )
    with work.failure_told(run), Client(base_url, user_agent=work.user_agent(run.settings)) as client:
        fetched = work.fetch_all(run, client, wanted)
    return {one: (fetched if one in fetched else kept)[one] for one in run.project.tables}


def _dry_run(
    settings: "Settings",
    source: "Origin",
    base_url: str,
    scope: Any,
    tables: list[str],
    indicators: list[str],
    *,
    anew: bool,
) -> None:
    from flows import project as projects
    from flows import source_health

    wanted = _wanted(projects.load(), tables, indicators)
    rows = source_health.plan(settings, source, base_url, scope, wanted, anew=anew)
    _print_table(("table", "updated", "calls", "cells", "result"), rows)


def _shortened(text: str, most: int = 600) -> str:
    return text if len(text) <= most else f"{text[:most]} … ({len(text)} characters; --json has all)"


def _tell(outcome: "Outcome") -> None:
    """Where the results lie, what is missing, what the checks warn of and what was held back."""
    from flows.refresh import named

    counts: dict[str, int] = {}
    for state in outcome.states.values():
        counts[state] = counts.get(state, 0) + 1
    for line in outcome.missing:
        _print(f"  {line}")
    if outcome.warnings:
        _print(f"{len(outcome.warnings)} warnings")
        for line in outcome.warnings[:MOST_WARNINGS]:
            _print(f"  {line}")
        if len(outcome.warnings) > MOST_WARNINGS:
            _print("  ... `jamstat check` shows them all")
    if outcome.follow_up:
        _print(f"{len(outcome.follow_up)} to look at in the follow-up")
        for line in outcome.follow_up:
            _print(f"  {line}")
    for indicator, reason in outcome.held_back.items():
        _print(f"held back: {named(indicator, reason)}")
    summary = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in sorted(counts.items(), reverse=True))
    done = "nothing has changed since run" if outcome.unchanged else "run"
    _print(f"{done} {outcome.run_id}: {summary} ({outcome.calls} data calls), {outcome.origin_label}")
    if outcome.release:
        _print(f"results: {outcome.release}")
        if not outcome.is_latest:
            _print("build/latest stays on the release with SCB's figures")


def _heads(measure: str, unit: str) -> dict[str, str]:
    """The columns of figures, each with what it shows: a level has both sexes, what compares them has one value.

    Of a share there is women's only: men's is not the rest of it unless it is published.
    """
    if measure == "level":
        return {"women": "women", "men": "men", "gap": "gap", "total": "total"}
    if measure == "share" and unit == "percent":
        return {"women's share": "total", "to 40–60": "gap"}
    return {"value": "total"} | ({"to 1": "gap"} if measure == "share" else {})


def _written(figure: dict[str, Any], decimals: int, heads: Mapping[str, str]) -> dict[str, Any]:
    """A figure's line as a person reads it, its numbers rounded; symbols of missing values as they stand."""
    from reports.wording import swedish

    line = dict(figure) | {head: figure.get(name) for head, name in heads.items()}
    for head, name in heads.items():
        with suppress(TypeError, ValueError):
            line[head] = swedish(float(figure.get(name)), decimals, signed=name == "gap")  # type: ignore[arg-type]
    if figure["partner_code"]:
        line["to"] = f"{figure['partner']} ({figure['partner_code']})"
    if figure.get("label"):
        line["category"] = f"{figure['label']} ({figure['category']})"
    return line


def _draft(draft: dict[str, Any], day: str) -> Iterator[str]:
    """The lines of a draft: its rule and figures as comments, then the fields of a challenge."""
    from reports.wording import swedish

    def number(name: str, *, signed: bool = False) -> str:
        value = draft[name]
        return "saknas" if value is None else swedish(value, draft["decimals"], signed=signed)

    yield "---"
    yield f"# {draft['words']}"
    figures = (
        f"kvinnor {number('women')}, män {number('men')}, skillnad {number('diff', signed=True)}"
        if draft["measure"] == "level"
        else f"andel kvinnor {number('total')}"
        if draft["unit"] == "procent"
        else f"kvinnor mot män {number('total')}"
    )
    yield f"# {draft['title']}, {draft['region']} {draft['period']} ({draft['unit']}): {figures}"
    if draft["compared"] is not None:
        beside = {"gap_against_country": "riket", "gap_against_like_sized": "median av storleken i lika stora kommuner"}
        what = beside.get(draft["rule"], draft["first_period"])
        has_sign = draft["rule"] != "gap_against_like_sized"
        yield f"# skillnad att jämföra med, {what}: {number('compared', signed=has_sign)}"
    if draft["periods"] is not None:
        yield f"# utanför 40–60 procent i {draft['periods']} perioder i följd"
    yield "title: FYLL_I"
    yield "text: FYLL_I"
    yield f"goal: {draft['goals'][0]}" + (f"  # eller {', '.join(draft['goals'][1:])}" if draft["goals"][1:] else "")
    yield "by: FYLL_I"
    yield f"date: {day}"
    yield "cites:"
    for cite in draft["cites"]:
        fields = ", ".join(
            f'{name}: "{value}"' if name == "region" else f"{name}: {value}" for name, value in cite.items()
        )
        yield f"  - {{{fields}}}"


def _tell_new(root: Path, written: list[Path]) -> None:
    for path in written:
        _print(f"wrote {path.relative_to(root)}")
    _print("Fill in what stands as FYLL_I, then run `jamstat demo` and the test; CONTRIBUTING.md shows an example.")


def _latest() -> "Settings":
    from flows import settings as configured

    return configured.load()


def _release() -> Path:
    from flows import settings as configured

    return configured.load().build_dir / "latest"


def _manifest() -> dict[str, Any]:
    """The manifest of the latest release."""
    import json

    path = _release() / "manifest.json"
    if not path.exists():
        raise typer.BadParameter(f"{path}: nothing is published here yet; run `jamstat demo` or `jamstat refresh`")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _print(text: str) -> None:
    typer.echo(text)


def _print_json(value: Any) -> None:
    import json

    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def _print_table(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    for line in _aligned(columns, rows):
        _print(line)


def _aligned(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> list[str]:
    """The rows below their columns' names, in lines; a library that wraps cells takes seconds for thousands of rows."""
    cells = [list(columns), *(["" if row.get(name) is None else str(row[name]) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]


def _print_groups(
    columns: tuple[str, ...], groups: Mapping[str, list[dict[str, Any]]], names: Mapping[str, str]
) -> None:
    """A table in which every group has a line of its own: its id, how many of what status, and its name."""
    every = [row | {columns[0]: f"  {row[columns[0]]}"} for rows in groups.values() for row in rows]
    head, *lines = _aligned(columns, every)
    _print(head)
    for group, rows in groups.items():
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["status"]] = counts.get(row["status"], 0) + 1
        summary = ", ".join(f"{number} {status}" for status, number in counts.items())
        _print("\n" + "  ".join(filter(None, (group, summary, names.get(group)))))
        for _ in rows:
            _print(lines.pop(0))


@contextmanager
def progress_bars() -> Iterator[Any]:
    """A bar per stage on a terminal; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
        tasks: dict[str, Any] = {}

        def update(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield update
