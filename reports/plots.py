"""Where everything in a picture stands: from points and places to a `Drawing`; no figure is computed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from reports.drawing import (
    BAND,
    GRID,
    HATCH_INK,
    HATCH_MEN,
    INK,
    INK2,
    MEN,
    PAPER,
    RULE2,
    TINT,
    TOTAL,
    WOMEN,
    Drawing,
)
from reports.scales import (
    BOLD,
    Box,
    Language,
    apart,
    decimals_of,
    length,
    level_steps,
    meet,
    neighbours,
    number,
    period,
    position,
    shortened,
    span,
    steps,
    text_width,
    wrapped,
    year_labels,
)
from reports.subjects import WORDS, Break, Flow, Measure, Place, Point

COLORS = {"women": WOMEN, "men": MEN, "total": TOTAL, "gap": INK}
SHARES = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
"""The axis of a share is whole, so that the band 40–60 is seen where it lies."""
MOST_SIGNS = 30
"""More signs than this on a line hide it: then only the ends of its parts have one; a narrow picture bears half."""


@dataclass(frozen=True)
class Size:
    """One of the two sizes that every picture is made in; text is never scaled down."""

    width: int
    font: int
    small: int
    line: float
    sign: int
    wide: bool


WIDE = Size(816, 15, 14, 3, 50, wide=True)
NARROW = Size(288, 13, 13, 2.6, 36, wide=False)
PANEL = Size(256, 13, 13, 2.6, 36, wide=False)


@dataclass
class Canvas:
    """A picture in the making: its margins, spans and layers."""

    size: Size
    height: int
    left: int
    right: int
    top: int
    bottom: int
    x: tuple[float, float]
    y: tuple[float, float]
    layers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @cached_property
    def plot(self) -> tuple[int, int]:
        """Width and height between the margins, in pixels."""
        return self.size.width - self.left - self.right, self.height - self.top - self.bottom

    def px(self, x: float) -> float:
        """The pixel of a value on the horizontal axis, from the left margin."""
        return (x - self.x[0]) / (self.x[1] - self.x[0]) * self.plot[0]

    def py(self, y: float) -> float:
        """The pixel of a value on the vertical axis, from the top margin."""
        return (self.y[1] - y) / (self.y[1] - self.y[0]) * self.plot[1]

    def from_px(self, pixel: float) -> float:
        """The value at a pixel of the horizontal axis."""
        return self.x[0] + pixel / self.plot[0] * (self.x[1] - self.x[0])

    def from_py(self, pixel: float) -> float:
        """The value at a pixel of the vertical axis."""
        return self.y[1] - pixel / self.plot[1] * (self.y[1] - self.y[0])

    def add(self, layer: str, **row: object) -> None:
        """Puts a mark on a layer."""
        self.layers.setdefault(layer, []).append(row)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        dx: float = 0,
        dy: float = 0,
        align: str = "left",
        size: int | None = None,
        bold: bool = False,
        fill: str = INK,
        halo: bool = False,
    ) -> None:
        """Puts words at a place, moved by pixels; `y` is the middle of the letters."""
        fontsize = size or self.size.font
        row = {"x": x, "y": y, "text": words, "dx": dx, "dy": round(dy + fontsize * 0.35, 2), "align": align}
        self.add("texts", **row, size=fontsize, weight=700 if bold else 400, fill=fill, halo=halo)

    def zone(self, x: float, x2: float, y: float, y2: float, fill: str) -> None:
        """Puts a coloured field behind everything."""
        self.add("zones", x=x, x2=x2, y=y, y2=y2, fill=fill)

    def rule(
        self, x: float, x2: float, y: float, y2: float, *, stroke: str = RULE2, width: float = 1, dotted: bool = False
    ) -> None:
        """Puts a straight line."""
        self.add("dots" if dotted else "rules", x=x, x2=x2, y=y, y2=y2, stroke=stroke, width=width)

    def sign(self, x: float, y: float, sex: str, *, hollow: bool = False, tip: str = "", scale: float = 1) -> None:
        """Puts the sign of a sex; hollow when the value is preliminary."""
        size = self.size.sign * scale * (1.5 if hollow else 1)
        self.add("points", x=x, y=y, sex=sex, fill=PAPER if hollow else COLORS[sex], size=size, tip=tip)

    def drawing(self) -> Drawing:
        """The finished drawing."""
        return Drawing(
            self.size.width, self.height, self.left, self.right, self.top, self.bottom, self.x, self.y, self.layers
        )


@dataclass(frozen=True)
class Part:
    """Points of one region, sex and series that a line may join."""

    region: str
    sex: str
    points: tuple[Point, ...]


def parts(points: Sequence[Point], breaks: Sequence[Break], period_type: str = "") -> list[Part]:
    """The unbroken pieces of every line: they end at a missing value or period, a new series, or a break."""
    found: list[Part] = []
    keys = dict.fromkeys((point.region, point.sex, point.series) for point in points)
    for region, sex, series in keys:
        own = [point for point in points if (point.region, point.sex, point.series) == (region, sex, series)]
        run: list[Point] = []
        for point in sorted(own, key=lambda one: position(one.period)):
            if run and (point.value is None or not _joined(run[-1], point, breaks, period_type)):
                found.append(Part(region, sex, tuple(run)))
                run = []
            if point.value is not None:
                run.append(point)
        if run:
            found.append(Part(region, sex, tuple(run)))
    return found


def _joined(before: Point, after: Point, breaks: Sequence[Break], period_type: str) -> bool:
    if not neighbours(before.period, after.period, period_type):
        return False
    return not any(broken(before.period, after.period, one) for one in breaks if not one.line)


def broken(before: str, after: str, one: Break) -> bool:
    """True when the break lies between the two periods."""
    return position(before) < position(one.period) <= position(after)


def zones(points: Sequence[Point], breaks: Sequence[Break]) -> list[tuple[str, str]]:
    """The pairs of neighbouring periods that may not be compared: a break or another series lies between them."""
    series: dict[str, set[str | None]] = {}
    for point in points:
        if point.value is not None:
            series.setdefault(point.period, set()).add(point.series)
    known = sorted(series, key=position)
    return [
        (before, after)
        for before, after in pairwise(known)
        if not series[before] & series[after] or any(broken(before, after, one) for one in breaks if not one.line)
    ]


def valued(points: Sequence[Point]) -> list[float]:
    """The values that there are."""
    return [point.value for point in points if point.value is not None]


def lines(
    measure: Measure,
    points: Sequence[Point],
    breaks: Sequence[Break],
    language: Language,
    size: Size,
    *,
    axis: Sequence[float] | None = None,
    share: bool = False,
    head: str = "",
) -> Drawing:
    """Lines over time: at most three regions, the first one thick; `share` is women's share on 0–100 with the band.

    In small multiples `head` names the region and `axis` is common to all.
    """
    words = WORDS[language]
    shown = [point for point in points if point.sex != "gap"]
    codes = sorted({point.period for point in shown}, key=position)
    axis = axis or (SHARES if share else level_steps(valued(shown), 5))
    marks = [number(step, decimals_of(axis), language) for step in axis]
    left = round(max(text_width(mark, size.font) for mark in marks)) + 12
    at, until = position(codes[0]), position(codes[-1])
    if until == at:
        at, until = at - 0.5, until + 0.5
    regions = list(dict.fromkeys(point.region for point in shown))
    ends = _ends(measure, shown, regions, language, size)
    # Room for either language: what stands in both at the same places is drawn once.
    room = [end for one in WORDS for _, end in _ends(measure, shown, regions, one, size)]
    widest = max(text_width(line, size.font) * (BOLD if bold else 1) for end in room for line, bold in end)
    canvas = Canvas(
        size,
        height=380 if size.wide else 236 if size is PANEL else 288,
        left=left,
        right=min(round(widest) + 18, size.width // 3 + 20),
        top=(40 if size.wide else 32) + (24 if head else 0),
        bottom=32,
        x=(at, until),
        y=(axis[0], axis[-1]),
    )
    _time_axis(canvas, codes, language, axis, marks)
    if head:
        name = shortened(head, size.font + 1, size.width - 8)
        canvas.text(at, axis[-1], name, dx=-left, dy=9 - canvas.top, size=size.font + 1, bold=True)
    if share:
        _band(canvas, words["band" if size.wide else "band_short"])
    _break_zones(canvas, zones(shown, breaks), language)
    found = parts(shown, breaks, measure.period_type)
    _draw_parts(canvas, measure, found, regions, language)
    _end_labels(canvas, ends)
    if len(regions) == 1:
        if size.wide:
            _brackets(canvas, measure, points, found, language)
        _first_and_last(canvas, measure, found, language)
    return canvas.drawing()


def _time_axis(
    canvas: Canvas, codes: Sequence[str], language: Language, axis: Sequence[float], marks: Sequence[str]
) -> None:
    size = canvas.size
    for step, mark in zip(axis, marks, strict=True):
        canvas.rule(*canvas.x, step, step, stroke=GRID)
        canvas.text(canvas.x[0], step, mark, dx=-8, align="right", fill=INK2)
    canvas.rule(*canvas.x, canvas.y[0], canvas.y[0])
    bottom = canvas.y[0]
    for x, label in year_labels(codes, canvas.plot[0], size.font, language):
        if not canvas.x[0] <= x <= canvas.x[1]:
            continue
        tip = canvas.from_py(canvas.plot[1] + 5)
        canvas.rule(x, x, bottom, tip)
        # The outermost labels stay inside the picture.
        over = text_width(label, size.font) / 2 - (canvas.right + canvas.plot[0] - canvas.px(x))
        under = text_width(label, size.font) / 2 - (canvas.left + canvas.px(x))
        canvas.text(x, bottom, label, dx=max(under, 0) - max(over, 0), dy=18, align="center", fill=INK2)


def _band(canvas: Canvas, words: str) -> None:
    canvas.zone(*canvas.x, 40, 60, BAND)
    canvas.text(canvas.x[0], 60, words, dx=8, dy=12, size=canvas.size.small, fill=INK2)


def _break_zones(canvas: Canvas, found: Sequence[tuple[str, str]], language: Language) -> None:
    """Tints what may not be compared across; the words stand above where they have room."""
    words, size = WORDS[language], canvas.size
    taken = -100.0
    merged: list[list[tuple[str, str]]] = []
    for one in found:
        if merged and merged[-1][-1][1] == one[0]:
            merged[-1].append(one)
        else:
            merged.append([one])
    for group in merged:
        x, x2 = position(group[0][0]), position(group[-1][1])
        canvas.zone(x, x2, *canvas.y, TINT)
        short = f"{words['break']} {span([after for _, after in group], language)}"
        full = f"{short}: {words['no_compare']}"
        for label in (full, short) if size.wide and len(merged) == 1 else (short,):
            half = text_width(label, size.small) / 2
            middle = canvas.px((x + x2) / 2)
            place = min(max(middle, half - canvas.left), canvas.plot[0] + 8 - half)  # right of it stands who
            if place - half > taken + 8:
                canvas.text(
                    (x + x2) / 2, canvas.y[1], label, dx=place - middle, dy=-16, align="center", size=size.small,
                    fill=INK2,
                )  # fmt: skip
                taken = place + half
                break


def _draw_parts(
    canvas: Canvas, measure: Measure, found: Sequence[Part], regions: Sequence[str], language: Language
) -> None:
    few = len({point.period for part in found for point in part.points}) <= MOST_SIGNS / (1 if canvas.size.wide else 2)
    for at, part in enumerate(found):
        sex = "gap" if part.sex == "total" and measure.share_of_women else part.sex
        own = part.region == regions[0]
        for point in part.points:
            canvas.add(
                "lines",
                x=position(point.period),
                y=point.value,
                sex=sex,
                part=f"{at}",
                width=canvas.size.line if own else canvas.size.line * 0.55,
            )
        for place, point in enumerate(part.points):
            end = place in {0, len(part.points) - 1}
            if point.value is not None and (end or (own and few)):
                tip = told(measure, point, language, alone=all(one.sex == "total" for one in found))
                canvas.sign(position(point.period), point.value, sex, hollow=point.preliminary, tip=tip)


def told(measure: Measure, point: Point, language: Language, *, alone: bool = False) -> str:
    """The point in words: `Kvinnor maj 2024: 78,6 prel.`; a total that stands alone is called what it measures."""
    words = WORDS[language]
    total = words["share"] if measure.share_of_women else measure.title if alone else words["total"]
    who = total if point.sex == "total" else words[point.sex]
    value = point.missing or words["lacks"]
    if point.value is not None:
        value = number(point.value, measure.decimals, language, signed=point.sex == "gap")
    return f"{who} {period(point.period, language)}: {value}{' ' + words['prel'] if point.preliminary else ''}"


def _ends(
    measure: Measure, shown: Sequence[Point], regions: Sequence[str], language: Language, size: Size
) -> list[tuple[float, list[tuple[str, bool]]]]:
    """What stands to the right of every line: who, and the last value."""
    words = WORDS[language]
    ends: list[tuple[float, list[tuple[str, bool]]]] = []
    for region in regions:
        for sex in ("women", "men", "total"):
            own = [point for point in shown if point.sex == sex and point.region == region and point.value is not None]
            if not own:
                continue
            last = max(own, key=lambda point: position(point.period))
            assert last.value is not None
            value = _with_unit(number(last.value, measure.decimals, language), measure)
            value += f" {words['prel']}" if last.preliminary else ""
            first = region == regions[0]
            name = words["share"] if sex == "total" and measure.share_of_women else words[sex]
            lines_ = [(name, True), (value, False)]
            if sex == "total" and not measure.share_of_women and all(point.sex == "total" for point in shown):
                # One line that is neither women's nor men's is called what it is.
                lines_ = [(line, True) for line in _own_name(measure, size)] + [(value, False)]
            if len(regions) > 1:
                place = shortened(region, size.font * (BOLD if first else 1), 170 if size.wide else 92)
                lines_ = [(f"{name} {value}" if size.wide else f"{name[:1]} {value}", first), (place, first)]
            ends.append((last.value, lines_))
    return ends


def _own_name(measure: Measure, size: Size) -> list[str]:
    """The measure's title in at most three lines that have room beside the line."""
    room = size.width // 3 - 10 if size.wide else 92
    lines_ = wrapped(measure.title, size.font * BOLD, room)
    if len(lines_) > 3:
        lines_ = [*lines_[:2], f"{lines_[2]} …"]
    return [shortened(line, size.font * BOLD, room) for line in lines_]


def _with_unit(value: str, measure: Measure) -> str:
    return f"{value}\u00a0%" if measure.unit == "percent" else value


def _end_labels(canvas: Canvas, ends: Sequence[tuple[float, Sequence[tuple[str, bool]]]]) -> None:
    size = canvas.size
    row = size.font * 1.2
    wanted = [canvas.py(value) for value, _ in ends]
    most = max((len(lines_) for _, lines_ in ends), default=2)
    half = row * most / 2
    moved = apart(wanted, row * most + 2, half - canvas.top, canvas.plot[1] + canvas.bottom - half)
    for (value, lines_), before, after in zip(ends, wanted, moved, strict=True):
        if abs(after - before) > 6:
            canvas.rule(canvas.x[1], canvas.from_px(canvas.plot[0] + 10), value, canvas.from_py(after))
        for at, (text, bold) in enumerate(lines_):
            y = canvas.from_py(after + (at - (len(lines_) - 1) / 2) * row)
            canvas.text(canvas.x[1], y, text, dx=14, bold=bold, halo=True)


def _first_and_last(canvas: Canvas, measure: Measure, found: Sequence[Part], language: Language) -> None:
    """Writes the first and last value of each part where nothing is in the way; the outermost parts come first."""
    size = canvas.size
    taken, drawn = [_box(canvas, row) for row in canvas.layers["texts"]], _strokes(canvas, found)
    newest = max((position(part.points[-1].period) for part in found), default=0)
    ends = [(part, point) for part in found for point in dict.fromkeys((part.points[0], part.points[-1]))]
    ends.sort(key=lambda one: position(one[1].period))
    first = [one for one in ends if position(one[1].period) == position(ends[0][1].period)]
    # What stands at an edge of the picture is worth more than what stands at a break inside it.
    for part, point in [*first, *(one for one in ends[::-1] if one not in first)]:
        x = position(point.period)
        if x == newest or point.value is None:  # the newest stands to the right of the line
            continue
        others = [
            other.value
            for one in found
            for other in one.points
            if one.sex != part.sex and other.period == point.period and other.value is not None
        ]
        above = any(point.value > other for other in others) or (not others) or part.sex == "total"
        value = number(point.value, measure.decimals, language)
        starts = point is part.points[0]
        # At a break the value may stand away from the other part; beside its sign it still belongs to the line.
        aligns = ("left",) if canvas.px(x) < 20 else ("center", "left" if starts else "right")
        # A line that rises from its first sign needs the value a little farther off.
        for align, dy in ((align, dy) for dy in ((-14, -22) if above else (16, 23)) for align in aligns):
            dx = {"left": 2, "center": 0, "right": -2}[align]
            row = {"x": x, "y": point.value, "text": value, "dx": dx, "dy": dy + size.small * 0.35,
                   "align": align, "size": size.small}  # fmt: skip
            box = _box(canvas, row)
            if not (any(meet(box, other) for other in taken) or _crossed(box, drawn)):
                canvas.text(x, point.value, value, dx=dx, dy=dy, align=align, size=size.small, halo=True)
                taken.append(_box(canvas, canvas.layers["texts"][-1]))
                break


def _box(canvas: Canvas, row: Mapping[str, Any]) -> Box:
    """What a text covers."""
    width = text_width(row["text"], row["size"]) * (BOLD if row.get("weight") == 700 else 1)
    left = canvas.px(row["x"]) + row["dx"] - {"left": 0, "center": width / 2, "right": width}[row["align"]]
    middle = canvas.py(row["y"]) + row["dy"] - row["size"] * 0.35
    return left - 2, middle - row["size"] * 0.5, left + width + 2, middle + row["size"] * 0.5


def _strokes(canvas: Canvas, found: Sequence[Part]) -> list[Box]:
    """From where to where each piece of every line goes, in pixels; a lone sign is a piece without length."""
    made: list[Box] = []
    for part in found:
        at = [(canvas.px(position(one.period)), canvas.py(one.value)) for one in part.points if one.value is not None]
        made += [(*start, *end) for start, end in pairwise(at)] or [(*one, *one) for one in at]
    return made


def _crossed(box: Box, strokes: Sequence[Box]) -> bool:
    """True when the box lies over any of the strokes, each of which goes from the left to the right."""
    near = [one for one in strokes if one[0] - 3 < box[2] and box[0] < one[2] + 3]
    return any(_covers(box, *one) for one in near)


def _covers(box: Box, x: float, y: float, x2: float, y2: float) -> bool:
    """True when the box lies over a piece of a line or over a sign at its ends."""
    if not meet(box, (min(x, x2) - 3, min(y, y2) - 3, max(x, x2) + 3, max(y, y2) + 3)):
        return False
    if any(meet(box, (at - 3, up - 3, at + 3, up + 3)) for at, up in ((x, y), (x2, y2))):
        return True
    # Small boxes along it, close enough that no text fits between them.
    count = max(1, math.ceil(max(abs(x2 - x), abs(y2 - y)) / 6))
    along = ((x + (x2 - x) * n / count, y + (y2 - y) * n / count) for n in range(count + 1))
    return any(meet(box, (at - 2, up - 2, at + 2, up + 2)) for at, up in along)


def _brackets(
    canvas: Canvas, measure: Measure, points: Sequence[Point], found: Sequence[Part], language: Language
) -> None:
    """Dotted lines between women and men in the first and last comparable period, with the difference as published."""
    gaps = {point.period: point for point in points if point.sex == "gap" and point.value is not None}
    values = {(point.sex, point.period): point.value for point in points if point.value is not None}
    both = [code for code in gaps if ("women", code) in values and ("men", code) in values]
    if not both:
        return
    both.sort(key=position)
    bounds = zones([point for point in points if point.sex in {"women", "men"}], ())
    start = [code for code in both if not bounds or position(code) >= position(bounds[-1][1])]
    # Two brackets need room for their words; the last one is the one that counts.
    if start and canvas.px(position(start[-1])) - canvas.px(position(start[0])) < 240:
        start = start[-1:]
    for code in dict.fromkeys((start[0], start[-1])) if start else ():
        women, men = values["women", code], values["men", code]
        gap = gaps[code].value
        assert women is not None
        assert men is not None
        assert gap is not None
        if abs(canvas.py(women) - canvas.py(men)) < 40:
            continue
        x = position(code)
        last = canvas.px(x) > canvas.plot[0] / 2
        text = f"{WORDS[language]['difference']} {number(gap, measure.decimals, language, signed=True)}"
        row: dict[str, Any] = {"x": x, "y": (women + men) / 2, "text": text, "dx": -8 if last else 8, "dy": 0,
                               "align": "right" if last else "left", "size": canvas.size.small}  # fmt: skip
        if _crossed(_box(canvas, row | {"dy": row["size"] * 0.35}), _strokes(canvas, found)):
            continue  # a line runs where the words would stand
        canvas.rule(x, x, women, men, width=1.5, dotted=True)
        canvas.text(x, row["y"], text, dx=row["dx"], align=row["align"], size=row["size"], fill=INK2, halo=True)


def gap_bars(
    measure: Measure, points: Sequence[Point], breaks: Sequence[Break], language: Language, size: Size
) -> Drawing:
    """Bars from a named zero line: ink where comparable with the latest, grey before, hatched when preliminary."""
    words = WORDS[language]
    values = valued(points)
    height, top, bottom = 330 if size.wide else 270, 44, 34
    axis = _roomy(steps(min(0, *values), max(0, *values), 5 if size.wide else 4), values, height - top - bottom)
    marks = [number(step, decimals_of(axis), language, signed=True) for step in axis]
    codes = sorted({point.period for point in points}, key=position)
    step = length(codes[-1])
    canvas = Canvas(
        size,
        height=height,
        left=round(max(text_width(mark, size.font) for mark in marks)) + 12,
        right=16,
        top=top,
        bottom=bottom,
        x=(position(codes[0]) - step * 0.6, position(codes[-1]) + step * 0.6),
        y=(axis[0], axis[-1]),
    )
    for at, mark in zip(axis, marks, strict=True):
        canvas.rule(*canvas.x, at, at, stroke=GRID)
        canvas.text(canvas.x[0], at, mark, dx=-8, align="right", fill=INK2, bold=at == 0)
    found = zones(points, breaks)
    width = step * (0.2 if len(codes) < 24 else 0.32)
    for before, after in found:
        canvas.zone(position(before) + width, position(after) - width, *canvas.y, TINT)
    edge = position(found[-1][1]) if found else float("-inf")
    widest = max(text_width(number(value, measure.decimals, language, signed=True), size.small) for value in values)
    every = max(1, math.ceil((widest + 4) / (canvas.px(step) - canvas.px(0))))
    drawn = sorted((point for point in points if point.value is not None), key=lambda point: position(point.period))
    # Where bars stand close only the last is written; the others are in the table.
    written = {at for at in range(len(drawn)) if at == 0 or (every <= 3 and at % every == 0)}
    for at, point in enumerate(reversed(drawn)):
        assert point.value is not None
        x = position(point.period)
        fill = HATCH_INK if point.preliminary else INK if x >= edge else TOTAL
        tip = told(measure, point, language)
        canvas.add("bars", x=x - width, x2=x + width, y=0, y2=point.value, sex="gap", fill=fill, tip=tip)
        if at in written:
            text = number(point.value, measure.decimals, language, signed=True)
            inside = max(text_width(text, size.small) / 2 - canvas.px(x), 0)
            canvas.text(
                x,
                point.value,
                text,
                dx=inside,
                dy=-12 if point.value > 0 else 13,
                align="center",
                size=size.small,
                bold=at == 0,
                halo=True,
            )
    canvas.rule(*canvas.x, 0, 0, stroke=INK, width=2)
    head = canvas.from_py(-24)
    canvas.text(canvas.x[0], head, words["zero" if size.wide else "zero_short"], dx=0, size=size.small, fill=INK2)
    for x, label in year_labels(codes, canvas.plot[0], size.font, language):
        if canvas.x[0] <= x <= canvas.x[1]:
            over = max(text_width(label, size.font) / 2 - (canvas.right + canvas.plot[0] - canvas.px(x)), 0)
            canvas.text(x, canvas.y[0], label, dx=-over, dy=22, align="center", fill=INK2)
    return canvas.drawing()


def _roomy(axis: list[float], values: Sequence[float], height: int) -> list[float]:
    """The axis with a step more at the end where a bar reaches so far that its value would have no room."""
    room = 22 / height * (axis[-1] - axis[0])
    step = axis[1] - axis[0]
    low = [round(axis[0] - step, 10)] if min(values) < 0 and min(values) - axis[0] < room else []
    high = [round(axis[-1] + step, 10)] if max(values) > 0 and axis[-1] - max(values) < room else []
    return [*low, *axis, *high]


def rows_of_regions(measure: Measure, places: Sequence[Place], own: str, language: Language, size: Size) -> Drawing:
    """A row for each region: women and men joined by their distance, or one dot; the difference in a column."""
    words = WORDS[language]
    share = measure.share_of_women
    values = [v for place in places for v in (place.women, place.men, place.total) if v is not None]
    axis = SHARES if share else level_steps(values, 5)
    marks = [number(step, decimals_of(axis), language) for step in axis]
    row = 24
    single = one_value(places, share=share)
    last = [_column(measure, place, language, single=single) for place in places]
    names = [shortened(place.name, size.font, 200 if size.wide else 122) for place in places]
    strong = [place.code == own or place.level == "country" for place in places]
    canvas = Canvas(
        size,
        height=38 + row * len(places) + 34,
        left=round(
            max(text_width(name, size.font) * (BOLD if bold else 1) for name, bold in zip(names, strong, strict=True))
        )
        + (18 if size.wide else 10),
        right=round(max([text_width(text, size.font) for text in last] + [text_width(words["gap"], size.small)]))
        + (22 if size.wide else 12),
        top=38,
        bottom=34,
        x=(axis[0], axis[-1]),
        y=(0, len(places)),
    )
    if share:
        canvas.zone(40, 60, *canvas.y, BAND)
    _value_axis(canvas, axis, marks)
    edge = canvas.plot[0] + canvas.right
    for at, place in enumerate(places):
        y = len(places) - at - 0.5
        bold = strong[at]
        if place.code == own:
            canvas.zone(canvas.from_px(-canvas.left), canvas.from_px(edge), y - 0.5, y + 0.5, TINT)
        canvas.text(canvas.x[0], y, names[at], dx=4 - canvas.left, bold=bold)
        canvas.text(canvas.x[1], y, last[at], dx=canvas.right - 4, align="right", bold=bold)
        _joined_signs(canvas, measure, place, y, language, written=place.code == own and not share)
    if places and places[0].level == "country":
        canvas.rule(canvas.from_px(-canvas.left), canvas.from_px(edge), len(places) - 1, len(places) - 1, stroke=GRID)
    _row_heads(canvas, places, words, share=share)
    return canvas.drawing()


def one_value(places: Sequence[Place], *, share: bool) -> bool:
    """True where no place has values of women and of men: there is one that compares them."""
    return share or all(place.women is None and place.men is None for place in places)


def _column(measure: Measure, place: Place, language: Language, *, single: bool) -> str:
    value = place.total if single else place.diff
    if value is None:
        return ".." if not place.missing or len(place.missing) > 4 else place.missing
    return number(value, measure.decimals, language, signed=not single)


def _joined_signs(
    canvas: Canvas, measure: Measure, place: Place, y: float, language: Language, *, written: bool
) -> None:
    found = [(sex, value) for sex, value in (("women", place.women), ("men", place.men)) if value is not None]
    if not found and place.total is not None:
        found = [("gap" if measure.share_of_women else "total", place.total)]
    if len(found) == 2:
        own = 2.5 if written else 1.5
        canvas.rule(found[0][1], found[1][1], y, y, stroke=INK if written else RULE2, width=own)
    low = min((value for _, value in found), default=0)
    for sex, value in found:
        canvas.sign(value, y, sex, hollow=place.preliminary,
                    tip=f"{place.name}, {_tip(measure, sex, value, language)}")  # fmt: skip
        if written and canvas.size.wide:
            before = (value == low and sex == found[0][0]) or value < max(one for _, one in found)
            text = number(value, measure.decimals, language)
            if before and text_width(text, canvas.size.small) * BOLD + 14 > canvas.px(value):
                continue  # the name of the place stands there; the table has the value
            canvas.text(value, y, text, dx=-10 if before else 10, align="right" if before else "left",
                        size=canvas.size.small, bold=True, halo=True)  # fmt: skip


def _tip(measure: Measure, sex: str, value: float, language: Language) -> str:
    name = measure.title if sex == "total" else WORDS[language]["share" if sex == "gap" else sex]
    return f"{name}: {number(value, measure.decimals, language)}"


def _value_axis(canvas: Canvas, axis: Sequence[float], marks: Sequence[str]) -> None:
    """Grid lines and their values below; where there is little room every other value is left out."""
    room = canvas.plot[0] / max(len(axis) - 1, 1)
    every = 2 if max(text_width(mark, canvas.size.font) for mark in marks) + 6 > room else 1
    for at, (step, mark) in enumerate(zip(axis, marks, strict=True)):
        canvas.rule(step, step, *canvas.y, stroke=GRID)
        if at % every == 0:
            canvas.text(step, 0, mark, dy=18, align="center", fill=INK2)


def _row_heads(canvas: Canvas, places: Sequence[Place], words: dict[str, str], *, share: bool) -> None:
    """Who is who, above the first row that has both; what the column at the right is."""
    size, top = canvas.size, canvas.from_py(-18)
    single = one_value(places, share=share)
    column = words["value" if single else "gap"] if not share else words["share"] if size.wide else "%"
    canvas.text(canvas.x[1], top, column, dx=canvas.right - 4, align="right", size=size.small, fill=INK2)
    if share:
        canvas.text(50, top, words["band_short"], align="center", size=size.small, fill=INK2)
        return
    first = next((place for place in places if place.women is not None and place.men is not None), None)
    if first is None or first.women is None or first.men is None:
        return
    wanted = [canvas.px(first.women), canvas.px(first.men)]
    widths = [text_width(words[sex], size.small) * BOLD for sex in ("women", "men")]
    moved = apart(wanted, sum(widths) / 2 + 10, widths[0] / 2, canvas.plot[0] - widths[1] / 2)
    for sex, x in zip(("women", "men"), moved, strict=True):
        canvas.text(canvas.from_px(x), top, words[sex], align="center", size=size.small, bold=True)


def strips(measure: Measure, places: Sequence[Place], own: str, language: Language, size: Size) -> Drawing:
    """A tick for each region on one scale: women's strip above men's, or one strip for a share; own and riket named."""
    words = WORDS[language]
    share = measure.share_of_women
    sexes = ["total"] if all(place.women is None and place.men is None for place in places) else ["women", "men"]
    values = [v for place in places for v in (getattr(place, sex) for sex in sexes) if v is not None]
    axis = SHARES if share else steps(min(values), max(values), 6 if size.wide else 4)
    marks = [number(step, decimals_of(axis), language) for step in axis]
    row = 112
    canvas = Canvas(
        size,
        height=row * len(sexes) + 44,
        left=24,
        right=24,
        top=8,
        bottom=36,
        x=(axis[0], axis[-1]),
        y=(0, len(sexes)),
    )
    if share:
        canvas.zone(40, 60, *canvas.y, BAND)
        canvas.text(60, len(sexes), words["band_short"], dx=8, dy=11, size=size.small, fill=INK2)
    _value_axis(canvas, axis, marks)
    for at, sex in enumerate(sexes):
        middle = len(sexes) - at - 0.62
        half = 13 / row
        name = words["share"] if share else words[sex]
        canvas.text(canvas.x[0], len(sexes) - at - 0.1, name, dx=-20, size=size.small, bold=True, halo=True)
        _strip(canvas, measure, [(place, getattr(place, sex)) for place in places], own, (middle, half), language)
    return canvas.drawing()


def _strip(
    canvas: Canvas,
    measure: Measure,
    found: Sequence[tuple[Place, float | None]],
    own: str,
    at: tuple[float, float],
    language: Language,
) -> None:
    middle, half = at
    size = canvas.size
    for place, value in found:
        if value is not None and place.code != own and place.level != "country":
            canvas.rule(value, value, middle - half, middle + half, stroke=TOTAL, width=2)
    named = [(place, value) for place, value in found if value is not None
             and (place.code == own or place.level == "country")]  # fmt: skip
    for place, value in named:
        mine = place.code == own
        reach = half * 1.5
        canvas.rule(value, value, middle - reach, middle + reach, stroke=INK, width=4 if mine else 2, dotted=not mine)
        text = f"{shortened(place.name, size.small, 180)} {number(value, measure.decimals, language)}"
        room = text_width(text, size.small) * (BOLD if mine else 1) / 2
        x = min(max(canvas.px(value), room - canvas.left), canvas.plot[0] + canvas.right - room)
        canvas.text(canvas.from_px(x), middle, text, dy=-29 if mine else 30, align="center", size=size.small, bold=mine,
                    halo=True)  # fmt: skip


def flow_bars(measure: Measure, relations: Sequence[Flow], language: Language, size: Size) -> Drawing:
    """Paired bars from zero, women above men, the names of the places above each pair."""
    words = WORDS[language]
    values = [v for flow in relations for v in (flow.women, flow.men) if v is not None]
    axis = steps(0, max(values), 5 if size.wide else 4)
    row = 64
    widest = max(text_width(number(value, measure.decimals, language), size.small) for value in values)
    label = round(text_width(words["women"], size.small)) + 12
    canvas = Canvas(
        size,
        height=row * len(relations) + 12,
        left=label,
        right=round(widest) + 16,
        top=4,
        bottom=8,
        x=(0, axis[-1]),
        y=(0, len(relations)),
    )
    for at, flow in enumerate(relations):
        base = len(relations) - at
        name = shortened(f"{flow.home} → {flow.work}", size.font, size.width - 8)
        canvas.text(0, base, name, dx=-label, dy=13, bold=True)
        for place, (sex, value) in enumerate((("women", flow.women), ("men", flow.men))):
            y = base - (26 + place * 17) / row
            canvas.text(0, y - 6 / row, words[sex], dx=-label, size=size.small, fill=INK2)
            if value is None:
                canvas.text(0, y - 6 / row, words["lacks"], dx=4, size=size.small, fill=INK2)
                continue
            fill = WOMEN if sex == "women" else HATCH_MEN
            text = number(value, measure.decimals, language)
            tip = f"{name}, {words[sex]}: {text}"
            canvas.add("bars", x=0, x2=value, y=y, y2=y - 13 / row, sex=sex, fill=fill, tip=tip)
            canvas.text(value, y - 6 / row, text, dx=6, size=size.small)
        canvas.rule(0, 0, base - 22 / row, base - 60 / row, stroke=INK, width=2)
    return canvas.drawing()
