"""Plain Swedish sentences made from the warehouse: women, men, the gap, riket, and the development since before.

Every number in a sentence is cited: the analysis row that it was read from, and how it is written. Nothing is computed
here, and no sentence is made where the figures do not carry one: then the reason stands in its place. Women first; no
sex is derived from the other; no cause is named.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from reports.catalogue import SHOWN, Catalogue, Indicator, rows
from reports.wording import in_period, in_place, period_name, swedish

Row = Mapping[str, Any]

LEAST_BASE = 30
"""A percentage of fewer persons than this says nothing of its own (reference/method.md, section 2.1)."""

NO_FIGURE = "ingen samlad siffra för {}"
# Why there is no development to tell, as a sentence; a reason that is not here is passed over in silence.
NOT_JUDGED = {
    "brott_i_fonster": "Tidigare perioder går inte att jämföra med den senaste.",
    "overlappande_perioder": "Perioderna överlappar varandra, så utvecklingen bedöms inte.",
    "lag_tackning": "Täckningen är okänd eller för låg för att utvecklingen ska bedömas.",
}
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
    """What follows a number: of women, of men, of both together, and of the difference."""

    women: str = " för kvinnor"
    men: str = " för män"
    both: str = ""
    gap: str = ""


UNITS = {
    "percent": Unit("\u00a0procent för kvinnor", "\u00a0procent för män", "\u00a0procent", "\u00a0procentenheter"),
    "percentage_points": Unit(
        "\u00a0procentenheter för kvinnor",
        "\u00a0procentenheter för män",
        "\u00a0procentenheter",
        "\u00a0procentenheter",
    ),
    "sek_thousands": Unit("\u00a0tkr för kvinnor", "\u00a0tkr för män", "\u00a0tkr", "\u00a0tkr"),
    "per_1000": Unit(" per 1\u00a0000 kvinnor", " per 1\u00a0000 män", " per 1\u00a0000", " per 1\u00a0000"),
    "years": Unit("\u00a0år för kvinnor", "\u00a0år för män", "\u00a0år", "\u00a0år"),
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


def of_region(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, region: str) -> dict[str, Sentence]:
    """The sentence of every indicator in a region, by the indicator's id.

    Args:
        con: the finished warehouse.
        catalogue: what it says of itself.
        region: the code of a region of reference.region.
    """
    place = rows(con, "select name, type from reference.region where region_code = $region", {"region": region})[0]
    lines, parts, relations = (
        _by_indicator(rows(con, query, {"region": region})) for query in (_LINES, _PARTS, _RELATIONS)
    )
    phrases = {row["indicator"]: row["phrase"] for row in rows(con, "select * from reference.indicator_phrase")}
    made = {}
    for item in catalogue.indicators:
        writer = _Writer(catalogue, item, phrases.get(item.indicator), place["name"], place["type"])
        if item.state not in SHOWN:
            made[item.indicator] = Sentence(None, reason=item.why)
        elif item.indicator in relations:
            made[item.indicator] = writer.relation(relations[item.indicator][0])
        elif item.measure == "decomposition":
            made[item.indicator] = writer.parts(parts.get(item.indicator, []))
        else:
            made[item.indicator] = writer.line(lines.get(item.indicator, []))
    return made


def _by_indicator(found: Iterable[Row]) -> dict[str, list[Row]]:
    return {name: list(same) for name, same in groupby(found, key=lambda row: row["indicator"])}


class _Writer:
    """The words of one indicator in one place; `_cells` are the numbers that it has written."""

    def __init__(self, catalogue: Catalogue, item: Indicator, phrase: str | None, place: str, kind: str) -> None:
        self._reasons, self._item, self._phrase = catalogue.reasons, item, phrase
        self._place = "riket" if kind == "country" else place
        self._is_country, self._is_county = kind == "country", kind == "county"
        self._unit = UNITS.get(item.unit, Unit())
        self._cells: list[Cited] = []

    def line(self, found: Sequence[Row]) -> Sentence:
        """The sentence of the whole; of what is divided, of the group in which women and men are furthest apart."""
        if not found:
            return Sentence(None, reason=NO_FIGURE.format(self._place))
        whole = [row for row in found if row["category"] == "all"] or found
        told = [row for row in whole if self._missing(row) is None]
        if not told:
            return Sentence(None, reason=self._missing(whole[0]))
        row = max(told, key=lambda one: abs(one["gap"]))
        if self._item.measure == "share" and row["category"] != "all" and row["gap"] == 0:
            where = f"{in_place(self._place)} {in_period(row['period'], self._item.period_type)}"
            return self._sentence(
                f"{self._item.title}: könsfördelningen var jämn i alla grupper {where}.",
                lambda: f"{self._item.title}: könsfördelningen är jämn i alla grupper",
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
        when, way = in_period(row["period"], self._item.period_type), f"från {row['home']} till {row['partner']}"
        if self._item.measure == "level":
            flow = f"den största pendlingen över kommungräns {way}"
            if self._is_county:
                start = f"I {self._place} gick {flow}"
            else:
                start = f"Den största pendlingen från {self._place} gick till {row['partner']}"
            return self._sentence(
                f"{start} {when}: {self._persons(row, 'women')} och {self._persons(row, 'men')}.",
                lambda: (
                    f"Den största pendlingen går {way}: {self._persons(row, 'women')} och {self._persons(row, 'men')}"
                ),
            )
        where = f"i {self._place}" if self._is_county else "ut från kommunen"
        share = self._number(row, "total")
        return self._sentence(
            f"Av dem som pendlade {way}, den största relationen {where}, var {share}{self._unit.both} kvinnor {when}.",
            lambda: f"I det största pendlingsflödet, {way}, är {self._number(row, 'total')}{self._unit.both} kvinnor",
        )

    def parts(self, found: Sequence[Row]) -> Sentence:
        """The sentence of a gap that is split into parts."""
        if not found:
            return Sentence(None, reason=NO_FIGURE.format(self._place))
        if any(row["total"] is None for row in found):
            return Sentence(None, reason=self._words(found[0]["reason"]))
        listed = " och ".join(
            f"{row['category_label']} {self._number(row, 'total', signed=True)}{self._unit.both}" for row in found
        )
        where = f"{in_place(self._place)} {in_period(found[0]['period'], self._item.period_type)}"
        lower = any(row["total"] < 0 for row in found)
        sign = "Minus betyder att kvinnors värde är lägre" if lower else "Plus betyder att kvinnors värde är högre"
        what = self._phrase or self._item.title
        largest = max(found, key=lambda row: abs(row["total"]))
        return self._sentence(
            f"{what} {where} kan delas upp så: {listed}. {sign} än mäns.",
            lambda: (
                f"Den största delen av {_inside(what)} är {_bare(largest['category_label'])}: "
                f"{self._number(largest, 'total', signed=True)}{self._unit.both}"
            ),
        )

    # --- The heading: the same figures in present tense, without place, period and riket

    def _headlines_of_sexes(self, row: Row) -> Sequence[Callable[[], str]]:
        """How women's value stands to men's, from the fullest form to the shortest."""
        what, whole = _bare(self._phrase or self._item.title), row["category"] == "all"
        if abs(row["gap"]) <= row["tau_gap"]:
            near = "" if row["women"] == row["men"] else "ungefär "
            high = "högt" if what.split(" ")[0].endswith("t") else "hög"
            groups = "" if whole else " även i gruppen där det skiljer mest"
            return (lambda: f"{what} är {near}lika {high} för kvinnor och män{groups}",)
        if row["margin_gap"] is not None and abs(row["gap"]) <= row["margin_gap"]:
            return (lambda: f"{what}: skillnaden mellan kvinnor och män är inte statistiskt säkerställd",)
        turn = self._turn(row)
        if whole:
            return (
                *((lambda: f"{what} är {self._apart(row)}, och {turn}",) if turn else ()),
                lambda: f"{what} är {self._apart(row)}",
                lambda: f"{what} är {self._way(row)} för kvinnor än för män",
            )
        return (
            lambda: f"{what} skiljer sig mest {_group(row)}: {self._apart(row)}",
            lambda: f"{what}, {_inside(row['category_label'])}: {self._apart(row)}",
            lambda: f"Störst skillnad {_group(row)}: {self._apart(row)}",
        )

    def _headlines_of_all(self, row: Row) -> Sequence[Callable[[], str]]:
        """The one value of a share or an index, from the fullest form to the shortest."""
        what, both = _bare(self._phrase or self._item.title), self._unit.both
        if self._item.measure == "segregation":
            return (lambda: f"{what} är {self._number(row, 'total')}{both}, där 0 är lika och 100 helt åtskilda",)
        if not self._item.is_share_of_women:
            return (lambda: f"{what} är {self._number(row, 'total')}{both}, där 1 är lika",)
        if row["category"] != "all":
            return (
                lambda: (
                    f"{what} ligger längst från jämn könsfördelning {_group(row)}: {self._number(row, 'total')}{both}"
                ),
                lambda: f"Längst från jämn könsfördelning {_group(row)}: {self._number(row, 'total')}{both} kvinnor",
            )
        band = f", {BANDS[row['band']]}" if row["band"] else ""
        return (lambda: f"{what} är {self._number(row, 'total')}{both}{band}",)

    def _apart(self, row: Row) -> str:
        """`4,9 procentenheter lägre för kvinnor än för män`; both values where the unit makes no such sentence."""
        if row["gap_kind"] == "percent_of_men":
            return f"{self._number(row, 'gap')}\u00a0procent {self._way(row)} för kvinnor än för män"
        if row["unit"] in ("percent", "percentage_points", "years"):
            return f"{self._number(row, 'gap')}{self._unit.gap} {self._way(row)} för kvinnor än för män"
        return self._both(row)

    def _way(self, row: Row) -> str:
        lower, higher = ("kortare", "längre") if row["unit"] == "years" else ("lägre", "högre")
        return lower if row["gap"] < 0 else higher

    def _turn(self, row: Row) -> str | None:
        """How the difference develops, where the trend has a verdict and who moved says the same."""
        moved = row["five_points"] or {"code": None}
        if row["gap_verdict"] in ("gapet_okar", "forsamras"):
            return "skillnaden ökar" if moved["code"] in GROWS else None
        if row["gap_verdict"] not in ("gapet_minskar", "forbattras"):
            return None
        if moved["code"] == "bada_ned_gapet_minskar":
            return "skillnaden minskar medan båda försämras"
        if moved["code"] == "nedatutjamning":  # of those ahead: the higher, or the lower where lower is better
            ahead = "kvinnors" if (moved["gap_first"] > 0) == (row["polarity"] == "higher") else "mäns"
            return f"skillnaden minskar för att {ahead} nivå försämras"
        return "skillnaden minskar" if moved["code"] in SHRINKS else None

    def _both(self, row: Row) -> str:
        """Women's value and men's."""
        if row["unit"] == "persons" and row["women"] >= 0 and row["men"] >= 0:
            return f"{self._persons(row, 'women')} och {self._persons(row, 'men')}"
        return f"{self._number(row, 'women')}{self._unit.women} och {self._number(row, 'men')}{self._unit.men}"

    # --- The first sentence

    def _of_sexes(self, row: Row, lead: bool) -> str:
        """Women and men, how far apart they are, and riket's gap."""
        if row["women"] == row["men"]:
            both = {self._number(row, sex) for sex in ("women", "men")}
            pair, gap = f"{both.pop()}{self._unit.both} för både kvinnor och män", ""
        else:
            pair, gap = self._both(row), self._gap(row)
        verb = "var" if row["category"] == "all" else f"skilde sig mest mellan kvinnor och män {_group(row)}:"
        if lead:
            return self._led(row, "skilde det mest mellan kvinnor och män", f"{pair}{gap}")
        return self._told(row, verb, pair, gap)

    def _of_all(self, row: Row, lead: bool) -> str:
        """The one value of a share of women or of an index, and riket's."""
        value, country = f"{self._number(row, 'total')}{self._unit.both}", ""
        if row["country_total"] is not None and not self._is_country:
            country = f" (i riket {self._number(row, 'total', of_country=True)})"
        verb = "var" if row["category"] == "all" else f"låg längst från jämn könsfördelning {_group(row)}:"
        more = f"{country}, {BANDS[row['band']]}" if row["band"] else country
        if lead:
            return self._led(row, "var det längst till jämn könsfördelning", f"{value}{more}")
        return self._told(row, verb, value, more)

    def _where(self, row: Row) -> str:
        where = f"{in_place(self._place)} {in_period(row['period'], self._item.period_type)}"
        return f"{where} enligt preliminära uppgifter" if row["is_preliminary"] else where

    def _led(self, row: Row, verb: str, figures: str) -> str:
        """Place, period and figures under a heading that says of what."""
        where = self._where(row)
        return (
            f"{where[:1].upper()}{where[1:]}{'' if row['category'] == 'all' else f' {verb} {_group(row)}'}: {figures}."
        )

    def _told(self, row: Row, verb: str, figures: str, more: str) -> str:
        where = self._where(row)
        if self._phrase is not None:
            return f"{self._phrase} {verb} {figures} {where}{more}."
        group = "" if row["category"] == "all" else f", {row['category_label']}"
        return f"{self._item.title}{group}, {where}: {figures}{more}."

    def _gap(self, row: Row) -> str:
        """How far apart women and men are: `, en skillnad på 4,9 procentenheter (i riket 4,1)`."""
        if abs(row["gap"]) <= row["tau_gap"]:
            return ", alltså ungefär lika"
        if row["margin_gap"] is not None and abs(row["gap"]) <= row["margin_gap"]:
            return ", en skillnad som inte är statistiskt säkerställd"
        number, country = self._number(row, "gap"), ""
        if row["country_gap"] is not None and row["unit"] != "persons" and not self._is_country:
            country = f" (i riket {self._gap_of_country(row)})"
        if row["gap_kind"] == "percent_of_men":
            way = "lägre" if row["gap"] < 0 else "högre"
            return f", alltså {number}\u00a0procent {way} för kvinnor än för män{country}"
        return f", en skillnad på {number}{self._unit.gap}{country}"

    def _gap_of_country(self, row: Row) -> str:
        if abs(row["country_gap"]) <= row["tau_gap"]:
            return "ungefär lika"
        same = (row["country_gap"] < 0) == (row["gap"] < 0)
        return self._number(row, "gap", of_country=True) + ("" if same else " åt andra hållet")

    def _persons(self, row: Row, sex: str) -> str:
        one, many = ("kvinna", "kvinnor") if sex == "women" else ("man", "män")
        return f"{self._number(row, sex)} {one if row[sex] == 1 else many}"

    # --- The second sentence

    def _development(self, row: Row) -> str:
        """What has happened since the first of five comparable periods, or since the one before."""
        for span in ("five_points", "previous"):
            moved = row[span]
            if moved is not None and moved["reason"] is None:
                break
        else:
            return NOT_JUDGED.get((row["previous"] or {}).get("reason") or "", "")
        since = period_name(moved["first_period"], self._item.period_type)
        start = f"Utvecklingen sedan {since}"
        if self._item.measure != "level":
            return f"{start}: {self._moved_total(row, moved, span)}."
        told = moved["text"][:1].lower() + moved["text"][1:]
        if moved["code"] == "oforandrat" or abs(moved["gap_first"]) <= moved["tau"]:
            return f"{start}: {told}."
        number = self._number(row, "gap_first", span=span)
        if row["gap_kind"] == "percent_of_men":
            way = "lägre" if moved["gap_first"] < 0 else "högre"
            return f"{start}, då kvinnors värde var {number}\u00a0procent {way} än mäns: {told}."
        return f"{start}, då skillnaden var {number}{self._unit.gap}: {told}."

    def _moved_total(self, row: Row, moved: Row, span: str) -> str:
        if self._item.measure == "segregation":
            what, same = "indexet", "detsamma"
        else:
            what, same = "andelen" if self._item.is_share_of_women else "kvoten", "densamma"
        if moved["code"] == "oforandrat":
            return f"{what} är i stort sett {same}"
        way = "ökat" if moved["total_last"] > moved["total_first"] else "minskat"
        return f"{what} har {way} från {self._number(row, 'total_first', span=span)}{self._unit.both}"

    # --- Words and numbers

    def _number(
        self, row: Row, column: str, *, signed: bool = False, of_country: bool = False, span: str | None = None
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
        decimals = 1 if is_gap and row["gap_kind"] == "percent_of_men" else self._item.decimals
        text = swedish(abs(value) if is_gap else value, decimals, signed=signed)
        self._cells.append(Cited(relation, key, column, value, text))
        return text

    def _sentence(self, text: str, *headlines: Callable[[], str], lead: str | None = None) -> Sentence:
        """The sentence with the first heading that is short enough, or the last."""
        cells, heading = tuple(self._cells), ""
        for write in headlines:
            self._cells = []
            heading = write()
            if len(heading) <= LONGEST_HEADLINE:
                break
        return Sentence(text, cells, headline=Headline(heading, tuple(self._cells), lead or text))

    def _missing(self, row: Row) -> str | None:
        """Why a row carries no sentence; null when it does."""
        if row["gap"] is None:
            return self._words(row["reason"])
        is_rate = row["unit"] in ("percent", "per_1000") or (row["unit"] == "ratio" and row["measure"] == "level")
        if is_rate and row["base"] is not None and row["base"] < LEAST_BASE:
            return self._words("litet_underlag")
        return None

    def _words(self, codes: str | None) -> str:
        """Reason codes in a reader's words."""
        return "; ".join(self._reasons.get(code, code) for code in (codes or "saknas_i_kallan").split())


def _bare(words: str) -> str:
    """The words without what stands in brackets."""
    return re.sub(r" \([^)]*\)", "", words)


def _inside(words: str) -> str:
    """A phrase inside a sentence: it begins small, unless its first word is one of capitals."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _group(row: Row) -> str:
    """A category inside a sentence: `i åldern 25–54 år`, `för utrikes födda`."""
    label = row["category_label"]
    if label[:1].isdigit():
        return f"i åldern {label}"
    return f"för {_inside(label)}"


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
    where region_code = $region
)
select
    c.indicator, c.measure, c.unit, c.polarity, c.region_code, c.category, c.series, c.period, c.women, c.men,
    c.total, c.gap, c.gap_kind, c.tau_gap, c.margin_gap, c.reason, c.is_preliminary, g.band,
    coalesce(c.smallest_base, g.total_base) as base,
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
    on five.indicator = c.indicator and five.category = c.category and five.span = 'five_points'
left join moved as previous
    on previous.indicator = c.indicator and previous.category = c.category and previous.span = 'previous'
left join category_label as l on l.indicator = c.indicator and l.category = c.category
left join analysis.trend as v
    on v.indicator = c.indicator and v.region_code = c.region_code and v.category = c.category and v.subject = 'gap'
    and v.last_period = c.period
where c.region_code = $region and c.back = 0
    -- A group without a name, and what is not known, is nothing to tell of.
    and (c.category = 'all' or l.label not ilike '%okän%')
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
