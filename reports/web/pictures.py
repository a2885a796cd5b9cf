"""The pictures of the pages: the figures that a page shows, handed to the charts; nothing is read or computed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reports import charts
from reports.catalogue import Indicator, Run
from reports.charts import Break, Chart, Flow, Measure, Place, Point
from reports.web import figures, views
from reports.web.figures import Cell, Region
from reports.web.language import Language

SMALL_MULTIPLES = 6


def of_indicator(
    item: Indicator,
    run: Run,
    place: str,
    own: Sequence[Cell],
    places: Sequence[tuple[Region, Cell]],
    kommuner: Sequence[tuple[Region, Cell]],
    said: Mapping[str, str],
    gone: Mapping[str, str],
    t: Language,
) -> dict[str, Chart]:
    """The pictures of an indicator's page: over time, the gap, the regions and the map.

    Args:
        item: the indicator.
        run: the run, for the source lines.
        place: the name of the region over time: the home region, or riket where only that has figures.
        own: that region over time.
        places: riket and the counties in the newest period.
        kommuner: the home kommuner in the newest period.
        said: the finding of each picture that has one: `time`, `gap`, `regions` and `kommuner`.
        gone: words for the codes of missing values.
        t: the page's language.
    """
    measure = Measure.of(item, run)
    found: dict[str, Chart] = {}
    breaks = _breaks(own, t)
    level = item.measure == "level"
    if len(own) > 1:
        found["time"] = charts.over_time(
            measure, _over_time(own, place, level, gone), breaks=breaks, title=said.get("time"), language=t.code,
        )  # fmt: skip
        if level:  # of women's share the picture over time shows how far from even it is
            gaps = [_point(cell, place, "gap", gone) for cell in own]
            found["gap"] = charts.gap_over_time(measure, gaps, breaks=breaks, title=said.get("gap"), language=t.code)
    if len(places) > 1:
        shown = [_place(region, cell, gone) for region, cell in places]
        period = places[0][1].period
        found["regions"] = charts.compare_regions(
            measure, shown, own=run.home_region, period=period, title=said.get("regions"), language=t.code
        )
    if kommuner:
        shown = [_place(region, cell, gone) for region, cell in kommuner]
        of: Literal["gap", "total"] = "gap" if level else "total"
        found["map"] = charts.kommun_map(
            measure,
            shown,
            period=kommuner[0][1].period,
            of=of,
            title=said.get("kommuner"),
            language=t.code,
        )
    return {name: chart for name, chart in found.items() if chart.missing is None}


def of_kommun(
    chosen: Sequence[tuple[Indicator, Sequence[Cell]]],
    run: Run,
    kommun: Region,
    gone: Mapping[str, str],
    t: Language,
) -> dict[str, list[Chart]]:
    """At most six pictures of a kommun over time, each with a scale of its own."""
    made = [_line(item, run, kommun, cells, gone, t, small=True) for item, cells in chosen[:SMALL_MULTIPLES]]
    return {"multiples": [chart for chart in made if chart.missing is None]}


def of_document(
    drawn: Sequence[tuple[Indicator, Sequence[Cell]]],
    run: Run,
    place: Region,
    said: Mapping[str, str],
    gone: Mapping[str, str],
    t: Language,
) -> dict[str, dict[str, Chart]]:
    """The pictures of a document by indicator: each over time in the place, headed by what is said of it there."""
    return {
        "figures": {
            item.indicator: _line(item, run, place, cells, gone, t, title=said.get(item.indicator))
            for item, cells in drawn
        }
    }


def _line(
    item: Indicator, run: Run, place: Region, cells: Sequence[Cell], gone: Mapping[str, str], t: Language, *,
    small: bool = False, title: str | None = None,
) -> Chart:  # fmt: skip
    points = _over_time(cells, place.name, item.measure == "level", gone)
    return charts.over_time(
        Measure.of(item, run), points, breaks=_breaks(cells, t), title=title, small=small, language=t.code
    )


def of_commuting(
    item: Indicator, run: Run, flows: Sequence[figures.Flow], period: str, t: Language
) -> dict[str, Chart]:
    """The largest flows between kommuner."""
    relations = [Flow(one.home_name, one.work_name, one.women, one.men) for one in flows]
    chart = charts.flows(Measure.of(item, run), relations, period=period, language=t.code)
    return {"flows": chart} if chart.missing is None else {}


@dataclass(frozen=True)
class Compared:
    """Two indicators in the places that have either, and what to call them together."""

    name: str
    items: tuple[Indicator, Indicator]
    periods: tuple[str, str]
    cells: Sequence[tuple[Region, Cell | None, Cell | None]]
    finding: str


def of_pairs(pairs: Sequence[Compared], run: Run, gone: Mapping[str, str], t: Language) -> dict[str, dict[str, Chart]]:
    """For each pair its picture by the pair's name; one that has none says why."""
    made = {}
    for one in pairs:
        places = [(_either(region, first, gone), _either(region, second, gone)) for region, first, second in one.cells]
        made[one.name] = charts.two_measures(
            (Measure.of(one.items[0], run), Measure.of(one.items[1], run)), places, own=run.home_region,
            periods=one.periods, title=one.finding, language=t.code,
        )  # fmt: skip
    return {"pairs": made}


def _either(region: Region, cell: Cell | None, gone: Mapping[str, str]) -> Place:
    return _place(region, cell, gone) if cell else Place(region.code, region.name, region.level)  # type: ignore[arg-type]


def _breaks(cells: Sequence[Cell], t: Language) -> list[Break]:
    """The breaks that no line may cross."""
    return [
        Break(cell.period, views.breaks(cell.break_what, t))
        for cell in cells
        if cell.break_what and not cell.break_line
    ]


def _over_time(cells: Sequence[Cell], place: str, level: bool, gone: Mapping[str, str]) -> list[Point]:
    if not level:
        return [_point(cell, place, "total", gone) for cell in cells]
    return [_point(cell, place, sex, gone) for sex in ("women", "men", "gap") for cell in cells]


def _point(cell: Cell, place: str, sex: str, gone: Mapping[str, str]) -> Point:
    value, missing = {
        "women": (cell.women, cell.women_missing),
        "men": (cell.men, cell.men_missing),
        "total": (cell.total, cell.total_missing),
        "gap": (cell.diff, cell.diff_missing),
    }[sex]
    why = views.words(missing, gone) if value is None and missing else None
    return Point(place, cell.period, sex, value, cell.series, cell.preliminary, why)  # type: ignore[arg-type]


def _place(region: Region, cell: Cell, gone: Mapping[str, str]) -> Place:
    missing = cell.women_missing or cell.men_missing or cell.total_missing
    return Place(
        code=region.code,
        name=region.name.removesuffix(" county"),  # the heading of the picture says what they are
        level=region.level,  # type: ignore[arg-type]
        women=cell.women,
        men=cell.men,
        diff=cell.diff,
        total=cell.total,
        preliminary=cell.preliminary,
        missing=views.words(missing, gone) if missing else None,
    )
