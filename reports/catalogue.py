"""What the warehouse says of a run, its indicators, tables and goals: read once, as frozen records.

Nothing is computed here. A time is text in UTC; a day is the day in Sweden, as readers count it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import duckdb

from reports.stamp import Stamp
from reports.web.language import SWEDISH, Language
from reports.wording import UNKNOWN, why

SHOWN = ("published", "held_back")


@dataclass(frozen=True)
class Run:
    """The run that built the warehouse."""

    run_id: str
    origin: str
    origin_label: str
    organisation: str
    scope: str
    home_region: str
    comparison_regions: tuple[str, ...]
    version: str
    started_at: str
    finished_at: str
    day: str
    home_name: str
    home_municipalities: tuple[str, ...]
    edition: Stamp | None = None
    """The release that its files name, where they are of one."""

    @property
    def synthetic(self) -> bool:
        """True when every figure is made up, so that every output must say so."""
        return self.origin == "demo"

    def cited(self, text: str) -> list[tuple[str, str]]:
        """The lines in which a file about `text` names its release; none where it is of none."""
        return self.edition.facts(self.organisation, self.day, text) if self.edition else []


@dataclass(frozen=True)
class SourceTable:
    """One table of the source, and whether this run could use it; `source_id` is what the source calls it.

    A table that is found by its properties has a name of ours as `table_id`, and no `source_id` until it is found.
    """

    table_id: str
    title: str
    agency: str
    updated: str | None
    state: str
    reason: str | None
    received: str | None
    source_id: str | None = None


@dataclass(frozen=True)
class Extent:
    """How much of an indicator the warehouse holds, and whether any of it stands for all groups together."""

    rows: int
    first_period: str
    last_period: str
    relations: bool
    undivided: bool


@dataclass(frozen=True)
class Stop:
    """A critical check that failed and holds an indicator back; `cells` is null where it is not about cells."""

    rule: str
    title: str
    subject_type: str
    subject: str
    observed: str
    cells: int | None


@dataclass(frozen=True, eq=False)  # one is only ever itself: it is looked for in lists very often
class Indicator:
    """One indicator: what it is, what follows from this run, and what its source line says.

    `decimals` is for readers; the machine files keep full precision. `reason` is the run's own words, `why` a reader's.
    `source` is the source line of the figures, `gap_source` that of what we compute out of them; `received` is the
    day on which each of its tables came.
    """

    indicator: str
    title: str
    theme: str
    theme_title: str
    definition: str
    unit: str
    unit_text: str
    decimals: int
    measure: str
    polarity: str
    period_type: str
    derived: bool
    goals: tuple[str, ...]
    tables: tuple[str, ...]
    state: str
    reason: str | None
    why: str | None
    warnings: tuple[str, ...]
    run_id: str | None
    published_at: str | None
    published_day: str | None
    extent: Extent | None
    source: str
    gap_source: str
    received: Mapping[str, str] = field(default_factory=dict)
    measures: tuple[str, ...] = ()
    """Those of its goals that it measures itself."""
    stops: tuple[Stop, ...] = ()
    """The checks that hold it back; none where it is held back for another reason."""

    @property
    def is_share_of_women(self) -> bool:
        """True when the value is women's share of women and men; a share in another unit compares two shares."""
        return self.measure == "share" and self.unit == "percent"


@dataclass(frozen=True)
class Goal:
    """A goal, a target image or an area, as indicators name them; `wording` is null when not established.

    `follow_up` is this project's own judgement of how it can be followed; `guides` is what a target image is for.
    """

    goal_id: str
    strategy_id: str
    area_id: str | None
    kind: str
    wording: str | None
    note: str | None = None
    follow_up: str | None = None
    guides: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class Strategy:
    """A strategy, plan or policy that goals belong to."""

    strategy_id: str
    title: str
    kind: str
    role: str
    note: str | None
    goal_count: str | None
    goal_total: int | None


@dataclass(frozen=True)
class Checks:
    """How the checks of the run went."""

    passed: int
    critical_failed: int
    warnings: int


@dataclass(frozen=True)
class Catalogue:
    """Everything that a release says about itself; the figures are read where they are written."""

    run: Run
    indicators: tuple[Indicator, ...]
    tables: tuple[SourceTable, ...]
    not_recorded: tuple[tuple[str, str], ...]
    reasons: Mapping[str, str]
    symbols: Mapping[str, str]
    strategies: tuple[Strategy, ...]
    areas: tuple[Goal, ...]
    goals: tuple[Goal, ...]
    checks: Checks

    @cached_property
    def shown(self) -> tuple[Indicator, ...]:
        """The indicators that have figures to publish: new ones, and earlier good ones held back."""
        return tuple(item for item in self.indicators if item.state in SHOWN and item.extent is not None)

    @cached_property
    def goal_names(self) -> Mapping[str, str]:
        """What to call a goal, by id: its wording, or that it is not established."""
        return {goal.goal_id: name(goal) for goal in (*self.goals, *self.areas)}


def read(con: duckdb.DuckDBPyConnection, t: Language = SWEDISH) -> Catalogue:
    """The catalogue of a finished warehouse, its texts in a language; names and wordings of goals stay Swedish."""
    run = _run(con, t)
    tables = tuple(SourceTable(**row | {"title": t(row["title"])}) for row in rows(con, _TABLES))
    return Catalogue(
        run=run,
        indicators=_indicators(con, run, tables, t),
        tables=tables,
        not_recorded=tuple((row["table_id"], row["what"]) for row in rows(con, _NOT_RECORDED)),
        reasons={row["reason"]: t(row["text"]) for row in rows(con, _REASONS)},
        symbols={row["signs"]: t(row["text"]) for row in rows(con, _SYMBOLS)},
        strategies=tuple(Strategy(**row | _worded(row, t)) for row in rows(con, _STRATEGIES)),
        areas=tuple(Goal(**row | _worded(row, t)) for row in rows(con, _AREAS)),
        goals=tuple(Goal(**row | _worded(row, t)) for row in rows(con, _GOALS)),
        checks=Checks(**rows(con, _CHECKS)[0]),
    )


def name(goal: Goal, t: Language = SWEDISH) -> str:
    """What to call a goal: its wording, or for what its text is not established."""
    if goal.wording:
        return goal.wording
    what = t.one(UNKNOWN.get(goal.kind, goal.kind))
    if goal.guides:
        return t("{kind} för {strategy} (ej fastställt)", kind=what, strategy=goal.guides)
    return t("{kind} {goal} (ej fastställt)", kind=what, goal=goal.number or goal.goal_id.rpartition(".")[2])


def _worded(row: Mapping[str, Any], t: Language) -> dict[str, Any]:
    """The texts of a strategy or goal: names and wordings quoted, our own notes in the language."""
    quoted = {name_: t.quoted(row[name_]) for name_ in ("title", "wording", "guides") if row.get(name_)}
    return quoted | {name_: t(row[name_]) for name_ in ("role", "note", "goal_count", "follow_up") if row.get(name_)}


@contextmanager
def side_by_side(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A block in which several threads read; only for queries that neither add numbers nor are recursive."""
    con.execute("reset threads")
    try:
        yield
    finally:
        con.execute("set threads = 1")


def rows(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query, each by column name."""
    result = con.execute(query, parameters or {})
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def source(
    run: Run, tables: Sequence[SourceTable], received: Mapping[str, str], *, derived: bool, t: Language = SWEDISH
) -> str:
    """The source line of method.md §14: as fetched, or computed by us; made-up figures are never SCB's.

    Args:
        run: who computes, and whether the figures are made up.
        tables: the tables that the figures rest on, each with its day in `received`.
        received: by table, the day on which the answer came.
        derived: whether the figure is computed by us.
        t: the language.
    """
    origins = "; ".join(
        t(
            "{agency}, tabell {table}, hämtad {day}",
            agency=table.agency,
            table=table.source_id or table.table_id,
            day=received[table.table_id],
        )
        for table in tables
    )
    own = t("Egen beräkning ({organisation})", organisation=run.organisation)
    if run.synthetic and derived:
        return t(
            "{label}. {own} på påhittade siffror i formen av {origins}",
            label=run.origin_label,
            own=own,
            origins=origins,
        )
    if run.synthetic:
        return t("{label}. Påhittade siffror i formen av {origins}", label=run.origin_label, origins=origins)
    if derived:
        return t("{own} på underlag från {origins}", own=own, origins=origins)
    return t("Källa: {origins}", origins=origins)


def joint_sources(catalogue: Catalogue, items: Sequence[Indicator], t: Language = SWEDISH) -> list[str]:
    """The source lines of several indicators together: of what is published as it stands, and of what we compute.

    Where the same table came on different days, each indicator has its own lines.
    """
    days: dict[str, set[str]] = {}
    for item in items:
        for table, day in item.received.items():
            days.setdefault(table, set()).add(day)
    if not days:
        return []
    if any(len(found) > 1 for found in days.values()):
        return list(dict.fromkeys([*(item.source for item in items), *(item.gap_source for item in items)]))
    received = {table: next(iter(found)) for table, found in days.items()}
    lines = []
    for derived, of in ((False, [item for item in items if not item.derived]), (True, items)):
        used = {table for item in of for table in item.received}
        if used:
            tables = [table for table in catalogue.tables if table.table_id in used]
            lines.append(source(catalogue.run, tables, received, derived=derived, t=t))
    return lines


def _run(con: duckdb.DuckDBPyConnection, t: Language) -> Run:
    row = rows(con, _RUN)[0]
    worded = {name: t(row[name]) for name in ("origin_label", "home_name")}
    return Run(**row | worded | {name: tuple(row[name]) for name in ("comparison_regions", "home_municipalities")})


def _indicators(
    con: duckdb.DuckDBPyConnection, run: Run, tables: Sequence[SourceTable], t: Language
) -> tuple[Indicator, ...]:
    extents = {row.pop("indicator"): Extent(**row) for row in rows(con, _EXTENTS)}
    received: dict[str, dict[str, str]] = {}
    for row in rows(con, _RECEIVED):
        received.setdefault(row["indicator"], {})[row["table_id"]] = row["day"]
    by_id = {table.table_id: table for table in tables}
    stops: dict[str, list[Stop]] = {}
    for row in rows(con, _STOPS):
        stops.setdefault(row.pop("indicator"), []).append(Stop(**row))
    found = []
    for row in rows(con, _INDICATORS):
        name_ = row["indicator"]
        used = [by_id[table] for table in row["tables"]]
        read = [table for table in used if table.table_id in received.get(name_, {})]
        absent: dict[str, list[str]] = {}
        for table in used:
            if table.state != "loaded":
                absent.setdefault(table.state, []).append(table.table_id)
        known = {
            **{text: t(row[text]) for text in ("title", "theme_title", "definition", "unit_text")},
            "why": why(row["state"], row["reason"], absent, t, [stop.rule for stop in stops.get(name_, ())]),
            "stops": () if absent else tuple(stops.get(name_, ())),
            "goals": tuple(row["goals"]),
            "tables": tuple(row["tables"]),
            "warnings": tuple(row["warnings"]),
            "extent": extents.get(name_),
            "source": source(run, read, received.get(name_, {}), derived=row["derived"], t=t),
            "gap_source": source(run, read, received.get(name_, {}), derived=True, t=t),
            "received": {table.table_id: received[name_][table.table_id] for table in read},
        }
        found.append(Indicator(**row | known))
    return tuple(found)


def _time(column: str) -> str:
    return f"strftime({column} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')"


def _day(column: str) -> str:
    return f"strftime({column} at time zone 'Europe/Stockholm', '%Y-%m-%d')"


_RUN = f"""
select
    run_id, origin, origin_label, organisation, scope, home_region, comparison_regions, version,
    {_time("started_at")} as started_at, {_time("finished_at")} as finished_at, {_day("finished_at")} as day,
    (select name from reference.region where region_code = home_region) as home_name,
    (
        select list(region_code order by region_code) from reference.region
        where county_code = home_region and type = 'municipality' and valid_to is null
    ) as home_municipalities
from provenance.run
"""

_TABLES = f"""
select
    table_id, title, agency, updated, state, state_reason as reason, source_id,
    (select {_time("max(f.received_at)")} from provenance.fetch as f where f.table_id = t.table_id) as received
from reference.source_table as t
order by table_id
"""

# A held-back indicator shows older data, which rest on what had been fetched when they were published.
_RECEIVED = f"""
select it.indicator, it.table_id, {_day("max(f.received_at)")} as day
from reference.indicator_table as it
join provenance.indicator_state as s on s.indicator = it.indicator and s.state != 'held_back'
join provenance.fetch as f on f.table_id = it.table_id
group by it.indicator, it.table_id
union all
select indicator, table_id, {_day("received_at")} as day from provenance.held_back_source
"""

# A table that failed, and a declaration that cannot be used, hold back whatever the checks find: the reason then names
# no rule.
_STOPS = """
select indicator, rule, title, subject_type, subject, observed, cells
from analysis.stop
join provenance.indicator_state using (indicator)
where state = 'held_back' and contains(reason, rule)
order by indicator, rule, subject
"""

_NOT_RECORDED = "select table_id, what from provenance.not_recorded order by table_id, what"

_INDICATORS = f"""
select
    i.indicator, i.title, i.theme, coalesce(theme.title, i.theme) as theme_title, i.definition, i.unit,
    coalesce(unit.text, i.unit) as unit_text,
    coalesce(trait.decimals, cast(unit.decimals as integer), 1) as decimals,
    i.measure, i.polarity, i.period_type, i.derived,
    coalesce(goal.ids, []) as goals,
    coalesce(own.ids, []) as measures,
    coalesce(used.ids, []) as tables,
    coalesce(warned.messages, []) as warnings,
    s.state, s.reason, s.run_id, {_time("s.published_at")} as published_at, {_day("s.published_at")} as published_day
from reference.indicator as i
join provenance.indicator_state as s on s.indicator = i.indicator
left join reference.theme as theme on theme.theme = i.theme
left join reference.unit as unit on unit.unit = i.unit
left join reference.indicator_trait as trait on trait.indicator = i.indicator
left join (
    select indicator, list(goal_id order by goal_id) as ids from reference.indicator_goal group by indicator
) as goal on goal.indicator = i.indicator
left join (
    select indicator, list(goal_id order by goal_id) as ids from reference.indicator_own_goal group by indicator
) as own on own.indicator = i.indicator
left join (
    select indicator, list(table_id order by table_id) as ids from reference.indicator_table group by indicator
) as used on used.indicator = i.indicator
left join (
    select subject as indicator, list(distinct message order by message) as messages
    from checks.result
    where subject_type = 'indicator' and severity = 'warning' and not success
    group by subject
) as warned on warned.indicator = i.indicator
order by i.sort, i.indicator
"""

# A period in which we have neither a value nor a symbol of the source is none that the source tells of.
_EXTENTS = """
with ordered_period as (select period, min(sort) as sort from reference.period group by period)
select
    o.indicator, count(*) as rows,
    coalesce(
        arg_min(o.period, p.sort) filter (where o.value is not null or o.status is not null), arg_min(o.period, p.sort)
    ) as first_period,
    coalesce(
        arg_max(o.period, p.sort) filter (where o.value is not null or o.status is not null), arg_max(o.period, p.sort)
    ) as last_period,
    bool_or(o.partner_code is not null) as relations, bool_or(o.category = 'all') as undivided
from indicators.observation as o
left join ordered_period as p on p.period = o.period
group by o.indicator
"""

# In a cell of a table the text is no sentence.
_REASONS = "select reason, rtrim(text, '.') as text from reference.reason"

_SYMBOLS = """
select string_agg(symbol, ' ' order by symbol) as signs, text
from reference.symbol
group by text
order by min(length(symbol)), signs
"""

# What the home region decides about stands first, then national goals.
_STRATEGIES = """
select strategy_id, title, kind, role, note, goal_count, goal_total
from reference.strategy
order by list_position(['strategi', 'nationell', 'projekt', 'plan', 'program', 'global'], kind) nulls last, sort
"""

_AREAS = """
select area_id as goal_id, strategy_id, area_id, 'area' as kind, wording, note,
    null as follow_up, null as guides, number
from reference.area order by sort
"""

_GOALS = """
select * exclude (sort)
from (
    select goal_id, strategy_id, area_id, kind, wording, note, follow_up, null as guides, number, sort
    from reference.goal
    union all
    select target_image_id, strategy_id, area_id, 'malbild', wording, note, follow_up, guides_title, null, sort
    from reference.target_image
)
order by kind = 'malbild', sort
"""

_CHECKS = """
select
    count(*) filter (where success) as passed,
    count(*) filter (where not success and severity = 'critical') as critical_failed,
    count(*) filter (where not success and severity = 'warning') as warnings
from checks.result
"""
