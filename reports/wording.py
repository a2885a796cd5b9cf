"""Swedish words and numbers of the published tables: units, states, reasons, rounding at display."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

GENDER_NOTE = (
    "Statistiken utgår från juridiskt kön. Könsidentitet registreras inte, "
    "så icke-binära och transpersoner går inte att särskilja."
)
ROUNDING_NOTE = "På grund av avrundning kan differenser avvika."
SYMBOLS = {
    "..": "uppgift saknas, är för osäker eller skyddad hos källan",
    ".": "uppgift kan inte förekomma",
    "–": "inget finns att redovisa (noll)",
}

REASONS = {
    "saknas_i_kallan": "uppgiften saknas i källan",
    "osaker_eller_sekretess": "uppgiften är för osäker eller skyddad hos källan",
    "kan_ej_forekomma": "uppgiften kan inte förekomma",
    "ej_publicerad_an": "uppgiften är inte publicerad än",
    "nedlagd_serie": "serien är nedlagd",
    "definition_skiljer": "definitionen skiljer sig",
    "brott_i_fonster": "brott i tidsserien",
    "namnare_noll": "nämnaren är noll",
    "litet_underlag": "litet underlag",
    "annan_kalla": "Följs upp med en annan källa än SCB.",
    "ej_konsuppdelbar": "Målet mäts inte per person och går inte att dela upp på kön.",
    "indikator_saknas": "Indikatorn är inte framtagen.",
    "lydelse_ej_belagd": "Målets lydelse är inte fastställd.",
}

BANDS = {
    "jämn": "jämn könsfördelning",
    "kvinnodominerad": "kvinnodominerad",
    "mansdominerad": "mansdominerad",
}


@dataclass(frozen=True)
class Unit:
    """How one unit of the indicator files is written for a reader.

    `women` and `men` state the denominator of a share within each sex; `decimals` is for display only.
    """

    word: str
    women: str
    men: str
    difference: str
    decimals: int


UNITS = {
    "percent": Unit("procent", "% av kvinnorna", "% av männen", "procentenheter", 1),
    "percentage_points": Unit("procentenheter", "procentenheter", "procentenheter", "procentenheter", 1),
    "persons": Unit("antal personer", "antal", "antal", "antal", 0),
    "sek_thousands": Unit("tusen kronor", "tkr", "tkr", "tkr", 1),
    "per_1000": Unit("per 1 000", "per 1 000 kvinnor", "per 1 000 män", "per 1 000", 1),
    "years": Unit("år", "år", "år", "år", 1),
    "index": Unit("index", "index", "index", "indexenheter", 1),
    "ratio": Unit("kvot", "kvot", "kvot", "kvot", 2),
}


def unit(name: str) -> Unit:
    """The words and decimals of a unit; a unit we do not know is written with its own name, one decimal."""
    return UNITS.get(name) or Unit(name, name, name, name, 1)


def reason(code: str) -> str:
    """The reason in words; a text that is no code of ours is given back as it is.

    Several codes joined by `, ` (a derived value's operands) are each put in words.
    """
    return ", ".join(REASONS.get(part, part) for part in code.split(", "))


def half_away(value: float, decimals: int) -> Decimal:
    """The value rounded once, half away from zero, from its shortest decimal form: 2.345 -> 2.35, -0.25 -> -0.3."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def swedish(value: float, decimals: int, *, signed: bool = False) -> str:
    """The value for a Swedish reader: `1 234,5` with U+00A0, minus as U+2212, a plus sign when `signed`."""
    rounded = half_away(value, decimals)
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    text = format_decimal(rounded, format=pattern, locale="sv").replace("-", "\N{MINUS SIGN}")
    return f"+{text}" if signed and rounded > 0 else text


def size(count: int) -> str:
    """A file's size for a download link: `12 kB`."""
    if count < 1000:
        return f"{count}\u00a0byte"
    if count < 1_000_000:
        return f"{swedish(count / 1000, 0)}\u00a0kB"
    return f"{swedish(count / 1_000_000, 1)}\u00a0MB"


def state(name: str, why: str | None, published_day: str | None) -> str:
    """What became of an indicator, for a reader: `Kvarhållen från 2026-01-02: andelen är över 100`."""
    if name == "published":
        return "Publicerad"
    if name == "held_back" and published_day:
        text = f"Kvarhållen från {published_day}"
    elif name == "held_back":
        text = "Kvarhållen, ingen tidigare utgåva"
    else:
        text = {"unconfirmed": "Källa ej bekräftad", "not_built": "Inte byggd"}.get(name, name)
    return f"{text}: {reason(why)}" if why else text
