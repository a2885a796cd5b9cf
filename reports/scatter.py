"""Two measures against each other as a `Drawing`: one sign for each place, names where there is room, no line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.drawing import GRID, INK2, Drawing
from reports.plots import Canvas, Size
from reports.scales import BOLD, Box, Language, decimals_of, meet, number, shortened, steps, text_width, wrapped
from reports.subjects import UNITS, WORDS, Measure, Place

LEFT_OUT = "persons"
"""Numbers of persons: riket, with all of them, would press every other place into a corner."""
HALF = Size(396, 14, 13, 2.6, 50, wide=True)
"""One of two pictures side by side."""
_SCALES = {"country": 1.3, "county": 0.4, "municipality": 1.0}
_OWN = 2.2
_RANKS = {"county": 0, "municipality": 1, "country": 2}


@dataclass(frozen=True)
class Spot:
    """One place in the plane of the two measures, for one sex."""

    place: Place
    x: float
    y: float
    preliminary: bool


def spots(pairs: Sequence[tuple[Place, Place]], sex: str) -> list[Spot]:
    """The places that have a value of both measures for the sex."""
    return [
        Spot(one, x, y, one.preliminary or other.preliminary)
        for one, other in pairs
        if (x := getattr(one, sex)) is not None and (y := getattr(other, sex)) is not None
    ]


def panel(
    measures: tuple[Measure, Measure],
    found: Sequence[Spot],
    sex: str,
    axes: tuple[Sequence[float], Sequence[float]],
    own: str,
    language: Language,
    size: Size,
) -> Drawing:
    """One sex: the first measure to the right, the second upwards; riket is a diamond, the own place large and named.

    Args:
        measures: what stands along the horizontal and along the vertical axis.
        found: the places.
        sex: women or men; says which sign.
        axes: the steps of both axes, the same for women and men.
        own: the code of the place that is named first.
        language: of words and numbers.
        size: how wide, and how large the text.
    """
    marks = [[number(step, decimals_of(axis), language) for step in axis] for axis in axes]
    left = round(max(text_width(mark, size.font) for mark in marks[1])) + 14
    titles = [wrapped(_title(measure, language), size.small, size.width - 8)[:2] for measure in measures]
    line = round(size.small * 1.3)
    top = 30 + line * len(titles[1]) + 12
    bottom = 32 + line * len(titles[0])
    canvas = Canvas(
        size,
        height=top + (270 if size.wide else 230) + bottom,
        left=left,
        right=18,
        top=top,
        bottom=bottom,
        x=(axes[0][0], axes[0][-1]),
        y=(axes[1][0], axes[1][-1]),
    )
    _frame(canvas, axes, marks)
    head = canvas.from_py(10 - top)
    canvas.sign(canvas.from_px(8 - left), head, sex)
    canvas.text(canvas.x[0], head, WORDS[language][sex], dx=20 - left, size=size.font + 1, bold=True)
    for at, text in enumerate(titles[1]):
        canvas.text(
            canvas.x[0], canvas.from_py(30 - top + line * (at + 0.5)), text, dx=-left, size=size.small, fill=INK2
        )
    for at, text in enumerate(titles[0]):
        y = canvas.from_py(canvas.plot[1] + 32 + line * (at + 0.3))
        canvas.text(canvas.x[1], y, text, dx=canvas.right - 4, align="right", size=size.small, fill=INK2)
    ordered = sorted(found, key=lambda spot: (spot.place.code == own, _RANKS[spot.place.level]))
    for spot in ordered:
        sign = "total" if spot.place.level == "country" else sex
        scale = _OWN if spot.place.code == own else _SCALES[spot.place.level]
        tip = f"{spot.place.name}, {WORDS[language][sex].lower()}: {told(measures, spot, language)}"
        canvas.sign(spot.x, spot.y, sign, hollow=spot.preliminary, tip=tip, scale=scale)
    _names(canvas, ordered[::-1], own)
    return canvas.drawing()


def told(measures: tuple[Measure, Measure], spot: Spot, language: Language) -> str:
    """Both values in words: `Sysselsättningsgrad 78,5 procent, Medelinkomst 284,6 tkr`."""
    return ", ".join(
        f"{measure.title} {number(value, measure.decimals, language)} {UNITS[language].get(measure.unit, ('',))[0]}"
        for measure, value in zip(measures, (spot.x, spot.y), strict=True)
    )


def axes(found: Sequence[Spot]) -> tuple[list[float], list[float]]:
    """The steps of both axes, common to women and men."""
    xs, ys = [spot.x for spot in found], [spot.y for spot in found]
    return steps(min(xs), max(xs), 5), steps(min(ys), max(ys), 5)


def _title(measure: Measure, language: Language) -> str:
    unit = UNITS[language].get(measure.unit, (measure.unit,))[0]
    return f"{measure.title}, {unit}"


def _frame(canvas: Canvas, axes: tuple[Sequence[float], Sequence[float]], marks: Sequence[Sequence[str]]) -> None:
    size = canvas.size
    for step, mark in zip(axes[1], marks[1], strict=True):
        canvas.rule(*canvas.x, step, step, stroke=GRID)
        canvas.text(canvas.x[0], step, mark, dx=-8, align="right", fill=INK2)
    room = canvas.plot[0] / max(len(axes[0]) - 1, 1)
    every = 2 if max(text_width(mark, size.font) for mark in marks[0]) + 6 > room else 1
    for at, (step, mark) in enumerate(zip(axes[0], marks[0], strict=True)):
        canvas.rule(step, step, *canvas.y, stroke=GRID)
        if at % every == 0:
            over = max(text_width(mark, size.font) / 2 - (canvas.right + canvas.plot[0] - canvas.px(step)), 0)
            canvas.text(step, canvas.y[0], mark, dx=-over, dy=18, align="center", fill=INK2)
    canvas.rule(*canvas.x, canvas.y[0], canvas.y[0])
    canvas.rule(canvas.x[0], canvas.x[0], *canvas.y)


def _names(canvas: Canvas, found: Sequence[Spot], own: str) -> None:
    """Names beside the signs of the own place, riket and the kommuner, in that order, where nothing is in the way.

    The own place and riket are always named: where it is crowded their name stands apart, at the end of a thin line.
    """
    size = canvas.size
    taken = [_sign(canvas, spot, own) for spot in found]
    wanted = [spot for spot in found if spot.place.level != "county" or spot.place.code == own]
    wanted.sort(key=lambda spot: (spot.place.code != own, spot.place.level != "country", spot.place.name))
    for spot in wanted:
        bold = spot.place.code == own
        must = bold or spot.place.level == "country"
        name = shortened(spot.place.name, size.small, canvas.plot[0] * 0.6)
        room = (text_width(name, size.small) * (BOLD if bold else 1), size.small * 1.15)
        half = _radius(canvas, spot, own)
        for align, dx, dy in (*_near(half, room[1]), *(_away() if must else ())):
            x, y = canvas.px(spot.x) + dx, canvas.py(spot.y) + dy
            start = x - {"left": 0, "right": room[0], "center": room[0] / 2}[align]
            box = (start, y - room[1] / 2, start + room[0], y + room[1] / 2)
            if _inside(canvas, box) and not any(meet(box, other) for other in taken):
                if abs(dx) + abs(dy) > half + room[1]:
                    end = (canvas.from_px(x - 2 * (align == "left") + 2 * (align == "right")), canvas.from_py(y))
                    canvas.rule(spot.x, end[0], spot.y, end[1])
                canvas.text(spot.x, spot.y, name, dx=dx, dy=dy, align=align, size=size.small, bold=bold, halo=True)
                taken.append(box)
                break


def _near(half: float, height: float) -> Iterator[tuple[str, float, float]]:
    """The places beside a sign where its name may stand, the best first."""
    yield "left", half + 4, 0
    yield "right", -half - 4, 0
    yield "center", 0, -half - height / 2
    yield "center", 0, half + height / 2


def _away() -> Iterator[tuple[str, float, float]]:
    """Places ever farther from the sign, at the end of a line."""
    for reach in range(24, 220, 12):
        for across, up in ((0.8, -0.6), (-0.8, -0.6), (0.8, 0.6), (-0.8, 0.6), (0.3, -0.95), (-0.3, 0.95)):
            yield "left" if across > 0 else "right", across * reach, up * reach


def _inside(canvas: Canvas, box: Box) -> bool:
    return (
        box[0] >= 2 - canvas.left
        and box[2] <= canvas.plot[0] + canvas.right
        and box[1] >= -6
        and box[3] <= canvas.plot[1] - 1
    )


def _radius(canvas: Canvas, spot: Spot, own: str) -> float:
    scale = _OWN if spot.place.code == own else _SCALES[spot.place.level]
    return float((canvas.size.sign * scale * (1.5 if spot.preliminary else 1)) ** 0.5 / 2 + 2)


def _sign(canvas: Canvas, spot: Spot, own: str) -> Box:
    half = _radius(canvas, spot, own)
    x, y = canvas.px(spot.x), canvas.py(spot.y)
    return x - half, y - half, x + half, y + half
