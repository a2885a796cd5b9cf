"""Briefs: one page of findings, one picture and one small table, for a kommun or for a group of readers."""

from collections.abc import Iterator, Sequence

from reports.catalogue import Indicator
from reports.documents import parts
from reports.documents.model import Document, Head, Heading, Link, Links, Paragraph, Part, Table
from reports.web import views
from reports.web.figures import Region
from reports.web.pages import BRIEFS, Page, Site, brief_path, news

ROWS = 5
NEWS = 4
FILE = "underlag"


def of_kommuner(site: Site) -> Iterator[Page]:
    """The brief of every kommun that has a page."""
    for path, region in site.regional.items():
        if region.level == "municipality":
            yield _of_kommun(site, path, region)


def _of_kommun(site: Site, path: str, kommun: Region) -> Page:
    t = site.t
    county = site.figures.regions[kommun.county] if kommun.county else None
    items = parts.told(site, site.catalogue.indicators, kommun.code)
    chosen = items[: parts.FINDINGS]
    drawn = parts.developing(site, items, kommun.code)[:1]
    made: list[Part] = [
        Paragraph(
            t(
                "Tre resultat, en bild och en tabell om {place}, valda av en regel: den största relativa skillnaden "
                "mellan kvinnor och män inom varje tema, bland indikatorer med en riktning.",
                place=kommun.name,
            ),
            "lead",
        ),
        *_findings(site, chosen, kommun.code),
        *(parts.figure(one) for one in drawn),
        *_table(site, items[:ROWS], kommun, county),
        *_news(site, [item for item in site.catalogue.shown if kommun.code in site.figures.cells.get(item.indicator, {})]),
        *_more(site, [Link(t("Alla indikatorer för {place}", place=kommun.name), f"{path}/index.html")]),
    ]
    document = Document(
        "brief", t("Underlag"), t("Kvinnor och män i {place}", place=kommun.name), site.catalogue.run.organisation,
        tuple(made), FILE, watermark=site.watermark, address=site.address_of(brief_path(kommun.code)),
    )  # fmt: skip
    return parts.page_of(
        site, document, brief_path(kommun.code),
        t("En sida om kvinnor och män i {place}, att skriva ut.", place=kommun.name),
        [(BRIEFS, t("Underlag och årsuppföljning"))], "", kommun, drawn,
    )  # fmt: skip


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
                parts.label(
                    site, item, row,
                    (*parts.of_sexes(site, row), *([parts.beside(site, row, row.beside)] if county else []),
                     parts.beside(site, row, row.country)),
                )
                for item, row in rows
            ),
            (4.4, 1, 1, 1.2, 1.3, 1)[: 4 + len(others)],
        ),
        *parts.sources(item for item, _ in rows),
    ]  # fmt: skip


def _news(site: Site, items: Sequence[Indicator]) -> list[Part]:
    """What is new since the last release: the first of it, with where the rest stands."""
    t = site.t
    names = {item.indicator for item in items}
    found = [one for one in news(site) if one["item"]["indicator"] in names]
    head = Heading(t("Nytt sedan förra utgåvan"), 2, "nytt")
    if not site.figures.changes:
        return [head, Paragraph(t("Det här är den första utgåvan, så det finns inget att jämföra med."))]
    if not found:
        return [head, Paragraph(t("Inga nya perioder."))]
    said = "; ".join(f"{one['item']['title']} ({one['now']})" for one in found[:NEWS])
    more = [Paragraph(t("Fler nya perioder står på webbplatsen under Ändringar i data."))] if found[NEWS:] else []
    return [head, Paragraph(t("Nya perioder: {news}.", news=said)), *more]


def _more(site: Site, links: Sequence[Link]) -> list[Part]:
    t = site.t
    return [
        Heading(t("Läs mer på webbplatsen"), 2, "mer"),
        Links((*links, Link(t("Så läser du"), "om/index.html"), Link(t("Ändringar i data"), "om/andringar/index.html"))),
        Paragraph(t("Statistiken visar hur det har gått, inte varför."), "small"),
    ]
