"""Plain sentences made from the warehouse: women, men, the gap, riket, and the development since before.

Every number in a sentence is cited: the analysis row that it was read from, and how it is written. Nothing is computed
here, and no sentence is made where the figures do not carry one: then the reason stands in its place. Women first; no
sex is derived from the other; no cause is named.

A text is Swedish as it stands here; its English, with the same parts, stands in translations/en.po.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from reports.catalogue import SHOWN, Catalogue, Indicator, rows
from reports.web.language import SWEDISH, Language
from reports.wording import in_period, in_place, period_name

Row = Mapping[str, Any]

NO_FIGURE = "ingen samlad siffra för {place}"
# Why there is no development to tell, as a sentence; a reason that is not here is passed over in silence.
NOT_JUDGED = {
    "brott_i_fonster": "Tidigare perioder går inte att jämföra med den senaste.",
    "overlappande_perioder": "Perioderna överlappar varandra, så utvecklingen bedöms inte.",
    "lag_tackning": "Täckningen är för låg för att utvecklingen ska bedömas.",
    "okand_tackning": "Täckningen är inte känd, så utvecklingen bedöms inte.",
}
# What a point in time is called, where it is no year.
BELOW = {
    "election": "; den har varit under 50\u00a0procent i {below} av {points} jämförbara val, sedan {since}",
    "mandate": "; den har varit under 50\u00a0procent i {below} av {points} jämförbara mandatperioder, sedan {since}",
}
BELOW_YEARS = "; den har varit under 50\u00a0procent i {below} av {points} jämförbara år, sedan {since}"
BANDS = {
    "jämn": "en jämn könsfördelning",
    "kvinnodominerad": "en kvinnodominerad grupp",
    "mansdominerad": "en mansdominerad grupp",
}

LONGEST_HEADLINE = 120
"""Four lines of a page's heading; a longer one is said shorter where a shorter form is there."""

# What has moved when a difference shrinks or grows; the trend and the move must say the same for a heading to say it.
SHRINKS = frozenset({"gapet_minskar", "bada_upp_gapet_minskar", "lyft"})
GROWS = frozenset(
    {"gapet_okar", "bada_upp_gapet_okar", "bada_ned_gapet_okar", "forsprang", "efterslapning", "nytt_gap"}
)


# What tells the rows of an analysis from each other; `span` besides for what has moved.
KEYS = {
    "analysis.comparable": ("indicator", "region_code", "category", "period", "series"),
    "analysis.gap": ("indicator", "region_code", "partner_code", "category", "period", "series"),
    "analysis.moved": ("indicator", "region_code", "category"),
}


@dataclass(frozen=True)
class Unit:
    """A number with its unit: of women, of men, of both together, and of the difference."""

    women: str = "{value} för kvinnor"
    men: str = "{value} för män"
    both: str = "{value}"
    gap: str = "{value}"


UNITS = {
    "percent": Unit(
        "{value}\u00a0procent för kvinnor",
        "{value}\u00a0procent för män",
        "{value}\u00a0procent",
        "{value}\u00a0procentenheter",
    ),
    "percentage_points": Unit(
        "{value}\u00a0procentenheter för kvinnor",
        "{value}\u00a0procentenheter för män",
        "{value}\u00a0procentenheter",
        "{value}\u00a0procentenheter",
    ),
    "sek_thousands": Unit(
        "{value}\u00a0tkr för kvinnor", "{value}\u00a0tkr för män", "{value}\u00a0tkr", "{value}\u00a0tkr"
    ),
    "per_1000": Unit(
        "{value} per 1\u00a0000 kvinnor",
        "{value} per 1\u00a0000 män",
        "{value} per 1\u00a0000",
        "{value} per 1\u00a0000",
    ),
    "years": Unit("{value}\u00a0år för kvinnor", "{value}\u00a0år för män", "{value}\u00a0år", "{value}\u00a0år"),
}


@dataclass(frozen=True)
class Total:
    """How the one value that compares the sexes has developed."""

    same: str
    more: str
    less: str


TOTALS = {
    "segregation": Total(
        "indexet är i stort sett detsamma", "indexet har ökat från {start}", "indexet har minskat från {start}"
    ),
    "share": Total(
        "andelen är i stort sett densamma", "andelen har ökat från {start}", "andelen har minskat från {start}"
    ),
    "ratio": Total(
        "kvoten är i stort sett densamma", "kvoten har ökat från {start}", "kvoten har minskat från {start}"
    ),
}


@dataclass(frozen=True)
class Cited:
    """A number of a sentence: the row and column of the warehouse that it was read from, and how it is written.

    `text` is the value without its sign where the words say which way it goes.
    """

    relation: str
    key: Mapping[str, str | None]
    column: str
    value: float
    text: str


@dataclass(frozen=True)
class Headline:
    """The finding in a few words, without place and period, and the numbers in it.

    `lead` is what stands under it on a page: place, period and figures as in the sentence, without its subject.
    """

    text: str
    cells: tuple[Cited, ...]
    lead: str


@dataclass(frozen=True)
class Sentence:
    """One or two sentences of an indicator in a place and the numbers in them; or null and the reason why not.

    `headline` is what stands over it on a page; there is one wherever there is a sentence.
    """

    text: str | None
    cells: tuple[Cited, ...] = ()
    reason: str | None = None
    headline: Headline | None = None


@dataclass(frozen=True)
class Lines:
    """Regions, their rows by region and indicator, and the phrase by which a sentence names each indicator."""

    places: Sequence[Row]
    found: Mapping[tuple[str, str], Sequence[Row]]
    phrases: Mapping[str, str]


def of_region(
    con: duckdb.DuckDBPyConnection, catalogue: Catalogue, region: str, t: Language = SWEDISH
) -> dict[str, Sentence]:
    """The sentence of every indicator in a region, by the indicator's id.

    Args:
        con: the finished warehouse.
        catalogue: what it says of itself, in the language.
        region: the code of a region of reference.region.
        t: the language.
    """
    parts, relations = (_by_indicator(rows(con, query, {"region": region})) for query in (_PARTS, _RELATIONS))
    made = {}
    for writer, item, found in _writers(read(con, [region]), catalogue, t)[region]:
        if item.state not in SHOWN:
            made[item.indicator] = Sentence(None, reason=item.why)
        elif item.indicator in relations:
            made[item.indicator] = writer.relation(relations[item.indicator][0])
        elif item.measure == "decomposition":
            made[item.indicator] = writer.parts(parts.get(item.indicator, []))
        else:
            made[item.indicator] = writer.line(found)
    return made


class Wholes(Mapping[str, Sentence]):
    """The sentences of a region's indicators that have a figure of the whole, each made when it is asked for."""

    def __init__(self, lines: Iterable[tuple["_Writer", Indicator, Sequence[Row]]]) -> None:
        self._lines = {
            item.indicator: (writer, whole)
            for writer, item, found in lines
            if item.state in SHOWN and (whole := [row for row in found if row["category"] == "all"])
        }

    def __getitem__(self, indicator: str) -> Sentence:
        writer, whole = self._lines[indicator]
        return writer.line(whole)

    def __contains__(self, indicator: object) -> bool:
        return indicator in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def tells(self, indicator: str) -> bool:
        """Whether the indicator has a sentence, known without making it."""
        writer, whole = self._lines.get(indicator, (None, ()))
        return writer is not None and any(writer.missing(row) is None for row in whole)


def tells(told: Mapping[str, Sentence], indicator: str) -> bool:
    """Whether the indicator has a sentence, and not only a reason why there is none."""
    if isinstance(told, Wholes):
        return told.tells(indicator)
    return indicator in told and told[indicator].text is not None


def read(con: duckdb.DuckDBPyConnection, regions: Sequence[str], *, wholes: bool = False) -> Lines:
    """What the sentences of these regions (codes of reference.region) are made from, for any language.

    With `wholes` only of the figures of the whole, without those by group.
    """
    named = {"regions": list(regions)}
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows(con, _LINES, named | {"wholes": wholes}):
        found.setdefault((row["region_code"], row["indicator"]), []).append(row)
    return Lines(
        tuple(rows(con, "from reference.region where list_contains($regions, region_code)", named)),
        found,
        {row["indicator"]: row["phrase"] for row in rows(con, "from reference.indicator_phrase")},
    )


def of_wholes(read_: Lines, catalogue: Catalogue, t: Language = SWEDISH) -> dict[str, Wholes]:
    """The sentences of the indicators that have a figure of the whole, by region.

    Args:
        read_: what they are made from.
        catalogue: what the warehouse says of itself, in the language.
        t: the language.
    """
    return {region: Wholes(lines) for region, lines in _writers(read_, catalogue, t).items()}


def _writers(
    read_: Lines, catalogue: Catalogue, t: Language
) -> dict[str, list[tuple["_Writer", Indicator, Sequence[Row]]]]:
    """By region, for each indicator: its writer and its rows."""
    phrases = {indicator: t(phrase) for indicator, phrase in read_.phrases.items()}
    return {
        place["region_code"]: [
            (
                _Writer(catalogue, item, phrases.get(item.indicator), t(place["name"]), place["type"], t),
                item,
                read_.found.get((place["region_code"], item.indicator), ()),
            )
            for item in catalogue.indicators
        ]
        for place in read_.places
    }


def _by_indicator(found: Iterable[Row]) -> dict[str, list[Row]]:
    return {name: list(same) for name, same in groupby(found, key=lambda row: row["indicator"])}


class _Writer:
    """The words of one indicator in one place; `_cells` are the numbers that it has written."""

    def __init__(
        self, catalogue: Catalogue, item: Indicator, phrase: str | None, place: str, kind: str, t: Language
    ) -> None:
        self._reasons, self._item, self._phrase, self._t = catalogue.reasons, item, phrase, t
        self._place = t("riket") if kind == "country" else place
        self._is_country, self._is_county = kind == "country", kind == "county"
        self._unit = UNITS.get(item.unit, Unit())
        self._cells: list[Cited] = []

    def line(self, found: Sequence[Row]) -> Sentence:
        """The sentence of the whole; of what is divided, of the group in which women and men are furthest apart."""
        t = self._t
        if not found:
            return Sentence(None, reason=t(NO_FIGURE, place=self._place))
        whole = [row for row in found if row["category"] == "all"] or found
        told = [row for row in whole if self.missing(row) is None]
        if not told:
            return Sentence(None, reason=self.missing(whole[0]))
        row = max(told, key=lambda one: abs(one["gap"]))
        if self._item.measure == "share" and row["category"] != "all" and row["gap"] == 0:
            title, where = self._item.title, self._at(row["period"])
            return self._sentence(
                t("{title}: könsfördelningen var jämn i alla grupper {where}.", title=title, where=where),
                lambda: t("{title}: könsfördelningen är jämn i alla grupper", title=title),
            )
        level = self._item.measure == "level"
        forms = self._headlines_of_sexes(row) if level else self._headlines_of_all(row)
        lead = self._of_line(row, level, True)
        self._cells = []  # the lead has no others than the sentence
        return self._sentence(self._of_line(row, level, False), *forms, lead=lead)

    def _of_line(self, row: Row, level: bool, lead: bool) -> str:
        first = self._of_sexes(row, lead) if level else self._of_all(row, lead)
        return f"{first} {self._development(row)}".rstrip()

    def relation(self, row: Row) -> Sentence:
        """The sentence of the largest flow from a kommun, or from one of the county's kommuner."""
        t, when = self._t, in_period(row["period"], self._item.period_type, self._t)
        way = t("från {home} till {work}", home=row["home"], work=row["partner"])
        if self._item.measure == "level":
            if self._is_county:
                start = t(
                    "I {place} gick den största pendlingen över kommungräns {way} {when}",
                    place=self._place,
                    way=way,
                    when=when,
                )
            else:
                start = t(
                    "Den största pendlingen från {place} gick till {work} {when}",
                    place=self._place,
                    work=row["partner"],
                    when=when,
                )
            return self._sentence(
                f"{start}: {self._both(row)}.",
                lambda: t("Den största pendlingen går {way}: {figures}", way=way, figures=self._both(row)),
            )
        where = t("i {place}", place=self._place) if self._is_county else t("ut från kommunen")
        return self._sentence(
            t(
                "Av dem som pendlade {way}, den största relationen {where}, var {share} kvinnor {when}.",
                way=way,
                where=where,
                share=self._value(row, "total"),
                when=when,
            ),
            lambda: t(
                "I det största pendlingsflödet, {way}, är {share} kvinnor", way=way, share=self._value(row, "total")
            ),
        )

    def parts(self, found: Sequence[Row]) -> Sentence:
        """The sentence of a gap that is split into parts."""
        t = self._t
        if not found:
            return Sentence(None, reason=t(NO_FIGURE, place=self._place))
        if any(row["total"] is None for row in found):
            return Sentence(None, reason=self._words(found[0]["reason"]))
        joint = t("och")
        listed = f" {joint} ".join(
            f"{t(row['category_label'])} {self._value(row, 'total', signed=True)}" for row in found
        )
        where = self._at(found[0]["period"])
        if any(row["total"] < 0 for row in found):
            sign = t("Minus betyder att kvinnors värde är lägre än mäns.")
        else:
            sign = t("Plus betyder att kvinnors värde är högre än mäns.")
        what = self._phrase or self._item.title
        largest = max(found, key=lambda row: abs(row["total"]))
        return self._sentence(
            t("{what} {where} kan delas upp så: {parts}. {sign}", what=what, where=where, parts=listed, sign=sign),
            lambda: t(
                "Den största delen av {what} kommer från {part}: {value}",
                what=inside(what),
                part=_bare(t(largest["category_label"])),
                value=self._value(largest, "total", signed=True),
            ),
        )

    # --- The heading: the same figures in present tense, without place, period and riket

    def _headlines_of_sexes(self, row: Row) -> Sequence[Callable[[], str]]:
        """How women's value stands to men's, from the fullest form to the shortest."""
        t, what, whole = self._t, _bare(self._phrase or self._item.title), row["category"] == "all"
        if row["margin_gap"] is not None and abs(row["gap"]) <= row["margin_gap"]:
            return (lambda: t("{what}: skillnaden mellan kvinnor och män är inte statistiskt säkerställd", what=what),)
        if abs(row["gap"]) <= row["tau_gap"]:
            neuter, same = what.split(" ")[0].endswith("t"), row["women"] == row["men"]
            if same:
                how = t("lika högt") if neuter else t("lika hög")
            else:
                how = t("ungefär lika högt") if neuter else t("ungefär lika hög")
            if whole:
                return (lambda: t("{what} är {how} för kvinnor och män", what=what, how=how),)
            return (
                lambda: t(
                    "{what} är {how} för kvinnor och män även i gruppen där det skiljer mest", what=what, how=how
                ),
            )
        turn = self._turn(row)
        if whole:
            return (
                *(
                    (lambda: t("{what} är {apart}, och {turn}", what=what, apart=self._apart(row), turn=turn),)
                    if turn
                    else ()
                ),
                lambda: t("{what} är {apart}", what=what, apart=self._apart(row)),
                lambda: t("{what} är {way} för kvinnor än för män", what=what, way=self._way(row)),
            )
        group, label = self._group(row), inside(t(row["category_label"]))
        return (
            lambda: t("{what} skiljer sig mest {group}: {apart}", what=what, group=group, apart=self._apart(row)),
            lambda: f"{what}, {label}: {self._apart(row)}",
            lambda: t("{what} skiljer sig mest {group}", what=what, group=group),  # the lead has the number
            lambda: t("Störst skillnad {group}: {apart}", group=group, apart=self._apart(row)),
        )

    def _headlines_of_all(self, row: Row) -> Sequence[Callable[[], str]]:
        """The one value of a share or an index, from the fullest form to the shortest."""
        t, what = self._t, _bare(self._phrase or self._item.title)

        def told(text: str, **more: str) -> Callable[[], str]:
            return lambda: t(text, **more, value=self._value(row, "total"))

        if self._item.measure == "segregation":
            return (told("{what} är {value}, där 0 är lika och 100 helt åtskilda", what=what),)
        if not self._item.is_share_of_women:
            return (told("{what} är {value}, där 1 är lika", what=what),)
        if row["category"] != "all":
            group = self._group(row)
            return (
                told("{what} ligger längst från jämn könsfördelning {group}: {value}", what=what, group=group),
                told("Längst från jämn könsfördelning {group}: {value} kvinnor", group=group),
            )
        if row["band"]:
            return (told("{what} är {value}, {band}", what=what, band=t(BANDS[row["band"]])),)
        return (told("{what} är {value}", what=what),)

    def _apart(self, row: Row) -> str:
        """`4,9 procentenheter lägre för kvinnor än för män`; both values where the unit makes no such sentence."""
        if row["gap_kind"] == "percent_of_men" or row["unit"] in ("percent", "percentage_points", "years"):
            size = self._size(row, "gap")
            return self._t("{size} {way} för kvinnor än för män", size=size, way=self._way(row))
        return self._both(row)

    def _way(self, row: Row) -> str:
        if row["unit"] == "years":
            return self._t("kortare") if row["gap"] < 0 else self._t("längre")
        return self._t("lägre") if row["gap"] < 0 else self._t("högre")

    def _turn(self, row: Row) -> str | None:
        """How the difference develops, where the trend has a verdict and who moved says the same."""
        t, moved = self._t, row["five_points"] or {"code": None}
        # Of amounts in current prices the trend follows women's value as per cent of men's.
        relative = row["gap_kind"] == "percent_of_men"
        if row["gap_verdict"] in ("gapet_okar", "forsamras"):
            grows = t("den relativa skillnaden ökar") if relative else t("skillnaden ökar")
            return grows if moved["code"] in GROWS else None
        if row["gap_verdict"] not in ("gapet_minskar", "forbattras"):
            return None
        if moved["code"] == "bada_ned_gapet_minskar":
            return t("skillnaden minskar medan båda försämras")
        if moved["code"] == "nedatutjamning":  # of those ahead: the higher, or the lower where lower is better
            if (moved["gap_first"] > 0) == (row["polarity"] == "higher"):
                return t("skillnaden minskar för att kvinnors nivå försämras")
            return t("skillnaden minskar för att mäns nivå försämras")
        shrinks = t("den relativa skillnaden minskar") if relative else t("skillnaden minskar")
        return shrinks if moved["code"] in SHRINKS else None

    def _both(self, row: Row) -> str:
        """Women's value and men's."""
        if row["unit"] == "persons" and row["women"] >= 0 and row["men"] >= 0:
            women, men = self._persons(row, "women"), self._persons(row, "men")
        else:
            women = self._t(self._unit.women, value=self._number(row, "women"))
            men = self._t(self._unit.men, value=self._number(row, "men"))
        return self._t("{women} och {men}", women=women, men=men)

    # --- The first sentence

    def _of_sexes(self, row: Row, lead: bool) -> str:
        """Women and men, how far apart they are, and riket's gap."""
        t = self._t
        if row["women"] == row["men"]:
            both = {self._number(row, sex) for sex in ("women", "men")}
            pair, gap = t("{value} för både kvinnor och män", value=t(self._unit.both, value=both.pop())), ""
        else:
            pair, gap = self._both(row), self._gap(row)
        if lead:
            return self._led(row, "{where} skilde det mest mellan kvinnor och män {group}", f"{pair}{gap}")
        if row["category"] == "all":
            return self._told(row, t("var"), pair, gap)
        group = self._group(row)
        return self._told(row, t("skilde sig mest mellan kvinnor och män {group}:", group=group), pair, gap)

    def _of_all(self, row: Row, lead: bool) -> str:
        """The one value of a share of women or of an index, and riket's."""
        t, value, country = self._t, self._value(row, "total"), ""
        if row["country_total"] is not None and not self._is_country:
            country = t(" (i riket {value})", value=self._number(row, "total", of_country=True))
        more = f"{country}, {t(BANDS[row['band']])}" if row["band"] else country
        if lead:
            return self._led(row, "{where} var det längst till jämn könsfördelning {group}", f"{value}{more}")
        if row["category"] == "all":
            return self._told(row, t("var"), value, more)
        group = self._group(row)
        return self._told(row, t("låg längst från jämn könsfördelning {group}:", group=group), value, more)

    def _at(self, period: str) -> str:
        """Place and period inside a sentence: `i Västmanlands län 2024`."""
        return f"{in_place(self._place, self._t)} {in_period(period, self._item.period_type, self._t)}"

    def _where(self, row: Row) -> str:
        where = self._at(row["period"])
        return self._t("{where} enligt preliminära uppgifter", where=where) if row["is_preliminary"] else where

    def _led(self, row: Row, told: str, figures: str) -> str:
        """Place, period and figures under a heading that says of what; `told` is said of a group."""
        where = self._where(row)
        where = f"{where[:1].upper()}{where[1:]}"
        if row["category"] != "all":
            where = self._t(told, where=where, group=self._group(row))
        return f"{where}: {figures}."

    def _told(self, row: Row, verb: str, figures: str, more: str) -> str:
        where = self._where(row)
        if self._phrase is not None:
            return f"{self._phrase} {verb} {figures} {where}{more}."
        group = "" if row["category"] == "all" else f", {self._t(row['category_label'])}"
        return f"{self._item.title}{group}, {where}: {figures}{more}."

    def _gap(self, row: Row) -> str:
        """How far apart women and men are: `, en skillnad på 4,9 procentenheter (i riket 4,1)`."""
        t, country = self._t, ""
        if row["margin_gap"] is not None and abs(row["gap"]) <= row["margin_gap"]:
            return t(", en skillnad som inte är statistiskt säkerställd")
        if abs(row["gap"]) <= row["tau_gap"]:
            return t(", alltså ungefär lika")
        size = self._size(row, "gap")
        if row["country_gap"] is not None and row["unit"] != "persons" and not self._is_country:
            country = t(" (i riket {value})", value=self._gap_of_country(row))
        if row["gap_kind"] != "percent_of_men":
            told = t(", en skillnad på {size}", size=size)
        elif row["gap"] < 0:
            told = t(", alltså {size} lägre för kvinnor än för män", size=size)
        else:
            told = t(", alltså {size} högre för kvinnor än för män", size=size)
        return f"{told}{country}"

    def _gap_of_country(self, row: Row) -> str:
        if abs(row["country_gap"]) <= row["tau_gap"]:
            return self._t("ungefär lika")
        number = self._number(row, "gap", of_country=True)
        same = (row["country_gap"] < 0) == (row["gap"] < 0)
        return number if same else self._t("{value} åt andra hållet", value=number)

    def _persons(self, row: Row, sex: str) -> str:
        t = self._t
        one, many = (t("kvinna"), t("kvinnor")) if sex == "women" else (t("man"), t("män"))
        return f"{self._number(row, sex)} {one if row[sex] == 1 else many}"

    # --- The second sentence

    def _development(self, row: Row) -> str:
        """What has happened since the first of five comparable periods, or since the one before."""
        for span in ("five_points", "previous"):
            moved = row[span]
            if moved is not None and moved["reason"] is None:
                break
        else:
            why = NOT_JUDGED.get((row["previous"] or {}).get("reason") or "")
            return self._t(why) if why else ""
        t = self._t
        start = t("Utvecklingen sedan {since}", since=period_name(moved["first_period"], self._item.period_type, t))
        if self._item.measure != "level":
            return f"{start}: {self._moved_total(row, moved, span)}{self._one_side(row)}."
        told = inside(t(moved["text"]))
        if moved["code"] != "oforandrat" and abs(moved["gap_first"]) > moved["tau"]:
            size = self._size(row, "gap_first", span)
            if row["gap_kind"] != "percent_of_men":
                start += t(", då skillnaden var {size}", size=size)
            elif moved["gap_first"] < 0:
                start += t(", då kvinnors värde var {size} lägre än mäns", size=size)
            else:
                start += t(", då kvinnors värde var {size} högre än mäns", size=size)
        return f"{start}: {told}."

    def _moved_total(self, row: Row, moved: Row, span: str) -> str:
        if self._item.measure == "segregation":
            what = TOTALS["segregation"]
        else:
            what = TOTALS["share" if self._item.is_share_of_women else "ratio"]
        if moved["code"] == "oforandrat":
            return self._t(what.same)
        start = self._t(self._unit.both, value=self._number(row, "total_first", span=span))
        return self._t(what.more if moved["total_last"] > moved["total_first"] else what.less, start=start)

    def _one_side(self, row: Row) -> str:
        """That an even share has been on one side of the middle all the time."""
        below, points = row["years_below_50"], row["years_in_window"]
        if row["band"] != "jämn" or below not in (0, points):
            return ""
        below, points = (self._number(row, name, decimals=0) for name in ("years_below_50", "years_in_window"))
        counted = BELOW.get(self._item.period_type, BELOW_YEARS)
        since = period_name(row["first_in_window"], self._item.period_type, self._t)
        return self._t(counted, below=below, points=points, since=since)

    # --- Words and numbers

    def _number(
        self,
        row: Row,
        column: str,
        *,
        signed: bool = False,
        of_country: bool = False,
        span: str | None = None,
        decimals: int | None = None,
    ) -> str:
        """The number as it is written; its cell is cited. A gap has no sign: the words say which way it goes."""
        relation = "analysis.comparable" if "gap" in row else "analysis.gap"
        key = {name: row[name] for name in KEYS[relation]}
        value = row[column] if span is None else row[span][column]
        if of_country:
            key["region_code"], value = row["country_code"], row[f"country_{column}"]
        if span is not None:
            relation = "analysis.moved"
            key = {name: row[name] for name in KEYS[relation]} | {"span": span}
        is_gap = column.startswith("gap")
        # Women's value as per cent of men's is a percentage, whatever the unit of the values.
        if decimals is None:
            decimals = 1 if is_gap and row["gap_kind"] == "percent_of_men" else self._item.decimals
        text = self._t.number(abs(value) if is_gap else value, decimals, signed=signed)
        self._cells.append(Cited(relation, key, column, value, text))
        return text

    def _value(self, row: Row, column: str, *, signed: bool = False) -> str:
        """The number with its unit."""
        return self._t(self._unit.both, value=self._number(row, column, signed=signed))

    def _size(self, row: Row, column: str, span: str | None = None) -> str:
        """How large a gap is: in percentage points or kronor, or in per cent of men's value."""
        unit = UNITS["percent"].both if row["gap_kind"] == "percent_of_men" else self._unit.gap
        return self._t(unit, value=self._number(row, column, span=span))

    def _group(self, row: Row) -> str:
        """A category inside a sentence: `i åldern 25–54 år`, `för utrikes födda`."""
        label = self._t(row["category_label"])
        if label[:1].isdigit():
            return self._t("i åldern {age}", age=label)
        return self._t("för {group}", group=inside(label))

    def _sentence(self, text: str, *headlines: Callable[[], str], lead: str | None = None) -> Sentence:
        """The sentence with the first heading that is short enough, or the last."""
        cells, heading = tuple(self._cells), ""
        for write in headlines:
            self._cells = []
            heading = write()
            if len(heading) <= LONGEST_HEADLINE:
                break
        return Sentence(text, cells, headline=Headline(heading, tuple(self._cells), lead or text))

    def missing(self, row: Row) -> str | None:
        """Why a row carries no sentence; null when it does."""
        if row["gap"] is None:
            return self._words(row["reason"])
        if row["small_base"]:
            return self._words("litet_underlag")
        return None

    def _words(self, codes: str | None) -> str:
        """Reason codes in a reader's words."""
        return "; ".join(self._reasons.get(code, code) for code in (codes or "saknas_i_kallan").split())


def _bare(words: str) -> str:
    """The words without what stands in brackets."""
    return re.sub(r" \([^)]*\)", "", words)


def inside(words: str) -> str:
    """A phrase inside a sentence: it begins small, unless its first word is one of capitals."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


_LABELS = """
category_label as (
    select indicator, dimension || ':' || code as category, any_value(label) as label, min(sort) as sort
    from reference.indicator_dimension
    group by all
)
"""

# The latest comparable period, what riket has for it, and what has moved: one row per indicator and category.
_LINES = f"""
with {_LABELS},
country as (
    select c.* from analysis.comparable as c where c.region_type = 'country'
),
moved as (
    select
        indicator, region_code, category, span,
        struct_pack(first_period, total_first, total_last, gap_first, tau, code, text, reason) as told
    from analysis.moved
    where list_contains($regions, region_code)
)
select
    c.indicator, c.measure, c.unit, c.polarity, c.region_code, c.category, c.series, c.period, c.women, c.men,
    c.total, c.gap, c.gap_kind, c.tau_gap, c.margin_gap, c.reason, c.is_preliminary, g.band,
    c.small_base, c.years_below_50, c.years_in_window, c.first_in_window,
    n.region_code as country_code, n.gap as country_gap, n.total as country_total,
    five.told as five_points, previous.told as previous, v.verdict as gap_verdict,
    l.label as category_label
from analysis.comparable as c
left join analysis.gap as g
    on g.indicator = c.indicator and g.region_code = c.region_code and g.partner_code is null
    and g.category = c.category and g.period = c.period and g.series is not distinct from c.series
left join country as n
    on n.indicator = c.indicator and n.category = c.category and n.period = c.period
    and n.series is not distinct from c.series
left join moved as five
    on five.indicator = c.indicator and five.region_code = c.region_code and five.category = c.category
        and five.span = 'five_points'
left join moved as previous
    on previous.indicator = c.indicator and previous.region_code = c.region_code and previous.category = c.category
        and previous.span = 'previous'
left join category_label as l on l.indicator = c.indicator and l.category = c.category
left join analysis.trend as v
    on v.indicator = c.indicator and v.region_code = c.region_code and v.category = c.category and v.subject = 'gap'
    and v.last_period = c.period
where list_contains($regions, c.region_code) and c.back = 0
    -- A group without a name, and what is not known, is nothing to tell of.
    and (c.category = 'all' or (not $wholes and l.label not ilike '%okän%'))
order by c.indicator, c.category != 'all', l.sort nulls last, c.category
"""

# The parts of a gap in the latest period.
_PARTS = f"""
with {_LABELS},
ordered_period as (select period, min(sort) as sort from reference.period group by period)
select
    g.indicator, g.region_code, g.partner_code, g.category, g.series, g.period, g.total, g.reason,
    coalesce(l.label, g.category) as category_label
from analysis.gap as g
join reference.indicator as i using (indicator)
join ordered_period as p using (period)
left join category_label as l on l.indicator = g.indicator and l.category = g.category
where i.measure = 'decomposition' and g.region_code = $region
qualify p.sort = max(p.sort) over (partition by g.indicator)
order by g.indicator, l.sort, g.category
"""

# The largest flow out of the kommun, or out of the county's kommuner, in the latest period. Only where all flows out of
# the kommun are fetched is one of them the largest.
_RELATIONS = """
with ordered_period as (select period, min(sort) as sort from reference.period group by period)
select
    g.indicator, i.unit, g.region_code, g.partner_code, g.category, g.series, g.period, g.women, g.men, g.total,
    r.name as home, t.name as partner
from analysis.gap as g
join reference.indicator as i using (indicator)
join ordered_period as p using (period)
join reference.region as r on r.region_code = g.region_code
join reference.region as t on t.region_code = g.partner_code
join provenance.run as w on w.scope = 'national' or r.county_code = w.home_region
where g.partner_code <> g.region_code and (r.region_code = $region or r.county_code = $region) and g.category = 'all'
    and (case when i.measure = 'level' then g.women is not null and g.men is not null else g.total is not null end)
qualify row_number() over (
    partition by g.indicator
    order by p.sort desc, coalesce(g.total_base, g.total, greatest(g.women, g.men)) desc, g.region_code, g.partner_code
) = 1
order by g.indicator
"""
