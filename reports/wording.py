"""Swedish words and numbers of the published tables: units, states, reasons, rounding at display."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

GENDER_NOTE = (
    "Statistiken utgår från juridiskt kön. Könsidentitet registreras inte, "
    "så icke-binära och transpersoner går inte att särskilja."
)
ROUNDING_NOTE = "På grund av avrundning kan differenser avvika."
ABSENT = {
    "not_recorded": "ej inspelat",
    "unresolved": "koder som ej är bekräftade",
    "failed": "gick inte att hämta",
    "unreachable": "gick inte att nå",
}

BANDS = {
    "jämn": "jämn könsfördelning",
    "kvinnodominerad": "kvinnodominerad",
    "mansdominerad": "mansdominerad",
}

STATES = {
    "held_back": "Kvarhållen, ingen tidigare körning",
    "unconfirmed": "Källa ej bekräftad",
    "not_built": "Inte byggd",
}
KINDS = {"data": "Data", "evaluation": "Utvärdering", "report": "Rapport", "brief": "Underlag", "other": "Annat"}
PROGRESS = {"late": "försenad", "coming": "väntas", "done": "klar", "unknown": "dag ej fastställd"}
STRATEGIES = {
    "strategi": "Regional strategi",
    "nationell": "Nationell politik",
    "projekt": "Projekt",
    "plan": "Plan",
    "program": "Program",
    "global": "Global agenda",
}
UNKNOWN = {
    "area": "Område",
    "delmal": "Delmål",
    "mal": "Mål",
    "axel": "Inriktning",
    "indikator": "Globalt mått",
    "malbild": "Målbild",
}


@dataclass(frozen=True)
class Heads:
    """What stands over a column of women, of men and of the difference; a share names its denominator."""

    women: str
    men: str
    difference: str


HEADS = {
    "percent": Heads("% av kvinnorna", "% av männen", "procentenheter"),
    "percentage_points": Heads("procentenheter", "procentenheter", "procentenheter"),
    "persons": Heads("antal", "antal", "antal"),
    "sek_thousands": Heads("tkr", "tkr", "tkr"),
    "per_1000": Heads("per 1 000 kvinnor", "per 1 000 män", "per 1 000"),
    "years": Heads("år", "år", "år"),
    "index": Heads("index", "index", "indexenheter"),
    "ratio": Heads("kvot", "kvot", "kvot"),
}


def heads(unit: str) -> Heads:
    """The column heads of a unit; a unit that has none of its own is written with its name."""
    return HEADS.get(unit) or Heads(unit, unit, unit)


def half_away(value: float, decimals: int) -> Decimal:
    """The value rounded once, half away from zero, from its shortest decimal form: 2.345 -> 2.35, -0.25 -> -0.3."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


_SIGNS = {
    "sv": str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ",", "-": "\N{MINUS SIGN}"}),
    "en": str.maketrans({"-": "\N{MINUS SIGN}"}),
}


@lru_cache(maxsize=100_000)
def number(value: float, decimals: int, locale: Literal["sv", "en"], *, signed: bool = False) -> str:
    """The value for a reader: `1 234,5` with U+00A0 in Swedish, `1,234.5` in English, minus as U+2212."""
    rounded = half_away(value, decimals)
    text = f"{rounded:,.{decimals}f}".translate(_SIGNS[locale])
    return f"+{text}" if signed and rounded > 0 else text


def swedish(value: float, decimals: int, *, signed: bool = False) -> str:
    """The value for a Swedish reader; a plus sign when `signed`."""
    return number(value, decimals, "sv", signed=signed)


def size(count: int) -> str:
    """A file's size for a download link: `12 kB`."""
    if count < 1000:
        return f"{count}\u00a0byte"
    if count < 1_000_000:
        return f"{swedish(count / 1000, 0)}\u00a0kB"
    return f"{swedish(count / 1_000_000, 1)}\u00a0MB"


def as_written(text: str, **parts: object) -> str:
    """The Swedish text itself, with its `{parts}` filled in."""
    return text.format(**parts) if parts else text


def why(
    state: str,
    reason: str | None,
    tables: Mapping[str, Sequence[str]],
    t: Callable[..., str] = as_written,
    rules: Sequence[str] = (),
) -> str | None:
    """Why an indicator has no new figures, for a reader; the run's own words stand in the manifest.

    Args:
        state: what became of the indicator.
        reason: the run's own words: of what is held back, the rules that failed.
        tables: the ids of the tables that it needs and that could not be used, by what became of them.
        t: gives a Swedish text in the reader's language.
        rules: the checks that hold it back.
    """
    if state == "published":
        return None
    if tables:
        return "; ".join(f"{t(ABSENT.get(what, what))}: {', '.join(ids)}" for what, ids in tables.items())
    if state == "held_back":
        if not rules and re.match(r"\w+\.(sql|yml): ", reason or ""):
            return t("deklarationen eller källans uppgifter går inte att använda")
        return t("stoppad av kontroll: {rules}", rules=", ".join(dict.fromkeys(rules)) or reason)
    return t("källan saknar uppgifter som behövs")


def state(name: str, because: str | None, published_day: str | None, t: Callable[..., str] = as_written) -> str:
    """What became of an indicator, for a reader: `Kvarhållen från 2026-01-02 (stoppad av kontroll: value_range)`."""
    if name == "published":
        return t("Publicerad")
    if name == "held_back" and published_day:
        text = t("Kvarhållen från {day}", day=published_day)
    else:
        text = t(STATES.get(name, name))
    return f"{text} ({because})" if because else text


# Islands, and places named as islands: one lives on them, not in them.
ISLANDS = frozenset({"Gotland", "Orust", "Tjörn", "Lidingö", "Ekerö", "Värmdö", "Öckerö", "Hammarö"})
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
          "december")  # fmt: skip
QUARTERS = ("första", "andra", "tredje", "fjärde")
PERIODS = {
    "mandate": "mandatperioden {period}",
    "five_years": "perioden {period}",
    "election": "valet {period}",
    "school_year": "läsåret {period}",
}


def in_place(name: str, t: Callable[..., str] = as_written) -> str:
    """Where something is, inside a sentence: `i Västmanlands län`, `på Gotland`."""
    return t("på {place}", place=name) if name in ISLANDS else t("i {place}", place=name)


def in_period(code: str, period_type: str, t: Callable[..., str] = as_written) -> str:
    """When something was, inside a sentence: `2024`, `i november 2025`, `mandatperioden 2023–2026`."""
    name = period_name(code, period_type, t)
    return t("i {period}", period=name) if period_type in ("month", "election") else t("{period}", period=name)


def shaped(code: str) -> str:
    """The type of a period whose indicator is not at hand, from the shape of its code; year where it has none."""
    return "month" if "M" in code else "quarter" if "K" in code else "year"


def period_name(code: str, period_type: str, t: Callable[..., str] = as_written) -> str:
    """What a reader calls a period: `november 2025` of 2025M11, `fjärde kvartalet 2020` of 2020K4."""
    if period_type == "month":
        year, month = code.split("M")
        return f"{t(MONTHS[int(month) - 1])} {year}"
    if period_type == "quarter":
        year, quarter = code.split("K")
        return t("{quarter} kvartalet {year}", quarter=t(QUARTERS[int(quarter) - 1]), year=year)
    dashed = code.replace("-", "–")
    return t(PERIODS[period_type], period=dashed) if period_type in PERIODS else dashed
