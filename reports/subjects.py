"""What a picture is made of: the measure, its points, places and flows, and the words in it in two languages."""

from dataclasses import dataclass
from typing import Literal

from reports.catalogue import Indicator, Run
from reports.scales import Language

Sex = Literal["women", "men", "total", "gap"]
Level = Literal["country", "county", "municipality"]

WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "women": "Kvinnor",
        "men": "Män",
        "total": "Totalt",
        "value": "Värde",
        "gap": "Skillnad",
        "for_women": "för kvinnor",
        "for_men": "för män",
        "and": "och",
        "difference": "skillnad",
        "prel": "prel.",
        "preliminary": "preliminärt",
        "line": "Linjediagram",
        "bars": "Stapeldiagram",
        "dots": "Punktdiagram",
        "strip": "Spridningsdiagram",
        "flow": "Stapeldiagram över pendling",
        "map": "Karta",
        "table": "Tabell följer.",
        "break": "Brott",
        "no_compare": "jämför inte över bandet",
        "breaks_at": "Brott i tidsserien",
        "axis": "Axeln börjar på",
        "band": "40–60 procent: jämn könsfördelning",
        "band_short": "40–60: jämnt",
        "country": "Riket",
        "zero": "Noll: kvinnors och mäns värden är lika",
        "zero_short": "Noll: lika",
        "below": "Under nollinjen är mäns värde högre, över nollinjen kvinnors.",
        "lacks": "Uppgift saknas",
        "missing_for": "Uppgift saknas för",
        "no_figures": "Uppgift saknas: det finns inga värden att visa.",
        "largest": "Störst skillnad",
        "share": "Andel kvinnor",
        "minus": "Kvinnor minus män",
        "hollow": "Ofyllt tecken: preliminärt.",
        "hatched": "Streckad stapel: preliminärt.",
        "older": "Grå stapel: äldre källa eller definition.",
        "flows_note": "Bilden visar de största flödena.",
        "no_map": "Saknar gräns i kartan",
        "men_higher": "mäns värde högre",
        "women_higher": "kvinnors värde högre",
        "equal": "lika",
        "marks": "Heldragen linje och cirkel: kvinnor. Streckad linje och triangel: män.",
        "home_work": "Bostadskommun → arbetsställekommun",
        "missing_hatch": "Streckat: uppgift saknas",
        "to": "till",
        "share_of_women": "andel kvinnor",
        "regions": "riket, län och kommuner",
        "own_scale": "Samma skala i alla bilder.",
        "key": "Nummer i kartan",
        "from": "från",
        "highest": "Högst",
        "lowest": "Lägst",
        "scatter": "Två spridningsdiagram, kvinnor och män",
        "against": "mot",
        "across": "Åt höger",
        "up": "Uppåt",
        "largest_sign": "Största tecknet",
        "signs": "Mellanstora tecken: kommuner. Små tecken: andra län. Romb: riket.",
        "signs_no_country": "Mellanstora tecken: kommuner. Små tecken: andra län. Riket får inte plats på samma skala.",
        "axes": "Axlarna börjar inte på noll.",
        "no_line": "Att två saker varierar tillsammans visar inte orsak.",
        "too_few": "Diagrammet ritas inte: färre än två områden har uppgift om båda indikatorerna.",
        "no_counts": "Antal visas inte på karta, eftersom kartan då bara skulle visa var många bor.",
    },
    "en": {
        "women": "Women",
        "men": "Men",
        "total": "Total",
        "value": "Value",
        "gap": "Difference",
        "for_women": "for women",
        "for_men": "for men",
        "and": "and",
        "difference": "difference",
        "prel": "prel.",
        "preliminary": "preliminary",
        "line": "Line chart",
        "bars": "Bar chart",
        "dots": "Dot plot",
        "strip": "Strip plot",
        "flow": "Bar chart of commuting",
        "map": "Map",
        "table": "A table follows.",
        "break": "Break",
        "no_compare": "do not compare across the band",
        "breaks_at": "Break in the series",
        "axis": "The axis starts at",
        "band": "40–60 per cent: gender balance",
        "band_short": "40–60: balance",
        "country": "Sweden",
        "zero": "Zero: women and men are equal",
        "zero_short": "Zero: equal",
        "below": "Below the zero line men's value is higher, above it women's.",
        "lacks": "No data",
        "missing_for": "No data for",
        "no_figures": "No data: there are no values to show.",
        "largest": "Largest difference",
        "share": "Share of women",
        "minus": "Women minus men",
        "hollow": "Hollow sign: preliminary.",
        "hatched": "Hatched bar: preliminary.",
        "older": "Grey bar: older source or definition.",
        "flows_note": "The picture shows the largest flows.",
        "no_map": "Without boundary on the map",
        "men_higher": "men higher",
        "women_higher": "women higher",
        "equal": "equal",
        "marks": "Solid line and circle: women. Dashed line and triangle: men.",
        "home_work": "Municipality of residence → municipality of work",
        "missing_hatch": "Hatched: no data",
        "to": "to",
        "share_of_women": "share of women",
        "regions": "Sweden, counties and municipalities",
        "own_scale": "The same scale in every picture.",
        "key": "Numbers on the map",
        "from": "from",
        "highest": "Highest",
        "lowest": "Lowest",
        "scatter": "Two scatter plots, women and men",
        "against": "against",
        "across": "To the right",
        "up": "Upwards",
        "largest_sign": "Largest sign",
        "signs": "Middle-sized signs: municipalities. Small signs: other counties. Diamond: Sweden.",
        "signs_no_country": "Middle-sized signs: municipalities. Small signs: other counties. "
        "Sweden has no room on the same scale.",
        "axes": "The axes do not start at zero.",
        "no_line": "That two things vary together does not show cause.",
        "too_few": "No picture: fewer than two places have figures of both indicators.",
        "no_counts": "Numbers of persons are not mapped: the map would only show where many people live.",
    },
}
UNITS: dict[Language, dict[str, tuple[str, str]]] = {
    "sv": {
        "percent": ("procent", "procentenheter"),
        "percentage_points": ("procentenheter", "procentenheter"),
        "persons": ("personer", "personer"),
        "sek_thousands": ("tkr", "tkr"),
        "per_1000": ("per tusen", "per tusen"),
        "years": ("år", "år"),
        "index": ("indexenheter", "indexenheter"),
        "ratio": ("kvot", "kvot"),
    },
    "en": {
        "percent": ("per cent", "percentage points"),
        "percentage_points": ("percentage points", "percentage points"),
        "persons": ("persons", "persons"),
        "sek_thousands": ("SEK thousand", "SEK thousand"),
        "per_1000": ("per thousand", "per thousand"),
        "years": ("years", "years"),
        "index": ("index", "index"),
        "ratio": ("ratio", "ratio"),
    },
}


@dataclass(frozen=True)
class Measure:
    """What a picture shows: the indicator's title, unit and decimals, and its source lines in the page's language.

    `gap_source` is the source line of what we compute out of the figures; `watermark` is set when they are made up;
    `period_type` tells elections from years.
    """

    title: str
    unit: str
    decimals: int
    source: str
    gap_source: str
    watermark: str | None = None
    share_of_women: bool = False
    period_type: str = ""

    @classmethod
    def of(cls, indicator: Indicator, run: Run) -> "Measure":
        """The measure of an indicator, in Swedish."""
        return cls(
            title=indicator.title,
            unit=indicator.unit,
            decimals=indicator.decimals,
            source=indicator.source,
            gap_source=indicator.gap_source,
            watermark=run.origin_label if run.synthetic else None,
            share_of_women=indicator.is_share_of_women,
            period_type=indicator.period_type,
        )


@dataclass(frozen=True)
class Point:
    """One value of one region and period; `sex` is `gap` for a difference; `missing` says why there is no value."""

    region: str
    period: str
    sex: Sex
    value: float | None
    series: str | None = None
    preliminary: bool = False
    missing: str | None = None


@dataclass(frozen=True)
class Break:
    """The first period of a new regime, what is new, and whether a line may be drawn across it."""

    period: str
    what: str
    line: bool = False


@dataclass(frozen=True)
class Place:
    """One region in one period: women, men and their difference, or (a share) the total."""

    code: str
    name: str
    level: Level
    women: float | None = None
    men: float | None = None
    diff: float | None = None
    total: float | None = None
    preliminary: bool = False
    missing: str | None = None


@dataclass(frozen=True)
class Flow:
    """How many women and men live in one place and work in another."""

    home: str
    work: str
    women: float | None
    men: float | None
