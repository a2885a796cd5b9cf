"""What the pages show, read from the warehouse in a few queries; nothing is computed here but the order of rows."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import duckdb

from reports.catalogue import Catalogue, Run, rows
from reports.web import evidence
from reports.web.evidence import Evidence
from reports.web.language import Language

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Region:
    """A region of today; `level` is country, county or municipality."""

    code: str
    name: str
    level: str
    county: str | None


class Cell(NamedTuple):  # of a whole country there are some 400 000, and a tuple is quick to make and to reword
    """Women and men side by side: one region, period, category and series of one indicator.

    A missing value has the source's symbol or the code of our reason in its place. `few`: of so few persons that a
    percentage says nothing of its own. Of a share of women, `total_part` is the women and `men_part` the men. `cut`:
    the period is not comparable with the one before; a break that does not cut is a note. `own_break` names those
    breaks of `break_what` that part what the indicator uses.
    """

    indicator: str
    region: str
    period: str
    category: str
    series: str | None
    women: float | None
    men: float | None
    total: float | None
    diff: float | None
    mgap: float | None
    band: str | None
    women_missing: str | None
    men_missing: str | None
    total_missing: str | None
    diff_missing: str | None
    women_base: float | None
    men_base: float | None
    total_part: float | None
    men_part: float | None
    total_base: float | None
    preliminary: bool
    few: bool
    current: bool
    break_what: str | None
    own_break: str | None
    break_line: bool | None
    new_series: bool
    cut: bool

    @property
    def valued(self) -> bool:
        """True when there is a value to show: both sexes', or the one of a measure without sexes."""
        return (self.women is not None and self.men is not None) or (
            self.total is not None and self.women is None and self.men is None and self.women_missing is None
        )


class Key(NamedTuple):
    """Which figure an analysis rests on; named as in a cell."""

    indicator: str
    region: str
    period: str
    category: str = "all"
    series: str | None = None


class Verdict(NamedTuple):
    """How a level or a gap has developed over the comparable periods, with what the judgement rests on."""

    indicator: str
    region: str
    category: str
    subject: str
    verdict: str
    text: str
    reason: str | None
    points: int | None
    first_period: str | None
    last_period: str | None
    first_value: float | None
    last_value: float | None
    value_kind: str
    slope: float | None
    preliminary: bool


class Moved(NamedTuple):
    """Who moved between two comparable periods; `span` is previous or five_points."""

    indicator: str
    region: str
    category: str
    series: str | None
    span: str
    first_period: str | None
    last_period: str | None
    women_first: float | None
    men_first: float | None
    total_first: float | None
    women_last: float | None
    men_last: float | None
    total_last: float | None
    gap_kind: str | None
    gap_first: float | None
    gap_last: float | None
    closing: float | None
    tau: float | None
    code: str | None
    text: str | None
    levelling_down: bool | None
    most_moved: str | None
    reason: str | None

    def of(self, period: str) -> Key:
        """The figure of one of the periods."""
        return Key(self.indicator, self.region, period, self.category, self.series)


class Flow(NamedTuple):
    """How many women and men live in one kommun and work in another."""

    indicator: str
    period: str
    home: str
    home_name: str
    work: str
    work_name: str
    women: float | None
    men: float | None
    diff: float | None
    women_missing: str | None
    men_missing: str | None
    diff_missing: str | None


@dataclass(frozen=True)
class Figures:
    """Everything the pages show: cells, verdicts and what has moved by indicator and region.

    `grouped`: by indicator the regions that have figures by group, shown or not. `divided`: the indicators whose values
    have a denominator.
    """

    regions: Mapping[str, Region]
    cells: Mapping[str, Mapping[str, Sequence[Cell]]]
    grouped: Mapping[str, Sequence[str]]
    divided: frozenset[str]
    verdicts: Mapping[str, Mapping[str, Sequence[Verdict]]]
    moved: Mapping[str, Mapping[str, Sequence[Moved]]]
    quality: Mapping[str, str]
    categories: Mapping[str, Mapping[str, str]]
    flows: Sequence[Flow]
    changes: Mapping[str, str]
    parity: Mapping[str, Mapping[str, Any]]
    not_established: Mapping[str, Sequence[Mapping[str, str]]]
    goals: Mapping[str, Mapping[str, Any]]
    status: Mapping[str, Mapping[str, Any]]
    notes: Mapping[str, Sequence[str]]
    evidence: Evidence
    least_base: int
    failed: Sequence[Mapping[str, Any]]

    @cached_property
    def whole(self) -> Mapping[str, frozenset[str]]:
        """By indicator the regions that have a figure of the whole, with a value or without."""
        return {
            name: frozenset(
                code for code, cells in places.items() if any(one.category == "all" and one.current for one in cells)
            )
            for name, places in self.cells.items()
        }

    @property
    def flow_indicator(self) -> str | None:
        """The indicator whose flows these are."""
        return self.flows[0].indicator if self.flows else None

    @property
    def flow_period(self) -> str | None:
        """The period of the flows."""
        return self.flows[0].period if self.flows else None

    def kommuner(self, county: str) -> list[Region]:
        """The kommuner of the county, in Swedish order."""
        return [one for one in self.regions.values() if one.level == "municipality" and one.county == county]

    def regional(self, run: Run) -> list[Region]:
        """The regions with a page of their own: home kommuner; at national scope every kommun and other county."""
        national = run.scope == "national"
        return [
            one
            for one in self.regions.values()
            if one.level != "country"
            and one.code != run.home_region
            and (national or (one.level == "municipality" and one.county == run.home_region))
        ]


def read(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> Figures:
    """The figures of a finished warehouse."""
    run = catalogue.run
    reach = {"home": run.home_region, "national": run.scope == "national"}
    where = reach | {"compared": list(run.comparison_regions)}
    regions = {row["code"]: Region(**row) for row in rows(con, _REGIONS)}
    categories: dict[str, dict[str, str]] = {}
    for row in rows(con, _CATEGORIES):
        categories.setdefault(row["indicator"], {})[row["category"]] = row["label"]
    flows = list(_made(Flow, con, _FLOWS, reach))
    return Figures(
        regions=regions,
        cells=_by_place(_made(Cell, con, _CELLS, where)),
        grouped={
            name: [one["region_code"] for one in found]
            for name, found in _grouped(rows(con, _HAS_GROUPS), "indicator").items()
        },
        divided=frozenset(row["indicator"] for row in rows(con, _DIVIDED)),
        verdicts=_by_place(_made(Verdict, con, _VERDICTS, where)),
        moved=_by_place(_made(Moved, con, _MOVED, where)),
        quality={row["indicator"]: row["text"] for row in rows(con, "select indicator, text from analysis.quality")},
        categories=categories,
        flows=flows,
        changes={row["indicator"]: row["last_period"] for row in rows(con, _PREVIOUS)},
        parity={row["goal_id"]: row for row in rows(con, _PARITY, {"home": run.home_region})},
        not_established=_grouped(rows(con, _NOT_ESTABLISHED), "strategy_id"),
        goals={row["goal_id"]: row for row in rows(con, _GOALS)},
        status={row["goal_id"]: row for row in rows(con, _STATUS)},
        notes={
            table: [_plain(note["note"]) for note in notes]
            for table, notes in _grouped(rows(con, _NOTES), "table_id").items()
        },
        evidence=evidence.read(con, run.home_region),
        least_base=rows(con, _LEAST_BASE)[0]["value"],
        failed=rows(con, _FAILED),
    )


def _made(kind: Any, con: duckdb.DuckDBPyConnection, query: str, where: Mapping[str, object]) -> Iterator[Any]:
    """The rows of a query as named tuples of a kind, whose fields are its columns."""
    result = con.execute(query, where)
    assert tuple(column[0] for column in result.description or ()) == kind._fields
    yield from map(kind._make, result.fetchall())


def worded(found: Figures, t: Language) -> Figures:
    """The same figures with their texts in a language; what the source and the goals say themselves stays Swedish."""
    if t.code == "sv":
        return found
    return replace(
        found,
        regions={code: replace(one, name=t(one.name)) for code, one in found.regions.items()},
        verdicts=_reworded(found.verdicts, lambda one: one._replace(text=t(one.text))),
        moved=_reworded(found.moved, lambda one: one._replace(text=t.or_none(one.text))),
        quality={name: t(text) for name, text in found.quality.items()},
        categories={
            name: {category: t(label) for category, label in labels.items()}
            for name, labels in found.categories.items()
        },
        not_established={
            name: [{"what": t(one["what"]), "note": t(one["note"])} for one in of]
            for name, of in found.not_established.items()
        },
        goals={
            name: {
                **row,
                "explanation": t.or_none(row["explanation"]),
                "source_page": t.or_none(row["source_page"]),
                "decided_by": row["decided_by"] and t.quoted(row["decided_by"]),
            }
            for name, row in found.goals.items()
        },
        status={
            name: {**row, "text": t(row["text"]), "why": t.or_none(row["why"])} for name, row in found.status.items()
        },
        evidence=evidence.worded(found.evidence, t),
        notes={table: [t.quoted(note) for note in notes] for table, notes in found.notes.items()},
        failed=[
            {**one, **{name: t.quoted(one[name]) for name in ("message", "observed") if one[name]}}
            for one in found.failed
        ],
    )


def _reworded(found: Mapping[str, Mapping[str, Sequence[Any]]], how: Callable[[Any], Any]) -> dict[str, Any]:
    """The same by indicator and region, each reworded."""
    return {
        name: {region: [how(one) for one in rows] for region, rows in places.items()} for name, places in found.items()
    }


def _plain(note: str) -> str:
    """A note of the source as running text: its links as their words and address."""
    return " ".join(_LINK.sub(r"\1 (\2)", note).split())


def _by_place(found: Any) -> dict[str, dict[str, list[Any]]]:
    """What comes in the order of indicator and region, its first two fields, by these."""
    by: dict[str, dict[str, list[Any]]] = {}
    for (indicator, region), same in groupby(found, itemgetter(0, 1)):
        by.setdefault(indicator, {})[region] = list(same)
    return by


def _grouped(found: Sequence[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    by: dict[str, list[Mapping[str, Any]]] = {}
    for one in found:
        by.setdefault(one[key], []).append(one)
    return by


_REGIONS = """
select region_code as code, name, type as level, county_code as county
from reference.region
where valid_to is null and type in ('country', 'county', 'municipality')
order by list_position(['country', 'county', 'municipality'], type), translate(lower(name), 'åäöé', '{|}e'), code
"""

_SHOWN = """
shown as (
    select region_code, type from reference.region
    where valid_to is null and (
        $national or type in ('country', 'county') or county_code = $home or list_contains($compared, region_code)
    )
)"""

# Categories: of the home region all periods, of riket and the kommuner the latest; the other counties have none here.
_CELLS = f"""
with {_SHOWN},
latest as (
    select indicator, region_type, arg_max(period, sort) as period
    from analysis.timeline
    where is_current
    group by all
),
dated as (
    select
        *,
        coalesce(
            regime <> lag(regime) over (partition by indicator, region_type, is_current order by sort), false
        ) as cut
    from analysis.timeline
),
wanted as (
    select g.*, t.sort, t.is_current, t.break_what, t.own_break, t.break_line, t.new_series, t.cut
    from analysis.gap as g
    join shown as s using (region_code)
    join dated as t
        on t.indicator = g.indicator and t.region_type = s.type and t.period = g.period
        and t.series is not distinct from g.series
    join latest as l on l.indicator = g.indicator and l.region_type = s.type
    where g.partner_code is null
        and (g.category = 'all' or (t.is_current and g.period = l.period and g.region_code in ('00', $home)))
),
parts as (
    select
        o.indicator, o.region_code, o.period, o.category, o.series,
        any_value(coalesce(o.status, o.reason)) filter (where o.sex = 'women' and o.value is null) as women_missing,
        any_value(coalesce(o.status, o.reason)) filter (where o.sex = 'men' and o.value is null) as men_missing,
        any_value(coalesce(o.status, o.reason)) filter (where o.sex = 'total' and o.value is null) as total_missing,
        any_value(o.numerator) filter (where o.sex = 'total') as total_part,
        any_value(o.denominator) filter (where o.sex = 'women') as women_base,
        any_value(o.denominator) filter (where o.sex = 'men') as men_base,
        any_value(o.denominator) filter (where o.sex = 'total') as total_base,
        bool_or(o.is_preliminary) as preliminary
    from indicators.observation as o
    where o.partner_code is null and o.region_code in (select region_code from shown)
        and (o.category = 'all' or o.region_code in ('00', $home))
    group by all
),
category_sort as (
    select indicator, dimension || ':' || code as category, min(sort) as category_sort
    from reference.indicator_dimension
    group by all
)
select
    w.indicator, w.region_code as region, w.period, w.category, coalesce(n.title, w.series) as series,
    cast(w.women as double) as women, cast(w.men as double) as men, cast(w.total as double) as total,
    cast(w.diff as double) as diff, cast(w.mgap as double) as mgap, w.band,
    p.women_missing, p.men_missing, p.total_missing,
    w.reason as diff_missing, p.women_base, p.men_base, p.total_part, cast(w.men_part as double) as men_part,
    p.total_base,
    coalesce(p.preliminary, false) as preliminary, w.small_base as few, w.is_current as current, w.break_what,
    w.own_break, w.break_line, coalesce(w.new_series, false) as new_series, w.cut
from wanted as w
join parts as p
    on p.indicator = w.indicator and p.region_code = w.region_code and p.period = w.period
    and p.category = w.category and p.series is not distinct from w.series
left join reference.series as n on n.series = w.series
left join category_sort as c on c.indicator = w.indicator and c.category = w.category
order by w.indicator, w.region_code, w.sort, w.series nulls first, w.category != 'all', c.category_sort, w.category
"""

_HAS_GROUPS = """
select distinct indicator, region_code
from indicators.observation
where category <> 'all' and partner_code is null and value is not null
order by indicator, region_code
"""

_DIVIDED = "select distinct indicator from indicators.observation where denominator is not null"

_CATEGORIES = """
select indicator, dimension || ':' || code as category, min(label) as label
from reference.indicator_dimension
group by all
order by indicator, min(sort), category
"""

_VERDICTS = f"""
with {_SHOWN}
select
    indicator, region_code as region, category, subject, verdict, text, reason, points, first_period, last_period,
    first_value, last_value, value_kind, slope, coalesce(is_preliminary, false) as preliminary
from analysis.trend
where region_code in (select region_code from shown where $national or type != 'county' or region_code = $home)
    and category = 'all'
order by indicator, region_code, list_position(['women', 'men', 'total', 'gap'], subject)
"""

_MOVED = f"""
with {_SHOWN}
select
    indicator, region_code as region, category, series, span, first_period, last_period, women_first, men_first,
    total_first, women_last, men_last, total_last, gap_kind, gap_first, gap_last, closing, tau, code, text,
    levelling_down, most_moved,
    reason
from analysis.moved
where region_code in (select region_code from shown where $national or type != 'county' or region_code = $home)
    and category = 'all'
order by indicator, region_code, span
"""

# The flows between different places from or to a home kommun (at national scope any), in the latest period of the
# indicator that has relations.
_FLOWS = """
with own as (
    select region_code from reference.region
    where type = 'municipality' and ($national or county_code = $home) and valid_to is null
),
latest as (
    select g.indicator, arg_max(g.period, p.sort) as period
    from analysis.gap as g
    join reference.indicator as i using (indicator)
    join (select distinct period, sort from reference.period) as p on p.period = g.period
    where g.partner_code is not null and i.measure = 'level' and i.unit = 'persons'
    group by g.indicator
    order by g.indicator
    limit 1
),
missing as (
    select
        o.region_code, o.partner_code,
        any_value(coalesce(o.status, o.reason)) filter (where o.sex = 'women' and o.value is null) as women_missing,
        any_value(coalesce(o.status, o.reason)) filter (where o.sex = 'men' and o.value is null) as men_missing
    from indicators.observation as o
    join latest using (indicator, period)
    where o.partner_code is not null
    group by all
)
select
    g.indicator, g.period, g.region_code as home, coalesce(h.name, g.region_code) as home_name,
    g.partner_code as work, coalesce(w.name, g.partner_code) as work_name, g.women, g.men,
    cast(g.diff as double) as diff, m.women_missing, m.men_missing, g.reason as diff_missing
from analysis.gap as g
join latest using (indicator, period)
left join reference.region as h on h.region_code = g.region_code
left join reference.region as w on w.region_code = g.partner_code
left join missing as m on m.region_code = g.region_code and m.partner_code = g.partner_code
where (g.region_code in (from own) or g.partner_code in (from own))
order by g.women + g.men desc nulls last, g.region_code, g.partner_code
"""

_LEAST_BASE = "select cast(value as integer) as value from reference.analysis_rule where rule = 'least_base'"

# What the checks found, with the first cell of each; a stopping one before a warning.
_FAILED = """
with first_cell as (
    select rule, subject, region_code, period, sex, category
    from checks.failing_cell
    qualify row_number() over (partition by rule, subject order by rowid) = 1
)
select
    r.rule, r.severity, r.subject, r.subject_type = 'indicator' as is_indicator, r.message, r.observed,
    f.region_code, f.period, f.sex, f.category
from checks.result as r
left join first_cell as f using (rule, subject)
where not r.success
order by r.severity, r.rule, r.subject
"""

_PREVIOUS = "select indicator, last_period from previous.indicator"

_PARITY = "select * from analysis.parity where region_code = $home"

_NOT_ESTABLISHED = "select strategy_id, what, note from reference.not_established order by sort"

_GOALS = """
select
    goal_id, number, explanation, follow_up_kind, source_url, source_page, null as decided_by, null as decided_on
from reference.goal
union all
select target_image_id, null, null, follow_up_kind, source_url, source_page, decided_by, decided_on
from reference.target_image
union all
select area_id, number, null, null, source_url, source_page, null, null from reference.area
"""

# How each goal can be followed, in words.
_STATUS = """
select s.goal_id, s.status, t.text, w.text as why
from analysis.goal_status as s
join reference.goal_status as t on t.code = s.status
left join reference.goal_status as w on w.code = s.reason
order by s.goal_id
"""

_NOTES = "select distinct table_id, note from reference.source_note where mandatory order by table_id, note"
