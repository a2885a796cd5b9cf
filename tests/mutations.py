"""Realistic corruptions of answers, staged tables and indicators, one row each, and where each should be caught.

A row says what goes wrong in the words of whoever would find it out too late. `caught` names the rules of which one
must fail that did not fail before; for what must be refused before anything is loaded, words of the refusal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Document = dict[str, Any]
Change = Callable[["Cube"], None]


class Cube:
    """A json-stat document whose values are changed by code."""

    def __init__(self, document: Document) -> None:
        self.document = document
        value = document.get("value")
        total = int(np.prod(document["size"]))
        if isinstance(value, dict):
            value = [value.get(str(at)) for at in range(total)]
        self.has_values = bool(value)
        self.values = np.array(value or [None] * total, dtype=object).reshape(document["size"])

    def codes(self, variable: str) -> list[str]:
        index = self.document["dimension"][variable]["category"]["index"]
        return list(index) if isinstance(index, list) else sorted(index, key=index.__getitem__)

    def at(self, **codes: str | int) -> tuple[Any, ...]:
        """The place of codes (or positions) in the values; a code that is not there is an IndexError."""
        found: list[Any] = [slice(None)] * len(self.document["id"])
        for variable, code in codes.items():
            known = self.codes(variable)
            found[self.document["id"].index(variable)] = (
                known.index(code) if isinstance(code, str) else range(len(known))[code]
            )
        return tuple(found)

    def done(self) -> None:
        """The values stand in the document again."""
        if self.has_values:
            self.document["value"] = self.values.reshape(-1).tolist()


def scaled(by: float, **codes: str | int) -> Change:
    """The values at the codes are so many times larger."""

    def change(cube: Cube) -> None:
        place = cube.at(**codes)
        part = cube.values[place]
        cube.values[place] = np.vectorize(lambda one: None if one is None else one * by, otypes=[object])(part)

    return change


def exchanged(variable: str, one: str | int, other: str | int, **codes: str | int) -> Change:
    """The values of two codes have changed places."""

    def change(cube: Cube) -> None:
        a, b = cube.at(**{variable: one}, **codes), cube.at(**{variable: other}, **codes)
        cube.values[a], cube.values[b] = cube.values[b].copy(), cube.values[a].copy()

    return change


def copied(variable: str, source: str | int, to: str | int, **codes: str | int) -> Change:
    """One code has the values of another."""

    def change(cube: Cube) -> None:
        cube.values[cube.at(**{variable: to}, **codes)] = cube.values[cube.at(**{variable: source}, **codes)]

    return change


def shifted(variable: str = "Tid") -> Change:
    """Every code along the variable has the values of the one before it."""

    def change(cube: Cube) -> None:
        cube.values = np.roll(cube.values, 1, axis=cube.document["id"].index(variable))

    return change


def filled(value: float | None, symbol: str | None = None, **codes: str | int) -> Change:
    """The values at the codes are this one, with the symbol beside."""

    def change(cube: Cube) -> None:
        marked: npt.NDArray[Any] = np.zeros(cube.values.shape, dtype=bool)
        marked[cube.at(**codes)] = True
        cube.values[marked] = value
        status = dict(cube.document.get("status") or {})
        for place in np.flatnonzero(marked.reshape(-1)).tolist():
            status.pop(str(place), None)
            if symbol:
                status[str(place)] = symbol
        cube.document["status"] = status

    return change


def noised(size: int, **codes: str | int) -> Change:
    """Every value at the codes has moved a little, up and down in turn."""

    def change(cube: Cube) -> None:
        place = cube.at(**codes)
        part = cube.values[place].reshape(-1)
        moved = [
            None if one is None else max(one + size * (1 if at % 2 else -1) * (1 + at % 3), 0)
            for at, one in enumerate(part)
        ]
        cube.values[place] = np.array(moved, dtype=object).reshape(cube.values[place].shape)

    return change


def reversed_order(cube: Cube) -> None:
    """The values run the other way than the codes say."""
    cube.values = cube.values.reshape(-1)[::-1].reshape(cube.values.shape)


def labelled(variable: str, code: str, text: str) -> Change:
    """A code has another label."""

    def change(cube: Cube) -> None:
        cube.document["dimension"][variable]["category"]["label"][code] = text

    return change


def labels_exchanged(variable: str, one: str, other: str) -> Change:
    """Two codes have each other's labels."""

    def change(cube: Cube) -> None:
        label = cube.document["dimension"][variable]["category"]["label"]
        label[one], label[other] = label[other], label[one]

    return change


def dropped(variable: str, code: str | int) -> Change:
    """A code is gone with its values."""

    def change(cube: Cube) -> None:
        document, known = cube.document, cube.codes(variable)
        code_ = known[code] if isinstance(code, int) else code
        axis, place = document["id"].index(variable), known.index(code_)
        cube.values = np.delete(cube.values, place, axis=axis)
        kept = [one for one in known if one != code_]
        category = document["dimension"][variable]["category"]
        category["index"] = {one: at for at, one in enumerate(kept)}
        category["label"].pop(code_, None)
        document["size"][axis] = len(kept)
        document.pop("status", None)

    return change


def renamed(variable: str, code: str | int, to: str) -> Change:
    """A code is called something else."""

    def change(cube: Cube) -> None:
        known = cube.codes(variable)
        code_ = known[code] if isinstance(code, int) else code
        category = cube.document["dimension"][variable]["category"]
        category["index"] = {to if one == code_ else one: at for at, one in enumerate(known)}
        category["label"] = {to if one == code_ else one: text for one, text in category["label"].items()}

    return change


def said(path: str, value: Any) -> Change:
    """The document says something else at a path of keys."""

    def change(cube: Cube) -> None:
        *parents, last = path.split("/")
        part: Any = cube.document
        for key in parents:
            part = part.setdefault(key, {})
        part[last] = value

    return change


def unit(code: str, name: str, value: Any) -> Change:
    """A contents code has another unit or number of decimals."""

    def change(cube: Cube) -> None:
        units = cube.document["dimension"]["ContentsCode"]["category"]["unit"]
        if code in units:
            units[code][name] = value

    return change


def cut(cube: Cube) -> None:
    """The last value is lost on the way."""
    cube.document["value"] = cube.values.reshape(-1).tolist()[:-1]
    cube.has_values = False


def as_text(cube: Cube) -> None:
    """The values are written as text."""
    cube.document["value"] = [None if one is None else str(one) for one in cube.values.reshape(-1)]
    cube.has_values = False


def symbols_lost(cube: Cube) -> None:
    """Missing values have no symbol."""
    cube.document.pop("status", None)


Both, Data, Metadata = ("metadata", "data"), ("data",), ("metadata",)


@dataclass(frozen=True)
class Mutation:
    """One corruption.

    Attributes:
        name: its name in the detection table.
        what: what has gone wrong.
        table: the table whose answers are changed.
        caught: the rules of which one must fail anew, or words of the refusal.
        severity: critical, warning, or refused before anything is loaded.
        change: what is done to the answers named by `on`.
        staged, built: SQL that is run after the tables are staged, after the indicators are built.
        fresh: the newest period is new: the last publication lacks it.
        beside: tables that are loaded too.
        updated: whether the source says that the table is newer than at the last publication.
        origin: which answers are changed.
    """

    name: str
    what: str
    table: str
    caught: tuple[str, ...]
    severity: Literal["critical", "warning", "refused"]
    change: Change | None = None
    on: Sequence[str] = Data
    staged: str = ""
    built: str = ""
    fresh: bool = False
    beside: tuple[str, ...] = ()
    updated: bool = True
    origin: Literal["demo", "recorded"] = "demo"
    tables: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", (self.table, *self.beside))


def recorded(name: str, called: str = "", **otherwise: Any) -> Mutation:
    """The same corruption of SCB's recorded answers."""
    same = next(one for one in DEMO if one.name == name)
    return replace(
        same, **{"name": f"recorded_{called or name}", "table": "TAB6471", "origin": "recorded", **otherwise}
    )


DEMO: tuple[Mutation, ...] = (
    # Sexes
    Mutation(
        "sexes_swapped",
        "women's and men's values have changed places in every period",
        "TAB3200",
        ("sexes_changed_places",),
        "critical",
        exchanged("Kon", "1", "2"),
    ),
    Mutation(
        "sexes_swapped_new_year",
        "women's and men's values have changed places in the new period alone",
        "TAB3200",
        ("sexes_flipped",),
        "critical",
        exchanged("Kon", "1", "2", Tid=-1),
        fresh=True,
    ),
    Mutation(
        "sexes_swapped_beside",
        "women's and men's values have changed places in one of two tables",
        "TAB3205",
        ("employed_as_elsewhere",),
        "warning",
        exchanged("Kon", "1", "2"),
        beside=("TAB3200",),
    ),
    Mutation(
        "sex_labels_swapped",
        "the codes of sex have each other's labels",
        "TAB3200",
        ("sex_codes_right", "labelled"),
        "critical",
        labels_exchanged("Kon", "1", "2"),
        Both,
    ),
    Mutation(
        "sex_labels_swapped_in_data",
        "the codes of sex have each other's labels in the data alone",
        "TAB3200",
        ("labelled",),
        "refused",
        labels_exchanged("Kon", "1", "2"),
    ),
    Mutation(
        "men_as_women",
        "men's rows are read as women's",
        "TAB3200",
        ("both_sexes", "key_unique"),
        "critical",
        staged="update staged.TAB3200 set sex = 'women' where sex = 'men'",
    ),
    Mutation(
        "one_sex_suppressed",
        "the men of one kommun are withheld and the women are not",
        "TAB3200",
        ("indicator_both_sexes_valued",),
        "warning",
        built="update indicators.employment_rate set value = null, status = '..' where region_code = '1980' "
        "and sex = 'men' and period = (select max(period) from indicators.employment_rate)",
    ),
    Mutation(
        "total_is_women",
        "the total is that of the women",
        "TAB6471",
        ("sexes_add_up_noise",),
        "warning",
        copied("Kon", "2", "TotSa"),
    ),
    Mutation(
        "total_mean_outside",
        "the median of both sexes lies above that of either",
        "TAB4840",
        ("total_between_sexes_noise", "total_between_sexes"),
        "warning",
        scaled(1.5, Kon="1+2"),
    ),
    Mutation(
        "sexes_summed_wrong",
        "the women are one more or less than they should be",
        "TAB5839",
        ("sexes_add_up_exact",),
        "critical",
        noised(1, Kon="2"),
    ),
    # Regions
    Mutation(
        "kommun_dropped",
        "a kommun is gone from the answer",
        "TAB3200",
        ("codes",),
        "refused",
        dropped("Region", "1980"),
    ),
    Mutation(
        "kommun_dropped_everywhere",
        "a kommun is gone from metadata and answer",
        "TAB3200",
        ("1980",),
        "refused",
        dropped("Region", "1980"),
        Both,
    ),
    Mutation(
        "kommun_renamed",
        "a kommun has another code",
        "TAB3200",
        ("1980",),
        "refused",
        renamed("Region", "1980", "1979"),
        Both,
    ),
    Mutation(
        "kommun_lost_in_staging",
        "a join has lost a kommun",
        "TAB3200",
        ("region_missing",),
        "critical",
        staged="delete from staged.TAB3200 where region_code = '1980'",
    ),
    Mutation(
        "kommun_emptied",
        "a kommun has lost its values in every period",
        "TAB3200",
        ("coverage_not_smaller",),
        "critical",
        filled(None, "..", Region="1980"),
    ),
    Mutation(
        "kommuner_exchanged",
        "two kommuner have each other's values",
        "TAB3200",
        ("revised_more_than_usual",),
        "warning",
        exchanged("Region", "1980", "1984"),
    ),
    Mutation(
        "county_is_riket",
        "the county has riket's values",
        "TAB6471",
        ("counties_add_up_noise",),
        "warning",
        copied("Region", "00", "19"),
    ),
    Mutation(
        "kommun_doubled",
        "a kommun is counted twice",
        "TAB6471",
        ("counties_add_up_noise",),
        "warning",
        scaled(2, Region="1980"),
    ),
    Mutation(
        "closed_kommun_valued",
        "a kommun has values for a time when it did not exist",
        "TAB3200",
        ("region_in_life_span",),
        "critical",
        staged="update staged.TAB3200 set region_code = '1917' where region_code = '1980'",
    ),
    # Periods
    Mutation(
        "last_years_file_again",
        "the new period has the figures of the one before",
        "TAB3200",
        ("period_repeated",),
        "critical",
        copied("Tid", -2, -1),
        fresh=True,
    ),
    Mutation(
        "one_year_shifted",
        "every period has the figures of the one before it",
        "TAB3200",
        ("period_shifted",),
        "critical",
        shifted(),
    ),
    Mutation(
        "newest_period_gone",
        "the newest period is no longer there",
        "TAB3200",
        ("last_period_not_earlier",),
        "critical",
        dropped("Tid", -1),
        Metadata,
    ),
    Mutation(
        "middle_period_gone",
        "a period in the middle is no longer there",
        "TAB3200",
        ("coverage_not_smaller",),
        "critical",
        dropped("Tid", 1),
        Metadata,
    ),
    Mutation(
        "period_of_other_length",
        "a month stands among the years",
        "TAB3200",
        ("Non-existent value",),
        "refused",
        renamed("Tid", -1, "2099M13"),
        Metadata,
    ),
    Mutation(
        "older_edition",
        "an older edition is served than last time",
        "TAB3200",
        ("updated_not_older",),
        "critical",
        said("updated", "2001-01-01T07:00:00Z"),
        Both,
        updated=False,
    ),
    Mutation(
        "silent_revision",
        "figures have changed though the table says that it has not",
        "TAB3200",
        ("revised_without_update",),
        "warning",
        noised(3),
        updated=False,
    ),
    Mutation(
        "preliminary_frozen",
        "an early period is preliminary for ever",
        "TAB3200",
        ("preliminary_frozen",),
        "warning",
        built="update indicators.employment_rate set is_preliminary = period = (select min(period) from "
        "indicators.employment_rate)",
    ),
    Mutation(
        "reversed_order",
        "the values run the other way than the codes",
        "TAB3200",
        ("indicator_magnitude_changed", "coverage_not_smaller", "value_range"),
        "critical",
        reversed_order,
    ),
    # Units and sizes
    Mutation(
        "unit_by_1000",
        "all counts are a thousand times larger",
        "TAB6471",
        ("indicator_magnitude_changed",),
        "critical",
        scaled(1000),
    ),
    Mutation(
        "unit_by_1000_new_period",
        "the counts of the new period are a thousand times larger",
        "TAB6471",
        ("magnitude_changed",),
        "critical",
        scaled(1000, Tid=-1),
        fresh=True,
    ),
    Mutation(
        "kronor_for_thousands",
        "amounts are in kronor, no longer in thousands",
        "TAB4840",
        ("indicator_magnitude_changed",),
        "critical",
        scaled(1000),
    ),
    Mutation(
        "percent_as_share",
        "percentages are shares of one",
        "TAB6366",
        ("indicator_magnitude_changed",),
        "critical",
        scaled(0.01),
    ),
    Mutation(
        "unit_renamed",
        "the unit of a contents code is another",
        "TAB4840",
        ("declared in",),
        "refused",
        lambda cube: [unit(code, "base", "euro")(cube) for code in cube.codes("ContentsCode")] and None,
        Both,
    ),
    Mutation(
        "decimals_renamed",
        "a contents code has more decimals than before",
        "TAB4840",
        ("decimals",),
        "refused",
        lambda cube: [unit(code, "decimals", 4)(cube) for code in cube.codes("ContentsCode")] and None,
        Both,
    ),
    Mutation(
        "columns_exchanged",
        "the employed and the unemployed have changed places",
        "TAB3200",
        ("rate_of_other_counts", "indicator_magnitude_changed", "value_range"),
        "critical",
        exchanged("ContentsCode", 0, 1),
    ),
    Mutation(
        "noise_added",
        "every count has moved by a few persons",
        "TAB6471",
        ("sexes_add_up_noise", "counties_add_up_noise"),
        "warning",
        noised(9),
    ),
    Mutation(
        "noise_in_exact",
        "every count has moved by one or more",
        "TAB5839",
        ("sexes_add_up_exact",),
        "critical",
        noised(1),
    ),
    Mutation(
        "negative_counts",
        "counts have turned negative",
        "TAB6471",
        ("value_range",),
        "critical",
        scaled(-1, Region="1980"),
    ),
    Mutation(
        "percent_above_100", "percentages are above 100", "TAB6366", ("value_range",), "critical", scaled(10, Tid=-1)
    ),
    Mutation(
        "jump_in_one_kommun",
        "one kommun has half the income in the new period",
        "TAB4840",
        ("abrupt_change_in_time",),
        "warning",
        scaled(0.5, Region="1980", Tid=-1),
        fresh=True,
    ),
    Mutation(
        "count_and_rate_apart",
        "one kommun has half its employed and the same rate",
        "TAB3200",
        ("published_rate",),
        "warning",
        scaled(0.5, Region="1980", ContentsCode=0, Tid=-1),
        fresh=True,
    ),
    Mutation(
        "jump_in_one_county",
        "one county has a third more income in the new period",
        "TAB4840",
        ("apart_from_counties", "abrupt_change_in_time"),
        "warning",
        scaled(1.33, Region="03", Tid=-1),
        fresh=True,
    ),
    Mutation(
        "new_year_too_high",
        "the whole new period is a fifth too high",
        "TAB4840",
        ("quantile_band",),
        "warning",
        scaled(1.2, Tid=-1),
        fresh=True,
    ),
    Mutation(
        "rounded_to_tens",
        "counts are rounded to tens",
        "TAB5839",
        ("sexes_add_up_exact",),
        "critical",
        lambda cube: scaled(1)(cube) or _rounded(cube),
    ),
    Mutation(
        "slightly_wrong",
        "one kommun has half a per cent too few employed in one period",
        "TAB3200",
        ("counties_add_up_noise",),
        "warning",
        scaled(0.995, Region="1980", ContentsCode=0, Tid=1),
    ),
    # Missing values
    Mutation(
        "null_to_zero",
        "withheld values have become nought, with the symbol kept",
        "TAB3200",
        ("null_not_zero",),
        "critical",
        filled(0, "..", Region="1980", Tid=-1),
    ),
    Mutation(
        "symbols_lost",
        "missing values have lost their symbol",
        "TAB3200",
        ("status_kept",),
        "warning",
        filled(None, None, Region="1980", Tid=-1),
        fresh=True,
    ),
    Mutation("value_lost", "the answer is one value short", "TAB3200", ("values",), "refused", cut),
    Mutation("values_as_text", "the values are written as text", "TAB3200", ("numbers",), "refused", as_text),
    Mutation(
        "number_overflow",
        "a number is beyond all bounds",
        "TAB3200",
        ("2^53",),
        "refused",
        filled(1e300, None, Region="1980", Tid=-1),
    ),
    # Words
    Mutation(
        "dash",
        "a label has a hyphen where an en dash stood",
        "TAB3200",
        ("metadata_words_changed",),
        "warning",
        labelled("Alder", "20-64", "20-64 år"),
        Both,
    ),
    Mutation(
        "dash_in_data",
        "a label has a hyphen in the data alone",
        "TAB3200",
        ("labelled",),
        "refused",
        labelled("Alder", "20-64", "20-64 år"),
    ),
    Mutation(
        "note_changed",
        "a note says that the table has been remade",
        "TAB3200",
        ("metadata_words_changed",),
        "warning",
        said("note", ["Tabellen är omarbetad."]),
        Metadata,
    ),
    Mutation(
        "title_changed",
        "the table has another title",
        "TAB3200",
        ("metadata_words_changed",),
        "warning",
        said("label", "En annan tabell"),
        Metadata,
    ),
    Mutation(
        "discontinued",
        "the table is marked as ended",
        "TAB3200",
        ("table_moved_or_ended",),
        "warning",
        said("extension/discontinued", True),
        Metadata,
    ),
    Mutation(
        "publication_late",
        "the day on which the source was to publish has passed",
        "TAB3200",
        ("publication_late",),
        "warning",
        said("extension/px/nextUpdate", "2026-01-15"),
        Metadata,
        updated=False,
    ),
    # Our own SQL
    Mutation(
        "overlap_duplicated",
        "two grids overlap and a row is kept twice",
        "TAB3200",
        ("key_unique",),
        "critical",
        staged="insert into staged.TAB3200 select * from staged.TAB3200 where region_code = '1980'",
    ),
    Mutation(
        "sex_lost_in_formula",
        "the formula has lost the men",
        "TAB3200",
        ("indicator_both_sexes",),
        "critical",
        built="delete from indicators.employment_rate where sex = 'men'",
    ),
    Mutation(
        "denominator_lost",
        "the formula no longer gives its denominator",
        "TAB3200",
        ("indicator_operands_given",),
        "critical",
        built="update indicators.sick_share_of_population set denominator = null",
    ),
    Mutation(
        "divided_by_nothing",
        "a denominator of nought gives infinity",
        "TAB3200",
        ("indicator_finite",),
        "critical",
        built="update indicators.employment_rate set value = 'infinity' where region_code = '1980'",
    ),
    Mutation(
        "missing_without_reason",
        "values are missing and nothing says why",
        "TAB3200",
        ("indicator_status_present",),
        "critical",
        built="update indicators.employment_rate set value = null, status = null, reason = null "
        "where region_code = '1980'",
    ),
    Mutation(
        "other_sex_below",
        "women are divided by all, not by women",
        "TAB3200",
        ("revised_more_than_usual", "indicator_magnitude_changed"),
        "warning",
        built="update indicators.employment_rate set value = value / 2 where sex = 'women'",
    ),
)

CATALOGUE: tuple[Mutation, ...] = (
    *DEMO,
    # Recorded answers of SCB
    recorded("sexes_swapped"),
    recorded("unit_by_1000"),
    recorded("total_is_women"),
    recorded("older_edition"),
    recorded("null_to_zero", change=filled(0, "..", Tid=-1)),
    recorded("dash", "label", what="a label has changed", change=labels_exchanged("Alder", "0-9", "10-19")),
    recorded("value_lost", table="TAB4396"),
)


def _rounded(cube: Cube) -> None:
    tens = np.vectorize(lambda one: None if one is None else round(one, -1), otypes=[object])
    cube.values = tens(cube.values)
