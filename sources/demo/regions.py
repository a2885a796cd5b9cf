"""The 312 regions: what they are called, how they nest, and which of them did not exist yet."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sources.demo.hashing import Floats, Keys, keys

Number = TypeVar("Number", np.int32, np.float64)

COUNTRY = "00"
HEBY, HEBY_COUNTY_BEFORE, HEBY_FROM = "0331", "19", 2007
"""Heby was 1917 in Vastmanland until 2006-12-31; SCB's lists hold it as 0331 in Uppsala lan only."""
KNIVSTA, KNIVSTA_PARENT, KNIVSTA_FROM = "0330", "0380", 2003
"""Knivsta was part of Uppsala kommun before 2003."""


@dataclass(frozen=True)
class Regions:
    """Codes of riket, lan and kommuner in SCB's order, and sums over them."""

    codes: tuple[str, ...]
    inhabitants: Floats
    """Per kommun: where the synthetic population starts from."""
    east: Floats
    north: Floats
    area: Floats

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """The codes of the kommuner, in order."""
        return tuple(code for code in self.codes if len(code) == 4)

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """The codes of the lan, in order."""
        return tuple(code for code in self.codes if len(code) == 2 and code != COUNTRY)

    @cached_property
    def keys(self) -> Keys:
        """A hash key for each kommun."""
        return keys(self.municipalities)

    @cached_property
    def county_keys(self) -> Keys:
        """For each kommun the hash key of its lan."""
        return keys(code[:2] for code in self.municipalities)

    def municipality(self, code: str) -> int:
        """The position of a kommun among the kommuner."""
        return self.municipalities.index(code)

    def exists(self, year: int) -> NDArray[np.bool_]:
        """For each kommun: was it there in this year?"""
        there = np.ones(len(self.municipalities), dtype=np.bool_)
        there[self.municipality(HEBY)] = year >= HEBY_FROM
        there[self.municipality(KNIVSTA)] = year >= KNIVSTA_FROM
        return there

    def all_regions(self, local: NDArray[Number], year: int) -> NDArray[Number]:
        """Counts of riket, lan and kommuner from counts of the kommuner (first axis), as divided in `year`.

        Before it existed a kommun has 0. Its people belong to the kommun it was part of (Knivsta) or to the
        lan it lay in (Heby, whose old code no list holds).
        """
        if year < KNIVSTA_FROM:
            local = local.copy()
            local[self.municipality(KNIVSTA_PARENT)] += local[self.municipality(KNIVSTA)]
            local[self.municipality(KNIVSTA)] = 0
        whole = np.empty((len(self.codes), *local.shape[1:]), dtype=local.dtype)
        whole[np.array([len(code) == 4 for code in self.codes])] = local
        county_of = np.array([code[:2] for code in self.municipalities])
        if year < HEBY_FROM:
            county_of[self.municipality(HEBY)] = HEBY_COUNTY_BEFORE
            whole[self.codes.index(HEBY)] = 0
        for county in self.counties:
            whole[self.codes.index(county)] = local[county_of == county].sum(axis=0, dtype=local.dtype)
        whole[self.codes.index(COUNTRY)] = local.sum(axis=0, dtype=local.dtype)
        return whole
