"""The figures of each table, taken from the latent population: any grid of codes at once, nothing read in order."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sources.demo import integration, politics
from sources.demo.hashing import Floats, Keys, key, keys, shifts
from sources.demo.population import (
    BANDS,
    BAS_MONTHS,
    BAS_YEARS,
    INCOME_BANDS,
    INCOME_EDGES,
    PRELIMINARY_YEARS,
    SECTOR_BANDS,
    Counts,
    Population,
)
from sources.demo.society import Codes, Society
from sources.demo.store import Positions

Mask = NDArray[np.bool_]
Figures = Callable[[Sequence[Positions]], tuple[Floats, Mask]]
"""Figures and which of them are not shown, both shaped as the grid of positions."""

_SEXES = {"1": (1, 0), "2": (0, 1)}
_BIRTHS = {"tot": (1, 1), "in": (1, 0), "ut": (0, 1)}
_MARITAL = {"SC": (1, 1, 1, 1), "OG": (1, 0, 0, 0), "G": (0, 1, 0, 0), "SK": (0, 0, 1, 0), "ÄNKL": (0, 0, 0, 1)}
_STATUSES = {"ANST": (1, 0, 0), "EGAB": (0, 1, 0), "EGFÖR": (0, 0, 1), "TOT": (1, 1, 1)}
_ONE_YEAR = tuple((age, age) for age in range(101))
_PERSONS_SHOWN = 10
"""Fewer persons than this in a group: how they divide is not shown."""
_COUNT_SHOWN = 3
_EARNERS_SHOWN = 5


def age_range(code: str) -> tuple[int, int]:
    """The first and last age of SCB's age codes: `060-64`, `-4`, `100+5`, `tot16+`, `TotSA`, `7`."""
    if found := re.fullmatch(r"(?:tot)?(\d+)-(\d+)", code):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"-(\d+)", code):
        return 0, int(found[1])
    if found := re.fullmatch(r"(?:tot)?(\d+)\+\d*", code):
        return int(found[1]), 1000
    return (int(code), int(code)) if code.isdigit() else (0, 1000)


def age_rows(codes: Sequence[str], bands: Sequence[tuple[int, int]]) -> Floats:
    """For each age code which of the narrow bands it holds."""
    ranges = [age_range(code) for code in codes]
    return np.array([[float(low <= band[0] and band[1] <= high) for band in bands] for low, high in ranges])


def rows(codes: Sequence[str], known: Mapping[str, Sequence[int]]) -> Floats:
    """For each code which of the latent parts it holds; a code that is not known holds them all."""
    everything = [1] * len(next(iter(known.values())))
    return np.array([known.get(code, everything) for code in codes], dtype=np.float64)


def project(base: NDArray[Any], axes: Sequence[NDArray[Any] | None]) -> Floats:
    """Sums over the axes of `base`: positions pick, a matrix adds up, None keeps."""
    picked = base
    for axis, along in enumerate(axes):
        if along is not None and along.ndim == 1:
            picked = picked.take(along, axis=axis)
    result = picked.astype(np.float64)
    matrices = [(axis, along) for axis, along in enumerate(axes) if along is not None and along.ndim == 2]
    for axis, along in sorted(matrices, key=lambda item: item[1].shape[0] / item[1].shape[1]):
        result = np.moveaxis(np.tensordot(along, result, axes=(1, axis)), 0, axis)
    return result


class Maker:
    """Makes the figures of the tables from one population."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.society = Society(population)

    def figures(self, table_id: str, codes: Codes) -> Figures:
        """The figures of a table whose variables have these codes, by position."""
        if (further := self.society.makers.get(table_id)) is not None:
            return _by_period(codes, further(codes))
        makers: dict[str, Callable[[str, Codes], Figures]] = {
            "TAB3200": self._status_by_year,
            "TAB5655": self._status_by_preliminary_year,
            "TAB6260": self._status_by_month,
            "TAB3784": self._industry,
            "TAB3204": self._industry,
            "TAB2597": self._sector,
            "TAB3205": self._occupational_status,
            "TAB6384": self._integration,
            "TAB6383": self._integration,
            "TAB6379": self._integration,
            "TAB389": self._integration,
            "TAB4881": self._integration,
            "TAB1828": self._commuters,
            "TAB5839": self._commuters,
            "TAB3266": self._commuters,
            "TAB3267": self._commuters,
            "TAB1830": self._relations,
            "TAB4396": self._occupations,
            "TAB3119": self._occupations,
            "TAB4434": self._occupations,
            "TAB6471": self._people_by_month,
            "TAB638": self._people,
            "TAB5557": self._people,
            "TAB3554": self._income,
            "TAB3981": self._education,
            "TAB708": self._politics,
        }
        return makers[table_id](table_id, codes)

    def _noise(self, table_id: str, codes: Codes, leave: Sequence[str] = ()) -> Callable[[Sequence[Positions]], Floats]:
        """The shift of each protected cell: of the table and the codes alone."""
        start = key(self.population.seed, "noise", table_id)
        axes: list[Keys] = [keys(codes[variable]) for variable in codes]
        order = [index for index, variable in enumerate(codes) if variable not in leave]

        def noise(positions: Sequence[Positions]) -> Floats:
            return shifts(start, [axes[index][positions[index]] for index in order])

        return noise

    # --- work ------------------------------------------------------------------------------------------------

    def _status_by_year(self, table_id: str, codes: Codes) -> Figures:
        return self._status(table_id, codes, self.population.labour_years, BAS_YEARS)

    def _status_by_preliminary_year(self, table_id: str, codes: Codes) -> Figures:
        return self._status(table_id, codes, self.population.labour_years_preliminary, PRELIMINARY_YEARS)

    def _status_by_month(self, table_id: str, codes: Codes) -> Figures:
        return self._status(table_id, codes, self.population.labour_months, BAS_MONTHS)

    def _status(self, table_id: str, codes: Codes, base: Callable[[], Counts], periods: Sequence[int | str]) -> Figures:
        # Contents by position: employed, unemployed, labour force, students, pensioners, sick, others, all; rates.
        counts = [*np.eye(6)[:2], [1, 1, 0, 0, 0, 0], *np.eye(6)[2:], np.ones(6)]
        force, everyone = [1, 1, 0, 0, 0, 0], np.ones(6)
        above = np.array([*counts, np.eye(6)[1], force, np.eye(6)[0]])
        below = np.array([everyone] * 8 + [force, everyone, everyone], dtype=np.float64)
        sexes, births = rows(codes["Kon"], _SEXES), rows(codes["Fodelseregion"], _BIRTHS)
        ages = age_rows(codes["Alder"], BANDS)
        time = _positions(codes["Tid"], periods)
        noise = self._noise(table_id, codes)
        retired = np.array([code == "70-74" for code in codes["Alder"]])
        jobless = np.isin(np.arange(11), [1, 8])
        rate, total = np.arange(11) >= 8, np.arange(11) == 7

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            region, sex, age, birth, contents, when = at
            parts = project(base(), [region, sexes[sex], ages[age], births[birth], None, time[when]])
            count = np.moveaxis(np.tensordot(above[contents], parts, axes=(1, 4)), 0, 4)
            of = np.moveaxis(np.tensordot(below[contents], parts, axes=(1, 4)), 0, 4)
            is_rate = rate[contents][:, None]
            values = np.where(is_rate, 100 * count / np.maximum(of, 1), protected(count, noise(at)))
            hidden = (of < _PERSONS_SHOWN) & (of > 0) & ~total[contents][:, None] | is_rate & (of == 0)
            hidden |= retired[age][:, None, None, None] & jobless[contents][:, None]
            return values, hidden

        return figures

    def _sides(self, table_id: str, codes: Codes, one_side: Callable[[str, Sequence[Positions]], Floats]) -> Figures:
        """Figures by workplace (first contents) and by residence (second); the time axis is last."""
        noise = self._noise(table_id, codes)

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            contents = at[-2]
            made = {side: one_side(("day", "night")[side], at) for side in np.unique(contents).tolist()}
            count = np.stack([made[side] for side in contents.tolist()], axis=-2)
            return protected(count, noise(at)), (count > 0) & (count < _COUNT_SHOWN)

        return figures

    def _industry(self, table_id: str, codes: Codes) -> Figures:
        sexes, births = rows(codes["Kon"], _SEXES), rows(codes["Fodelseregion"], _BIRTHS)
        industries = np.vstack([np.eye(16), np.ones(16)])
        # The register's year is its November.
        time = _positions([code if "M" in code else f"{code}M11" for code in codes["Tid"]], BAS_MONTHS)

        def one_side(side: str, at: Sequence[Positions]) -> Floats:
            region, sex, industry, birth, _, when = at
            base = self.population.industries(side).transpose(0, 1, 3, 2, 4)
            return project(base, [region, sexes[sex], industries[industry], births[birth], time[when]])

        return self._sides(table_id, codes, one_side)

    def _sector(self, table_id: str, codes: Codes) -> Figures:
        sexes, births = rows(codes["Kon"], _SEXES), rows(codes["Fodelseregion"], _BIRTHS)
        one = np.eye(6)
        sectors = np.array([np.ones(6), *one[:5], one[2] + one[3] + one[4], one[5]])
        ages = age_rows(codes["Alder"], SECTOR_BANDS)
        time = _positions(codes["Tid"], BAS_MONTHS)

        def one_side(side: str, at: Sequence[Positions]) -> Floats:
            region, sector, sex, age, birth, _, when = at
            base = self.population.sectors(side).transpose(0, 4, 1, 2, 3, 5)
            return project(base, [region, sectors[sector], sexes[sex], ages[age], births[birth], time[when]])

        return self._sides(table_id, codes, one_side)

    def _occupational_status(self, table_id: str, codes: Codes) -> Figures:
        sexes, births = rows(codes["Kon"], _SEXES), rows(codes["Fodelseregion"], _BIRTHS)
        statuses, ages = rows(codes["Yrkesstallning"], _STATUSES), age_rows(codes["Alder"], BANDS)
        time = _positions(codes["Tid"], BAS_YEARS)
        unshown_age = np.array([code in ("16-66", "20-66") for code in codes["Alder"]])
        unshown_year = np.array([code >= "2022" for code in codes["Tid"]])

        def one_side(side: str, at: Sequence[Positions]) -> Floats:
            region, status, sex, age, birth, _, when = at
            base = self.population.statuses(side).transpose(0, 4, 1, 2, 3, 5)
            return project(base, [region, statuses[status], sexes[sex], ages[age], births[birth], time[when]])

        both = self._sides(table_id, codes, one_side)

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            values, hidden = both(at)
            return values, hidden | unshown_age[at[3]][:, None, None, None] & unshown_year[at[6]]

        return figures

    def _integration(self, table_id: str, codes: Codes) -> Figures:
        region = _positions(codes.get("Region", ["00"]), self.population.regions.codes)
        sexes = _positions(codes["Kon"], ["1", "2", "1+2"])
        bas = table_id in ("TAB6384", "TAB6383", "TAB6379")

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            whole = at if "Region" in codes else [np.zeros(1, dtype=np.int64), *at]
            cells = np.ix_(region[whole[0]], sexes[whole[1]], *whole[2:5])
            years = [int(codes["Tid"][when]) for when in whole[5]]
            made = np.stack([integration.shares(self.population, year, bas=bas)[cells] for year in years], axis=-1)
            values = made.astype(np.float64).reshape([len(axis) for axis in at])
            return values, np.isnan(values)

        return figures

    # --- commuting -------------------------------------------------------------------------------------------

    def _commuters(self, table_id: str, codes: Codes) -> Figures:
        register = table_id == "TAB1828"
        sexes = rows(codes["Kon"], _SEXES)
        which = _positions([_commuting(code) for code in codes["ContentsCode"]], ["in", "out", "home"])
        noise = self._noise(table_id, codes)

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            place, sex, contents, when = at
            years = [int(codes["Tid"][index]) for index in when]
            margins = np.stack([self._margins(year, register=register)[place] for year in years], axis=-1)
            count = project(margins, [None, sexes[sex], which[contents], None])
            missing = np.stack([~self.population.regions.exists(year)[place] for year in years], axis=-1)
            hidden = np.broadcast_to(missing[:, None, None], count.shape)
            return protected(count, noise(at)) if register else count, hidden

        return figures

    def _margins(self, year: int, *, register: bool) -> Counts:
        """Kommun x sex x (in, out, lives and works)."""
        matrix = self.population.matrix(year) if register else self.population.matrix_rams(year)
        home = np.diagonal(matrix, axis1=1, axis2=2)
        return np.stack([matrix.sum(axis=1) - home, matrix.sum(axis=2) - home, home], axis=-1).swapaxes(0, 1)

    def _relations(self, table_id: str, codes: Codes) -> Figures:
        sexes = rows(codes["Kon"], _SEXES)
        summed = np.array([code not in _SEXES for code in codes["Kon"]])
        noise = self._noise(table_id, codes)

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            home, work, sex, contents, when = at
            cells = np.ix_(np.arange(2), home, work)
            years = [self.population.matrix(int(codes["Tid"][index]))[cells] for index in when]
            count = project(np.stack(years, axis=-1).transpose(1, 2, 0, 3), [None, None, sexes[sex], None])
            count = np.repeat(count[:, :, :, None], len(contents), axis=3)
            # The figures of women and men are drawn protected; their total carries a shift of its own.
            total = np.maximum(protected(count, noise(at)), _COUNT_SHOWN)
            values = np.where(summed[sex][:, None, None] & (count > 0), total, count)
            return values, np.zeros(values.shape, dtype=np.bool_)

        return figures

    def _occupations(self, table_id: str, codes: Codes) -> Figures:
        region = _positions(codes["Region"], [*self.population.regions.codes, "99"])
        sexes = rows(codes["Kon"], _SEXES)
        series = "BAS" if table_id == "TAB4434" else "RAMS"

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            place, occupation, sex, contents, when = at
            made = [self.population.occupied(int(codes["Tid"][index]), series) for index in when]
            nobody = np.zeros((1, *made[0].shape[1:]), dtype=np.int32)
            base = np.stack([np.concatenate([one, nobody])[region[place]] for one in made], axis=-1)
            count = project(base.transpose(0, 2, 1, 3), [None, occupation, sexes[sex], None])
            return _with_contents(count, contents)

        return figures

    # --- people ----------------------------------------------------------------------------------------------

    def _people_by_month(self, table_id: str, codes: Codes) -> Figures:
        sexes, ages = rows(codes["Kon"], _SEXES), age_rows(codes["Alder"], _ONE_YEAR)
        noise = self._noise(table_id, codes)

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            region, age, sex, contents, when = at
            months = [self.population.people_month(codes["Tid"][index])[region] for index in when]
            base = np.stack(months, axis=-1).swapaxes(1, 2)
            count, hidden = _with_contents(project(base, [None, ages[age], sexes[sex], None]), contents)
            return protected(count, noise(at)), hidden

        return figures

    def _people(self, table_id: str, codes: Codes) -> Figures:
        sexes, ages = rows(codes["Kon"], _SEXES), age_rows(codes["Alder"], _ONE_YEAR)
        marital = rows(codes["Civilstand"], _MARITAL)
        noise = self._noise(table_id, codes) if table_id == "TAB5557" else None

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            region, status, age, sex, contents, when = at

            def stock(back: int) -> Floats:
                years = [int(codes["Tid"][index]) for index in when]
                made = [self.population.married(year - back, year)[region] for year in years]
                base = np.stack(made, axis=-1).transpose(0, 3, 2, 1, 4)
                return project(base, [None, marital[status], ages[age], sexes[sex], None])

            now = stock(0)
            growth = now - stock(1) if (contents == 1).any() else now
            count = np.stack([growth if index else now for index in contents.tolist()], axis=-2)
            if noise is not None:
                shifted = count + np.where(now > 0, 1, 0)[..., None, :] * noise(at)
                count = np.where((contents == 0)[:, None], np.maximum(shifted, 0), shifted)
            return count, np.zeros(count.shape, dtype=np.bool_)

        return figures

    def _education(self, table_id: str, codes: Codes) -> Figures:
        del table_id
        sexes, ages = rows(codes["Kon"], _SEXES), age_rows(codes["Alder"], _ONE_YEAR[16:75])

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            region, age, level, sex, contents, when = at
            made = [self.population.educated(int(codes["Tid"][index]))[region] for index in when]
            base = np.stack(made, axis=-1).transpose(0, 2, 3, 1, 4)
            return _with_contents(project(base, [None, ages[age], level, sexes[sex], None]), contents)

        return figures

    def _income(self, table_id: str, codes: Codes) -> Figures:
        del table_id
        sexes, ages = rows(codes["Kon"], _SEXES), age_rows(codes["Alder"], INCOME_BANDS)
        edges = np.array(INCOME_EDGES, dtype=np.float64)
        middle = 1000 * np.append((edges[:-1] + edges[1:] - 1) / 2, 1350.0)

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            region, sex, age, bracket, contents, when = at
            shape = (len(region), len(sex), len(age), len(bracket), len(contents), len(when))
            values = np.empty(shape)
            hidden = np.zeros(shape, dtype=np.bool_)
            for index, moment in enumerate(when):
                year = int(codes["Tid"][moment])
                persons, total, median = self._earners(year, region, sexes[sex], ages[age], bracket, middle)
                of = np.maximum(persons, 1)
                made = np.stack([total / of / 1000, median / of / 1000, total / 1e6, persons], axis=-1)
                few = (persons < _EARNERS_SHOWN)[..., None] & (contents < 3)
                values[..., index], hidden[..., index] = made[..., contents], few
            return values, hidden

        return figures

    def _earners(
        self, year: int, region: Positions, sexes: Floats, ages: Floats, bracket: Positions, middle: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Persons, sum of incomes, persons times median (SEK): region x sex x age x bracket (0: total)."""
        whole = [project(part, [region, sexes, ages])[..., None] for part in self.population.income(year)]
        if not bracket.any():
            return tuple(np.repeat(part, len(bracket), axis=-1) for part in whole)  # type: ignore[return-value]
        classes = project(self.population.income_classes(year), [region, sexes, ages, None])
        persons = np.concatenate([whole[0], classes], axis=-1)[..., bracket]
        sums = classes * middle
        return (
            persons,
            np.concatenate([whole[1], sums], axis=-1)[..., bracket],
            np.concatenate([whole[2], sums], axis=-1)[..., bracket],
        )

    def _politics(self, table_id: str, codes: Codes) -> Figures:
        del table_id
        region = _positions(codes["Region"], ["00", *self.population.regions.municipalities])
        sexes = _positions(codes["Kon"], ["020", "030", "010"])

        def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
            cells = np.ix_(region[at[0]], sexes[at[1]], at[2], at[3])
            made = [politics.council(self.population, codes["Tid"][when])[cells] for when in at[4]]
            values = np.stack(made, axis=-1)
            return values, np.isnan(values)

        return figures


def _by_period(codes: Codes, one: Callable[[str], Floats]) -> Figures:
    """The figures of a table whose periods are made whole, one at a time; NaN is not shown."""
    whole = lru_cache(maxsize=32)(one)

    def figures(at: Sequence[Positions]) -> tuple[Floats, Mask]:
        cells = np.ix_(*at[:-1])
        values = np.stack([whole(codes["Tid"][when])[cells] for when in at[-1]], axis=-1)
        return values, np.isnan(values)

    return figures


def protected(count: Floats, noise: Floats) -> Floats:
    """Counts with a small shift; what is empty stays empty."""
    return np.where(count > 0, np.maximum(count + noise, 0), 0.0)


def _positions(codes: Sequence[str], among: Sequence[int | str]) -> Positions:
    """Where each code stands in another list."""
    places = {str(item): position for position, item in enumerate(among)}
    return np.array([places[code] for code in codes], dtype=np.int64)


def _with_contents(count: Floats, contents: Positions) -> tuple[Floats, Mask]:
    """Figures of a table with one contents code, and nothing hidden; the contents come before the last axis."""
    values = np.repeat(count[..., None, :], len(contents), axis=-2)
    return values, np.zeros(values.shape, dtype=np.bool_)


def _commuting(code: str) -> str:
    """What a contents code of the commuting tables counts."""
    for kind, known in (
        ("in", ("000000QI", "00000547", "AM0207C6", "AM0207H8")),
        ("out", ("000000QJ", "00000548", "AM0207C8", "AM0207H9")),
        ("home", ("DEMO0001", "00000546", "AM0207C9", "AM0207H7")),
    ):
        if code in known:
            return kind
    raise KeyError(code)
