"""The map of the kommuner as a `Drawing`: at most five classes, names and values in words, never colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import boundaries
from reports.drawing import DIVERGING, HATCH_PAPER, INK, INK2, LEVELS, Drawing
from reports.plots import Canvas, Size
from reports.scales import BOLD, Language, decimals_of, number, shortened, steps, text_width, wrapped
from reports.subjects import WORDS, Measure, Place

ON_LIGHT, ON_DARK = "#201A27", "#FFFFFE"
"""Text on the ramps, which are the same in light and dark; not the tokens' own values, which change."""
_DARK = {LEVELS[-1], DIVERGING[0], DIVERGING[-1]}
TILE, LINE, BESIDE = 46, 17, 40
ROOMY = 1.14
"""Letters of the widest font that a page may be read in, to those that texts are measured by."""
HALF = Size(396, 13, 13, 2.6, 36, wide=False)
"""One of two maps side by side."""


@dataclass(frozen=True)
class Classes:
    """Bounds and colours: a value belongs to the first class whose upper bound it does not pass."""

    bounds: tuple[float, ...]
    colors: tuple[str, ...]

    def color(self, value: float | None) -> str:
        """The colour of a value; a missing value is hatched."""
        if value is None:
            return HATCH_PAPER
        at = sum(value > bound for bound in self.bounds[1:-1])
        return self.colors[at]


def classes(values: Sequence[float], *, diverging: bool) -> Classes:
    """At most five classes with round bounds; of a difference zero is a bound and each side has its own hue."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    most = 3 if diverging and (low >= 0 or high <= 0) else 5
    count = most + 1
    while True:
        bounds = steps(low, high, count)
        below = sum(bound < 0 for bound in bounds[:-1]) if diverging else 0
        above = len(bounds) - 1 - below
        if count <= 2 or (len(bounds) - 1 <= most and (not diverging or (below <= 3 and above <= 3))):
            break
        count -= 1
    if not diverging:
        picked = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4)}.get(len(bounds) - 1, (0, 1, 2, 3, 4))
        return Classes(tuple(bounds), tuple(LEVELS[at] for at in picked))
    men = DIVERGING[:3][3 - min(below, 3) :]
    women = DIVERGING[4:][: min(above, 3)]
    colors = (
        *([men[0]] * (below - len(men)) if men else ()),
        *men,
        *women,
        *([women[-1]] * (above - len(women)) if women else ()),
    )
    return Classes(tuple(bounds), colors)


def draw(
    measure: Measure,
    found: Sequence[tuple[Place, float | None]],
    scale: Classes,
    head: str,
    language: Language,
    size: Size,
    *,
    signed: bool,
) -> Drawing:
    """One map with its scale above; an area too small for its name has a number, a place without boundary a tile."""
    words = WORDS[language]
    room = (size.width - (220 if size.wide else 0), 480 if size.wide else 400)
    areas, width, height = boundaries.layout([place.code for place, _ in found], room[0], room[1])
    keyed = [
        place for place, value in found
        if place.code in areas and not _fits(areas[place.code], place, value, measure, language, size, signed=signed)
    ]  # fmt: skip
    tiles = [(place, value) for place, value in found if place.code not in areas]
    beside = size.wide
    # Beside the map the key may take two columns, under it one.
    most = max(len(keyed) // 2 + 1, int(height // 20) - 1) if beside else len(keyed)
    lines = min(len(keyed), most) + 1 if keyed else 0
    key_height = 0 if beside else lines * 20 + (8 if lines else 0)
    columns = max(1, size.width // 156)
    tile_height = (-(-len(tiles) // columns) * TILE + 26) if tiles else 0
    legend = _legend(scale, head, words, size, signed=signed, missing=any(value is None for _, value in found))
    plot = round(max(height, lines * 20 if beside else 0)) + key_height + tile_height + 4
    canvas = Canvas(size, legend.height + plot, 0, 0, legend.height, 0, (0, size.width), (plot, 0))
    _scale(canvas, scale, measure, legend, language, signed=signed)
    for place, value in found:
        if place.code not in areas:
            continue
        area = areas[place.code]
        fill = scale.color(value)
        canvas.layers.setdefault("areas", []).append(
            area.feature(fill, f"{place.name}: {_value(place, value, measure, language, signed=signed)}")
        )
        x, y = area.label
        ink = ON_DARK if fill in _DARK else INK if value is None else ON_LIGHT
        if place in keyed:
            canvas.text(x, y, str(keyed.index(place) + 1), align="center", size=size.small, bold=True, fill=ink,
                        halo=value is None)  # fmt: skip
        else:
            canvas.text(x, y - 8, place.name, align="center", size=size.small, fill=ink, halo=value is None)
            text = _value(place, value, measure, language, signed=signed)
            canvas.text(x, y + 9, text, align="center", size=size.small, bold=True, fill=ink, halo=value is None)
    values = dict(found)
    if keyed:
        x, y = (width + 24, 12.0) if beside else (0.0, height + 20)
        canvas.text(x, y, words["key"], size=size.small, fill=INK2)
        column = 180 if len(keyed) > most else size.width - x
        for at, place in enumerate(keyed):
            head, tail = f"{at + 1}  ", f" {_value(place, values[place], measure, language, signed=signed)}"
            name = shortened(place.name, size.small, column - text_width(head + tail, size.small))
            canvas.text(x + at // most * 190, y + (at % most + 1) * 20, head + name + tail, size=size.small)
    if tiles:
        top = plot - tile_height + 14
        canvas.text(0, top, f"{words['no_map']}:", size=size.small, fill=INK2)
        for at, (place, value) in enumerate(tiles):
            x, y = at % columns * 156, top + 14 + at // columns * TILE
            fill = scale.color(value)
            ink = ON_DARK if fill in _DARK else INK if value is None else ON_LIGHT
            canvas.zone(x, x + 150, y, y + TILE - 6, fill)
            canvas.text(x, y + 12, shortened(place.name, size.small, 138), dx=8, size=size.small, fill=ink)
            text = _value(place, value, measure, language, signed=signed)
            canvas.text(x, y + 29, text, dx=8, size=size.small, bold=True, fill=ink)
    return canvas.drawing()


def _value(place: Place, value: float | None, measure: Measure, language: Language, *, signed: bool) -> str:
    if value is None:
        return place.missing if place.missing and len(place.missing) <= 4 else ".."
    prel = f" {WORDS[language]['prel']}" if place.preliminary else ""
    return number(value, measure.decimals, language, signed=signed) + prel


def _fits(
    area: boundaries.Area,
    place: Place,
    value: float | None,
    measure: Measure,
    language: Language,
    size: Size,
    *,
    signed: bool,
) -> bool:
    texts = (place.name, _value(place, value, measure, language, signed=signed))
    return area.holds(max(text_width(text, size.small) for text in texts), 2.4 * size.small)


@dataclass(frozen=True)
class Legend:
    """What stands over a map: what it is of and what the scale means, in lines, and how wide a class is."""

    heads: Sequence[str]
    told: Sequence[str]
    step: int
    height: int


def _legend(scale: Classes, head: str, words: dict[str, str], size: Size, *, signed: bool, missing: bool) -> Legend:
    """The legend in lines that have room: what it means stands beside the scale, or under it on a telephone."""
    low, high = signed and scale.bounds[0] < 0, signed and scale.bounds[-1] > 0
    notes = [f"− {words['men_higher']}"] * low + [f"+ {words['women_higher']}"] * high
    notes += [words["missing_hatch"].lower()] if missing else []
    step = 84 if size.wide else min(60, size.width // len(scale.colors))
    heads = wrapped(head, size.small * BOLD, size.width)
    told = wrapped(
        "; ".join(notes), size.small * ROOMY, size.width - (len(scale.colors) * step + BESIDE if size.wide else 0)
    )
    under = 0 if size.wide else max(len(told), 1)
    return Legend(heads, told, step, (64 if size.wide else 67) + LINE * (len(heads) - 1 + under))


def _scale(
    canvas: Canvas,
    scale: Classes,
    measure: Measure,
    legend: Legend,
    language: Language,
    *,
    signed: bool,
) -> None:
    """The classes as fields with their bounds beneath, under what they are of, and what they mean."""
    size = canvas.size
    y = 10 - canvas.top
    for at, line in enumerate(legend.heads):
        canvas.text(0, y + at * LINE, line, size=size.small, bold=True)
    y += (len(legend.heads) - 1) * LINE + 16
    decimals = max(decimals_of(scale.bounds), 0 if measure.decimals == 0 else 1)
    for at, color in enumerate(scale.colors):
        canvas.zone(at * legend.step, (at + 1) * legend.step, y, y + 14, color)
    for at, bound in enumerate(scale.bounds):
        align = "left" if at == 0 else "right" if at * legend.step + 24 > size.width else "center"
        canvas.text(at * legend.step, y + 26, number(bound, decimals, language, signed=signed), align=align,
                    size=size.small, fill=INK2)  # fmt: skip
    for at, line in enumerate(legend.told):
        if size.wide:
            canvas.text(len(scale.colors) * legend.step, y + 7 + at * LINE, line, dx=BESIDE, size=size.small, fill=INK2)
        else:
            canvas.text(0, y + 46 + at * LINE, line, size=size.small, fill=INK2)
