"""Briefs: one page of findings, one picture and one small table, for a kommun or for a group of readers."""

from collections.abc import Iterator, Sequence

from reports.catalogue import Indicator, name
from reports.documents import parts
from reports.documents.model import Document, Head, Heading, Link, Links, Paragraph, Part, Table
from reports.followup import Audience
from reports.web import views
from reports.web.figures import Region
from reports.web.pages import BRIEFS, MENU, Page, Site, audience_path, brief_path, news

ROWS = 3
NEWS = 4
FILE = "underlag"
CHANGES = "om/andringar/index.html"


def of_kommuner(site: Site) -> Iterator[Page]:
    """The brief of every kommun that has a page."""
    for path, region in site.regional.items():
        if region.level == "municipality":
            yield _of_kommun(site, path, region)


def of_audiences(site: Site) -> Iterator[Page]:
    """The brief of every målgrupp of the plan."""
    for audience in site.follow_up.audiences():
        yield _of_audience(site, audience)


def _of_kommun(site: Site, path: str, kommun: Region) -> Page:
    t = site.t
    county = site.figures.regions[kommun.county] if kommun.county else None
    items = parts.told(site, site.catalogue.indicators, kommun.code)
    shown = [item for item in site.catalogue.shown if kommun.code in site.figures.cells.get(item.indicator, {})]
    lead = t(
        "Resultaten om {place} är valda av en regel: den största relativa skillnaden mellan "
        "kvinnor och män inom varje tema, bland indikatorer med en riktning.",
        place=kommun.name,
    )
    more = [Link(t("Alla indikatorer för {place}", place=kommun.name), f"{path}/index.html")]
    return _brief(
        site, t("Kvinnor och män i {place}", place=kommun.name), [Paragraph(lead, "lead")] if items else [], items,
        kommun, county,
        _news(site, shown), more, brief_path(kommun.code),
        t("En sida om kvinnor och män i {place}, att skriva ut.", place=kommun.name),
    )  # fmt: skip


def _of_audience(site: Site, audience: Audience) -> Page:
    t = site.t
    goals = [goal for goal in (*site.catalogue.goals, *site.catalogue.areas) if goal.goal_id in audience.goals]
    named_by = [item for item in site.catalogue.indicators if set(audience.goals) & set(item.goals)]
    items = parts.told(site, named_by, site.home, audience.goals)
    lead = t(
        "Resultaten om {place} är valda av en regel: först måtten på målgruppens mål, sedan den största "
        "relativa skillnaden mellan kvinnor och män inom varje tema, bland målens indikatorer med en riktning.",
        place=site.place,
    )
    about = [Paragraph(text) for text in (audience.what,) if text]
    more = [Link(name(goal, t), f"{views.goal_path(goal)}/index.html") for goal in goals]
    return _brief(
        site, audience.name, [*about, *([Paragraph(lead, "lead")] if items else [])], items,
        site.figures.regions[site.home], None,
        _since(site, audience, named_by), more, audience_path(audience.slug),
        t("En sida för en målgrupp om kvinnor och män i {place}, att skriva ut.", place=site.place),
    )  # fmt: skip


def _brief(
    site: Site, title: str, lead: Sequence[Part], items: Sequence[Indicator], place: Region, county: Region | None,
    fresh: Sequence[Part], more: Sequence[Link], path: str, description: str,
) -> Page:  # fmt: skip
    """The page of a brief: findings, a picture, a table, what is new, where to read more."""
    drawn = parts.developing(site, items, place.code)
    made: list[Part] = [
        *lead,
        *_findings(site, items[: parts.FINDINGS], place.code),
        *(parts.figure(one) for one in drawn),
        *_table(site, items[:ROWS], place, county),
        *fresh,
        *_more(site, more),
    ]
    document = Document(
        "brief", site.t("Underlag"), title, site.catalogue.run.organisation, tuple(made), FILE,
        watermark=site.watermark, address=site.address_of(path),
    )  # fmt: skip
    crumbs = [(BRIEFS, site.t("Underlag och årsuppföljning"))]
    return parts.page_of(site, document, path, description, crumbs, MENU, place, drawn)


def _findings(site: Site, items: Sequence[Indicator], region: str) -> list[Part]:
    found = parts.findings(site, items, region, 3)
    if not found:
        return [Paragraph(site.t("Inga siffror räcker till ett resultat om både kvinnor och män."))]
    return [Heading(site.t("Det här visar siffrorna"), 2, "resultat"), *found]


def _table(site: Site, items: Sequence[Indicator], place: Region, county: Region | None) -> list[Part]:
    """Women, men and the difference of some indicators, with the difference in the county and in riket."""
    t = site.t
    if not items:
        return []
    rows = [(item, site.summary(item, place.code, county.code if county else views.COUNTRY)) for item in items]
    others = [Head(one, t("skillnad")) for one in ([county.name] if county else []) + [t("Riket")]]
    return [
        Table(
            t("Kvinnor och män i {place}, senaste period", place=place.name),
            (Head(t("Indikator")), *parts.sex_heads(site), *others),
            tuple(
                parts.label(item, row,
                    (*parts.of_sexes(site, row), *([parts.beside(site, row, row.beside)] if county else []),
                     parts.beside(site, row, row.country)),
                )
                for item, row in rows
            ),
            (4.4, 1, 1, 1.2, 1.3, 1)[: 4 + len(others)],
        ),
        *parts.sources(site, [item for item, _ in rows]),
    ]  # fmt: skip


def _news(site: Site, items: Sequence[Indicator]) -> list[Part]:
    """What is new since the last release: the first of it, with where the rest stands."""
    t = site.t
    names = {item.indicator for item in items}
    found = [one for one in news(site) if one["item"]["indicator"] in names]
    head = Heading(t("Nytt sedan förra körningen"), 2, "nytt")
    if not site.figures.changes:
        return [head, Paragraph(t("Det här är den första körningen, så det finns inget att jämföra med."))]
    if not found:
        return [head, Paragraph(t("Inga nya perioder."))]
    said = "; ".join(f"{one['item']['title']} ({one['now']})" for one in found[:NEWS])
    more = [Paragraph(t("Fler nya perioder står på webbplatsen under Ändringar i data."))] if found[NEWS:] else []
    return [head, Paragraph(t("Nya perioder: {news}.", news=said)), *more]


def _since(site: Site, audience: Audience, items: Sequence[Indicator]) -> list[Part]:
    """What the source has published since the last brief of the målgrupp; without one, since the last release."""
    t, day = site.t, audience.last_done
    if day is None:
        return [*_news(site, items), Paragraph(t("Inget tidigare underlag står som klart i planen."), "small")]
    updated = {table.table_id for table in site.catalogue.tables if (table.updated or "")[:10] > day}
    found = [item.title for item in items if item in site.catalogue.shown and updated & set(item.tables)]
    head = Heading(t("Nytt sedan förra underlaget"), 2, "nytt")
    if not found:
        return [head, Paragraph(t("Källan har inte publicerat nya siffror efter {day}.", day=day))]
    more = [Paragraph(t("Fler nya siffror står på webbplatsen under Ändringar i data."))] if found[NEWS:] else []
    told = t("Källan har publicerat nya siffror efter {day}: {news}.", day=day, news="; ".join(found[:NEWS]))
    return [head, Paragraph(told), *more]


def _more(site: Site, links: Sequence[Link]) -> list[Part]:
    t = site.t
    return [
        Heading(t("Läs mer på webbplatsen"), 2, "mer"),
        Links(
            (*links, Link(t("Så läser du"), "om/index.html"), Link(t("Ändringar i data"), "om/andringar/index.html"))
        ),
        Paragraph(t("Statistiken visar hur det har gått, inte varför."), "small"),
    ]
