"""The part of a yearly report on what the year has changed: figures, our definitions, and what the source says."""

from collections.abc import Sequence

from reports import quality as qualities
from reports.catalogue import Indicator
from reports.documents.model import Cell, Head, Heading, Paragraph, Part, Row, Table
from reports.documents.past import Compared
from reports.web import edition, views
from reports.web.pages import Site
from reports.wording import period_name, shaped

RECENT = {"month": 12, "quarter": 4}
"""In how many of the newest periods a break is told of as new; of other kinds of period two."""
FIELDS = {
    **edition.FIELDS,
    **{name: qualities.DRIFT[name] for name in ("title", "note", "discontinued")},
    "formula": "formel",
    "break": "brott",
}
CODES = {
    "discontinued": {"true": "ja", "false": "nej"},
    "polarity": {
        "higher": "högre är bättre", "lower": "lägre är bättre", "parity": "jämn fördelning är bäst",
        "gap": "mindre skillnad är bäst", "none": "värderas inte",
    },
    "measure": {"level": "nivå", "share": "andel", "segregation": "segregation", "decomposition": "uppdelning"},
    "period_type": {
        "year": "år", "quarter": "kvartal", "month": "månad", "election": "val", "mandate": "mandatperiod",
        "school_year": "läsår", "five_years": "fem år",
    },
}  # fmt: skip
"""What a code of ours is called; all other texts stand as they are."""
LONGEST = 400
"""A longer text of the source is cut at a word; the whole stands with its table."""


def of_year(site: Site, items: Sequence[Indicator]) -> list[Part]:
    """What the year has changed in the figures and definitions of the indicators, and what is not known of it."""
    t = site.t
    made: list[Part] = [
        Heading(t("Ändringar i data och definitioner under {year}", year=site.year), 2, "andringar"),
        Heading(t("Nya perioder och ändrade siffror"), 3, "siffror"),
        Paragraph(_compared(site, site.past.figures)),
    ]
    if site.past.figures.comparable:
        made += [*_new_periods(site, items), *_revised(site, items)]
    made += [Heading(t("Ändrade definitioner"), 3, "definitioner"), Paragraph(_compared(site, site.past.definitions))]
    if site.past.definitions.comparable:
        made += [*_ours(site, items), *_of_source(site, items)]
    return [*made, *_breaks(site, items)]


def _compared(site: Site, one: Compared) -> str:
    """What the end of the year is compared with, as a sentence."""
    t, year = site.t, site.year
    if one.oldest is None:
        return t("Inget är sparat från före den här körningen, så det finns inget att jämföra med.")
    if one.since is None:
        return t(
            "Det äldsta som är sparat är från {day}, efter {year}. Vad som ändrades under året går inte att säga.",
            day=one.oldest, year=year,
        )  # fmt: skip
    if one.whole:
        return t("Läget {until} jämfört med läget {since}.", until=one.until, since=one.since)
    start = t("Inget är sparat från före {year}. Det äldsta är från {day}.", year=year, day=one.since)
    if one.several:
        return f"{start} " + t("Läget {until} är jämfört med det.", until=one.until)
    return f"{start} " + t("Inget nyare från {year} är sparat att jämföra med.", year=year)


def _new_periods(site: Site, items: Sequence[Indicator]) -> list[Part]:
    t = site.t
    rows = tuple(
        Row(
            item.title,
            tuple(
                Cell(period_name(one[which], item.period_type, t) if one[which] else "–", words=True)
                for which in ("period_before", "period_now")
            ),
            href=f"indikatorer/{item.indicator}/index.html",
        )
        for item in items
        if (one := site.past.changed.get(item.indicator)) and one["period_now"] != one["period_before"]
    )
    if not rows:
        return [Paragraph(t("Inga nya perioder."))]
    heads = (Head(t("Indikator")), Head(t("Förut")), Head(t("Efter")))
    return [Table(t("Nya perioder för kvinnor och män"), heads, rows, (4, 1.5, 1.5))]


def _revised(site: Site, items: Sequence[Indicator]) -> list[Part]:
    t = site.t
    rows = []
    for item in items:
        one = site.past.changed.get(item.indicator)
        if one is not None and one["cells"]:
            first, last = (period_name(one[which], shaped(one[which]), t) for which in ("first_period", "last_period"))
            cells = (
                Cell(t.number(one["cells"], 0)),
                Cell(first if first == last else f"{first} → {last}", words=True),
                Cell(t.number(one["largest"], item.decimals, signed=True), item.unit_text),
            )
            rows.append(Row(item.title, cells, href=f"indikatorer/{item.indicator}/index.html"))
    if not rows:
        return [Paragraph(t("Inga siffror för länet eller kommunerna är ändrade."))]
    heads = (Head(t("Indikator")), Head(t("Ändrade siffror")), Head(t("Perioder")), Head(t("Största ändring")))
    caption = t("Ändrade siffror för kvinnor och män i länet och kommunerna")
    return [Table(caption, heads, tuple(rows), (4, 1.3, 1.6, 1.6))]


def _ours(site: Site, items: Sequence[Indicator]) -> list[Part]:
    """How our own definitions of the indicators have changed."""
    t = site.t
    titles = {item.indicator: item.title for item in items}
    rows = [
        _row(site, titles[one["id"]], one["field"], one["before"], one["now"], f"indikatorer/{one['id']}/index.html")
        for one in site.past.redefined
        if one["subject"] == "indicator" and one["id"] in titles
    ]
    if not rows:
        return [Paragraph(t("Ingen definition av strategins indikatorer är ändrad."))]
    return [_table(site, t("Ändrade definitioner av indikatorer om kvinnor och män"), t("Indikator"), rows)]


def _of_source(site: Site, items: Sequence[Indicator]) -> list[Part]:
    """What the source has changed in what it says of its tables."""
    t = site.t
    used = {table for item in items for table in item.tables}
    names = {one.table_id: one.source_id or one.table_id for one in site.catalogue.tables}
    rows = [
        _row(site, names.get(one["id"], one["id"]), one["field"], one["before"], one["now"])
        for one in site.past.redefined
        if one["subject"] == "table" and one["id"] in used
    ]
    if not rows:
        return [Paragraph(t("Källans rubriker, noter, enheter och kända brott är oförändrade."))]
    return [_table(site, t("Vad källan har ändrat i beskrivningen av sina tabeller"), t("Tabell"), rows)]


def _row(site: Site, label: str, field: str, before: str | None, now: str | None, href: str | None = None) -> Row:
    t = site.t
    if field == "new":
        return Row(label, (Cell(t("ny"), words=True), Cell("–", words=True), Cell("–", words=True)), href=href)
    if field == "formula":  # a hash tells a reader nothing
        told: tuple[str, str] = ("–", t("ändrad"))
    else:
        told = (_text(site, field, before), _text(site, field, now))
    return Row(label, (Cell(t(FIELDS[field]), words=True), *(Cell(text, words=True) for text in told)), href=href)


def _text(site: Site, field: str, text: str | None) -> str:
    if text is None:
        return "–"
    if field in CODES:
        return site.t(CODES[field].get(text, text))
    cut = text if len(text) <= LONGEST else text[: LONGEST + 1].rpartition(" ")[0] + " …"
    return site.t.quoted(cut)


def _table(site: Site, caption: str, what: str, rows: Sequence[Row]) -> Table:
    t = site.t
    return Table(caption, (Head(what), Head(t("Vad")), Head(t("Förut")), Head(t("Efter"))), tuple(rows), (2, 1, 3, 3))


def _breaks(site: Site, items: Sequence[Indicator]) -> list[Part]:
    """The breaks and new sources in the newest periods of the home region."""
    t = site.t
    rows = [
        Row(
            item.title,
            (
                Cell(period_name(cell.period, item.period_type, t), words=True),
                Cell(views.period_notes(cell._replace(break_what=cell.own_break, preliminary=False), t), words=True),
            ),
            href=f"indikatorer/{item.indicator}/index.html",
        )
        for item in items
        for cell in views.history(site.figures.cells.get(item.indicator, {}).get(site.home, ()))[
            -RECENT.get(item.period_type, 2) :
        ]
        if cell.own_break or cell.new_series
    ]
    made: list[Part] = [
        Heading(t("Brott och byten av källa"), 3, "brott"),
        Paragraph(
            t(
                "I de två senaste perioderna till och med {year}; av månader i de tolv senaste, av kvartal i de fyra.",
                year=site.year,
            ),
            "small",
        ),
    ]
    if not rows:
        return [*made, Paragraph(t("Inga kända brott eller byten av källa."))]
    heads = (Head(t("Indikator")), Head(t("Period")), Head(t("Vad som är nytt")))
    return [*made, Table(t("Brott och byten av källa för kvinnor och män"), heads, tuple(rows), (3, 1, 4))]
