"""Pictures of women and men: Vega-Lite specifications made with Altair, drawn as SVG by vl-convert.

Every function takes figures that the warehouse holds and computes none. A `Chart` is drawn when its `svg` or `narrow`
is first read, or by `draw` together with others, which is quicker.

On a page: `title` (the finding) and `subtitle` (the measure) are headings, `svg` and `narrow` stand in one figure and
CSS shows one of them (`.chart-wide`, `.chart-narrow`), `notes` and `source` stand under it. Colours are CSS tokens of
the site with the light colours as fallback: --women, --men, --total, --ink, --ink2, --rule2, --grid, --tint, --band,
--paper. Texts take the font of the page.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from html import escape
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal, cast

import orjson

from reports import boundaries, drawing, maps, plots, scatter
from reports.drawing import FONT, INK, INK2, PAPER, Drawing
from reports.plots import NARROW, PANEL, WIDE, Size
from reports.scales import Language, decimals_of, level_steps, number, period, position, span, wrapped
from reports.subjects import UNITS, WORDS, Break, Flow, Level, Measure, Place, Point, Sex

__all__ = [
    "Break", "Chart", "Flow", "Language", "Level", "Measure", "Picture", "Place", "Point", "Sex",
    "bundle", "compare_regions", "distribution", "draw", "flows", "gap_over_time", "kommun_map", "over_time",
    "rasterise", "two_measures",
]  # fmt: skip

MapOf = Literal["gap", "sexes", "total"]

MOST_REGIONS = 3
LARGEST_FLOWS = 8
LONGEST_ALT = 350
FEWEST_PLACES = 2
"""One place alone shows nothing that its two numbers do not."""

Pictures = Callable[[], Mapping[str, Any]]
"""A function that gives the pictures of a page by name."""
_GLOBAL = "window.vegaEmbed=vegaEmbed;"


@dataclass(frozen=True)
class Chart:
    """A picture and what stands around it.

    `missing` says why there is no picture; then `svg` and `narrow` are empty. `rows` are the figures of the picture
    (the table twin). `notes` say where the axis begins, what is preliminary and where the series breaks.
    """

    kind: str
    title: str
    subtitle: str
    source: str
    alt: str
    notes: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    drawings: tuple[Drawing, ...] = field(default=(), repr=False)
    missing: str | None = None
    watermark: str | None = None

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification of the widest picture with its data; empty when there is no picture."""
        return self.drawings[0].spec() if self.drawings else {}

    @cached_property
    def svgs(self) -> list[str]:
        """Its pictures from the widest to the narrowest as inline SVG elements."""
        return drawing.draw(self.drawings)

    @property
    def svg(self) -> str:
        """The wide picture (816 px) as an inline SVG element with role, label and CSS tokens."""
        return self._labelled(0, "chart-wide")

    @property
    def narrow(self) -> str:
        """The picture for a telephone (288 px), with the same text alternative."""
        return self._labelled(-1, "chart-narrow")

    def picture(self, file: str | None = None) -> "Picture":
        """What a page shows of it; `file` is where it can be downloaded, beside the page."""
        text = orjson.dumps(self.spec).decode()
        spec = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        wide = self.svg if len(self.drawings) > 1 else ""
        return Picture(self.title, self.subtitle, self.source, self.notes, wide, self.narrow, spec, self.missing, file)

    def download(self) -> str:
        """A stand-alone SVG file: light colours on white, with title, measure, notes and source burned in."""
        if not self.drawings:
            return ""
        return _framed(self, drawing.stand_alone(self.svgs[0]), self.drawings[0])

    def bare(self) -> str:
        """The picture as a stand-alone SVG file whose title, notes and source stand beside it; marked if made up."""
        if not self.drawings:
            return ""
        bare = replace(self, title="", subtitle="", notes=(), source="")
        return _framed(bare, drawing.stand_alone(self.svgs[0]), self.drawings[0])

    def png(self) -> bytes:
        """The downloadable picture as PNG, at twice its size."""
        return _png(self.download())

    def plain_png(self) -> bytes:
        """The bare picture as PNG, at twice its size."""
        return _png(self.bare())

    def _labelled(self, at: int, name: str) -> str:
        if not self.drawings:
            return ""
        label = f'<svg class="{name}" role="img" aria-label="{escape(self.alt)}" '
        return self.svgs[at].replace("<svg ", label, 1)


@dataclass(frozen=True)
class Picture:
    """What a page shows of a chart; `missing` says why there is no picture, `wide` is empty where it has no room.

    `spec` is the Vega-Lite specification as JSON that may stand inside a script element.
    """

    title: str
    subtitle: str
    source: str
    notes: tuple[str, ...]
    wide: str
    narrow: str
    spec: str
    missing: str | None = None
    file: str | None = None


def over_time(
    measure: Measure,
    points: Sequence[Point],
    *,
    breaks: Sequence[Break] = (),
    title: str | None = None,
    subtitle: str | None = None,
    small: bool = False,
    language: Language = "sv",
) -> Chart:
    """Women and men (or the total) as lines over time; more than three regions become small multiples.

    Args:
        measure: what is measured.
        points: women, men (and total); regions in the order they shall stand. Points of `gap` become dotted brackets.
        breaks: where the series breaks; lines also break where the series changes or a period is missing.
        title: the finding; without one the measure's title.
        subtitle: measure, place, period and unit; without one made from the points.
        small: whether it has a narrow picture alone, as one of a set; then its title alone says what is measured.
        language: of the words and numbers in the picture.
    """
    words = WORDS[language]
    shown = _ordered([point for point in points if point.sex != "gap"])
    regions = list(dict.fromkeys(point.region for point in shown))
    codes = sorted({point.period for point in shown}, key=position)
    values = plots.valued(shown)
    share = measure.share_of_women
    text = _Text(
        "over_time", title or measure.title, subtitle or _subtitle(measure, regions, codes, language, titled=not small),
        measure.source, _rows(points), measure.watermark,
    )  # fmt: skip
    if not values:
        return text.without(_nothing(shown, language))
    axis = plots.SHARES if share else level_steps(values, 5)
    drawn = [*shown, *(point for point in points if point.sex == "gap")]
    if len(regions) <= MOST_REGIONS:
        sizes = (NARROW,) if small else (WIDE, NARROW)
        drawings = tuple(plots.lines(measure, drawn, breaks, language, size, share=share) for size in sizes)
    else:
        drawings = _multiples(measure, shown, regions, breaks, language, axis)
    notes = [] if share or all(point.sex == "total" for point in shown) else [words["marks"]]
    notes += [words["own_scale"]] if len(regions) > MOST_REGIONS else []
    notes += [_axis_note(axis[0], measure, language)] if axis[0] else []
    notes += _time_notes(shown, breaks, language)
    alt = _alt_over_time(measure, drawn, regions, codes, breaks, language)
    return text.drawn(drawings, notes, alt)


def gap_over_time(
    measure: Measure,
    points: Sequence[Point],
    *,
    breaks: Sequence[Break] = (),
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
) -> Chart:
    """The gap over time: bars from a zero line for points of `gap`; women's share (`total`) on 0–100 with the band."""
    if measure.share_of_women:
        return over_time(measure, points, breaks=breaks, title=title, subtitle=subtitle, language=language)
    words = WORDS[language]
    shown = [point for point in points if point.sex == "gap"] or [point for point in points if point.sex == "total"]
    regions = list(dict.fromkeys(point.region for point in shown))
    codes = sorted({point.period for point in shown}, key=position)
    head = f"{words['minus']}. {_subtitle(measure, regions, codes, language, unit=1)}"
    text = _Text(
        "gap_over_time", title or f"{measure.title}: {words['gap'].lower()}", subtitle or head, measure.gap_source,
        _rows(shown), measure.watermark,
    )  # fmt: skip
    if not plots.valued(shown):
        return text.without(_nothing(shown, language))
    shown = [point for point in shown if point.region == regions[0]]
    drawings = tuple(plots.gap_bars(measure, shown, breaks, language, size) for size in (WIDE, NARROW))
    notes = [words["below"]]
    notes += [words["hatched"]] if any(point.preliminary for point in shown) else []
    notes += [words["older"]] if plots.zones(shown, breaks) else []
    notes += [note for note in _time_notes(shown, breaks, language) if note != words["hollow"]]
    unit = UNITS[language][measure.unit][1]
    ordered = sorted((point for point in shown if point.value is not None), key=lambda point: position(point.period))
    ends = [
        f"{_said(point, measure, language, signed=True)} {unit} {_when(point, language)}" for point in ordered[::-1]
    ]
    parts = [
        f"{words['bars']}: {measure.title}, {words['minus'].lower()}, {regions[0]}, {span(codes, language)}.",
        f"{', '.join(dict.fromkeys((ends[0], ends[-1])))}.",
        _breaks_said(shown, breaks, language),
        words["below"],
    ]  # fmt: skip
    return text.drawn(drawings, notes, _alt(parts, words))


def compare_regions(
    measure: Measure,
    places: Sequence[Place],
    *,
    own: str,
    period: str,
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
) -> Chart:
    """Women and men joined by their distance for each region (riket first, then by gap), or a share as one dot."""
    words = WORDS[language]
    single = plots.one_value(places, share=measure.share_of_women)
    ordered = sorted(places, key=lambda place: _by_gap(place, single=single))
    text = _places_text("compare_regions", measure, ordered, period, title, subtitle, language)
    values = [v for place in ordered for v in (place.women, place.men, place.total) if v is not None]
    if not values:
        return text.without(words["no_figures"])
    drawings = tuple(plots.rows_of_regions(measure, ordered, own, language, size) for size in (WIDE, NARROW))
    axis = level_steps(values, 5)
    notes = [_axis_note(axis[0], measure, language)] if axis[0] and not measure.share_of_women else []
    notes += _place_notes(ordered, language)
    return text.drawn(drawings, notes, _alt_places("dots", measure, ordered, own, period, language))


def distribution(
    measure: Measure,
    places: Sequence[Place],
    *,
    own: str,
    period: str,
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
) -> Chart:
    """One tick for each region, women above men on the same scale, or a share on 0–100 with the 40–60 band."""
    text = _places_text("distribution", measure, places, period, title, subtitle, language)
    if all(place.women is None and place.men is None and place.total is None for place in places):
        return text.without(WORDS[language]["no_figures"])
    drawings = tuple(plots.strips(measure, places, own, language, size) for size in (WIDE, NARROW))
    notes = _place_notes(places, language)
    return text.drawn(drawings, notes, _alt_places("strip", measure, places, own, period, language))


def flows(
    measure: Measure,
    relations: Sequence[Flow],
    *,
    period: str,
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
) -> Chart:
    """The eight largest flows between places as paired bars of women and men, in the order they are given."""
    words = WORDS[language]
    unit = UNITS[language][measure.unit][0]
    when = _period(period, language)
    text = _Text(
        "flows", title or measure.title, subtitle or f"{words['home_work']}, {when}. {unit.capitalize()}.",
        measure.source, tuple({"home": f.home, "work": f.work, "period": period, "women": f.women, "men": f.men}
                              for f in relations), measure.watermark,
    )  # fmt: skip
    known = [flow for flow in relations if flow.women is not None or flow.men is not None][:LARGEST_FLOWS]
    if not known:
        return text.without(words["no_figures"])
    drawings = tuple(plots.flow_bars(measure, known, language, size) for size in (WIDE, NARROW))
    notes = [words["flows_note"]] if len(relations) > len(known) else []
    told = [
        f"{flow.home} {words['to']} {flow.work}: " + _both(flow.women, flow.men, measure, language)
        for flow in known[:3]
    ]
    parts = [f"{words['flow']}: {measure.title}, {when}.", *(f"{one}." for one in told)]
    return text.drawn(drawings, notes, _alt(parts, words))


def kommun_map(
    measure: Measure,
    places: Sequence[Place],
    *,
    period: str,
    of: MapOf = "gap",
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
) -> Chart:
    """The kommuner as a map in at most five classes with names and values; a place without boundary has a tile below.

    Args:
        measure: what is measured; numbers of persons are refused, since a map of counts shows where people live.
        places: the kommuner.
        period: the period of the figures.
        of: the difference, women and men on two maps with one scale, or the total.
        title: the finding; without one the measure's title.
        subtitle: measure, place, period and unit; without one made from the places.
        language: of the words and numbers in the picture.
    """
    words = WORDS[language]
    text = _places_text("kommun_map", measure, places, period, title, subtitle, language, gap=of == "gap")
    columns = {"gap": ("diff",), "sexes": ("women", "men"), "total": ("total",)}[of]
    values = [v for place in places for v in (getattr(place, column) for column in columns) if v is not None]
    if not values or measure.unit == "persons":
        return text.without(words["no_figures"] if not values else words["no_counts"])
    scale = maps.classes(values, diverging=of == "gap")
    heads = {"diff": words["minus"], "women": words["women"], "men": words["men"]}
    heads["total"] = words["share"] if measure.share_of_women else measure.title

    def one(column: str, size: Size) -> Drawing:
        found = [(place, cast("float | None", getattr(place, column))) for place in places]
        return maps.draw(measure, found, scale, heads[column], language, size, signed=of == "gap")

    if len(columns) == 1:
        drawings: tuple[Drawing, ...] = (one(columns[0], WIDE), one(columns[0], NARROW))
    else:
        drawings = tuple(
            _grid([one(column, size) for column in columns], width, gap, count)
            for size, width, gap, count in ((maps.HALF, WIDE.width, 24, 2), (NARROW, NARROW.width, 16, 1))
        )
    outside = [place.name for place in places if place.code not in boundaries.codes()]
    notes = [f"{words['no_map']}: {', '.join(outside)}."] if outside else []
    notes += [note for note in _place_notes(places, language) if note != words["hollow"]]
    alt = _alt_places("map", measure, places, "", period, language, column=columns[0] if len(columns) == 1 else None)
    return text.drawn(drawings, notes, alt)


def two_measures(
    measures: tuple[Measure, Measure],
    places: Sequence[tuple[Place, Place]],
    *,
    own: str,
    periods: tuple[str, str],
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
) -> Chart:
    """Two measures against each other, one sign for each place: women beside men (above, on a telephone), same scales.

    It says nothing of how the measures hang together: no line, no coefficient.

    Args:
        measures: what stands along the horizontal and along the vertical axis.
        places: each place with its figures of the first and of the second measure.
        own: the code of the place that is large and named first.
        periods: the period of each measure.
        title: the finding; without one the titles of both measures.
        subtitle: what the signs and axes are; without one made from the measures.
        language: of the words and numbers in the picture.
    """
    words = WORDS[language]
    heads = [f"{measure.title} ({_period(when, language)})" for measure, when in zip(measures, periods, strict=True)]
    units = [UNITS[language].get(measure.unit, (measure.unit,))[0] for measure in measures]
    across, up = (f"{head}, {unit}" for head, unit in zip(heads, units, strict=True))
    name = next((f"{one.name}. " for one, _ in places if one.code == own), "")
    text = _Text(
        "two_measures", title or " – ".join(measure.title for measure in measures),
        subtitle or f"{name}{words['across']}: {across}. {words['up']}: {up}.",
        ". ".join(dict.fromkeys(measure.source for measure in measures)),
        tuple({"code": one.code, "region": one.name, "women": one.women, "men": one.men,
               "other_women": other.women, "other_men": other.men} for one, other in places),
        measures[0].watermark or measures[1].watermark,
    )  # fmt: skip
    counts = scatter.LEFT_OUT in {measure.unit for measure in measures}
    shown = [pair for pair in places if not (counts and pair[0].level == "country")]
    found = {sex: scatter.spots(shown, sex) for sex in ("women", "men")}
    drawn = {sex: spots for sex, spots in found.items() if len(spots) >= FEWEST_PLACES}
    if not drawn:
        return text.without(words["too_few"])
    steps_ = scatter.axes([spot for spots in drawn.values() for spot in spots])

    def panels(size: Size) -> list[Drawing]:
        return [scatter.panel(measures, spots, sex, steps_, own, language, size) for sex, spots in drawn.items()]

    drawings = (_grid(panels(scatter.HALF), WIDE.width, 24, 2), _grid(panels(NARROW), NARROW.width, 20, 1))
    notes = _pair_notes(shown, drawn, own, language, counts=counts)
    notes += [words["axes"]] if steps_[0][0] or steps_[1][0] else []
    return text.drawn(drawings, notes, _alt_pair(measures, shown, heads, own, language))


def draw(charts: Iterable[Chart]) -> None:
    """Nothing; the pictures of the charts are drawn, all together."""
    given = list(charts)
    drawn = iter(drawing.draw([one for chart in given for one in chart.drawings]))
    for chart in given:
        vars(chart)["svgs"] = [next(drawn) for _ in chart.drawings]


def rasterise(jobs: Mapping[Path, Path], *, processes: int = 2) -> Iterator[str]:
    """The name of each PNG file as it is written, made from the downloadable SVG file that stands with it in `jobs`.

    Args:
        jobs: by the PNG file to write, the SVG file to read.
        processes: how many work side by side when there is much to do.
    """
    if len(jobs) < 8 or processes < 2:
        yield from map(_rasterise, jobs.items())
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_rasterise, jobs.items(), chunksize=4)


def _rasterise(job: tuple[Path, Path]) -> str:
    path, svg = job
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(_png(svg.read_text(encoding="utf-8")))
    beside.replace(path)
    return path.name


def _png(svg: str) -> bytes:
    import vl_convert

    plain = svg.replace(escape(FONT), "Liberation Sans")
    return bytes(vl_convert.svg_to_png(plain, scale=2)) if plain else b""


def bundle(cache: Path | None = None) -> str:
    """Vega, Vega-Lite, vega-embed and the expression interpreter as one classic script (900 kB), out of vl-convert.

    Args:
        cache: folder where the bundle of this version of vl-convert is kept; making it takes some seconds.
    """
    path = cache / f"vega-bundle-{drawing.DRAWN_BY}.js" if cache else None
    if path is not None and path.exists():
        return path.read_text(encoding="utf-8")
    text = _bundled()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return text


@lru_cache(maxsize=1)
def _bundled() -> str:
    import vl_convert

    return f"(function(){{{vl_convert.javascript_bundle(_GLOBAL)}\n}})();\n"


@dataclass(frozen=True)
class _Text:
    """What stands around a picture, before it is known whether there is one."""

    kind: str
    title: str
    subtitle: str
    source: str
    rows: tuple[Mapping[str, Any], ...]
    watermark: str | None

    def drawn(self, drawings: tuple[Drawing, ...], notes: Sequence[str], alt: str) -> Chart:
        """The chart with its pictures."""
        return Chart(
            self.kind, self.title, self.subtitle, self.source, alt, tuple(notes), self.rows, drawings,
            watermark=self.watermark,
        )  # fmt: skip

    def without(self, why: str) -> Chart:
        """The chart that has no picture, and why."""
        return Chart(
            self.kind, self.title, self.subtitle, self.source, why, (), self.rows, missing=why,
            watermark=self.watermark,
        )  # fmt: skip


def _ordered(points: Sequence[Point]) -> list[Point]:
    """Women first, then men, then the total, region by region as given, each from its first period to its last."""
    regions = list(dict.fromkeys(point.region for point in points))
    sexes = drawing.SEXES
    return sorted(
        points, key=lambda point: (regions.index(point.region), sexes.index(point.sex), position(point.period))
    )


def _multiples(
    measure: Measure,
    points: Sequence[Point],
    regions: Sequence[str],
    breaks: Sequence[Break],
    language: Language,
    axis: Sequence[float],
) -> tuple[Drawing, ...]:
    """One small picture for each region, all on the same scale."""
    made = []
    for size, columns in ((PANEL, 3), (NARROW, 1)):
        panels = [
            plots.lines(
                measure, [point for point in points if point.region == region], breaks, language, size, axis=axis,
                share=measure.share_of_women, head=region,
            )
            for region in regions
            if plots.valued([point for point in points if point.region == region])
        ]  # fmt: skip
        made.append(_grid(panels, WIDE.width if columns > 1 else NARROW.width, 24, columns))
    return tuple(made)


def _grid(panels: Sequence[Drawing], width: int, gap: int, columns: int) -> Drawing:
    """Several drawings as one, row by row."""
    placed, top = [], 0
    for at in range(0, len(panels), columns):
        row = panels[at : at + columns]
        placed += [(place * (one.width + gap), top, one) for place, one in enumerate(row)]
        top += max(one.height for one in row) + gap
    return Drawing(width, top - gap, 0, 0, 0, 0, (0, 1), (0, 1), {}, panels=tuple(placed))


def _rows(points: Sequence[Point]) -> tuple[Mapping[str, Any], ...]:
    """The table twin: a row for each region, period and series; women, men, total and difference in that order."""
    rows: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for point in points:
        key = (point.region, point.period, point.series)
        row = rows.setdefault(
            key,
            {"region": point.region, "period": point.period, "series": point.series, "women": None, "men": None,
             "total": None, "gap": None, "preliminary": False, "missing": None},
        )  # fmt: skip
        row[point.sex] = point.value
        row["preliminary"] = row["preliminary"] or point.preliminary
        row["missing"] = row["missing"] or point.missing
    regions = list(dict.fromkeys(point.region for point in points))
    return tuple(sorted(rows.values(), key=lambda row: (regions.index(row["region"]), position(row["period"]))))


def _subtitle(
    measure: Measure,
    regions: Sequence[str],
    codes: Sequence[str],
    language: Language,
    unit: int = 0,
    *,
    titled: bool = True,
) -> str:
    place = ", ".join(regions[:MOST_REGIONS]) + (" …" if len(regions) > MOST_REGIONS else "")
    when = span(codes, language) if codes else ""
    words = UNITS[language].get(measure.unit, (measure.unit, measure.unit))[unit]
    what = f"{measure.title}. " if titled else ""
    return f"{what}{' '.join(part for part in (place, when) if part)}. {words[:1].upper()}{words[1:]}."


def _places_text(
    kind: str,
    measure: Measure,
    places: Sequence[Place],
    when: str,
    title: str | None,
    subtitle: str | None,
    language: Language,
    *,
    gap: bool = False,
) -> _Text:
    unit = UNITS[language].get(measure.unit, (measure.unit, measure.unit))[gap]
    head = f"{measure.title}, {_period(when, language)}. {unit[:1].upper()}{unit[1:]}."
    if gap:
        head = f"{WORDS[language]['minus']}. {head}"
    rows = tuple(
        {"code": p.code, "region": p.name, "period": when, "women": p.women, "men": p.men, "total": p.total,
         "gap": p.diff, "preliminary": p.preliminary, "missing": p.missing}
        for p in places
    )  # fmt: skip
    single = plots.one_value(places, share=measure.share_of_women)
    has_gap = gap or (kind == "compare_regions" and not single and any(place.diff is not None for place in places))
    source = measure.gap_source if has_gap else measure.source
    return _Text(kind, title or measure.title, subtitle or head, source, rows, measure.watermark)


def _by_gap(place: Place, *, single: bool) -> tuple[int, bool, float, str]:
    value = place.total if single else place.diff
    return (0 if place.level == "country" else 1, value is None, -(value or 0), place.name)


def _period(code: str, language: Language) -> str:
    return period(code, language)


def _axis_note(low: float, measure: Measure, language: Language) -> str:
    text = number(low, decimals_of([low]), language)
    return f"{WORDS[language]['axis']} {text} {UNITS[language].get(measure.unit, (measure.unit,))[0]}."


def _time_notes(points: Sequence[Point], breaks: Sequence[Break], language: Language) -> list[str]:
    words = WORDS[language]
    codes = sorted({point.period for point in points}, key=position)
    notes = [words["hollow"]] if any(point.preliminary for point in points) else []
    notes += [
        f"{words['break']} {period(one.period, language)}: {one.what}."
        for one in breaks
        if any(plots.broken(before, after, one) for before, after in pairwise(codes))
    ]
    for sex in ("women", "men"):
        of_sex = [point for point in points if point.sex == sex]
        other = [point for point in points if point.sex in {"women", "men"} and point.sex != sex]
        if plots.valued(other) and not plots.valued(of_sex):
            why = next((point.missing for point in of_sex if point.missing), None)
            notes.append(f"{words['missing_for']} {words[sex].lower()}{f': {why}' if why else ''}.")
    return list(dict.fromkeys(notes))


def _place_notes(places: Sequence[Place], language: Language) -> list[str]:
    words = WORDS[language]
    notes = [words["hollow"]] if any(place.preliminary for place in places) else []
    lacking: dict[str, list[str]] = {}
    for place in places:
        if place.women is None and place.men is None and place.total is None:
            lacking.setdefault(place.missing or words["lacks"].lower(), []).append(place.name)
    notes += [f"{words['missing_for']} {', '.join(names)}: {why}." for why, names in lacking.items()]
    return notes


def _pair_notes(
    places: Sequence[tuple[Place, Place]],
    drawn: Mapping[str, Sequence[scatter.Spot]],
    own: str,
    language: Language,
    *,
    counts: bool,
) -> list[str]:
    words = WORDS[language]
    name = next((one.name for one, _ in places if one.code == own), None)
    signs = words["signs_no_country" if counts else "signs"]
    notes = [f"{words['largest_sign']}: {name}. {signs}" if name else signs]
    notes += [words["hollow"]] if any(spot.preliminary for spots in drawn.values() for spot in spots) else []
    notes += [words["no_line"]]
    for sex in ("women", "men"):
        there = {spot.place.code for spot in drawn.get(sex, ())}
        lacking = [one.name for one, _ in places if one.code not in there]
        if sex not in drawn:
            notes.append(f"{words['missing_for']} {words[sex].lower()}.")
        elif lacking:
            notes.append(f"{words['missing_for']} {words[sex].lower()}: {', '.join(lacking)}.")
    return notes


def _alt_pair(
    measures: tuple[Measure, Measure],
    places: Sequence[tuple[Place, Place]],
    heads: Sequence[str],
    own: str,
    language: Language,
) -> str:
    words = WORDS[language]
    parts = [f"{words['scatter']}: {heads[0]} {words['against']} {heads[1]}."]
    for pair in places:
        if pair[0].code == own:
            parts += [
                f"{pair[0].name}, {measure.title}: {_both(one.women, one.men, measure, language)}, "
                f"{UNITS[language].get(measure.unit, (measure.unit,))[0]}."
                for measure, one in zip(measures, pair, strict=True)
            ]
    parts.append(words["no_line"])
    return _alt(parts, words)


def _nothing(points: Sequence[Point], language: Language) -> str:
    whys = list(dict.fromkeys(point.missing for point in points if point.missing))
    words = WORDS[language]
    return f"{words['lacks']}: {', '.join(whys)}." if whys else words["no_figures"]


def _said(point: Point, measure: Measure, language: Language, *, signed: bool = False) -> str:
    assert point.value is not None
    return number(point.value, measure.decimals, language, signed=signed)


def _when(point: Point, language: Language) -> str:
    text = period(point.period, language)
    return f"{text} ({WORDS[language]['preliminary']})" if point.preliminary else text


def _both(women: float | None, men: float | None, measure: Measure, language: Language) -> str:
    words = WORDS[language]
    parts = []
    for value, who in ((women, "for_women"), (men, "for_men")):
        text = words["lacks"].lower() if value is None else number(value, measure.decimals, language)
        parts.append(f"{text} {words[who]}")
    return f" {words['and']} ".join(parts)


def _breaks_said(points: Sequence[Point], breaks: Sequence[Break], language: Language) -> str:
    found = plots.zones([point for point in points if point.sex != "gap"] or points, breaks)
    if not found:
        return ""
    return f"{WORDS[language]['breaks_at']} {', '.join(period(after, language) for _, after in found)}."


def _alt_over_time(
    measure: Measure,
    points: Sequence[Point],
    regions: Sequence[str],
    codes: Sequence[str],
    breaks: Sequence[Break],
    language: Language,
) -> str:
    words = WORDS[language]
    own = [point for point in points if point.region == regions[0] and point.value is not None]
    unit, gap_unit = UNITS[language].get(measure.unit, (measure.unit, measure.unit))
    parts = [f"{words['line']}: {measure.title}, {', '.join(regions)}, {span(codes, language)}."]
    last = max((point.period for point in own if point.sex != "gap"), key=position, default=None)
    by_sex: dict[str, Point] = {point.sex: point for point in own if point.period == last}
    if "women" in by_sex or "men" in by_sex:
        point = by_sex.get("women") or by_sex["men"]
        women, men = (by_sex[sex].value if sex in by_sex else None for sex in ("women", "men"))
        text = f"{_both(women, men, measure, language)}, {unit} ({period(point.period, language)}"
        text += f", {words['preliminary']})" if point.preliminary else ")"
        if "gap" in by_sex:
            text += f"; {words['difference']} {_said(by_sex['gap'], measure, language, signed=True)} {gap_unit}"
        parts.append(f"{text}.")
    elif "total" in by_sex:
        point = by_sex["total"]
        who = f"{words['share_of_women']}, " if measure.share_of_women else ""
        parts.append(f"{_said(point, measure, language)} {unit}, {who}{_when(point, language)}.")
    parts.append(_breaks_said(points, breaks, language))
    return _alt(parts, words)


def _alt_places(
    kind: str,
    measure: Measure,
    places: Sequence[Place],
    own: str,
    when: str,
    language: Language,
    column: str | None = None,
) -> str:
    words = WORDS[language]
    unit, gap_unit = UNITS[language].get(measure.unit, (measure.unit, measure.unit))
    parts = [f"{words[kind]}: {measure.title}, {period(when, language)}."]
    for place in places:
        if place.code == own or (not own and column is None and place is places[0]):
            if place.women is not None or place.men is not None:
                text = f"{place.name}: {_both(place.women, place.men, measure, language)}, {unit}"
                if place.diff is not None:
                    text += f"; {words['difference']} {number(place.diff, measure.decimals, language, signed=True)}"
                    text += f" {gap_unit}"
                parts.append(f"{text}.")
            elif place.total is not None:
                parts.append(f"{place.name}: {number(place.total, measure.decimals, language)} {unit}.")
    column = column or ("total" if plots.one_value(places, share=measure.share_of_women) else "diff")
    known = [(getattr(place, column), place.name) for place in places if getattr(place, column) is not None]
    if len(known) > 1:
        (low, low_name), (high, high_name) = min(known), max(known)
        texts = [number(value, measure.decimals, language, signed=column == "diff") for value in (high, low)]
        first, then = (
            (words["from"], f" {words['to']}") if column == "diff" else (words["highest"], f", {words['lowest']}")
        )
        parts.append(f"{first[:1].upper()}{first[1:]} {high_name} {texts[0]}{then.lower()} {low_name} {texts[1]}.")
    return _alt(parts, words)


def _alt(parts: Sequence[str], words: Mapping[str, str]) -> str:
    """The sentences that have room in a text alternative; where the table is, is always said."""
    text = ""
    for part in parts:
        if part and len(text) + len(part) + len(words["table"]) + 2 <= LONGEST_ALT:
            text += f"{part} "
    if not text:
        text = f"{parts[0][: LONGEST_ALT - len(words['table']) - 3]}… "
    return text + words["table"]


def _framed(chart: Chart, svg: str, picture: Drawing) -> str:
    """The picture with its words burned in, so that it can be understood wherever it ends up."""
    left, width = 24, picture.width
    rows: list[tuple[str, int, int, str]] = []
    rows += [(line, 14, 700, INK) for line in wrapped(chart.watermark or "", 14, width)]
    rows += [(line, 20, 700, INK) for line in wrapped(chart.title, 20 * 1.06, width)]
    rows += [(line, 15, 400, INK2) for line in wrapped(chart.subtitle, 15, width)]
    under = [(line, 13, 400, INK2) for note in (*chart.notes, chart.source) for line in wrapped(note, 13, width)]
    texts, y = [], 12.0
    for words, size, weight, fill in rows:
        y += size * 1.35
        texts.append(_line(left, y, words, size, weight, fill))
    top = y + 16
    y = top + picture.height + 12
    for words, size, weight, fill in under:
        y += size * 1.4
        texts.append(_line(left, y, words, size, weight, fill))
    height = round(y + 16)
    inner = svg.replace(
        "<svg ", f'<svg x="{left}" y="{top:.0f}" width="{width}" height="{picture.height}" overflow="visible" ', 1
    )
    inner = inner.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * left}" height="{height}" '
        f'viewBox="0 0 {width + 2 * left} {height}" role="img" font-family="{escape(FONT)}">'
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.alt)}</desc>"
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(texts)}{inner}</svg>\n'
    )


def _line(x: float, y: float, words: str, size: int, weight: int, fill: str) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{x}" y="{y:.1f}" font-size="{size}"{bold} fill="{fill}">{escape(words, quote=False)}</text>'
