"""The index page of a release: every goal with its indicators, and every goal that none follows yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files as resources
from pathlib import Path

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import pairs
from reports.catalogue import Catalogue, Goal, Indicator, Run, Strategy, name
from reports.pairs import Figure
from reports.sentences import Sentence
from reports.wording import BANDS, GENDER_NOTE, ROUNDING_NOTE, STRATEGIES, heads, size, state, swedish

NAME = "index.html"
ASSETS = ("site.css", "mark.svg")


@dataclass(frozen=True)
class Number:
    """A figure as it is written, and what it is a number of."""

    text: str
    unit: str


@dataclass(frozen=True)
class Link:
    """A file to fetch: its kind, address and size."""

    kind: str
    href: str
    size: str


@dataclass(frozen=True)
class Row:
    """One indicator on the page: women, men and difference, or one number, or why there is none."""

    title: str
    definition: str
    warnings: tuple[str, ...]
    facts: tuple[str, ...]
    source: str | None
    sexes: tuple[Number, ...]
    single: Number | None
    note: str | None
    links: tuple[Link, ...]
    sentence: str | None = None


@dataclass(frozen=True)
class Followed:
    """A goal with the indicators that name it."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Gap:
    """A goal that no indicator names, and why if that is known."""

    name: str
    why: str


@dataclass(frozen=True)
class AreaPart:
    """The goals of one area; `name` is null for goals that belong to no area."""

    name: str | None
    followed: tuple[Followed, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class StrategyPart:
    """One strategy with its areas and goals."""

    strategy: Strategy
    kind: str
    parts: tuple[AreaPart, ...]


def write(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    folder: Path,
    files: Mapping[str, Mapping[str, Path]],
    workbook: Path,
    told: Mapping[str, Sentence],
) -> Path:
    """The path of the page, written to the folder with its style sheet and mark.

    Args:
        con: the warehouse, from which every figure is read.
        catalogue: what the warehouse says of itself.
        folder: the release's folder.
        files: by indicator, the path of each of its files by kind.
        workbook: the Excel workbook.
        told: the sentence of each indicator in the home region.
    """
    rows = {
        item.indicator: replace(
            _row(con, item, catalogue, files.get(item.indicator, {}), folder), sentence=told[item.indicator].text
        )
        for item in catalogue.indicators
    }
    goals = [goal for goal in catalogue.goals if goal.kind != "malbild"]
    strategies = [_strategy(strategy, catalogue, rows) for strategy in catalogue.strategies]
    known = {goal.goal_id for goal in (*catalogue.goals, *catalogue.areas)}
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template("index.html.j2").render(
        run=catalogue.run,
        checks=catalogue.checks,
        goal_count=len(goals),
        followed_count=con.execute(_FOLLOWED).fetchall()[0][0],
        shown_count=len(catalogue.shown),
        indicator_count=len(catalogue.indicators),
        strategies=[part for part in strategies if part.parts],
        empty_strategies=[part.strategy for part in strategies if not part.parts],
        loose=[rows[item.indicator] for item in catalogue.indicators if not known.intersection(item.goals)],
        workbook=_link("Excel", workbook, folder),
        not_recorded=catalogue.not_recorded,
        symbols=catalogue.symbols,
        gender_note=GENDER_NOTE,
        rounding_note=ROUNDING_NOTE,
    )
    (folder / "assets").mkdir()
    for asset in ASSETS:
        (folder / "assets" / asset).write_bytes((resources("reports") / "assets" / asset).read_bytes())
    path = folder / NAME
    path.write_text(html, encoding="utf-8", newline="\n")
    return path


def _strategy(strategy: Strategy, catalogue: Catalogue, rows: Mapping[str, Row]) -> StrategyPart:
    named: dict[str, list[Row]] = {}
    for item in catalogue.indicators:
        for goal_id in item.goals:
            named.setdefault(goal_id, []).append(rows[item.indicator])
    goals = [goal for goal in catalogue.goals if goal.strategy_id == strategy.strategy_id]
    areas = [area for area in catalogue.areas if area.strategy_id == strategy.strategy_id]
    parts = [_part(None, [goal for goal in goals if goal.area_id is None], named)]
    parts += [
        _part(
            name(area),
            # Some strategies are known by their areas only: then an indicator names the area itself.
            [
                *(area for area in [area] if area.goal_id in named),
                *(goal for goal in goals if goal.area_id == area.goal_id),
            ],
            named,
        )
        for area in areas
    ]
    kind = STRATEGIES.get(strategy.kind, strategy.kind)
    kept = [part for part in parts if part.name or part.followed or part.gaps]
    # What can be followed stands first; otherwise the catalogue's own order.
    return StrategyPart(strategy, kind, tuple(sorted(kept, key=lambda part: not part.followed)))


def _part(heading: str | None, goals: Iterable[Goal], named: Mapping[str, Sequence[Row]]) -> AreaPart:
    followed, gaps = [], []
    for goal in goals:
        if goal.goal_id in named:
            title = "Hela området" if goal.kind == "area" else name(goal)
            followed.append(Followed(title, tuple(named[goal.goal_id])))
        else:
            whys = [text for text in (goal.follow_up, goal.note if goal.wording is None else None) if text]
            gaps.append(Gap(name(goal), " ".join(whys)))
    return AreaPart(heading, tuple(followed), tuple(gaps))


def _row(
    con: duckdb.DuckDBPyConnection,
    item: Indicator,
    catalogue: Catalogue,
    files: Mapping[str, Path],
    folder: Path,
) -> Row:
    standing = state(item.state, item.why, item.published_day)
    line = pairs.latest(con, item, catalogue) if files else None
    single, note = None, None
    sexes: tuple[Number, ...] = ()
    words = heads(item.unit)
    if not files:
        note = standing
    elif line is None:
        note = _without_line(item, catalogue.run)
    elif item.measure == "level":
        sexes = (
            _number(line.women, item, words.women),
            _number(line.men, item, words.men),
            _number(line.diff, item, words.difference, signed=True),
        )
    else:
        meaning = "% kvinnor" if item.is_share_of_women else item.unit_text
        band = BANDS.get(line.band or "")
        single = _number(line.total, item, f"{meaning}, {band}" if band else meaning)
    facts = [line.period, line.series, "preliminär" if line.preliminary else None] if line else []
    facts += [standing] if files and item.state != "published" else []
    return Row(
        title=item.title,
        definition=item.definition,
        warnings=item.warnings,
        facts=tuple(fact for fact in facts if fact),
        source=item.source if files else None,
        sexes=sexes,
        single=single,
        note=note,
        links=tuple(
            _link({"csv": "CSV", "xlsx": "XLSX", "jsonstat": "JSON-stat", "parquet": "Parquet"}[kind], path, folder)
            for kind, path in files.items()
        ),
    )


def _without_line(item: Indicator, run: Run) -> str:
    """Why a published indicator has no one line for the home region."""
    if item.extent is not None and item.extent.relations:
        return "Relationer mellan bostad och arbetsplats: se tabellen."
    if item.extent is not None and not item.extent.undivided:
        return "Uppdelad på grupper, ingen samlad siffra: se tabellen."
    return f"Ingen samlad siffra för {run.home_name}: se tabellen."


def _number(figure: Figure, item: Indicator, meaning: str, *, signed: bool = False) -> Number:
    if figure.value is None:
        return Number(figure.missing, "uppgift saknas")
    return Number(swedish(figure.value, item.decimals, signed=signed), meaning)


def _link(kind: str, path: Path, folder: Path) -> Link:
    return Link(kind, path.relative_to(folder).as_posix(), size(path.stat().st_size))


_FOLLOWED = "select count(*) from analysis.goal_status join reference.goal using (goal_id) where status <> 'not'"
