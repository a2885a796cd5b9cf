"""The commands of releases: make, compare, approve, verify."""

from typing import Annotated, Any

import typer

MOST = 40
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The release's id, such as rv-2026-1.")]
SideArgument = Annotated[str, typer.Argument(help="The id of a release or of a run, or latest.")]


def release(release_id: IdArgument) -> None:
    """Make a lasting release of the latest run: everything in it, and everything it rests on."""
    from flows import cli, releases
    from flows import settings as configured

    with cli.progress_bars() as progress:
        made = releases.make(configured.load(), release_id, progress)
    for flag in made.flags:
        typer.echo(f"jamstat: {flag}", err=True)
    warnings = f"; {made.open_warnings} open warnings to accept" if made.open_warnings else ""
    typer.echo(f"release {release_id}: sha256 {made.manifest_hash}, not approved{warnings}")
    _tell(made.changes)
    typer.echo(f"results: {made.path}")
    if not made.is_latest:
        typer.echo("build/latest stays on the release with SCB's figures")


def diff(
    old: SideArgument,
    new: SideArgument,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Tell what differs between two releases: new, revised, corrected, definition, status, removed."""
    from flows import releases
    from flows import settings as configured

    found = releases.diff(configured.load(), old, new)
    if as_json:
        typer.echo(found.json().decode(), nl=False)
    else:
        _tell(found.summary)


def approve(
    release_id: IdArgument,
    by: Annotated[str, typer.Option(help="Who approves.")],
    comment: Annotated[str, typer.Option(help="On what ground.")],
    role: Annotated[str, typer.Option(help="In what role.")] = "",
    accept: Annotated[
        list[str] | None,
        typer.Option(help="A warning accepted until a day: RULE:SUBJECT:EXPIRY[:COMMENT]; SUBJECT may be *."),
    ] = None,
) -> None:
    """Record who approves a release; its pages then say so."""
    from flows import releases
    from flows import settings as configured

    path = releases.approve(configured.load(), release_id, name=by, comment=comment, role=role, accept=accept or [])
    typer.echo(f"{release_id}: approved by {by}\nresults: {path}")


def verify(
    release_id: IdArgument,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Only hold every file to its hash; build nothing.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Name every file that differs, however many.")] = False,
) -> None:
    """Build a release again from the answers in it, in an empty folder, and compare every byte."""
    from flows import cli, releases
    from flows import settings as configured

    with cli.progress_bars() as progress:
        found = releases.verify(configured.load(), release_id, rebuild=not files_only, progress=progress)
    for flag in found.flags:
        typer.echo(f"jamstat: {flag}", err=True)
    shown = found.problems if full else found.problems[:MOST]
    for problem in shown:
        typer.echo(problem)
    if len(found.problems) > len(shown):
        typer.echo(f"... and {len(found.problems) - len(shown)} more; --full names all")
    if found.problems:
        typer.echo(f"{release_id}: {len(found.problems)} files are not as they were published")
        raise typer.Exit(1)
    told = "built again byte for byte" if found.rebuilt else "as published, not built again"
    typer.echo(f"{release_id}: {found.files} files, {told}")


def register(app: typer.Typer) -> None:
    """Nothing; the commands are part of the command line."""
    for command in (release, diff, approve, verify):
        app.command(command.__name__)(command)


KINDS = {
    "new": "not in the earlier release",
    "revised": "the source's cells behind the figure have changed",
    "corrected": "changed by us: the source's cells behind the figure are the same",
    "definition": "the definition, unit, measure, direction, period or tables have changed",
    "status": "the same figure with another symbol, reason or preliminary mark",
    "removed": "only in the earlier release",
}


def _tell(summary: dict[str, Any] | Any) -> None:
    """The summary first, then what has changed, kind by kind: in which indicators, how much, the largest."""
    against = summary["against"]
    if against is None:
        typer.echo(f"changes: nothing to compare with; diff {summary['diff_hash']}")
        return
    counts = ", ".join(f"{number} {kind}" for kind, number in summary["counts"].items() if number) or "none"
    typer.echo(f"changes since {against['id']}: {counts}; diff {summary['diff_hash']}")
    titles = {one["indicator"]: one["title"] for one in summary["indicators"]}
    for one in summary["definitions"]:
        typer.echo(f"{one['field']} of {titles.get(one['indicator'], one['indicator'])} ({one['indicator']})")
        typer.echo(f"  was: {_words(one['old'])}\n  now: {_words(one['new'])}")
    for kind, means in KINDS.items():
        found = [one for one in summary["indicators"] if one["counts"][kind]]
        if found:
            typer.echo(f"{kind}: {means}")
        for one in found:
            number, period = one["counts"][kind], " to ".join(dict.fromkeys(one["periods"][kind]))
            typer.echo(f"  {one['title']} ({one['indicator']}): {number} cell{'s' if number > 1 else ''}, {period}")
            for cell in one["largest"]:
                if cell["class"] == kind:
                    typer.echo(f"    {_changed(cell)}")


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _changed(cell: dict[str, Any]) -> str:
    """A changed cell: where, when and who, before and after, and by how much."""
    category = None if cell["category"] == "all" else cell["category"]
    who = ", ".join(filter(None, (cell["sex"], category, cell["series"], cell["partner_code"])))
    percent = "" if cell["percent"] is None else f" ({cell['percent']:+.2f} %)"
    values = f"{cell['old_value']:.6g} -> {cell['new_value']:.6g}, {cell['difference']:+.4g}{percent}"
    return f"{cell['region']} {cell['period']}, {who}: {values}"
