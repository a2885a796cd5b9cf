"""The elected representatives of TAB708: councils drawn per kommun and term of office."""

import numpy as np

from sources.demo.hashing import Floats, key, keys, split, uniform
from sources.demo.population import Population

BACKGROUNDS = 27
LAST_TERM = "2023-2026"
NOT_REPORTED = 7
"""So many kommuner are missing in the last term, none of them in Vastmanland."""

_AGES = np.array([[0.07, 0.31, 0.34, 0.28], [0.08, 0.36, 0.33, 0.23]])
_LEVELS = np.array([[0.11, 0.45, 0.44], [0.06, 0.38, 0.56]])
_BIRTHS = np.array([[0.915, 0.085], [0.90, 0.10]])
_VOTERS_LEVELS = np.array([0.16, 0.46, 0.38])
_VOTERS_BIRTHS = np.array([0.84, 0.16])


def council(population: Population, term: str) -> Floats:
    """(Riket and kommuner) x (men, women, all) x background x contents; NaN is not shown.

    Contents: number, share, difference from the electorate, sex distribution.
    """
    made: Floats = population.keep(("council", term), lambda: _council(population, term))
    return made


def _council(population: Population, term: str) -> Floats:
    year = int(term[:4])
    voters = population.electorate(year - 1)
    size = voters.sum(axis=(1, 2))
    seats = np.round(46 + 0.62 * np.sqrt(size)).astype(np.int32)
    women = 0.418 + 0.003 * (year - 2007) / 4 + population.place("council", -0.055, 0.055)
    women = women + population.place(f"council {term}", -0.03, 0.03)
    members = split(seats, np.stack([1 - women, women], axis=-1), population.place("seats", 0.0, 1.0))
    offset = population.offset("council", 2)
    made_up = uniform(key(population.seed, "backgrounds"), [keys(range(BACKGROUNDS - 10)), keys(range(2))], 0.05, 0.6)
    groups = [
        members[..., None],
        split(members, _AGES, offset),
        split(members, _LEVELS, offset),
        split(members, _BIRTHS, offset),
        np.floor(members[..., None] * made_up.T + offset[..., None]).astype(np.int32),
    ]
    count = _with_country(np.concatenate(groups, axis=-1))
    count = np.concatenate([count, count.sum(axis=1, keepdims=True)], axis=1).astype(np.float64)

    of = count[:, :, :1]
    share = np.divide(100 * count, of, out=np.full(count.shape, np.nan), where=of > 0)
    whole = np.repeat(count[:, 2:], 3, axis=1)
    distribution = np.divide(100 * count, whole, out=np.full(count.shape, np.nan), where=whole > 0)

    by_age = np.stack([voters[:, :, low:high].sum(axis=2) for low, high in ((0, 12), (12, 32), (32, 47), (47, 83))], -1)
    electorate = _with_country(by_age)
    electorate = np.concatenate([electorate, electorate.sum(axis=1, keepdims=True)], axis=1)
    per_sex = electorate.sum(axis=-1, keepdims=True)
    expected = np.empty(count.shape)
    expected[..., 1:5] = 100 * electorate / per_sex
    expected[..., 5:8] = 100 * _VOTERS_LEVELS
    expected[..., 8:10] = 100 * _VOTERS_BIRTHS
    expected[..., 10:] = 100 * uniform(key(population.seed, "voters"), [keys(range(BACKGROUNDS - 10))], 0.05, 0.6)
    difference = share - expected
    difference[..., 0] = distribution[..., 0] - 100 * per_sex[..., 0] / per_sex[:, 2:, 0]
    made = np.stack([count, share, difference, distribution], axis=-1)
    if term == LAST_TERM:
        order = uniform(key(population.seed, "not reported"), [population.regions.keys])
        candidates = [index for index, code in enumerate(population.regions.municipalities) if code[:2] != "19"]
        missing = sorted(candidates, key=lambda index: order[index])[:NOT_REPORTED]
        made[[1 + index for index in missing]] = np.nan
    return made


def _with_country(local: np.ndarray) -> np.ndarray:
    """Riket first, then the kommuner."""
    return np.concatenate([local.sum(axis=0, keepdims=True), local])
