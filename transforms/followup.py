"""The follow-up as files declare it: challenges, target images, the plan, and how editions of a strategy follow.

What cannot be used is left out and told, one line each: file, field, what is wrong, what to do. The rest is built.
"""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from transforms import periods
from transforms.declarations import (
    NOT_FILLED_IN,
    DeclarationError,
    Declared,
    Indicator,
    PlainLoader,
    Slug,
    Strategy,
    TargetImage,
    Text,
    closest,
    goal_ids,
    read_with,
    validated,
)
from transforms.written import UNSHOWN

_T = TypeVar("_T")
_MARKUP = re.compile(
    r"<[a-zA-Z/!?][^>\s]*>?|&#?\w+;|\[[^\]]*\]\([^)]*\)|\*\*|__|~~|`"
    r"|\*[^\s*][^*]*\*|(?<!\w)_[^\s_][^_]*_(?!\w)|^\s*(?:#+|[-*+>]|\d+\)) |^\s*\|.*\|\s*$|^\s*(?:-{3,}|={3,})\s*$",
    re.MULTILINE,
)
_TAG = re.compile(r"</?[a-zA-Z!][^>]*>|&#?\w+;")
LONGEST_TITLE = 120
DECISION = ("decided_by", "decided_on", "source")
BANDS = ("jämn", "kvinnodominerad", "mansdominerad")
MOST = 1e12
"""Beyond every figure of statistics about Sweden."""
AHEAD = timedelta(days=366)
FOLDERS = ("challenges", "target_images")


def _plain(text: str) -> str:
    if found := _MARKUP.search(text):
        raise ValueError(f"has markup ({found[0]!r}); allowed: plain text; remove it")
    if NOT_FILLED_IN in text:
        raise ValueError(f"is not filled in yet; write it in place of {NOT_FILLED_IN}")
    if unshown := UNSHOWN.search(text):
        code = f"U+{ord(unshown[0]):04X}"
        raise ValueError(
            f"has a character that documents cannot show ({code}); allowed: letters and signs of text; remove it"
        )
    return " ".join(text.split())


def _short(title: str) -> str:
    if len(title) > LONGEST_TITLE:
        raise ValueError(f"has {len(title)} characters; allowed: {LONGEST_TITLE}, as of a heading; write it shorter")
    return title


def _each_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    for one in ids:
        if ids.count(one) > 1:
            raise ValueError(f"{one!r} stands twice; allowed: each once; remove one")
    return ids


def _sane(figure: object) -> object:
    if figure is None or figure in BANDS:
        return figure
    if not isinstance(figure, int | float) or not (math.isfinite(figure) and abs(figure) <= MOST):
        raise ValueError(
            f"is no figure; allowed: a number of usual size, such as -4.5, or {', '.join(BANDS)}; correct it"
        )
    return figure


def _marked(example: object) -> object:
    if example is not True:
        raise ValueError(f"{example!r} is not allowed; allowed: true; write true, or remove the line")
    return example


def _period(code: str) -> str:
    try:
        return code if code == "latest" else periods.describe(code).code
    except (periods.PeriodError, ValueError):
        raise ValueError(f"{code!r} is no period; allowed: SCB's code, such as 2024 or 2024K1; correct it") from None


def _day(written: object) -> object:
    if not isinstance(written, str) or not re.fullmatch(r"20\d\d-\d\d-\d\d", written):
        raise ValueError(f"{written!r} is no day; allowed: a day from 2000 on, such as 2026-01-31; correct it")
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(
            f"{written!r} is no day of the calendar; allowed: a day such as 2026-01-31; correct it"
        ) from None


Plain = Annotated[Text, AfterValidator(_plain)]
Day = Annotated[date, BeforeValidator(_day)]
PeriodCode = Annotated[Text, AfterValidator(_period)]
Title = Annotated[Plain, AfterValidator(_short)]
IndicatorId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Example = Annotated[Literal[True] | None, BeforeValidator(_marked)]
GoalIds = Annotated[tuple[Text, ...], AfterValidator(_each_once)]
IndicatorIds = Annotated[tuple[IndicatorId, ...], AfterValidator(_each_once)]


class Cite(Declared):
    """A cell that a challenge rests on; `latest` follows the newest period, a period named is a cell of its own.

    `then` is the figure when the challenge was written; where it is missing, the first run that meets it keeps it.
    """

    indicator: IndicatorId
    region: Annotated[str, Field(pattern=r"^\d\d(\d\d)?$")]
    period: PeriodCode = "latest"
    category: Text = "all"
    sex: Literal["women", "men", "total"] | None = None
    measure: Literal["value", "diff", "band"] = "value"
    then: Annotated[float | Literal["jämn", "kvinnodominerad", "mansdominerad"] | None, BeforeValidator(_sane)] = None
    then_period: PeriodCode | None = None

    @model_validator(mode="after")
    def _whose(self) -> Self:
        if (self.sex is None) == (self.measure == "value"):
            does = "needs a sex" if self.sex is None else "has none"
            raise ValueError(
                f"sex goes with measure value, and only with it; measure {self.measure} {does}; "
                f"{'write women, men or total' if self.sex is None else 'remove it'}"
            )
        if self.then is not None and (self.measure == "band") != isinstance(self.then, str):
            allowed = ", ".join(BANDS) if self.measure == "band" else "a number, such as -4.5"
            raise ValueError(
                f"then: {self.then!r} does not go with measure {self.measure}; allowed: {allowed}; correct it"
            )
        if self.then_period == "latest":
            raise ValueError("then_period: 'latest' is no period of its own; write the period, such as 2024")
        if (self.then_period is not None) != (self.then is not None and self.period == "latest"):
            raise ValueError("then_period is the period of then where period is latest; give both or neither")
        return self


class Challenge(Declared):
    """A challenge (utmaning): the author's heading and words, and the cells that they rest on."""

    title: Title
    text: Plain
    goal: Text
    by: Plain
    date: Day
    example: Example = None
    cites: tuple[Cite, ...] = Field(min_length=1)


class ImageText(Declared):
    """The words of a target image (målbild), and who decided them, when, and where that stands."""

    id: Text
    text: Plain | None
    decided_by: Plain | None
    decided_on: Day | None
    source: Plain | None

    @model_validator(mode="after")
    def _whole_or_nothing(self) -> Self:
        missing = [name for name in DECISION if getattr(self, name) is None]
        if self.text is None and len(missing) < len(DECISION):
            raise ValueError("text: is null, though its decision is given; write it, or null for all")
        if self.text is not None and missing:
            raise ValueError(f"text: a text needs its decision; {', '.join(missing)} is null; fill it in")
        return self


class _Entry(Declared):
    """An entry of the plan, named by its slug."""

    slug: Slug
    example: Example = None


class Activity(_Entry):
    """An evaluation or a report of the activity plan: due when, by which role, and done when."""

    kind: Literal["evaluation", "report"]
    title: Plain
    due: Day | None
    role: Plain | None
    done: Day | None = None
    goals: GoalIds = ()


class Logic(Declared):
    """A chain of change as the region words it: resurser, aktiviteter, resultat, effekter; null until it does."""

    resources: Plain | None
    activities: Plain | None
    results: Plain | None
    effects: Plain | None


class Learning(_Entry):
    """What is to be learnt about a goal: the question, the chain of change, the indicators that answer."""

    goal: Text
    question: Plain | None
    logic: Logic
    indicators: IndicatorIds = ()


class Item(Declared):
    """Something that an audience gets: what, in which form, when; `due` is the day it is promised."""

    slug: Slug
    kind: Literal["brief", "other"]
    what: Plain
    form: Plain | None
    when: Plain | None
    due: Day | None = None
    done: Day | None = None


class Audience(_Entry):
    """A målgrupp of the communication plan, the goals that concern it, and what it gets."""

    name: Plain
    goals: GoalIds = Field(min_length=1)
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something declared that was left out: the file, and one line that says field, fault and what to do."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


@dataclass(frozen=True)
class FollowUp:
    """Everything of the follow-up that can be used, and what was left out."""

    challenges: Mapping[str, Challenge] = field(default_factory=dict)
    activities: tuple[Activity, ...] = ()
    learning: tuple[Learning, ...] = ()
    audiences: tuple[Audience, ...] = ()
    problems: tuple[Problem, ...] = ()

    def days(self) -> list[date]:
        """The days on which something not done is due."""
        items: list[Activity | Item] = [*self.activities]
        items += [item for audience in self.audiences for item in audience.items]
        return sorted(one.due for one in items if one.due is not None and one.done is None)


def load(
    folder: Path, strategies: Sequence[Strategy], indicators: Mapping[str, Indicator], regions: Collection[str],
    *, today: date | None = None, told: Sequence[tuple[str, str]] = (),
) -> tuple[list[Strategy], FollowUp]:  # fmt: skip
    """The strategies with the region's words and usable links filled in, and the follow-up.

    Args:
        folder: where the strategies lie, with `challenges/`, `target_images/` and `followup.yml`.
        strategies: as declared.
        indicators: those that exist, by id.
        regions: the codes of the regions of today.
        today: the day that nothing can be done after; the present day in Sweden if left out.
        told: what was left out of the strategies when they were read, as file and message.
    """
    problems = [Problem(*one) for one in told] + list(_misnamed(folder))
    problems += [
        Problem(f"{one.id}.yml", f"{place}: has markup ({tag!r}), which is shown as written; remove it")
        for one in strategies
        for place, tag in _tags(one.model_dump())
    ]
    known = _Known(
        goal_ids(strategies), indicators, regions, today or datetime.now(ZoneInfo("Europe/Stockholm")).date()
    )
    worded = _linked(_worded(strategies, folder / "target_images", known, problems), problems)
    challenges = {
        path.stem: one
        for path in sorted((folder / "challenges").glob("*.yml"))
        if (one := _tried(f"challenges/{path.name}", path, problems, partial(_challenge, path, known))) is not None
    }
    plan = _plan(folder / "followup.yml", known, problems)
    return worded, replace(plan, challenges=challenges, problems=tuple(problems))


@dataclass(frozen=True)
class _Known:
    """What the files may name."""

    goals: Collection[str]
    indicators: Mapping[str, Indicator]
    regions: Collection[str]
    today: date

    def written(self, field_: str, day: date | None) -> None:
        if day is not None and day > self.today + AHEAD:
            raise DeclarationError(
                f"{field_}: {day} is more than a year ahead; allowed: up to {self.today + AHEAD}; correct it"
            )

    def done(self, day: date | None) -> None:
        if day is not None and day > self.today:
            raise DeclarationError(f"done: {day} has not come yet; allowed: up to {self.today}; correct it")

    def cite(self, field_: str, cite: Cite) -> None:
        """Nothing; refuses what the measure of the indicator never has."""
        front = getattr(self.indicators[cite.indicator], "front", None)
        if front is None:
            return
        compared = front.measure != "level"  # one value, which compares the sexes
        if cite.sex in ("women", "men") and compared:
            raise DeclarationError(
                f"{field_}.sex: {cite.sex!r} has no value of its own in {cite.indicator}, which is a {front.measure}; "
                "allowed: total; correct it"
            )
        if cite.measure == "band" and (front.measure, front.unit) not in {("level", "persons"), ("share", "percent")}:
            raise DeclarationError(
                f"{field_}.measure: {cite.indicator} has no band, as it is a {front.measure} in {front.unit}; "
                f"allowed: {'value' if compared else 'value, diff'}; correct it"
            )
        if cite.measure == "diff" and front.measure in ("segregation", "decomposition"):
            raise DeclarationError(
                f"{field_}.measure: {cite.indicator} has no diff ({front.measure}); allowed: value; correct it"
            )

    def goal(self, field_: str, goal: str) -> None:
        if goal not in self.goals:
            raise DeclarationError(
                f"{field_}: unknown goal {goal!r}{closest(goal, self.goals)}; "
                "allowed: the ids in transforms/strategy/*.yml; correct the id"
            )

    def indicator(self, field_: str, indicator: str) -> None:
        if indicator not in self.indicators:
            raise DeclarationError(
                f"{field_}: unknown indicator {indicator!r}{closest(indicator, self.indicators)}; "
                "allowed: the names of transforms/indicators/*.sql; correct the id"
            )


def _misnamed(folder: Path) -> Iterator[Problem]:
    """What lies among the files and is read by nobody, so that it would be missed in silence."""
    for place in (folder, *(folder / name for name in FOLDERS)):
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            name = path.relative_to(folder).as_posix()
            if path.name.startswith(".") or (path.is_dir() and name in FOLDERS):
                continue
            if path.is_dir():
                yield Problem(name, f"folder: is not read; allowed: {', '.join(FOLDERS)}; move or rename it")
            elif path.suffix != ".yml":
                yield Problem(name, "file name: is not read; allowed: a name that ends with .yml; rename the file")


def _tags(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Where in the texts of a strategy HTML stands; they are verbatim, so all else is left as it is."""
    if isinstance(value, str) and (found := _TAG.search(value)):
        yield place, found[0]
    elif isinstance(value, dict | list | tuple):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _tags(part, f"{place}.{name}" if place else str(name))


def _tried(file: str, path: Path, problems: list[Problem], read: Callable[[], _T]) -> _T | None:
    """What reading gives; null where it cannot be used, which the problems then tell."""
    try:
        return read()
    except DeclarationError as error:
        problems.append(Problem(file, str(error).removeprefix(f"{path.name}: ")))
        return None


def _challenge(path: Path, known: _Known) -> Challenge:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", path.stem):
        raise DeclarationError(
            f"file name: {path.stem!r} is not allowed; allowed: a-z, 0-9 and -, beginning with a letter; rename it"
        )
    one = validated(Challenge, read_with(PlainLoader, path), path)
    known.goal("goal", one.goal)
    known.written("date", one.date)
    for at, cite in enumerate(one.cites):
        known.indicator(f"cites.{at}.indicator", cite.indicator)
        known.cite(f"cites.{at}", cite)
        if cite.region not in known.regions:
            raise DeclarationError(
                f"cites.{at}.region: {cite.region!r} is no region of today{closest(cite.region, known.regions)}; "
                "allowed: SCB's codes of riket, län and kommuner; correct the code"
            )
        if cite in one.cites[:at]:
            raise DeclarationError(f"cites.{at}: stands twice; keep one")
    return one


def _worded(strategies: Sequence[Strategy], folder: Path, known: _Known, problems: list[Problem]) -> list[Strategy]:
    """The strategies with each target image's words from its own file, where the region has filled them in."""
    images = {image.id: image for strategy in strategies for image in strategy.target_images}
    texts: dict[str, ImageText] = {}
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        one = _tried(f"target_images/{path.name}", path, problems, partial(_image_text, path, images, files, known))
        if one is not None:
            texts[one.id], files[one.id] = one, path.name
    filled = {name: _filled(images[name], one) for name, one in texts.items() if one.text is not None}
    return [
        strategy.model_copy(
            update={"target_images": tuple(filled.get(image.id, image) for image in strategy.target_images)}
        )
        for strategy in strategies
    ]


def _image_text(path: Path, images: Collection[str], others: Mapping[str, str], known: _Known) -> ImageText:
    one = validated(ImageText, read_with(PlainLoader, path), path)
    known.written("decided_on", one.decided_on)
    if one.id not in images:
        raise DeclarationError(
            f"id: unknown target image {one.id!r}{closest(one.id, images)}; "
            "allowed: the ids of target_images in transforms/strategy/*.yml; correct the id"
        )
    if one.id in others:
        raise DeclarationError(f"id: {one.id!r} has a file already, {others[one.id]}; keep one")
    return one


def _filled(image: TargetImage, words: ImageText) -> TargetImage:
    return image.model_copy(
        update={
            "wording": words.text, "established": True, "note": None, "decided_by": words.decided_by,
            "decided_on": words.decided_on, "decision": words.source,
        }
    )  # fmt: skip


def _linked(strategies: Sequence[Strategy], problems: list[Problem]) -> list[Strategy]:
    """The strategies with the links between editions that can be used."""
    owner = {
        item.id: strategy.id
        for strategy in strategies
        for item in (*strategy.goals, *strategy.target_images, *strategy.areas)
    }
    taken: dict[str, tuple[str, str, str | None]] = {}
    found = []
    for strategy in (_dated(one, problems) for one in strategies):
        file = f"{strategy.id}.yml"
        fault = _overlapping(strategy, strategies)
        if fault:
            problems.append(Problem(file, fault))
        kept = []
        for at, link in enumerate(strategy.links if not fault else ()):
            wrong = _wrong_link(link.old, link.new, strategy, owner) or _twice(taken, link.old, link.kind, link.new)
            if wrong:
                problems.append(Problem(file, f"links.{at}: {wrong}"))
            else:
                taken.setdefault(link.old, (strategy.id, link.kind, link.new))
                kept.append(link)
        found.append(strategy.model_copy(update={"links": tuple(kept)}))
    return found


def _dated(strategy: Strategy, problems: list[Problem]) -> Strategy:
    """The strategy, without its years where they cannot be."""
    if strategy.start is None or strategy.end is None or strategy.start <= strategy.end:
        return strategy
    told = f"start: {strategy.start} is after end, {strategy.end}; correct one"
    problems.append(Problem(f"{strategy.id}.yml", told))
    return strategy.model_copy(update={"start": None, "end": None})


def _wrong_link(old: str, new: str | None, strategy: Strategy, owner: Mapping[str, str]) -> str | None:
    for name, goal in (("old", old), ("new", new)):
        if goal is not None and goal not in owner:
            return f"{name}: unknown goal {goal!r}{closest(goal, owner)}; allowed: the ids of goals; correct the id"
    if new is not None and owner[new] != strategy.id:
        return (
            f"new: {new!r} is no goal of {strategy.id}; "
            "allowed: its own goals, as the newer edition's file holds the links; correct it"
        )
    if owner[old] != strategy.succeeds:
        return (
            f"old: {old!r} is a goal of {owner[old]}, and {strategy.id} succeeds {strategy.succeeds or 'none'}; "
            "correct old or succeeds"
        )
    return None


def _twice(taken: Mapping[str, tuple[str, str, str | None]], old: str, kind: str, new: str | None) -> str | None:
    """What is wrong where an old goal has a link already: only a goal that is split lives on in several."""
    if old not in taken:
        return None
    by, other, same = taken[old]
    if other == kind == "split" and same != new:
        return None
    return f"old: {old!r} is {other} already (in {by}.yml); only a goal that is split has several links; keep one"


def _overlapping(strategy: Strategy, strategies: Sequence[Strategy]) -> str | None:
    """Why the editions cannot follow each other, if they cannot."""
    by_id = {one.id: one for one in strategies}
    followed: list[str] = [strategy.id]
    while (before := by_id[followed[-1]].succeeds) is not None and before in by_id:
        if before in followed:
            return f"succeeds: {' -> '.join((*followed, before))}: editions succeed each other in a circle; correct it"
        followed.append(before)
    old = by_id.get(strategy.succeeds or "")
    if old is not None and strategy.start is not None and old.start is not None and strategy.start < old.start:
        return f"start: {strategy.start} is before {old.start}, when {old.id} that it succeeds began; correct one"
    for other in strategies:
        if other.id != strategy.id and old is not None and other.succeeds == old.id and other.links:
            return f"succeeds: {old.id!r} is succeeded by {other.id} too; editions overlap; correct succeeds"
    return None


def _plan(path: Path, known: _Known, problems: list[Problem]) -> FollowUp:
    """The plan of a file, each of its entries that can be used."""
    if not path.exists():
        return FollowUp()
    parts: dict[str, type[_Entry]] = {"activities": Activity, "learning": Learning, "audiences": Audience}
    written = _tried(path.name, path, problems, partial(read_with, PlainLoader, path))
    if not isinstance(written, dict):
        if written is not None:
            problems.append(
                Problem(path.name, f"must be fields and values; allowed fields: {', '.join(parts)}; write field: value")
            )
        return FollowUp()
    problems += [
        Problem(path.name, f"{name}: unknown field{closest(str(name), parts)}; allowed: {', '.join(parts)}; rename it")
        for name in written
        if name not in parts
    ]
    found = {
        name: tuple(_entries(path, name, model, written.get(name), known, problems)) for name, model in parts.items()
    }
    return FollowUp(**found)  # type: ignore[arg-type]


def _entries(
    path: Path, name: str, model: type[_Entry], written: object, known: _Known, problems: list[Problem]
) -> Iterator[_Entry]:
    """The entries of one part of the plan that can be used."""
    if not isinstance(written, list):
        if written is not None:
            problems.append(Problem(path.name, f"{name}: must be a list; write a line with - for each"))
        return
    seen: set[str] = set()
    for at, content in enumerate(written):
        slug = content.get("slug") if isinstance(content, dict) else None
        where = f"{name}.{at} ({slug})" if slug else f"{name}.{at}"
        own: list[Problem] = []
        usable = content
        if model is Audience and isinstance(content, dict) and isinstance(content.get("items"), list):
            usable = {**content, "items": _items(path, content["items"], known, own)}
        entry = _tried(path.name, path, own, partial(_entry, model, usable, path, known, seen))
        problems += [Problem(path.name, f"{where}: {problem.message}") for problem in own]
        if entry is not None:
            seen.update(_slugs(entry))
            yield entry


def _items(path: Path, written: Sequence[object], known: _Known, problems: list[Problem]) -> list[Any]:
    """What of an audience's items can be used."""
    kept: dict[str, object] = {}
    for at, content in enumerate(written):
        own: list[Problem] = []
        item = _tried(path.name, path, own, partial(_item, content, path, known, kept))
        problems += [Problem(path.name, f"items.{at}: {one.message}") for one in own]
        if item is not None:
            kept[item.slug] = content
    return list(kept.values())


def _item(content: object, path: Path, known: _Known, others: Collection[str]) -> Item:
    item = validated(Item, content, path)
    known.done(item.done)
    if item.slug in others:
        raise DeclarationError(f"slug: {item.slug!r} stands twice; give each its own")
    return item


def _entry(model: type[_Entry], content: object, path: Path, known: _Known, seen: Collection[str]) -> _Entry:
    entry = validated(model, content, path)
    for at, goal in enumerate(getattr(entry, "goals", ())):
        known.goal(f"goals.{at}", goal)
    if isinstance(entry, Activity):
        known.done(entry.done)
    if isinstance(entry, Learning):
        known.goal("goal", entry.goal)
        for at, indicator in enumerate(entry.indicators):
            known.indicator(f"indicators.{at}", indicator)
    slugs = _slugs(entry)
    for slug in slugs:
        if slug in seen or slugs.count(slug) > 1:
            raise DeclarationError(f"slug: {slug!r} stands twice; give each its own")
    return entry


def _slugs(entry: _Entry) -> list[str]:
    items = entry.items if isinstance(entry, Audience) else ()
    return [entry.slug, *(f"{entry.slug}/{item.slug}" for item in items)]
