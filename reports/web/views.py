"""How figures stand on a page: the rows of tables, the signs of verdicts, the words for what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reports.catalogue import Catalogue, Goal, Indicator
from reports.web.figures import Cell, Figures, Verdict
from reports.web.language import Language, Swedish
from reports.wording import BANDS, Heads, heads, period_name, shaped, state

COUNTRY = "00"
COUNTY_DIGITS = 2
"""The digits of a county's code; a kommun's has more."""
SHORT = {
    "persons": "personer",
    "sek_thousands": "tkr",
    "index": "av 100",
    "ratio": "i kvot",
    "per_1000": "per 1\u00a0000",
}
"""A unit as it stands after the number in a heading, where its name is too long."""

TONES = {
    "forbattras": "better",
    "gapet_minskar": "better",
    "malet_natt": "better",
    "i_takt": "better",
    "forsamras": "worse",
    "gapet_okar": "worse",
    "for_langsamt": "worse",
    "at_fel_hall": "worse",
    "ej_bedomd": "open",
    "okar": "open",
    "minskar": "open",
}
"""The sign of a verdict by its code; all others are `same`. What is not judged better or worse has an open ring."""


@dataclass(frozen=True)
class Described:
    """An indicator as tables need it: how its columns are headed, and whether the persons behind are known."""

    indicator: str
    title: str
    definition: str
    theme: str
    theme_title: str
    unit: str
    unit_text: str
    short: str
    decimals: int
    measure: str
    polarity: str
    period_type: str
    heads: Heads
    based: bool
    counted: bool
    source: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A row of a table: what it is of, and the figures."""

    label: str
    cell: Cell
    note: str = ""
    href: str | None = None
    own: bool = False


class Shown(NamedTuple):
    """A verdict as it is shown: sign and words, and why there is none."""

    subject: str
    tone: str
    text: str
    why: str | None
    first_period: str | None
    last_period: str | None
    first_value: float | None
    last_value: float | None
    points: int | None
    value_kind: str
    preliminary: bool


class Summary(NamedTuple):
    """One indicator in a table of many. `kind`: level, one (a single value) or note (why there is none)."""

    indicator: str
    title: str
    kind: str
    decimals: int
    heads: Heads
    meaning: str
    facts: tuple[str, ...]
    cell: Cell | None
    note: str
    verdict: Shown | None
    beside: Cell | None = None
    country: Cell | None = None


def describe(item: Indicator, places: Mapping[str, Sequence[Cell]], t: Language) -> Described:
    """The indicator as tables need it, from its figures by region."""
    level = item.measure == "level"
    cells = [cell for found in places.values() for cell in found]
    return Described(
        indicator=item.indicator,
        title=item.title,
        definition=item.definition,
        theme=item.theme,
        theme_title=item.theme_title,
        unit=item.unit,
        unit_text=item.unit_text,
        short=t(SHORT.get(item.unit, item.unit_text)),
        decimals=item.decimals,
        measure=item.measure,
        polarity=item.polarity,
        period_type=item.period_type,
        heads=heads(item.unit),
        based=level and item.unit != "persons" and any(cell.women_base is not None for cell in cells),
        counted=item.is_share_of_women and any(cell.total_base is not None for cell in cells),
        source=item.source,
        tables=item.tables,
    )


def goal_path(goal: Goal) -> str:
    """The folder of a goal's, an area's or a target image's page."""
    return f"{'malbilder' if goal.kind == 'malbild' else 'mal'}/{goal.goal_id}"


def latest(cells: Sequence[Cell]) -> Cell | None:
    """The newest figure of a region in the default view that has values, else the newest without."""
    newest = None
    for cell in reversed(cells):
        if cell.category == "all" and cell.current:
            if cell.valued:
                return cell
            newest = newest or cell
    return newest


def history(cells: Sequence[Cell]) -> list[Cell]:
    """The default view of a region, from its first period to its last."""
    return [cell for cell in cells if cell.category == "all" and cell.current]


def at(places: Mapping[str, Sequence[Cell]], period: str) -> dict[str, Cell]:
    """The figures of one period in the default view, by region."""
    found = {region: _of_period(cells, period) for region, cells in places.items()}
    return {region: cell for region, cell in found.items() if cell}


def _of_period(cells: Sequence[Cell], period: str) -> Cell | None:
    """The figure of one period in the default view of a region; what is asked for is mostly the newest."""
    wanted = (cell for cell in reversed(cells) if cell.period == period and cell.category == "all" and cell.current)
    return next(wanted, None)


def period_notes(cell: Cell, t: Language) -> str:
    """What has to be known of a period: preliminary, a new source, a break."""
    notes = [t("prel.")] if cell.preliminary else []
    if cell.new_series:
        notes.append(t("ny källa: {series}", series=t.or_none(cell.series) or ""))
    if cell.break_what:
        what = breaks(cell.break_what, t)
        notes.append(t("brott: {what}", what=what) if cell.cut else t("anmärkning: {what}", what=what))
    return "; ".join(notes)


def breaks(what: str, t: Language) -> str:
    """What broke a series, in the language; where several breaks meet, one by one."""
    whole = t(what)
    return "; ".join(t(one) for one in what.split("; ")) if isinstance(whole, Swedish) else whole


def by_period(cells: Sequence[Cell], t: Language) -> list[Line]:
    """The rows of a table over time, the newest first."""
    return [Line(period_name(one.period, shaped(one.period), t), one, period_notes(one, t)) for one in reversed(cells)]


def by_region(
    cells: Mapping[str, Cell], codes: Sequence[str], figures: Figures, own: str, pages: Mapping[str, str]
) -> list[Line]:
    """The rows of a table of regions: those that have a figure or a reason for none; `pages` are theirs by code."""
    return [
        Line(figures.regions[code].name, cells[code], href=pages.get(code), own=code == own)
        for code in codes
        if code in cells
    ]


def by_category(cells: Sequence[Cell], labels: Mapping[str, str], t: Language) -> list[Line]:
    """The rows of a table of groups, all together first."""
    return [
        Line(t("Samtliga") if one.category == "all" else labels.get(one.category, one.category), one) for one in cells
    ]


def shown(verdict: Verdict, catalogue: Catalogue, not_assessed: Mapping[str, str], polarity: str) -> Shown:
    """The verdict with its sign; an indicator whose direction is not judged has an open one."""
    tone = TONES.get(verdict.verdict, "same")
    if polarity == "none":
        tone = "open"
    why = not_assessed.get(verdict.reason or "") or catalogue.reasons.get(verdict.reason or "")
    return Shown(
        subject=verdict.subject,
        tone=tone,
        text=verdict.text,
        why=why,
        first_period=verdict.first_period,
        last_period=verdict.last_period,
        first_value=verdict.first_value,
        last_value=verdict.last_value,
        points=verdict.points,
        value_kind=verdict.value_kind,
        preliminary=verdict.preliminary,
    )


def newest(item: Indicator, figures: Figures, region: str) -> Cell | None:
    """The newest figure of an indicator in a region, where it has figures to publish."""
    published = item.extent is not None and item.state in ("published", "held_back")
    return latest(figures.cells.get(item.indicator, {}).get(region, ())) if published else None


def summary(
    item: Indicator, figures: Figures, region: str, verdict: Shown | None, t: Language, beside: str | None = None
) -> Summary:
    """The indicator's row in a table of many, for one region.

    Args:
        item: the indicator.
        figures: all figures.
        region: the region of the row.
        verdict: the verdict on the difference.
        t: the page's language.
        beside: a region to compare with, and riket too.
    """
    cell = newest(item, figures, region)
    standing = state(item.state, item.why, item.published_day, t)
    note, kind = "", "level" if item.measure == "level" else "one"
    if item.extent is None or item.state not in ("published", "held_back"):
        kind, note = "note", standing
    elif cell is None:
        kind, note = "note", _without(item, figures, region, t)
    facts = [period_name(cell.period, item.period_type, t), t("prel.") if cell.preliminary else None] if cell else []
    if item.state == "held_back" and kind != "note":
        facts.append(standing)
    meaning = t("% kvinnor") if item.is_share_of_women else item.unit_text
    if cell and cell.band:
        meaning += f", {t(BANDS[cell.band])}"
    places = figures.cells.get(item.indicator, {})
    others = at({code: places.get(code, ()) for code in (beside, COUNTRY)}, cell.period) if beside and cell else {}
    return Summary(
        indicator=item.indicator,
        title=item.title,
        kind=kind,
        decimals=item.decimals,
        heads=heads(item.unit),
        meaning=meaning,
        facts=tuple(one for one in facts if one),
        cell=cell,
        note=note,
        verdict=verdict if kind != "note" else None,
        beside=others.get(beside or ""),
        country=others.get(COUNTRY),
    )


def _without(item: Indicator, figures: Figures, region: str, t: Language) -> str:
    """Why a region has no figure of the whole."""
    if item.extent is not None and item.extent.relations:
        return t("Relationer mellan bostad och arbetsplats: se Pendling.")
    if figures.cells.get(item.indicator, {}).get(region):
        return t("Uppdelad på grupper, ingen samlad siffra: se indikatorns sida.")
    if region in figures.grouped.get(item.indicator, ()):
        return t("Uppdelad på grupper, ingen samlad siffra: se filerna på indikatorns sida.")
    valued = figures.whole.get(item.indicator, frozenset())
    if valued == {COUNTRY}:
        return t("Uppgift finns bara för riket.")
    if (
        len(region) == COUNTY_DIGITS
        and valued - {COUNTRY}
        and all(len(code) > COUNTY_DIGITS for code in valued - {COUNTRY})
    ):
        return t("Uppgift finns bara för kommunerna: se indikatorns sida.")
    return t("Uppgift saknas för området.")


def explained(lines: Sequence[Line], catalogue: Catalogue, t: Language) -> list[str]:
    """The explanations under a table: the symbols that stand in it, and what preliminary means."""
    marks: set[str] = set()
    for line in lines:
        cell = line.cell
        for value, missing in (
            (cell.women, cell.women_missing),
            (cell.men, cell.men_missing),
            (cell.total, cell.total_missing),
            (cell.diff, cell.diff_missing),
        ):
            if value is None and missing:
                marks.update(missing.split())
    found = [f"{sign} {text}" for signs, text in catalogue.symbols.items() for sign in signs.split() if sign in marks]
    if any(line.cell.preliminary for line in lines):
        found.append(t("prel. = preliminärt värde."))
    return found


def words(codes: str, gone: Mapping[str, str]) -> str:
    """What stands where a value is missing: the source's symbol, or our reason in words."""
    return ", ".join(gone.get(part, part) for part in codes.split())
