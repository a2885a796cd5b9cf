"""Pictures of women and men: Vega-Lite specifications made with Altair, drawn as SVG by vl-convert.

Every function takes figures that the warehouse holds and computes none. A `Chart` is drawn when its `svg` or `narrow` is
first read, or by `render` for many at once in several processes; with a cache folder what was drawn once is read from there.

On a page: `title` (the finding) and `subtitle` (the measure) are headings, `svg` and `narrow` stand in one figure and CSS
shows one of them (`.chart-wide`, `.chart-narrow`), `notes` and `source` stand under it. Colours are CSS tokens of the site
with the light colours as fallback: --women, --men, --total, --ink, --ink2, --rule2, --grid, --tint, --band, --paper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from reports.catalogue import Indicator, Run

Language = Literal["sv", "en"]
Sex = Literal["women", "men", "total", "gap"]
Level = Literal["country", "county", "municipality"]
MapOf = Literal["gap", "women", "men", "total"]


@dataclass(frozen=True)
class Measure:
    """What a picture shows: the indicator's title, unit and decimals, and its source lines in the page's language."""

    title: str
    unit: str
    decimals: int
    source: str
    gap_source: str
    watermark: str | None = None
    share_of_women: bool = False

    @classmethod
    def of(cls, indicator: Indicator, run: Run) -> "Measure":
        """The measure of an indicator, in Swedish."""
        raise NotImplementedError


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


@dataclass(frozen=True)
class Chart:
    """A picture and what stands around it.

    `missing` says why there is no picture; then `svg` and `narrow` are empty. `rows` are the figures of the picture (the
    table twin). `notes` say where the axis begins, what is preliminary and where the series breaks.
    """

    kind: str
    title: str
    subtitle: str
    source: str
    alt: str
    notes: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    spec: Mapping[str, Any]
    missing: str | None = None

    @cached_property
    def svg(self) -> str:
        """The wide picture (816 px) as an inline SVG element with role, label and CSS tokens."""
        raise NotImplementedError

    @cached_property
    def narrow(self) -> str:
        """The picture for a telephone (328 px), with the same text alternative."""
        raise NotImplementedError

    @cached_property
    def spec_json(self) -> str:
        """The Vega-Lite specification as JSON that may stand inside a script element."""
        raise NotImplementedError

    def download(self) -> str:
        """A stand-alone SVG file: light colours on white, with title, measure, notes and source burned in."""
        raise NotImplementedError

    def png(self) -> bytes:
        """The downloadable picture as PNG, at twice its size."""
        raise NotImplementedError


def over_time(
    measure: Measure,
    points: Sequence[Point],
    *,
    breaks: Sequence[Break] = (),
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
    cache: Path | None = None,
) -> Chart:
    """Women and men (or the total) as lines over time; more than three regions become small multiples.

    Args:
        measure: what is measured.
        points: women, men (and total); regions in the order they shall stand.
        breaks: where the series breaks; lines also break where the series changes or a period is missing.
        title: the finding; without one the measure's title.
        subtitle: measure, place, period and unit; without one made from the points.
        language: of the words and numbers in the picture.
        cache: folder of pictures already drawn, by content.
    """
    raise NotImplementedError


def gap_over_time(
    measure: Measure,
    points: Sequence[Point],
    *,
    breaks: Sequence[Break] = (),
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
    cache: Path | None = None,
) -> Chart:
    """The gap over time: bars from a zero line for points of `gap`; women's share on 0–100 with the band for `total`."""
    raise NotImplementedError


def compare_regions(
    measure: Measure,
    places: Sequence[Place],
    *,
    own: str,
    period: str,
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
    cache: Path | None = None,
) -> Chart:
    """Women and men joined by their distance for each region (riket first, then by gap), or a share as one dot."""
    raise NotImplementedError


def distribution(
    measure: Measure,
    places: Sequence[Place],
    *,
    own: str,
    period: str,
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
    cache: Path | None = None,
) -> Chart:
    """One tick for each region, women above men on the same scale, or a share on 0–100 with the 40–60 band."""
    raise NotImplementedError


def flows(
    measure: Measure,
    relations: Sequence[Flow],
    *,
    period: str,
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
    cache: Path | None = None,
) -> Chart:
    """The eight largest flows between places as paired bars of women and men."""
    raise NotImplementedError


def kommun_map(
    measure: Measure,
    places: Sequence[Place],
    *,
    period: str,
    of: MapOf = "gap",
    title: str | None = None,
    subtitle: str | None = None,
    language: Language = "sv",
    cache: Path | None = None,
) -> Chart:
    """The kommuner as a map in at most five classes with names and values; a place without boundary is named below."""
    raise NotImplementedError


def render(charts: Iterable[Chart], *, processes: int = 2) -> None:
    """Nothing; draws the charts that their cache does not hold, in several processes."""
    raise NotImplementedError


def bundle(cache: Path | None = None) -> str:
    """Vega, Vega-Lite, vega-embed and the interpreter of expressions as one classic script (900 kB), as vl-convert has it."""
    raise NotImplementedError
