"""The yearly report of a strategy: how each goal can be followed, its indicators, what has changed, sources."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from transforms.periods import describe

from reports.catalogue import Goal, Indicator, Strategy, name
from reports.documents import changes, parts
from reports.documents.model import Cell, Document, Head, Heading, Paragraph, Part, Row, Space, Table
from reports.followup import Challenge, Cited, by_cell, why
from reports.followup import Figures as FiguresThen
from reports.web import views
from reports.web.figures import Verdict
from reports.web.language import Language
from reports.web.pages import Page, Site, lacking, named, yearly_path
from reports.web.views import COUNTRY
from reports.wording import GENDER_NOTE, KINDS, PROGRESS, ROUNDING_NOTE, period_name, shaped, state

_T = TypeVar("_T")
FILE = "arsuppfoljning"
THREE_VERDICTS = "Kvinnors nivå, mäns nivå och skillnaden bedöms var för sig, bara över perioder som är jämförbara."
LATER = "efter_aret"
"""Why a verdict is not shown: it rests on periods after the year of the report."""


def of_strategies(site: Site) -> Iterator[Page]:
    """The yearly report of every strategy that has goals."""
    known = _until(site)
    for strategy in site.with_goals:
        yield _of_strategy(known, strategy)


def _until(site: Site) -> Site:
    """The site with the home region's and riket's figures up to the year of the reports, as they are known now.

    A verdict or a sentence that rests on a later period is not made of fewer figures here: it is left out.
    """
    year = int(site.year)

    @cache
    def reached(code: str | None) -> bool:
        if code is None:
            return True
        period = describe(code)
        # A mandate is known from its election on.
        return (period.start_date if period.type == "mandate" else period.end_date).year <= year

    def judged(one: Verdict) -> Verdict:
        if reached(one.last_period):
            return one
        text = site.t("Ej bedömd")
        return one._replace(verdict="ej_bedomd", text=text, reason=LATER, first_period=None, last_period=None)

    def near(found: Mapping[str, Mapping[str, Sequence[_T]]], keep: Callable[[_T], bool]) -> Any:
        return {
            name: {
                place: [one for one in of if keep(one)] for place, of in places.items() if place in (site.home, COUNTRY)
            }
            for name, places in found.items()
        }

    figures = replace(
        site.figures,
        cells=near(site.figures.cells, lambda one: reached(one.period)),
        moved=near(site.figures.moved, lambda one: reached(one.last_period)),
        verdicts={
            name: {place: [judged(one) for one in of] for place, of in places.items()}
            for name, places in near(site.figures.verdicts, lambda _: True).items()
        },
    )
    said = {
        name: one
        for name, one in site.sentences.get(site.home, {}).items()
        if all(reached(cell.key.get("period")) for cell in one.cells)
    }
    why = site.t("Bedömningen gäller perioder efter {year}.", year=site.year)
    return replace(site, figures=figures, sentences={site.home: said}, not_assessed={**site.not_assessed, LATER: why})


def _of_strategy(site: Site, strategy: Strategy) -> Page:
    t = site.t
    goals = site.goals_of(strategy)
    areas = [area for area in site.catalogue.areas if area.strategy_id == strategy.strategy_id]
    items = [item for item in site.catalogue.indicators if {one.goal_id for one in (*goals, *areas)} & set(item.goals)]
    drawn: parts.Collected = []
    made: list[Part] = [
        Paragraph(strategy.role, "lead"),
        Paragraph(_standing(site, strategy, goals)),
        Paragraph(
            t(
                "Siffrorna gäller {place} och perioder till och med {year}, så som de var kända när rapporten gjordes.",
                place=site.place,
                year=site.year,
            )
        ),
        Heading(t("Hur målen går att följa"), 2, "status"),
        _overview(site, goals),
        Paragraph(t("Hur ett mål kan följas är en egen bedömning, som regionen kan ändra."), "small"),
        Space(t("Skriv här")),
        *_activities(site, {one.goal_id for one in (*areas, *goals)}),
    ]
    groups: list[tuple[Goal | None, list[Goal]]] = [(None, [goal for goal in goals if goal.area_id is None])]
    groups += [(area, [goal for goal in goals if goal.area_id == area.goal_id]) for area in areas]
    for area, of_area in groups:
        if area is None and not of_area:
            continue
        made.append(Heading(name(area, t) if area else t("Målen"), 2, area.goal_id if area else "mal"))
        if area is not None and named(site, area.goal_id):
            made += _of_goal(site, area, drawn, None)
        for goal in of_area:
            made += _of_goal(site, goal, drawn, name(goal, t))
        if not of_area and area is not None and not named(site, area.goal_id):
            made.append(Paragraph(t("Inga delmål är inlagda för området.")))
    images = [one for one in site.catalogue.goals if one.strategy_id == strategy.strategy_id and one.kind == "malbild"]
    made += _challenges(site, {one.goal_id: name(one, t) for one in (*areas, *goals, *images)})
    made += [*changes.of_year(site, items), Space(t("Skriv här")), *_appendix(site, items)]
    title = t("Årsuppföljning {year}", year=site.year)
    path = yearly_path(strategy.strategy_id)
    document = Document(
        "yearly", title, strategy.title, site.catalogue.run.organisation, tuple(made), FILE, word=True,
        watermark=site.watermark, address=site.address_of(path),
    )  # fmt: skip
    return parts.page_of(
        site, document, path,
        t("{title}: målen, kvinnor och män i {place}, ändringar och källor.", title=title, place=site.place),
        [("mal", t("Mål")), (f"mal/{strategy.strategy_id}", strategy.title)], "mal",
        site.figures.regions[site.home], drawn,
    )  # fmt: skip


def _standing(site: Site, strategy: Strategy, goals: Sequence[Goal]) -> str:
    """How many goals there are, how many lack their words, and how many are followed up, partly and not."""
    found = [site.figures.status[goal.goal_id]["status"] for goal in goals]
    counted = site.t("Mål i strategin: {count}.", count=strategy.goal_total or len(found)) + (
        f" {strategy.goal_count}." if strategy.goal_count else ""
    )
    return f"{counted} " + site.t(
        "Följs upp för kvinnor och män: {followed}. Följs upp delvis: {partly}. Följs inte upp: {none}.",
        followed=found.count("followed"),
        partly=found.count("partly"),
        none=found.count("not"),
    )


def _activities(site: Site, goals: AbstractSet[str]) -> list[Part]:
    """The evaluations and reports of the plan that were due or done in the year, and how far they have come."""
    t = site.t
    rows = tuple(
        Row(
            one.title,
            (
                Cell(t(KINDS[one.kind]), words=True),
                Cell(one.due or t("ej fastställd"), words=True),
                Cell(t("klart {day}", day=one.done) if one.done else t(PROGRESS[one.state]), words=True),
                Cell(one.role or t("ej fastställd"), words=True),
            ),
        )
        for one in site.follow_up.activities
        if site.year in {(one.due or "")[:4], (one.done or "")[:4]} and (not one.goals or goals & set(one.goals))
    )
    made: list[Part] = [Heading(t("Aktiviteter under {year}", year=site.year), 2, "aktiviteter")]
    if not rows:
        made.append(
            Paragraph(t("Inga utvärderingar eller rapporter i planen har en dag under {year}.", year=site.year))
        )
    else:
        heads = (Head(t("Aktivitet")), Head(t("Slag")), Head(t("Dag")), Head(t("Läge")), Head(t("Ansvarig")))
        made.append(
            Table(t("Utvärderingar och rapporter om målen för kvinnor och män"), heads, rows, (4, 1.3, 1.3, 1.5, 2))
        )
    return [*made, Space(t("Skriv här"))]


def _overview(site: Site, goals: Sequence[Goal]) -> Table:
    t = site.t
    rows = []
    for goal in goals:
        one, items = site.figures.status[goal.goal_id], named(site, goal.goal_id)
        rows.append(
            Row(
                name(goal, t),
                (Cell(one["text"], one["why"] or "", words=True), Cell(str(len(items)), lacking(site, items))),
                href=f"{views.goal_path(goal)}/index.html",
            )
        )
    return Table(
        t("Målen, och om de går att följa för kvinnor och män"),
        (Head(t("Mål")), Head(t("Uppföljning")), Head(t("Indikatorer"))),
        tuple(rows),
        (4.6, 3.8, 1.8),
    )


def _of_goal(site: Site, goal: Goal, drawn: parts.Collected, head: str | None) -> list[Part]:
    """A goal: its status, what stands out, a picture, and its indicators with the three verdicts."""
    t = site.t
    one = site.figures.status[goal.goal_id]
    items = named(site, goal.goal_id)
    made: list[Part] = [Heading(head, 3, goal.goal_id)] if head else []
    made.append(Paragraph(one["text"], "status"))
    made += [
        Paragraph(text) for text in (one["why"], goal.follow_up, goal.note if goal.wording is None else None) if text
    ]
    if items:
        told = parts.told(site, items, site.home, (goal.goal_id,))
        made += parts.findings(site, told[:1], site.home, 4 if head else 3)
        for chart in parts.developing(site, told, site.home):
            made.append(parts.figure(chart))
            if chart not in drawn:
                drawn.append(chart)
        made.append(_indicators(site, items))
    return [*made, Space(t("Skriv här"))]


def _indicators(site: Site, items: Sequence[Indicator]) -> Table:
    t = site.t
    rows = []
    for item in items:
        row = site.summary(item)
        judged = parts.verdicts(site, item, site.home) if row.cell else (Cell(t("Ej bedömd"), span=3, words=True),)
        rows.append(parts.label(item, row, (*parts.of_sexes(site, row), *judged)))
    return Table(
        t("Indikatorer för målet: kvinnor och män i {place}", place=site.place),
        (
            Head(t("Indikator")),
            *parts.sex_heads(site),
            *(Head(text, t("utveckling")) for text in (t("Kvinnor"), t("Män"), t("Skillnad"))),
        ),
        tuple(rows),
        (3.4, 1, 1, 1.1, 1.5, 1.5, 1.5),
        t("Senaste period. Källa och kvalitet för varje indikator står i bilagan."),
    )


def _challenges(site: Site, named_goals: Mapping[str, str]) -> list[Part]:
    """The challenges of the strategy's goals in their authors' words, with the cited figures then and now."""
    t = site.t
    made: list[Part] = [Heading(t("Utmaningar"), 2, "utmaningar")]
    found = [one for one in site.follow_up.challenges if one.goal in named_goals]
    if not found:
        made.append(Paragraph(t("Inga utmaningar är inlagda för strategins mål.")))
    for challenge in found:
        made += [
            Heading(challenge.title, 3, f"utmaning-{challenge.slug}"),
            Paragraph(named_goals[challenge.goal], "small"),
            *([Paragraph(t("Exempel – ändra. Texten är inte regionens."), "status")] if challenge.example else []),
            Paragraph(challenge.text),
            Paragraph(t("Skriven {day} av:", day=challenge.day), "small"),
            Paragraph(challenge.author, "small"),
        ]
        if challenge.changed:
            made.append(Paragraph(t("Siffrorna har ändrats sedan texten skrevs. Läs om texten stämmer."), "status"))
        made += _cited(site, challenge)
    return [*made, Space(t("Skriv här"))]


def _cited(site: Site, challenge: Challenge) -> list[Part]:
    t = site.t
    rows, items = [], []
    gone = Cell(t("Cellen finns inte i den här körningen."), span=4, words=True)
    for cites in by_cell(challenge.cells):
        one = cites[0]
        labels = site.figures.categories.get(one.indicator, {})
        place = [one.region_name, *([labels.get(one.category, one.category)] if one.category != "all" else [])]
        if one.problem == "missing":
            rows.append(Row(one.title, (gone,), " · ".join(place)))
            continue
        changed = dict.fromkeys(text for cell in cites for text in why(cell, t))
        for when, of in ((t("När texten skrevs"), one.then), (t("Nu"), one.now)):
            cells = _then_or_now(site, one, of, gone=of is one.now)
            told = "; ".join(changed) if of is one.now and changed else "–"
            rows.append(Row(one.title, (*cells, Cell(told, words=True)), " · ".join((*place, when, _when(of, t)))))
        items += [item for item in site.catalogue.indicators if item.indicator == one.indicator]
    heads = (Head(t("Siffra")), *parts.sex_heads(site), Head(t("Vad som har ändrats")))
    caption = t("Citerade siffror om kvinnor och män, när texten skrevs och nu")
    return [Table(caption, heads, tuple(rows), (3.4, 1, 1, 1.2, 2.4)), *parts.sources(site, items)]


def _when(of: FiguresThen, t: Language) -> str:
    return period_name(of.period, shaped(of.period), t) if of.period else t("saknas")


def _then_or_now(site: Site, one: Cited, of: FiguresThen, *, gone: bool) -> tuple[Cell, ...]:
    """Women, men and the difference at one time, or the one value that compares them."""

    def cell(value: float | None, missing: str | None, *, signed: bool = False, span: int = 1) -> Cell:
        if value is None and not gone:
            return Cell("–", span=span)  # not noted when the text was written
        return Cell(parts.number(site, value, missing, one.decimals, signed=signed), span=span)

    if one.indicator_measure != "level":
        return (cell(of.total, one.total_missing, span=3),)
    return (
        cell(of.women, one.women_missing), cell(of.men, one.men_missing), cell(of.diff, one.now_reason, signed=True)
    )  # fmt: skip


def _appendix(site: Site, items: Sequence[Indicator]) -> list[Part]:
    """Sources and quality of every indicator and table."""
    t = site.t
    indicators = []
    for item in items:
        quality = site.figures.quality.get(item.indicator) if item.extent else None
        sources = list(dict.fromkeys((item.source, item.gap_source))) if item.extent else []
        standing = "" if item.state == "published" else state(item.state, item.why, item.published_day, t)
        indicators.append(
            Row(
                item.title,
                (
                    Cell(sources[0] if sources else "–", sources[1] if sources[1:] else "", words=True),
                    Cell(quality or standing or "–", standing if quality else "", words=True),
                ),
                href=f"indikatorer/{item.indicator}/index.html",
            )
        )
    used = {table for item in items for table in item.tables}
    tables = [
        Row(
            table.source_id or table.table_id,
            (
                Cell(table.title, table.agency, words=True),
                Cell((table.updated or "–")[:10], words=True),
                Cell((table.received or "–")[:10], words=True),
            ),
        )
        for table in site.catalogue.tables
        if table.table_id in used
    ]
    return [
        Heading(t("Bilaga: källor och kvalitet"), 2, "bilaga"),
        Paragraph(t(THREE_VERDICTS)),
        Paragraph(t("Statistiken visar hur det har gått, inte varför.")),
        *(Paragraph(t(text)) for text in (GENDER_NOTE, ROUNDING_NOTE)),
        Table(
            t("Källa och kvalitet för varje indikator om kvinnor och män"),
            (Head(t("Indikator")), Head(t("Källa"), t("siffror, och det som är beräknat")), Head(t("Kvalitet"))),
            tuple(indicators),
            (3, 4, 3),
        ),
        Table(
            t("Källans tabeller om kvinnor och män"),
            (Head(t("Tabell")), Head(t("Titel")), Head(t("Uppdaterad hos källan")), Head(t("Hämtad"))),
            tuple(tables),
            (1.2, 5, 1.4, 1.4),
        ),
    ]  # fmt: skip
