"""The latent population that all count tables of the demo derive from.

Everything is made up: smooth curves over age, sex and time, varied by kommun through integer hashing. Only the
rough sizes and places of the kommuner and the rough sex composition of occupations resemble Sweden's. Counts are
whole numbers per kommun and sex and are split into whole parts, so that parts add up and tables agree.

Axes. `sex`: 0 men, 1 women. `age`: 0 ... 99, 100 and over. `band`: the 15 narrowest age bands of the labour market
tables (`BANDS`). `birth`: 0 born in Sweden, 1 abroad. Arrays named "of regions" have the 312 regions first.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sources.demo.hashing import Floats, key, keys, split, uniform
from sources.demo.regions import Regions

Counts = NDArray[np.int32]
Built = TypeVar("Built")

METADATA = Path(__file__).parent / "metadata"

BANDS = (
    (15, 15), (16, 19), (20, 24), (25, 29), (30, 34), (35, 39), (40, 44), (45, 49), (50, 54), (55, 59), (60, 64),
    (65, 65), (66, 66), (67, 69), (70, 74),
)  # fmt: skip
INCOME_BANDS = (
    (16, 19), (20, 24), (25, 29), (30, 34), (35, 39), (40, 44), (45, 49), (50, 54), (55, 59), (60, 64), (65, 65),
    (66, 69), (70, 74), (75, 79), (80, 84), (85, 100),
)  # fmt: skip
INCOME_EDGES = (
    0, 1, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 220, 240, 260, 280, 300, 320, 340, 360, 380, 400, 500, 600,
    800, 1000,
)  # fmt: skip
SECTOR_BANDS = ((15, 15), (16, 19), (20, 24), (25, 54), (55, 64), (65, 65), (66, 74))

FIRST_YEAR, LAST_YEAR = 1967, 2026
BAS_YEARS = tuple(range(2020, 2025))
PRELIMINARY_YEARS = (*BAS_YEARS, 2025)
BAS_MONTHS = tuple(f"{year}M{month:02}" for year in range(2020, 2027) for month in range(1, 13))[:79]
RAMS_YEARS = tuple(range(1993, 2022))
NEW_CLASSIFICATION = 2024
"""From this year entrepreneurs are told apart by another method: a level shift in their counts."""

_NATION = (
    (1967, 7.89), (1970, 8.08), (1980, 8.32), (1990, 8.59), (2000, 8.88), (2004, 9.01), (2010, 9.42), (2015, 9.85),
    (2020, 10.38), (2024, 10.59), (2026, 10.62),
)  # fmt: skip
_BIRTHS = (
    (1860, 125), (1920, 135), (1933, 85), (1945, 134), (1955, 107), (1965, 123), (1983, 92), (1990, 123), (1999, 88),
    (2010, 115), (2016, 117), (2026, 97),
)  # fmt: skip

# Per band: men and women born in Sweden who work, in 2024.
_EMPLOYED = np.array(
    [
        [0.05, 0.37, 0.72, 0.855, 0.895, 0.91, 0.915, 0.915, 0.905, 0.875, 0.765, 0.48, 0.40, 0.27, 0.155],
        [0.07, 0.42, 0.70, 0.815, 0.85, 0.875, 0.885, 0.89, 0.885, 0.86, 0.745, 0.42, 0.33, 0.205, 0.10],
    ]
)
_UNEMPLOYED = np.array(
    [0.02, 0.095, 0.068, 0.045, 0.038, 0.036, 0.034, 0.032, 0.032, 0.034, 0.039, 0.011, 0.008, 0.005, 0.0]
)
# Per band: those who neither work nor look for work, as students, pensioners, sick; the rest are others.
_OUTSIDE = np.array(
    [
        [0.97, 0.93, 0.62, 0.32, 0.18, 0.12, 0.09, 0.07, 0.05, 0.03, 0.005, 0, 0, 0, 0],
        [0, 0, 0.002, 0.004, 0.006, 0.01, 0.015, 0.02, 0.03, 0.07, 0.38, 0.90, 0.92, 0.97, 0.994],
        [0.0, 0.01, 0.08, 0.14, 0.20, 0.26, 0.33, 0.40, 0.47, 0.55, 0.37, 0.03, 0.015, 0.005, 0],
    ]
)
_CYCLE = (
    (1993, -0.34), (1997, -0.40), (2001, -0.12), (2004, -0.16), (2008, -0.04), (2010, -0.17), (2018, 0.01),
    (2019, 0.01), (2020, -0.10), (2021, -0.05), (2022, 0.05), (2023, 0.05), (2024, 0.0), (2025, -0.04), (2026, -0.02),
    (2027, 0.0),
)  # fmt: skip
_SLACK = (
    (1993, 0.55), (1997, 0.60), (2001, 0.05), (2005, 0.25), (2008, 0.0), (2010, 0.25), (2018, 0.0), (2020, 0.25),
    (2021, 0.18), (2022, -0.04), (2023, -0.04), (2024, 0.05), (2025, 0.08), (2026, 0.04), (2027, 0.0),
)  # fmt: skip

# The seven sectors less the overlap: business, non-profit, state, kommun, region, other. Men, women.
_SECTORS = np.array([[0.80, 0.02, 0.06, 0.075, 0.03, 0.015], [0.535, 0.03, 0.065, 0.245, 0.115, 0.01]])
# Fifteen industries and "unknown". Men, women.
_INDUSTRIES = np.array(
    [
        [.030, .155, .020, .115, .130, .075, .035, .070, .018, .020, .140, .055, .055, .050, .030, .012],
        [.011, .055, .007, .015, .115, .022, .038, .033, .022, .013, .105, .080, .165, .270, .040, .009],
    ]
)  # fmt: skip
_INDUSTRY_ABROAD = np.array([0.4, 1.05, 0.6, 0.75, 0.9, 1.4, 2.2, 0.9, 0.7, 0.9, 1.15, 0.6, 0.9, 1.2, 0.9, 1.3])
_INDUSTRY_SPREAD = np.array([0.8, 0.6, 0.5, 0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.3, 0.25, 0.35, 0.2, 0.2, 0.2, 0.3])
_INDUSTRY_SEASON = np.array([0.12, 0, 0, 0.03, 0.01, 0, 0.12, 0, 0, 0, 0.02, 0, -0.02, 0.01, 0.03, 0])

# Own account and own company, per band, men born in Sweden.
_SELF_EMPLOYED = np.array(
    [0.002, 0.004, 0.012, 0.022, 0.030, 0.036, 0.040, 0.044, 0.047, 0.052, 0.065, 0.13, 0.18, 0.24, 0.33]
)
_COMPANY = np.array(
    [0.001, 0.003, 0.012, 0.026, 0.040, 0.053, 0.062, 0.068, 0.071, 0.074, 0.078, 0.09, 0.10, 0.12, 0.14]
)

# Mean earned income of men in 2024, SEK thousands, per income band; women's share of it; medians as share of means.
_INCOME = np.array([42, 212, 330, 398, 445, 480, 498, 497, 482, 447, 412, 368, 308, 284, 264, 244], dtype=np.float64)
_INCOME_WOMEN = np.array(
    [1.05, 0.90, 0.84, 0.76, 0.755, 0.78, 0.80, 0.81, 0.815, 0.805, 0.78, 0.73, 0.70, 0.68, 0.68, 0.72]
)
_MEDIAN = np.array(
    [
        [0.45, 0.93, 0.95, 0.94, 0.92, 0.90, 0.885, 0.88, 0.88, 0.88, 0.87, 0.85, 0.88, 0.89, 0.90, 0.91],
        [0.45, 0.92, 0.96, 0.955, 0.95, 0.94, 0.935, 0.93, 0.93, 0.92, 0.91, 0.89, 0.90, 0.91, 0.92, 0.92],
    ]
)


class Period(NamedTuple):
    """A point in time of the labour market model."""

    time: float
    """Year and fraction, for slow trends and cycles."""
    summer: float
    """The season, 1 in July and -1 in January; 0 for a year."""
    shift: float
    """How much less the source counts as work (log odds)."""


def interpolate(points: Sequence[tuple[int, float]], at: Floats | float) -> Floats:
    """The value of a broken line."""
    line: Floats = np.interp(np.asarray(at), [point[0] for point in points], [point[1] for point in points])
    return line


def whole(numbers: Floats) -> Counts:
    """Numbers rounded down to whole ones."""
    counts: Counts = np.floor(numbers).astype(np.int32)
    return counts


def proportions(weights: Floats) -> Floats:
    """Weights scaled to add up to one along the last axis."""
    shares: Floats = weights / weights.sum(axis=-1, keepdims=True)
    return shares


def logistic(odds: Floats) -> Floats:
    """Shares from log odds."""
    return 1.0 / (1.0 + np.exp(-odds))


def log_odds(share: Floats) -> Floats:
    """Log odds from shares."""
    return np.log(share / (1.0 - share))


def band_sums(by_age: Counts, bands: Iterable[tuple[int, int]], axis: int) -> Counts:
    """Counts per age band from counts per one-year age."""
    parts = [by_age.take(range(low, high + 1), axis=axis).sum(axis=axis, dtype=np.int32) for low, high in bands]
    return np.stack(parts, axis=axis)


class Population:
    """The latent population of one seed; its arrays are made when first asked for and then kept."""

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed
        rows = json.loads((METADATA / "regions.json").read_text(encoding="utf-8"))["regions"]
        places = [row for row in rows if len(row["code"]) == 4]
        self.regions = Regions(
            codes=tuple(row["code"] for row in rows),
            inhabitants=np.array([row["inhabitants"] for row in places], dtype=np.float64),
            east=np.array([row["east"] for row in places], dtype=np.float64),
            north=np.array([row["north"] for row in places], dtype=np.float64),
            area=np.array([row["area"] for row in places], dtype=np.float64),
        )
        occupations = json.loads((METADATA / "occupations.json").read_text(encoding="utf-8"))["occupations"]
        self.occupations = tuple(row["code"] for row in occupations)
        weight = np.array([row["weight"] for row in occupations], dtype=np.float64)
        women = np.array([row["women"] for row in occupations], dtype=np.float64) / 100
        self._occupation_weight = np.stack([weight * (1 - women), weight * women])
        self._kept: dict[Any, Any] = {}
        self._lock = RLock()

    # --- helpers -------------------------------------------------------------------------------------------

    def keep(self, name: Any, build: Callable[[], Built]) -> Built:
        """What `build` gives, made once: the server answers from several threads."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = build()
            kept: Built = self._kept[name]
        return kept

    def _key(self, *names: str | int) -> int:
        return key(self.seed, *names)

    def place(self, name: str, low: float, high: float) -> Floats:
        """A number for each kommun."""
        return uniform(self._key(name), [self.regions.keys], low, high)

    def _county(self, name: str, low: float, high: float) -> Floats:
        """For each kommun a number of its lan."""
        return uniform(self._key(name), [self.regions.county_keys], low, high)

    def offset(self, name: str, *sizes: int) -> Floats:
        """For each kommun and cell a number in [0, 1): which way fractions are rounded, the same at all times."""
        return uniform(self._key(name), [self.regions.keys, *(keys(range(size)) for size in sizes)])

    @property
    def _log_size(self) -> Floats:
        return np.log(self.regions.inhabitants / 30_000)

    def of_regions(self, local: Counts, years: Sequence[int]) -> Counts:
        """The 312 regions from kommuner; the last axis is time and `years` says in which year each point lies."""
        regions = np.empty((len(self.regions.codes), *local.shape[1:]), dtype=local.dtype)
        for index, year in enumerate(years):
            regions[..., index] = self.regions.all_regions(local[..., index], year)
        return regions

    # --- people --------------------------------------------------------------------------------------------

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of the population, 31 December."""
        return tuple(range(FIRST_YEAR, LAST_YEAR + 1))

    def people_local(self) -> Counts:
        """Kommun x sex x age x year, 31 December."""
        return self.keep("people_local", self._people_local)

    def _people_local(self) -> Counts:
        years = np.array(self.years, dtype=np.float64)
        ages = np.arange(106, dtype=np.float64)
        nation = interpolate(_NATION, years) * 1e6
        born = interpolate(_BIRTHS, years[None, :] - ages[:, None])
        shape = []
        for modal, advance, share in ((76.5, 0.155, 0.514), (83.0, 0.105, 0.486)):
            mode = modal + advance * (years - 1968)
            alive = np.exp(-(np.exp(0.1 * (ages[:, None] - mode)) - np.exp(-0.1 * mode)))
            settled = 0.05 + 0.2 * (years - 1968) / 56
            moved_in = 1 + settled * np.exp(-(((ages[:, None] - 36) / 16) ** 2)) * (ages[:, None] > 0)
            shape.append(born * alive * moved_in * share)
        by_age = np.stack(shape)  # sex x age x year
        by_age = np.concatenate([by_age[:, :100], by_age[:, 100:].sum(axis=1, keepdims=True)], axis=1)
        ages = np.arange(101, dtype=np.float64)

        growth = np.clip(0.0035 * self._log_size + self.place("growth", -0.006, 0.003), -0.011, 0.011)
        size = self.regions.inhabitants[:, None] * np.exp(growth[:, None] * (years - 2004))
        size *= nation / size.sum(axis=0)
        tilt = self.place("age", -0.16, 0.16) - 0.17 * self._log_size
        older = tilt[:, None, None] * (0.6 + 0.4 * (years - 1968) / 56) * ((ages - 42) / 42)[None, :, None]
        students = np.where(self.regions.inhabitants > 80_000, 0.22, -0.13)
        young = students[:, None] * np.exp(-(((ages - 22.5) / 3.5) ** 2))
        factor = np.exp(older + young[:, :, None])  # kommun x age x year
        expected = factor[:, None] * by_age[None]
        expected *= (size / expected.sum(axis=(1, 2)))[:, None, None, :]
        rounding = self.offset("people", 2, 101)
        return whole(expected + rounding[..., None])

    def people(self) -> Counts:
        """Region x sex x age x year, 31 December."""
        return self.keep("people", lambda: self.of_regions(self.people_local(), self.years))

    def people_month(self, month: str) -> Counts:
        """Region x sex x age at the end of a month: a straight line between the years."""

        def build() -> Counts:
            year, number = int(month[:4]), int(month[5:])
            index = year - FIRST_YEAR
            before, after = self.people_local()[..., index - 1], self.people_local()[..., index]
            # Twelfths are rounded up or down by the cell, lest all of them together lose thousands.
            twelfths = np.floor(12 * self.offset("month", 2, 101)).astype(np.int32)
            between = before + ((after - before) * number + twelfths) // 12
            # A month is reported by the division of its own year, December by that of the next.
            return self.of_regions(between[..., None], [year + (number == 12)])[..., 0]

        return self.keep(("people_month", month), build)

    def married(self, year: int, division: int | None = None) -> Counts:
        """Region x sex x age x marital status (single, married, divorced, widowed), 31 December.

        `division` is the year whose regions are meant, the year itself if not given.
        """

        def build() -> Counts:
            ages = np.arange(101, dtype=np.float64)
            later = np.clip((year - 1968) / 56, 0, 1)
            shares = np.empty((2, 101, 4))
            for sex in (0, 1):
                start = 22 + 8 * later + (2.5 if sex == 0 else 0)
                ever = (0.93 - 0.28 * later) * logistic((ages - start - 4) / 3.2) * (ages >= 18)
                apart = (0.06 + 0.22 * later) * logistic((ages - 45) / 7)
                widowed = logistic((ages - (90 if sex == 0 else 80)) / 5.5)
                shares[sex, :, 0] = 1 - ever
                shares[sex, :, 1] = ever * (1 - widowed) * (1 - apart)
                shares[sex, :, 2] = ever * (1 - widowed) * apart
                shares[sex, :, 3] = ever * widowed
            local = split(self.people_local()[..., year - FIRST_YEAR], shares[None], self.offset("married", 2, 101))
            return self.of_regions(local[..., None], [division or year])[..., 0]

        return self.keep(("married", year, division), build)

    # --- education -----------------------------------------------------------------------------------------

    def educated(self, year: int) -> Counts:
        """Region x sex x age 16-74 x level (1-7, unknown)."""

        def build() -> Counts:
            local = split(
                self.people_local()[:, :, 16:75, year - FIRST_YEAR],
                self._education_shares(year),
                self.offset("education", 2, 59),
            )
            return self.of_regions(local[..., None], [year])[..., 0]

        return self.keep(("educated", year), build)

    def _education_shares(self, year: int) -> Floats:
        """Kommun x sex x age 16-74 x level."""
        ages = np.arange(16, 75, dtype=np.float64)
        born = year - ages
        none = interpolate(((1910, 0.70), (1925, 0.58), (1940, 0.28), (1955, 0.06), (1970, 0.02), (2010, 0.02)), born)
        nine = interpolate(((1910, 0.08), (1940, 0.11), (1955, 0.15), (1970, 0.10), (2010, 0.10)), born)
        short = interpolate(((1910, 0.02), (1940, 0.07), (1955, 0.14), (1970, 0.17), (2010, 0.15)), born)
        # The register became better in 1990, and richer in sources in 2000: two level shifts.
        seen = 0.80 if year < 1990 else 0.87 if year < 2000 else 1.0
        unknown = 0.04 if year < 1990 else 0.02 if year < 2000 else 0.013
        town = np.exp(np.clip(0.20 * self._log_size, -0.3, 0.45) + self.place("education", -0.13, 0.13))[:, None]
        shares = np.empty((len(self.regions.municipalities), 2, 59, 8))
        upper = np.interp(ages, [17, 18, 19, 20, 22], [0.0, 0.1, 0.72, 0.92, 1.0])
        some = np.interp(ages, [19, 21, 25, 30], [0.0, 0.2, 0.8, 1.0])
        full = np.interp(ages, [22, 24, 26, 31, 36], [0.0, 0.12, 0.45, 0.85, 1.0])
        doctor = np.interp(ages, [27, 38], [0.0, 1.0])
        old_school = interpolate(((1940, 0.88), (1955, 0.70), (1970, 0.55), (1980, 0.16), (1995, 0.08)), born)
        for sex, long_points, research in (
            (0, ((1910, 0.04), (1940, 0.11), (1955, 0.15), (1970, 0.19), (1985, 0.26), (2010, 0.28)), 0.013),
            (1, ((1910, 0.02), (1940, 0.11), (1955, 0.18), (1970, 0.26), (1985, 0.41), (2010, 0.44)), 0.010),
        ):
            long = interpolate(long_points, born)
            part = shares[:, sex]
            part[..., 6] = seen * town * research * doctor
            part[..., 5] = seen * town * long * full
            part[..., 4] = seen * town * (short * some + 0.35 * long * np.clip(some - full, 0, 1))
            part[..., 0] = none * (1.1 if sex == 0 else 1.0)
            part[..., 7] = unknown
            rest = np.clip(1 - part[..., [0, 4, 5, 6, 7]].sum(axis=-1), 0.05, 1)
            school = np.minimum(nine * (1.15 if sex == 0 else 0.85), 0.6 * rest)
            part[..., 1] = school + (1 - upper) * (rest - school)
            part[..., 2] = upper * (rest - school) * old_school
            part[..., 3] = upper * (rest - school) * (1 - old_school)
        return shares

    # --- income --------------------------------------------------------------------------------------------

    def earners_local(self, year: int) -> Counts:
        """Kommun x sex x income band: persons who lived in Sweden the whole year."""

        def build() -> Counts:
            people = band_sums(self.people_local()[..., year - FIRST_YEAR], INCOME_BANDS, 2)
            stayed = 0.985 if year < 2021 else 0.98
            return whole(people * stayed + self.offset("earners", 2, 16))

        return self.keep(("earners_local", year), build)

    def _mean_income(self, year: int) -> Floats:
        """Kommun x sex x income band, SEK thousands."""
        level = np.exp(-0.0305 * (2024 - year)) * (0.985 if year < 2011 else 1.0)
        women = _INCOME_WOMEN * (1 - 0.0045 * (2024 - year))
        national = np.stack([_INCOME, _INCOME * women]) * level
        place = np.exp(
            np.clip(0.045 * self._log_size, -0.07, 0.08)
            + self._county("income county", -0.05, 0.05)
            + self.place("income", -0.07, 0.07)
        )
        own = uniform(self._key("income cell"), [self.regions.keys, keys(range(2)), keys(range(16))], 0.97, 1.03)
        means: Floats = national[None] * place[:, None, None] * own
        return means

    def income(self, year: int) -> tuple[Counts, Floats, Floats]:
        """Region x sex x income band: persons, sum of incomes, sum of persons times median.

        The sums are whole SEK, so that adding them up is exact in any order.
        """

        def build() -> tuple[Counts, Floats, Floats]:
            persons = self.earners_local(year)
            total = np.floor(1000 * persons * self._mean_income(year))
            middle = np.floor(total * _MEDIAN)
            wrap = self.regions.all_regions
            return wrap(persons, year), wrap(total, year), wrap(middle, year)

        return self.keep(("income", year), build)

    def income_classes(self, year: int) -> Counts:
        """Region x sex x income band x class of `INCOME_EDGES`: persons."""

        def build() -> Counts:
            median = (self._mean_income(year) * _MEDIAN)[..., None]
            edges = np.array(INCOME_EDGES[1:], dtype=np.float64)
            below = 0.03 + 0.97 / (1 + (median / edges) ** 2.7)
            shares = np.diff(below, axis=-1, prepend=0.0, append=1.0)
            local = split(self.earners_local(year), shares, self.offset("income classes", 2, 16))
            return self.regions.all_regions(local, year)

        return self.keep(("income_classes", year), build)

    # --- work, by place of residence -----------------------------------------------------------------------

    def _in_bands(self) -> Counts:
        """Kommun x sex x band x year."""
        return self.keep("in_bands", lambda: band_sums(self.people_local(), BANDS, 2))

    def _by_birth(self, persons: Floats | Counts, times: Floats) -> Counts:
        """Adds the axis birth before time to kommun x sex x band x time."""
        nation = interpolate(((1990, 0.095), (2000, 0.115), (2010, 0.15), (2018, 0.205), (2026, 0.23)), times)
        profile = np.array([0.62, 0.68, 0.8, 1.1, 1.35, 1.4, 1.35, 1.2, 1.05, 0.95, 0.8, 0.75, 0.72, 0.7, 0.65])
        place = np.exp(
            np.clip(0.16 * self._log_size, -0.25, 0.35)
            + self._county("abroad county", -0.2, 0.15)
            + self.place("abroad", -0.45, 0.3)
        )
        share = np.clip(place[:, None, None] * profile[None, :, None] * nation, 0.01, 0.6)
        abroad = whole(persons * share[:, None] + self.offset("abroad", 2, 15)[..., None])
        return np.stack([persons - abroad, abroad], axis=3).astype(np.int32)

    def _labour(self, persons: Counts, periods: Sequence[Period]) -> Counts:
        """Kommun x sex x band x birth x time x status from persons without the last axis.

        The statuses: employed, unemployed, students, pensioners, sick, others.
        """
        times = np.array([period.time for period in periods])
        summer = np.array([period.summer for period in periods])
        shift = np.array([period.shift for period in periods])
        youth = np.array([0.35, 0.30, 0.16, 0.05] + [0.015] * 11)
        later = np.array([0.0] * 9 + [0.008, 0.022, 0.030, 0.030, 0.025, 0.022])
        place = self._county("labour county", -0.14, 0.14) + self.place("work", -0.17, 0.17)
        abroad = np.array([0.72, 1.05])  # men, women: log odds less than those born in Sweden
        odds = log_odds(_EMPLOYED)[None, :, :, None, None]
        odds = odds + interpolate(_CYCLE, times) - shift + youth[:, None, None] * summer
        odds = odds + later[:, None, None] * np.minimum(times - 2024, 0)
        gap = abroad[:, None] * np.array([0.4, 0.5] + [1.0] * 13)
        gap = gap[:, :, None] * np.clip(1 + 0.022 * (2024 - times), 0.9, 1.4)
        odds = np.broadcast_to(odds + place[:, None, None, None, None], (*place.shape, 2, 15, 2, len(times))).copy()
        odds[:, :, :, 1] -= gap[None]
        own = uniform(self._key("work cell"), [self.regions.keys, keys(range(2)), keys(range(15))], -0.12, 0.12)
        employed = logistic(odds + own[..., None, None])

        slack = np.log(np.maximum(_UNEMPLOYED, 1e-9) / (1 - _UNEMPLOYED))[None, None, :, None, None]
        slack = slack + interpolate(_SLACK, times) - 0.03 * summer
        slack = np.broadcast_to(slack, employed.shape).copy()
        slack[:, :, :, 1] += 1.3
        slack[:, 1] -= 0.06
        slack += (self._county("slack", -0.12, 0.12) - 1.3 * place)[:, None, None, None, None]
        unemployed = np.minimum(employed * np.exp(slack), 0.8 * (1 - employed))
        outside = (1 - employed - unemployed)[..., None]
        kinds = np.empty((2, 15, 4))
        kinds[:, :, :3] = _OUTSIDE.T
        kinds[1, :, 2] *= 1.3
        kinds[:, :, 2] = np.minimum(kinds[:, :, 2], 0.98 - kinds[:, :, 0] - kinds[:, :, 1]).clip(0)
        kinds[:, :, 3] = 1 - kinds[:, :, :3].sum(axis=-1)
        shares = np.concatenate(
            [employed[..., None], unemployed[..., None], outside * kinds[None, :, :, None, None, :]], axis=-1
        )
        return split(persons, shares, self.offset("labour", 2, 15, 2)[..., None])

    def _month_people(self) -> Counts:
        """Kommun x sex x band x birth x month of `BAS_MONTHS`."""

        def build() -> Counts:
            by_year = self._in_bands()
            index = np.array([int(month[:4]) - FIRST_YEAR for month in BAS_MONTHS])
            number = np.array([int(month[5:]) for month in BAS_MONTHS])
            before = by_year[..., index - 1]
            twelfths = np.floor(12 * self.offset("month band", 2, 15)).astype(np.int32)[..., None]
            persons = before + ((by_year[..., index] - before) * number + twelfths) // 12
            return self._by_birth(persons, index + FIRST_YEAR + number / 12)

        return self.keep("month_people", build)

    def labour_months_local(self) -> Counts:
        """Kommun x sex x band x birth x month of `BAS_MONTHS` x status."""

        def build() -> Counts:
            periods = [
                Period(
                    int(month[:4]) + (int(month[5:]) - 0.5) / 12 - 0.5, np.cos(2 * np.pi * (int(month[5:]) - 7) / 12), 0
                )
                for month in BAS_MONTHS
            ]
            return self._labour(self._month_people(), periods)

        return self.keep("labour_months_local", build)

    def _year_people(self, years: Sequence[int]) -> Counts:
        index = np.array(years) - FIRST_YEAR
        return self._by_birth(self._in_bands()[..., index], np.array(years) + 1.0)

    def labour_years_local(self) -> Counts:
        """Kommun x sex x band x birth x year of `BAS_YEARS` x status, by BAS."""
        return self.keep(
            "labour_years_local",
            lambda: self._labour(self._year_people(BAS_YEARS), [Period(year, 0, 0) for year in BAS_YEARS]),
        )

    def labour_years_preliminary(self) -> Counts:
        """Region x sex x band x birth x status x year of `PRELIMINARY_YEARS`, by BAS."""

        def build() -> Counts:
            years = PRELIMINARY_YEARS
            return self._time_last(self._labour(self._year_people(years), [Period(y, 0, 0) for y in years]), 4, 2007)

        return self.keep("labour_years_preliminary", build)

    def labour_rams_local(self) -> Counts:
        """Kommun x sex x band x birth x year of `RAMS_YEARS` x status, by RAMS, which counts fewer as working."""
        return self.keep(
            "labour_rams_local",
            lambda: self._labour(
                self._year_people(RAMS_YEARS),
                [Period(year, 0, 0.28 if year < 2004 else 0.22 if year < 2019 else 0.10) for year in RAMS_YEARS],
            ),
        )

    def labour_months(self) -> Counts:
        """Region x sex x band x birth x status x month of `BAS_MONTHS`."""
        return self.keep("labour_months", lambda: self._time_last(self.labour_months_local(), 4, 2007))

    def labour_years(self) -> Counts:
        """Region x sex x band x birth x status x year of `BAS_YEARS`."""
        return self.keep("labour_years", lambda: self._time_last(self.labour_years_local(), 4, 2007))

    def _time_last(self, local: Counts, axis: int, year: int) -> Counts:
        """Of regions, with the time axis moved last; for times when all kommuner exist."""
        return self.regions.all_regions(np.ascontiguousarray(np.moveaxis(local, axis, -1)), year)

    # --- commuting -----------------------------------------------------------------------------------------

    def _pull(self) -> Floats:
        """Sex x residence x workplace: how strongly workers are drawn, before the trend in staying at home."""

        def build() -> Floats:
            place = self.regions
            distance = np.hypot(place.east[:, None] - place.east, place.north[:, None] - place.north)
            jobs = (place.inhabitants / 30_000) ** 1.04 * np.exp(self.place("jobs", -0.2, 0.2))
            within = 0.33 * np.sqrt(place.area)
            pulls = []
            small = (place.inhabitants / 30_000) ** -0.42
            for reach, stay in ((14.0, 3.9), (12.0, 4.7)):
                near = np.exp(-distance / reach) + 0.0006 * np.exp(-distance / 260)
                np.fill_diagonal(near, stay * small * np.exp(-np.minimum(within, 9.0) / reach))
                pull = near * jobs
                # Three rounds towards as many jobs as workers, so that no kommun is emptied.
                for _ in range(3):
                    flow = pull / pull.sum(axis=1, keepdims=True) * place.inhabitants[:, None]
                    wanted = place.inhabitants * np.exp(
                        np.clip(0.07 * self._log_size, -0.2, 0.2) + self.place("jobs", -0.2, 0.2) - 0.02
                    )
                    pull = pull * np.sqrt(wanted / flow.sum(axis=0))
                pulls.append(pull)
            return np.stack(pulls)

        return self.keep("pull", build)

    def _matrix(self, employed: Counts, year: int, series: str) -> Counts:
        """Sex x residence x workplace from kommun x sex: who lives where and works where.

        A cell outside the diagonal is 0 or at least 3, as protected figures are; the diagonal takes the rest, so
        that each row adds up to the employed who live there.
        """
        pull = self._pull().copy()
        home = np.arange(pull.shape[1])
        settled = {"RAMS": 1.0, "RAMS_N": 0.96, "BAS": 1.05}[series]
        pull[:, home, home] *= settled * np.exp(-0.011 * (year - 2010)) * (1.03 if year in (2020, 2021) else 1.0)
        flows = pull / pull.sum(axis=2, keepdims=True) * employed.T[:, :, None]
        chance = uniform(self._key("matrix"), [keys(range(2)), self.regions.keys, self.regions.keys])
        matrix = np.where(flows < 3, np.where(chance < flows / 3, 3, 0), np.floor(flows + chance)).astype(np.int32)
        matrix[:, home, home] = 0
        matrix[:, home, home] = employed.T - matrix.sum(axis=2)
        return matrix

    def matrix(self, year: int) -> Counts:
        """Sex x residence x workplace by BAS, employed 15-74."""
        return self.keep(
            ("matrix", year),
            lambda: self._matrix(
                self.labour_years_local()[:, :, :, :, BAS_YEARS.index(year), 0].sum(axis=(2, 3)), year, "BAS"
            ),
        )

    def matrix_rams(self, year: int) -> Counts:
        """Sex x residence x workplace by RAMS, gainfully employed 16 and over; parted kommuner as they were."""

        def build() -> Counts:
            night = self.labour_rams_local()[:, :, 1:, :, RAMS_YEARS.index(year), 0].sum(axis=(2, 3))
            matrix = self._matrix(night, year, "RAMS" if year < 2019 else "RAMS_N")
            there = self.regions.exists(year)
            child, parent = self.regions.municipality("0330"), self.regions.municipality("0380")
            if not there[child]:
                matrix[:, parent] += matrix[:, child]
                matrix[:, :, parent] += matrix[:, :, child]
                matrix[:, child] = 0
                matrix[:, :, child] = 0
            return matrix

        return self.keep(("matrix_rams", year), build)

    # --- work, by place of work ----------------------------------------------------------------------------

    def _moved(self, night: Counts, matrix: Counts) -> Floats:
        """Expected workers at workplaces: kommun x sex x ... from the same by residence."""
        rows = np.maximum(matrix.sum(axis=2), 1)
        share = matrix / rows[:, :, None]
        flat = night.reshape(night.shape[0], 2, -1).astype(np.float64)
        moved = np.stack([share[sex].T @ flat[:, sex] for sex in (0, 1)], axis=1)
        return moved.reshape(night.shape)

    def _day_year(self, night: Counts, matrix: Counts) -> Counts:
        """Kommun x sex x band x birth by workplace; sums over band and birth are the columns of the matrix."""
        moved = self._moved(night, matrix).reshape(night.shape[0], 2, 30)
        columns = matrix.sum(axis=1).T
        return split(columns, moved, self.offset("day", 2)).reshape(night.shape)

    def day_years_local(self) -> Counts:
        """Kommun x sex x band x birth x year of `BAS_YEARS`: employed by workplace."""

        def build() -> Counts:
            night = self.labour_years_local()[..., 0]
            return np.stack(
                [self._day_year(night[..., index], self.matrix(year)) for index, year in enumerate(BAS_YEARS)], axis=-1
            )

        return self.keep("day_years_local", build)

    def day_months_local(self) -> Counts:
        """Kommun x sex x band x birth x month of `BAS_MONTHS`: employed by workplace."""

        def build() -> Counts:
            night = self.labour_months_local()[..., 0]
            day = np.empty_like(night)
            offset = uniform(self._key("day month"), [keys(range(2))])
            for year in sorted({int(month[:4]) for month in BAS_MONTHS}):
                which = [index for index, month in enumerate(BAS_MONTHS) if int(month[:4]) == year]
                part = night[..., which]
                moved = self._moved(part, self.matrix(min(year, BAS_YEARS[-1])))
                # First how many work in each kommun (all together as many as live in Sweden), then who.
                nation = part.sum(axis=(0, 2, 3)).astype(np.int64)
                places = np.moveaxis(moved.sum(axis=(2, 3)), 0, -1)  # sex x month x kommun
                columns = np.moveaxis(split(nation, places, offset[:, None]), -1, 0)
                cells = np.moveaxis(moved, -1, 2).reshape(night.shape[0], 2, len(which), 30)
                filled = split(columns, cells, self.offset("day", 2)[..., None])
                day[..., which] = np.moveaxis(filled.reshape(night.shape[0], 2, len(which), 15, 2), 2, -1)
            return day

        return self.keep("day_months_local", build)

    # --- industry and sector -------------------------------------------------------------------------------

    def _industry_shares(self) -> Floats:
        """Kommun x sex x birth x month x industry at workplaces."""
        count = _INDUSTRIES.shape[1]
        place = np.exp(
            uniform(self._key("industry"), [self.regions.keys, keys(range(count))], -1.0, 1.0) * _INDUSTRY_SPREAD
        )
        births = np.stack([np.ones(count), _INDUSTRY_ABROAD])
        times = np.array([int(month[:4]) + int(month[5:]) / 12 - 2024 for month in BAS_MONTHS])
        summer = np.array([np.cos(2 * np.pi * (int(month[5:]) - 7) / 12) for month in BAS_MONTHS])
        trend = np.zeros(count)
        trend[[1, 4, 7, 11]] = [-0.006, -0.008, 0.012, 0.01]
        season = np.exp(times[:, None] * trend + summer[:, None] * _INDUSTRY_SEASON)
        shares: Floats = (
            place[:, None, None, None]
            * _INDUSTRIES[None, :, None, None]
            * births[None, None, :, None]
            * season[None, None, None]
        )
        return proportions(shares)

    def industries(self, side: str) -> Counts:
        """Region x sex x birth x industry x month of `BAS_MONTHS`: employed 15-74; `side` is day or night."""

        def build() -> Counts:
            shares = self._industry_shares()
            if side == "day":
                persons = self.day_months_local().sum(axis=2)
            else:
                persons = self.labour_months_local()[..., 0].sum(axis=2)
                shares = self._at_home(shares)
            local = split(persons, shares, self.offset(f"industry {side}", 2, 2)[..., None])
            return self._time_last(local, 3, 2007)

        return self.keep(("industries", side), build)

    def _at_home(self, shares: Floats) -> Floats:
        """Shares where people live, from shares where they work (kommun x sex x ...)."""
        matrix = self.matrix(BAS_YEARS[-1])
        weight = matrix / np.maximum(matrix.sum(axis=2, keepdims=True), 1)
        flat = np.ascontiguousarray(shares).reshape(shares.shape[0], 2, -1)
        return np.stack([weight[sex] @ flat[:, sex] for sex in (0, 1)], axis=1).reshape(shares.shape)

    def sectors(self, side: str) -> Counts:
        """Region x sex x sector band x birth x sector x month of `BAS_MONTHS`: employed; `side` is day or night."""

        def build() -> Counts:
            place = np.exp(uniform(self._key("sector"), [self.regions.keys, keys(range(6))], -0.22, 0.22))
            shares = place[:, None] * _SECTORS[None]  # kommun x sex x sector
            if side == "night":
                shares = self._at_home(shares)
            young = np.ones((7, 6))
            young[:3, 0], young[:3, 2], young[4:, 3] = 1.5, 0.5, 1.15
            births = np.ones((2, 6))
            births[1, [2, 3]] = 0.65, 1.1
            shares = shares[:, :, None, None, None] * young[:, None, None] * births[:, None]
            persons = self.day_months_local() if side == "day" else self.labour_months_local()[..., 0]
            groups = [
                [index for index, band in enumerate(BANDS) if low <= band[0] and band[1] <= high]
                for low, high in SECTOR_BANDS
            ]
            merged = np.stack([persons[:, :, group].sum(axis=2, dtype=np.int32) for group in groups], axis=2)
            local = split(merged, shares, self.offset(f"sector {side}", 2, 7, 2)[..., None])
            return self._time_last(local, 4, 2007)

        return self.keep(("sectors", side), build)

    # --- entrepreneurs and occupations -----------------------------------------------------------------------

    def status_shares(self, years: Sequence[int]) -> Floats:
        """Kommun x sex x band x birth x year x (employee, own company, own account)."""
        rural = np.clip(-0.18 * self._log_size, -0.35, 0.4)
        own = np.exp(rural + self.place("self-employed", -0.3, 0.3))
        company = np.exp(self._county("company", -0.1, 0.1) + self.place("company", -0.25, 0.25))
        time = np.array(years, dtype=np.float64)
        new = time >= NEW_CLASSIFICATION
        self_time = np.exp(-0.012 * (time - 2020)) * np.where(new, 0.88, 1.0)
        company_time = np.exp(0.016 * (time - 2020)) * np.where(new, 1.12, 1.0)
        women = np.clip(1 + 0.008 * (time - 2020), 0.8, 1.1)
        shares = np.empty((len(own), 2, 15, 2, len(time), 3))
        for sex, self_factor, company_factor in ((0, 1.0, 1.0), (1, 0.50, 0.34)):
            for birth, self_birth, company_birth in ((0, 1.0, 1.0), (1, 1.15, 0.62)):
                drift = women if sex else np.ones_like(women)
                part = shares[:, sex, :, birth]
                part[..., 2] = (
                    self_factor * self_birth * own[:, None, None] * _SELF_EMPLOYED[:, None] * self_time * drift
                )
                part[..., 1] = (
                    company_factor * company_birth * company[:, None, None] * _COMPANY[:, None] * company_time * drift
                )
        shares[..., 0] = 1 - shares[..., 1] - shares[..., 2]
        return shares

    def kinds_of_work(self, persons: Counts, years: Sequence[int]) -> Counts:
        """Residents of one year, kommun x sex x band x birth, with the axis (employee, own company, own account)."""
        offset = self.offset("status night", 2, 15, 2)
        return split(persons, self.status_shares(years)[:, :, :, :, 0], offset)

    def statuses_local(self, side: str) -> Counts:
        """Kommun x sex x band x birth x year of `BAS_YEARS` x (employee, own company, own account)."""

        def build() -> Counts:
            persons = self.day_years_local() if side == "day" else self.labour_years_local()[..., 0]
            offset = self.offset(f"status {side}", 2, 15, 2)[..., None]
            return split(persons, self.status_shares(BAS_YEARS), offset)

        return self.keep(("statuses_local", side), build)

    def statuses(self, side: str) -> Counts:
        """Region x sex x band x birth x (employee, own company, own account) x year of `BAS_YEARS`."""
        return self.keep(("statuses", side), lambda: self._time_last(self.statuses_local(side), 4, 2007))

    def _employees(self, year: int, series: str) -> Counts:
        """Kommun x sex: employees 16-64 by workplace."""
        if series == "BAS":
            part = self.statuses_local("day")[:, :, 1:11, :, BAS_YEARS.index(year), 0]
            employees: Counts = part.sum(axis=(2, 3), dtype=np.int32)
            return employees
        night = self.labour_rams_local()[..., RAMS_YEARS.index(year), 0]
        day = self._moved(night, self.matrix_rams(year))
        workers = day[:, :, 1:11] * self.status_shares([year])[:, :, 1:11, :, 0, 0]
        return whole(workers.sum(axis=(2, 3)) + self.offset("employees", 2))

    def occupation_shares(self, year: int) -> Floats:
        """Kommun x sex x occupation."""
        place = np.exp(
            uniform(self._key("occupation"), [self.regions.keys, keys(self.occupations)], -0.4, 0.4)
            + uniform(self._key("occupation county"), [self.regions.county_keys, keys(self.occupations)], -0.2, 0.2)
        )
        weight = self._occupation_weight.copy()
        managers = [index for index, code in enumerate(self.occupations) if code.startswith("1")]
        weight[1, managers] *= np.exp(0.021 * (year - 2017))
        weight[0, managers] *= np.exp(-0.004 * (year - 2017))
        shares = place[:, None] * weight
        return proportions(shares)

    def occupied(self, year: int, series: str) -> Counts:
        """Region x sex x occupation: employees 16-64 by workplace; `series` is BAS or RAMS."""

        def build() -> Counts:
            local = split(self._employees(year, series), self.occupation_shares(year), self.offset("occupation", 2))
            return self.regions.all_regions(local, year)

        return self.keep(("occupied", year, series), build)

    def manager_shares(self, year: int) -> Floats:
        """Kommun x sex: managers among employees whose occupation is known."""
        shares = self.occupation_shares(year)
        managers = [index for index, code in enumerate(self.occupations) if code.startswith("1")]
        known = 1 - shares[..., self.occupations.index("0002")]
        part: Floats = shares[..., managers].sum(axis=-1) / known
        return part

    # --- the council -----------------------------------------------------------------------------------------

    def electorate(self, year: int) -> Counts:
        """Kommun x sex x age of the voters, 18 and over."""
        return self.people_local()[:, :, 18:, year - FIRST_YEAR]
