"""The follow-up as the warehouse holds it: challenges, the plan, what is late, and how editions follow each other.

Everything is read, nothing computed; the words of the region stay as written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import duckdb

from reports.catalogue import rows
from reports.web.language import SWEDISH, Language
from reports.wording import BANDS, period_name, shaped

EVALUATIONS = ("evaluation", "report")


@dataclass(frozen=True)
class Figures:
    """Women, men, the total, the difference and the band of one cell at one time; what is not known is null."""

    period: str | None
    women: float | None
    men: float | None
    total: float | None
    diff: float | None
    band: str | None


@dataclass(frozen=True)
class Cited:
    """A cell that a challenge cites, `then` and `now`, and why the words may need their author.

    `measure` (value, diff, band) and `sex` say which of the figures is cited. `again` is the cited figure of the period
    of then as it is today. Where a value is missing now, `*_missing` holds the source's symbol or our reason.
    `problem`: missing (no such cell) or suppressed (no value).
    """

    number: int
    indicator: str
    title: str
    indicator_measure: str
    unit: str
    region: str
    region_name: str
    asked: str
    category: str
    sex: str | None
    measure: str
    decimals: int
    then: Figures
    now: Figures
    again: float | None
    again_band: str | None
    women_missing: str | None
    men_missing: str | None
    total_missing: str | None
    now_reason: str | None
    new_period: bool
    revised: bool
    sign_changed: bool
    band_changed: bool
    gone: bool
    changed: bool
    problem: str | None

    def cited(self, of: Figures) -> float | None:
        """The cited figure among these; null of a band."""
        if self.measure == "band":
            return None
        value: float | None = getattr(of, "diff" if self.measure == "diff" else self.sex or "total")
        return value


@dataclass(frozen=True)
class Challenge:
    """A challenge (utmaning) in its author's words, with the cells that it cites."""

    slug: str
    title: str
    text: str
    goal: str
    author: str
    day: str
    example: bool
    cells: tuple[Cited, ...]

    @property
    def changed(self) -> bool:
        """Whether a cited figure is another than when it was written."""
        return any(one.changed for one in self.cells)


@dataclass(frozen=True)
class Link:
    """What became of a goal in the newer edition `strategy`: same, reworded, split or ended (`new` is null)."""

    old: str
    new: str | None
    kind: str
    strategy: str


@dataclass(frozen=True)
class Event:
    """Something of the plan: `kind` is data, evaluation, report, brief or other; days are ISO text.

    `state`: late, coming, done, or unknown where no day is established. Of data, `subject` is the table, `due` the day
    that the source is expected to publish and `done` the day that it last did; ended is a table that it discontinued.
    """

    uid: str
    kind: str
    subject: str
    audience: str | None
    title: str
    due: str | None
    done: str | None
    role: str | None
    form: str | None
    moment: str | None
    goals: tuple[str, ...]
    example: bool
    state: str


@dataclass(frozen=True)
class Audience:
    """A målgrupp: the goals that concern it, and what it gets (`items`, in the order of the plan)."""

    slug: str
    name: str
    goals: tuple[str, ...]
    example: bool
    items: tuple[Event, ...]

    @property
    def brief(self) -> Event | None:
        """The next brief that is not done, or else the last one."""
        briefs = [one for one in self.items if one.kind == "brief"]
        waiting = sorted((one for one in briefs if one.state != "done"), key=lambda one: one.due or "9")
        return next(iter(waiting or briefs[-1:]), None)

    @property
    def what(self) -> str | None:
        """What the brief is."""
        return self.brief.title if self.brief else None

    @property
    def form(self) -> str | None:
        """In which form the brief is given."""
        return self.brief.form if self.brief else None

    @property
    def when(self) -> str | None:
        """When, in the plan's words."""
        return self.brief.moment if self.brief else None

    @property
    def due(self) -> str | None:
        """The day that the brief is due."""
        return self.brief.due if self.brief else None

    @property
    def last_done(self) -> str | None:
        """The day of the last brief that is done; null before the first."""
        return max((one.done for one in self.items if one.kind == "brief" and one.done), default=None)


@dataclass(frozen=True)
class Question:
    """A learning question of a goal, the chain of change in the region's words, the indicators that answer."""

    slug: str
    goal: str
    question: str | None
    resources: str | None
    activities: str | None
    results: str | None
    effects: str | None
    indicators: tuple[str, ...]
    example: bool


@dataclass(frozen=True)
class Entry:
    """An event of the calendar, with what tells an update from a repetition; times are UTC."""

    uid: str
    kind: str
    title: str
    due: str
    role: str | None
    state: str
    cancelled: bool
    sequence: int
    modified: str
    stamped: str


@dataclass(frozen=True)
class FollowUp:
    """The follow-up on `day`, the day of the run; `editions` are pairs of a strategy and the one that succeeds it."""

    day: str
    challenges: tuple[Challenge, ...]
    links: tuple[Link, ...]
    editions: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    questions: tuple[Question, ...]
    calendar: tuple[Entry, ...]
    problems: tuple[tuple[str, str], ...]
    named: tuple[Audience, ...]

    def audiences(self) -> tuple[Audience, ...]:
        """The målgrupper of the communication plan."""
        return self.named

    @cached_property
    def data(self) -> tuple[Event, ...]:
        """The tables that indicators read, each with its expected and its last publication."""
        return tuple(one for one in self.events if one.kind == "data")

    @cached_property
    def activities(self) -> tuple[Event, ...]:
        """The evaluations and reports."""
        return tuple(one for one in self.events if one.kind in EVALUATIONS)

    @cached_property
    def late(self) -> tuple[Event, ...]:
        """What should have happened before the day of the run, the longest ago first."""
        return tuple(sorted((one for one in self.events if one.state == "late"), key=lambda one: one.due or ""))

    def of_goal(self, goal: str) -> tuple[Challenge, ...]:
        """The challenges of a goal or a target image."""
        return tuple(one for one in self.challenges if one.goal == goal)


def read(con: duckdb.DuckDBPyConnection, t: Language = SWEDISH) -> FollowUp:
    """The follow-up of a finished warehouse; what people have written stays Swedish in any language."""
    cells: dict[str, list[Cited]] = {}
    for row in rows(con, _CELLS):
        parts = {
            which: Figures(**{name: row.pop(f"{which}_{name}") for name in Figures.__dataclass_fields__})
            for which in ("then", "now")
        }
        told = {"title": t(row["title"]), "region_name": t(row["region_name"])}
        cells.setdefault(row.pop("challenge"), []).append(Cited(**row | parts | told))
    events = tuple(_event(row, t) for row in rows(con, _EVENTS))
    return FollowUp(
        day=rows(con, _DAY)[0]["day"],
        challenges=tuple(
            Challenge(**_quoted(row, ("title", "text", "author"), t), cells=tuple(cells.get(row["slug"], ())))
            for row in rows(con, _CHALLENGES)
        ),
        links=tuple(Link(**row) for row in rows(con, _LINKS)),
        editions=tuple((row["old"], row["new"]) for row in rows(con, _EDITIONS)),
        events=events,
        questions=tuple(
            Question(**_quoted(row, ("question", "resources", "activities", "results", "effects"), t))
            for row in rows(con, _QUESTIONS)
        ),
        calendar=tuple(Entry(**row) for row in rows(con, _CALENDAR)),
        problems=tuple((row["file"], row["message"]) for row in rows(con, _PROBLEMS)),
        named=tuple(
            Audience(
                **_quoted(row, ("name",), t),
                items=tuple(one for one in events if one.audience == row["slug"]),
            )
            for row in rows(con, _AUDIENCES)
        ),
    )


def _event(row: Mapping[str, Any], t: Language) -> Event:
    if row["kind"] == "data":
        return Event(**{**_quoted(row, (), t), "title": t(row["title"])})
    return Event(**_quoted(row, ("role", "form", "moment", "title"), t))


def _quoted(row: Mapping[str, Any], names: Sequence[str], t: Language) -> dict[str, Any]:
    """The row with what people have written marked as Swedish, its lists as tuples."""
    words = {name: t.quoted(row[name]) for name in names if row.get(name)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in {**row, **words}.items()}


def why(one: Cited, t: Language = SWEDISH) -> list[str]:
    """What has changed since the words were written, each from what to what; empty where nothing has."""
    found = []
    if one.new_period and one.then.period and one.now.period:
        found.append(
            t("ny period: {before} → {now}", before=_period(one.then.period, t), now=_period(one.now.period, t))
        )
    if one.revised and one.then.period:
        told = (
            (_band(one.then.band, t), _band(one.again_band, t))
            if one.measure == "band"
            else (_number(one, one.cited(one.then), t), _number(one, one.again, t))
        )
        found.append(
            t(
                "reviderad för {period}: {before} → {now}",
                period=_period(one.then.period, t),
                before=told[0],
                now=told[1],
            )
        )
    if one.sign_changed:
        found.append(
            t(
                "skillnaden har bytt tecken: {before} → {now}",
                before=_number(one, one.then.diff, t, signed=True),
                now=_number(one, one.now.diff, t, signed=True),
            )
        )
    if one.band_changed and not (one.revised and one.measure == "band" and one.again_band == one.now.band):
        found.append(t("könsfördelning: {before} → {now}", before=_band(one.then.band, t), now=_band(one.now.band, t)))
    if one.gone:
        found.append(t("siffran finns inte längre"))
    return [text.replace(" → ", "\u00a0→\u00a0") for text in found]


def by_cell(cells: Sequence[Cited]) -> list[list[Cited]]:
    """The cites of one cell together: a cell may be cited for women's value and for the difference.

    Those with a figure of their author's own from then stand by themselves.
    """
    found: dict[tuple[object, ...], list[Cited]] = {}
    for one in cells:
        found.setdefault((one.indicator, one.region, one.asked, one.category, one.then), []).append(one)
    return list(found.values())


def _period(code: str, t: Language) -> str:
    return period_name(code, shaped(code), t)


def _band(code: str | None, t: Language) -> str:
    return t(BANDS[code]) if code else t("saknas")


def _number(one: Cited, value: float | None, t: Language, *, signed: bool = False) -> str:
    if value is None:
        return t("saknas")
    return t.number(value, one.decimals, signed=signed or one.measure == "diff")


def told(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What a run tells of the follow-up, a line each: what was left out, cited figures that changed, what is late."""
    found = read(con)
    lines = [f"{file}: {message}" for file, message in found.problems]
    lacking = any(cell.problem == "missing" for one in found.challenges for cell in one.cells)
    there = {(row["indicator"], row["region"]): row for row in rows(con, _THERE)} if lacking else {}
    reasons = {row["reason"]: row["text"] for row in rows(con, "select reason, text from reference.reason")}
    lines += [line for challenge in found.challenges for line in _of_challenge(challenge, there, reasons)]
    for one in found.late:
        lines.append(f"försenat sedan {one.due}: {one.title} ({one.subject})")
    return lines


def _of_challenge(
    challenge: Challenge, there: Mapping[tuple[str, str], Mapping[str, Any]], reasons: Mapping[str, str]
) -> Iterator[str]:
    for cell in challenge.cells:
        where = f"challenges/{challenge.slug}.yml: cites.{cell.number}"
        what = f"{cell.indicator} {cell.region} {cell.asked}"
        if cell.problem == "missing":
            yield f"{where}: {what}: cellen finns inte i den här körningen; {_instead(cell, there)}"
        elif cell.problem == "suppressed":
            reason = reasons.get(cell.now_reason or "", cell.now_reason or "saknas").rstrip(".")
            yield f"{where}: {what}: cellen har inget värde ({reason}); citera en annan"
        for text in why(cell):
            yield f"{where}: {what}: {text}"


def _instead(cell: Cited, there: Mapping[tuple[str, str], Mapping[str, Any]]) -> str:
    """What there is in place of a cell that is not there, and what to do."""
    found = there.get((cell.indicator, cell.region))
    if found is None:
        return "området har inga siffror; rätta indikator eller region"
    (near,) = get_close_matches(cell.category, found["categories"], 1, 0)
    return f"det finns perioder {found['first']}–{found['last']}, närmaste kategori {near}; rätta period eller kategori"


_THERE = """
select
    o.indicator, o.region_code as region, arg_min(o.period, p.sort) as first, arg_max(o.period, p.sort) as last,
    list(distinct o.category order by o.category) as categories
from indicators.observation as o
left join (select period, min(sort) as sort from reference.period group by period) as p using (period)
where o.partner_code is null
    and (o.indicator, o.region_code) in (select (indicator, region_code) from reference.challenge_cite)
group by all
order by all
"""
"""What there is of the indicators and regions that challenges cite."""

_CELLS = """
select
    c.challenge, c.number, c.indicator, coalesce(i.title, c.indicator) as title,
    coalesce(i.measure, '') as indicator_measure,
    coalesce(i.unit, '') as unit, c.region_code as region, coalesce(r.name, c.region_code) as region_name, c.asked,
    c.category, c.sex, c.measure, c.decimals,
    c.then_period, c.then_women, c.then_men, c.then_total, c.then_diff, c.then_band,
    c.now_period, c.now_women, c.now_men, c.now_total, c.now_diff, c.now_band,
    c.again, c.again_band, c.women_missing, c.men_missing, c.total_missing, c.now_reason,
    c.new_period, c.revised, c.sign_changed, c.band_changed, c.gone, c.changed, c.problem
from analysis.challenge as c
left join reference.indicator as i using (indicator)
left join reference.region as r using (region_code)
order by c.challenge, c.number
"""

_CHALLENGES = """
select challenge as slug, title, text, goal_id as goal, author, day, coalesce(example, false) as example
from reference.challenge
order by sort
"""

_LINKS = "select old_goal as old, new_goal as new, kind, strategy_id as strategy from reference.goal_link order by sort"

_EDITIONS = """
select succeeds as old, strategy_id as new from reference.strategy where succeeds is not null order by sort
"""

_EVENTS = """
select uid, kind, subject, audience, title, due, done, role, form, moment, goals, example, state
from analysis.follow_up
order by sort
"""

_QUESTIONS = """
select
    slug, goal_id as goal, question, resources, activities, results, effects, indicators,
    coalesce(example, false) as example
from reference.learning
order by sort
"""

_AUDIENCES = "select slug, name, goals, coalesce(example, false) as example from reference.audience order by sort"

_CALENDAR = """
select uid, kind, title, due, role, state, cancelled, sequence, modified, stamped
from analysis.calendar
order by due, uid
"""

_PROBLEMS = "select file, message from reference.follow_up_problem order by sort"

_DAY = "select strftime(started_at at time zone 'Europe/Stockholm', '%Y-%m-%d') as day from provenance.run"
"""The day of the run: what is late is late on it, whenever the page is read."""
