"""The headings of an indicator's sections: what each picture shows, in figures that stand in the table under it.

Where the figures carry no finding there is none, and the section keeps the heading that says what it is about. Nothing
is computed: values are put in order and written.
"""

from collections.abc import Sequence

from reports.catalogue import Indicator
from reports.web.figures import Cell, Moved, Region
from reports.web.language import Language
from reports.wording import heads, in_period

SPOKEN = frozenset({"percent", "percentage_points", "sek_thousands", "years"})
"""Units whose difference is said in a sentence; a difference in persons follows the size of the place."""

Placed = Sequence[tuple[Region, Cell]]


def of_indicator(
    item: Indicator,
    home: str,
    own: Sequence[Cell],
    moved: Sequence[Moved],
    places: Placed,
    kommuner: Placed,
    t: Language,
) -> dict[str, str]:
    """The headings by section: `gap`, `regions` and `kommuner`; a section without finding is left out.

    Args:
        item: the indicator.
        home: the code of the home region.
        own: the home region over time.
        moved: what has moved in the home region.
        places: riket and the counties in the newest period.
        kommuner: the home kommuner in the newest period.
        t: the page's language.
    """
    column = None
    if item.measure == "level" and item.unit in SPOKEN:
        column = "diff"
    elif item.is_share_of_women:
        column = "total"
    elif item.measure == "segregation":
        column = "index"
    if column is None:
        return {}
    found = {
        "gap": _over_time(item, column, own, moved, t),
        "regions": _against_country(item, column, home, places, t),
        "kommuner": _extremes(item, column, kommuner, t),
    }
    return {name: text for name, text in found.items() if text}


def _over_time(item: Indicator, column: str, own: Sequence[Cell], moved: Sequence[Moved], t: Language) -> str | None:
    """From what to what it has gone over the comparable periods, or what it is."""
    newest = own[-1] if own else None
    last = _value(newest, column) if newest else None
    if newest is None or last is None:
        return None
    unit = _unit(item, column, t)
    # In current prices a difference grows with prices alone, and of what has not moved there is no course to tell.
    moves = [one for one in moved if one.reason is None and one.code != "oforandrat" and item.unit != "sek_thousands"]
    spans = {one.span: one for one in moves if one.last_period == newest.period}
    span = spans.get("five_points") or spans.get("previous")
    start = next((cell for cell in own if span and cell.period == span.first_period), None)
    first = _value(start, column) if start else None
    when = _when(item, newest, t)
    now = _written(item, column, last, t)
    if start is None or first is None:
        said = {
            "diff": t("Skillnaden är {last} {unit} {when}"),
            "total": t("Andelen kvinnor är {last} {unit} {when}"),
            "index": t("Indexet är {last} {when}"),
        }[column]
        return said.format(last=now, unit=unit, when=when)
    before = _written(item, column, first, t)
    since = _when(item, start, t)
    if before == now:
        said = {
            "diff": t("Skillnaden är {last} {unit} {when}, som {since}"),
            "total": t("Andelen kvinnor är {last} {unit} {when}, som {since}"),
            "index": t("Indexet är {last} {when}, som {since}"),
        }[column]
        return said.format(last=now, unit=unit, when=when, since=since)
    said = {
        "diff": t("Skillnaden var {first} {unit} {since} och är {last} {when}"),
        "total": t("Andelen kvinnor var {first} {unit} {since} och är {last} {when}"),
        "index": t("Indexet var {first} {since} och är {last} {when}"),
    }[column]
    return said.format(first=before, unit=unit, since=since, last=now, when=when)


def _against_country(item: Indicator, column: str, home: str, places: Placed, t: Language) -> str | None:
    """The home region's figure beside riket's."""
    own = next(((region, cell) for region, cell in places if region.code == home), None)
    country = next((cell for region, cell in places if region.level == "country"), None)
    here, there = (_value(cell, column) if cell else None for cell in (own[1] if own else None, country))
    if own is None or here is None or there is None:
        return None
    said = {
        "diff": t("Skillnaden är {here} {unit} i {place} och {there} i riket"),
        "total": t("Andelen kvinnor är {here} {unit} i {place} och {there} i riket"),
        "index": t("Indexet är {here} i {place} och {there} i riket"),
    }[column]
    return said.format(
        here=_written(item, column, here, t), there=_written(item, column, there, t), unit=_unit(item, column, t),
        place=own[0].name,
    )  # fmt: skip


def _extremes(item: Indicator, column: str, kommuner: Placed, t: Language) -> str | None:
    """Where it is largest and where smallest; of the two only what one kommun is alone."""
    known = [
        (value, region.name, _written(item, column, value, t))
        for region, cell in kommuner
        if (value := _value(cell, column)) is not None and not cell.few
    ]
    ordered = sorted(known, key=lambda one: -abs(one[0]))
    if len(ordered) < 3:
        return None
    (_, most, high), (_, least, low) = ordered[0], ordered[-1]
    alone = high != ordered[1][2], low != ordered[-2][2]
    said = {
        (True, True): {
            "diff": t(
                "Skillnaden mellan kvinnor och män är störst i {most} ({high} {unit}) och minst i {least} ({low})"
            ),
            "total": t("Andelen kvinnor är störst i {most} ({high} {unit}) och minst i {least} ({low})"),
            "index": t("Indexet är störst i {most} ({high}) och minst i {least} ({low})"),
        },
        (True, False): {
            "diff": t("Skillnaden mellan kvinnor och män är störst i {most} ({high} {unit})"),
            "total": t("Andelen kvinnor är störst i {most} ({high} {unit})"),
            "index": t("Indexet är störst i {most} ({high})"),
        },
        (False, True): {
            "diff": t("Skillnaden mellan kvinnor och män är minst i {least} ({low} {unit})"),
            "total": t("Andelen kvinnor är minst i {least} ({low} {unit})"),
            "index": t("Indexet är minst i {least} ({low})"),
        },
    }.get(alone)
    return (
        said[column].format(most=most, high=high, unit=_unit(item, column, t), least=least, low=low) if said else None
    )


def furthest(item: Indicator, kommuner: Placed) -> Region | None:
    """The kommun with the largest difference, or with the share of women that is farthest from half."""
    column, middle = ("diff", 0) if item.measure == "level" else ("total", 50 if item.is_share_of_women else 0)
    known = [
        (abs(value - middle), region)
        for region, cell in kommuner
        if (value := _value(cell, column)) is not None and not cell.few
    ]
    return max(known, key=lambda one: one[0])[1] if known else None


def _value(cell: Cell, column: str) -> float | None:
    return cell.diff if column == "diff" else cell.total


def _written(item: Indicator, column: str, value: float, t: Language) -> str:
    return t.number(value, item.decimals, signed=column == "diff")


def _when(item: Indicator, cell: Cell, t: Language) -> str:
    return in_period(cell.period, item.period_type, t)


def _unit(item: Indicator, column: str, t: Language) -> str:
    return t(heads(item.unit).difference) if column == "diff" else t("procent")
