"""The parts that documents share: what is chosen by rule, how it is tabled, and where it comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from reports.catalogue import Indicator, joint_sources
from reports.documents.model import Cell, Document, Figure, Finding, Head, Paragraph, Part, Row
from reports.sentences import Sentence, inside, tells
from reports.web import pictures, views
from reports.web.figures import Cell as Measured
from reports.web.figures import Moved, Region
from reports.web.pages import Page, Site, first_of_themes, widest_first
from reports.web.views import Shown, Summary
from reports.wording import period_name

FINDINGS = 3
SPANS = ("five_points", "previous")
"""What the sentences compare, the first that can be: reports.sentences."""
FEWEST_PERIODS = 3
"""A line between fewer points shows no development."""

Drawn = Sequence[tuple[Indicator, Sequence[Measured]]]
Collected = list[tuple[Indicator, Sequence[Measured]]]


def page_of(
    site: Site, document: Document, path: str, description: str, crumbs: Sequence[tuple[str, str]], menu: str,
    place: Region, drawn: Drawn,
) -> Page:  # fmt: skip
    """The page of a document, with all that its pictures are made from."""
    told_of = site.sentences.get(place.code, {})
    said = {item.indicator: one.headline.text for item, _ in drawn if (one := _told(told_of, item)) and one.headline}
    return Page(
        path,
        "document",
        f"{document.eyebrow}: {document.title}",
        description,
        {
            "document": document,
            "crumbs": list(crumbs),
            "drawn": [
                (item.indicator, item.source, place.name, said.get(item.indicator), cells) for item, cells in drawn
            ],
        },
        menu,
        pictures=partial(pictures.of_document, drawn, site.catalogue.run, place, said, site.catalogue.reasons, site.t),
        document=document,
    )


def told(site: Site, items: Iterable[Indicator], region: str, goals: Sequence[str] = ()) -> list[Indicator]:
    """The judged indicators of which something can be said in the region: the largest relative difference first.

    What measures one of the goals itself stands before all else, in the order of the goals. One of each theme stands
    before the second of any; what compares the sexes in one value comes last.
    """
    said = site.sentences.get(region, {})
    judged = [item for item in items if item in site.catalogue.shown and item.polarity != "none"]
    newest = site.newest(judged, region)
    widest = widest_first(judged, newest, said)
    firsts = first_of_themes(widest)
    rest = [item for item in judged if item not in widest and tells(said, item.indicator) and newest[item.indicator]]
    chosen = [*firsts, *(item for item in widest if item not in firsts), *rest]
    own = dict.fromkeys(item.indicator for goal in goals for item in chosen if goal in item.measures)
    return [item for name in own for item in chosen if item.indicator == name] + [
        item for item in chosen if item.indicator not in own
    ]


def findings(site: Site, items: Sequence[Indicator], region: str, level: int) -> list[Finding]:
    """What the figures of the indicators show in the region; where the verdict says otherwise, that too and why."""
    said = site.sentences.get(region, {})
    return [
        Finding(
            one.headline.text, " ".join((one.headline.lead, *_besides(site, item, region))),
            f"indikatorer/{item.indicator}/index.html", level,
        )
        for item in items
        if (one := _told(said, item)) and one.headline
    ]  # fmt: skip


def _besides(site: Site, item: Indicator, region: str) -> list[str]:
    """The verdict on the difference, where it says something else than how the first and the last period compare."""
    if item.measure != "level" or item.polarity == "none":
        return []
    t, one = site.t, site.turn(item, region)
    spans = {moved.span: moved for moved in site.figures.moved.get(item.indicator, {}).get(region, ())}
    moved = next((found for span in SPANS if (found := spans.get(span)) and found.reason is None), None)
    if one is None or moved is None or one.tone == _tone(moved):
        return []
    if one.why or not (one.first_period and one.last_period):
        return [t("Skillnaden är inte bedömd: {why}", why=inside(one.why))] if one.why else []
    first, last = (period_name(code, item.period_type, t) for code in (one.first_period, one.last_period))
    return [
        t(
            "Bedömningen, som väger in alla perioder från {first} till {last}, är en annan: {verdict}.",
            first=first, last=last, verdict=inside(one.text),
        )
    ]  # fmt: skip


def _tone(moved: Moved) -> str:
    """What the sentence says of the difference, in the signs of the verdicts."""
    if not moved.closing or abs(moved.closing) <= (moved.tau or 0):
        return "same"
    return "better" if moved.closing > 0 else "worse"


def _told(said: Mapping[str, Sentence], item: Indicator) -> Sentence | None:
    one = said.get(item.indicator)
    return one if one and one.text else None


def developing(site: Site, items: Iterable[Indicator], region: str) -> Drawn:
    """The first of the indicators whose development can be drawn in the region, with its figures over time, if any."""
    for item in items:
        cells = views.history(site.figures.cells.get(item.indicator, {}).get(region, ()))
        comparing = item.measure == "level" or item.is_share_of_women
        if comparing and sum(cell.valued for cell in cells) >= FEWEST_PERIODS:
            return [(item, cells)]
    return []


def figure(drawn: tuple[Indicator, Sequence[Measured]]) -> Figure:
    """The picture of an indicator."""
    return Figure(drawn[0].indicator)


def number(site: Site, value: float | None, missing: str | None, decimals: int, *, signed: bool = False) -> str:
    """The value, or why there is none."""
    if value is not None:
        return site.t.number(value, decimals, signed=signed)
    return views.words(missing, site.catalogue.reasons) if missing else site.t("saknas")


def of_sexes(site: Site, row: Summary) -> tuple[Cell, ...]:
    """Women, men and the difference; the one value that compares them; or why there is none."""
    cell = row.cell
    if cell is None:
        return (Cell(row.note, span=3, words=True),)
    if row.kind != "level":
        return (Cell(number(site, cell.total, cell.total_missing, row.decimals), row.meaning, 3),)
    return (
        Cell(number(site, cell.women, cell.women_missing, row.decimals)),
        Cell(number(site, cell.men, cell.men_missing, row.decimals)),
        Cell(number(site, cell.diff, cell.diff_missing, row.decimals, signed=True)),
    )


def beside(site: Site, row: Summary, other: Measured | None) -> Cell:
    """The difference in another place, or its one value."""
    if other is None:
        return Cell(site.t("saknas"))
    if row.kind == "level":
        return Cell(number(site, other.diff, other.diff_missing, row.decimals, signed=True))
    return Cell(number(site, other.total, other.total_missing or other.diff_missing, row.decimals))


def sex_heads(site: Site) -> tuple[Head, ...]:
    """The heads over women, men and the difference."""
    t = site.t
    return Head(t("Kvinnor")), Head(t("Män")), Head(t("Skillnad"), t("kvinnor − män"))


def label(item: Indicator, row: Summary, cells: tuple[Cell, ...]) -> Row:
    """A row of an indicator: its title with period and unit."""
    facts = [*row.facts, *((item.unit_text,) if row.kind == "level" else ())]
    return Row(item.title, cells, " · ".join(facts), f"indikatorer/{item.indicator}/index.html")


def verdicts(site: Site, item: Indicator, region: str) -> tuple[Cell, ...]:
    """The three verdicts, each with the periods that it rests on; one where the sexes are compared in one value."""
    if item.measure != "level":
        return (verdict(site, item, site.turn(item, region), span=3),)
    found = tuple(verdict(site, item, site.verdict(item, region, subject)) for subject in ("women", "men", "gap"))
    # What is not judged for one reason is said once.
    return (replace(found[0], span=3),) if len(set(found)) == 1 and "→" not in found[0].note else found


def verdict(site: Site, item: Indicator, one: Shown | None, span: int = 1) -> Cell:
    """A verdict, with the periods that it rests on or why there is none."""
    t = site.t
    if one is None:
        return Cell(t("Ej bedömd"), span=span, words=True)
    if one.why or not (one.first_period and one.last_period):
        return Cell(one.text, one.why or "", span, words=True)
    first, last = (period_name(code, item.period_type, t) for code in (one.first_period, one.last_period))
    return Cell(one.text, f"{first} → {last}", span, words=True)


def sources(site: Site, items: Iterable[Indicator]) -> list[Part]:
    """The source lines of a table of indicators: of its figures, and of what is computed out of them."""
    return [Paragraph(line, "small") for line in joint_sources(site.catalogue, list(items), site.t)]
