"""Places and words of a picture: axis steps, text widths, labels pushed apart, periods and numbers in two languages."""

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from transforms.periods import describe, follows

from reports import wording

Language = Literal["sv", "en"]

_STEPS = (1, 2, 5, 10)
_NARROW, _WIDE = frozenset("fijltrI.,:;'|()[]! \u00a0/-"), frozenset("mwMW%@—ÅÄÖABCDEGHKNOPQRSUVXY")
_MONTHS = {
    "sv": ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_QUARTER = {"sv": "kv", "en": "Q"}


@cache
def number(value: float, decimals: int, language: Language, *, signed: bool = False) -> str:
    """The value rounded once for a reader: `1 234,5` in Swedish, `1,234.5` in English."""
    return wording.number(value, decimals, language, signed=signed)


def steps(low: float, high: float, count: int) -> list[float]:
    """Round values about `count` in number that cover the span."""
    if high <= low:
        high = low + (abs(low) or 1)
    raw = (high - low) / max(count - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * one for one in _STEPS if power * one >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * at, 10) for at in range(first, last + 1)]


def level_steps(values: Sequence[float], count: int) -> list[float]:
    """The axis of a line or dot: from zero when that costs little height, otherwise with a quarter of air below."""
    low, high = min(values), max(values)
    if 0 <= low <= high / 2:
        return steps(0, high, count)
    air = max((high - low) / 3, abs(high) * 0.01)
    found = steps(low - air, high, count)
    return [step for step in found if step >= 0] if low >= 0 else found


def decimals_of(axis: Sequence[float]) -> int:
    """How many decimals the steps of an axis need."""
    return max(len(f"{step:.6f}".rstrip("0").split(".")[1]) for step in axis)


@lru_cache(maxsize=100_000)
def text_width(text: str, size: float) -> float:
    """About how wide the text is in pixels; rather too wide than too narrow."""
    ems = sum(0.31 if sign in _NARROW else 0.74 if sign in _WIDE else 0.57 for sign in text)
    return ems * size


BOLD = 1.2
"""How much wider bold letters are, in the widest of the fonts that a page may be shown in."""


def shortened(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than its room; the table has it whole."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The text in lines that have room; a word longer than a line is cut."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        elif word:
            lines.append(word)
    return lines


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places moved as little as needed to lie `gap` from each other, within the bounds, in the same order."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    moved = list(places)
    for before, at in pairwise(order):
        overlap = gap - (moved[at] - moved[before])
        if overlap > 0:
            moved[at] += overlap / 2
            moved[before] -= overlap / 2
    for _ in range(len(places)):
        floor = low
        for at in order:
            moved[at] = max(moved[at], floor)
            floor = moved[at] + gap
        ceiling = high
        for at in reversed(order):
            moved[at] = min(moved[at], ceiling)
            ceiling = moved[at] - gap
    return moved


Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""


def meet(one: Box, other: Box) -> bool:
    """True when the boxes cover each other somewhere."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@cache
def position(code: str) -> float:
    """Where a period begins, in years."""
    start = describe(code).start_date
    return start.year + (start.month - 1) / 12 + (start.day - 1) / 365


@cache
def length(code: str) -> float:
    """How far it is to the next period, in years."""
    kind = describe(code).type
    return {"year": 1.0, "quarter": 0.25, "month": 1 / 12, "week": 7 / 365, "mandate": 4.0, "five_years": 1.0}[kind]


@cache
def neighbours(before: str, after: str, period_type: str = "") -> bool:
    """True when the later period comes next after the earlier: of elections the next one, else of the same kind."""
    kind = describe(after).type
    return describe(before).type == kind and follows(before, after, "election" if period_type == "election" else kind)


@cache
def period(code: str, language: Language) -> str:
    """The period for a reader: `maj 2024`, `kv 2 2024`, `2018–2022`."""
    found = describe(code)
    if found.type == "month":
        return f"{_MONTHS[language][found.start_date.month - 1]} {found.start_date.year}"
    if found.type == "quarter":
        part = (found.start_date.month + 2) // 3
        return f"{_QUARTER[language]}{' ' if language == 'sv' else ''}{part} {found.start_date.year}"
    return code.replace("-", "–")


def span(codes: Sequence[str], language: Language) -> str:
    """The first and last period: `2012–2024`, `maj 2020–juni 2024`."""
    first, last = period(codes[0], language), period(codes[-1], language)
    if first == last:
        return first
    return f"{first}–{last}" if "–" not in first else f"{first} {'till' if language == 'sv' else 'to'} {last}"


def year_labels(codes: Sequence[str], room: float, size: float, language: Language) -> list[tuple[float, str]]:
    """The labels of a time axis: every period, or years an even number of steps apart that end with the last."""
    kind = describe(codes[0]).type
    known = sorted(set(codes), key=position)
    if kind in {"year", "five_years", "mandate"} or len(known) <= 3:
        labels = [(position(code), period(code, language)) for code in known]
    else:
        years = range(math.ceil(position(known[0]) - 0.01), math.floor(position(known[-1]) + 0.01) + 1)
        labels = [(float(year), str(year)) for year in years]
    if not labels:
        labels = [(position(known[-1]), period(known[-1], language))]
    widest = max(text_width(text, size) for _, text in labels) + size
    width = max(position(known[-1]) - position(known[0]), 1e-6)
    every = 1
    while every < len(labels) and (labels[every][0] - labels[0][0]) / width * room < widest:
        every += 1
    while (len(labels) - 1) % every and every < 5:
        every += 1
    return labels[::-1][::every][::-1]
