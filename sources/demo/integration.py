"""The shares of the integration tables: work, unemployment, entrepreneurs and managers by education and background."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sources.demo.hashing import Floats, split
from sources.demo.population import BAS_YEARS, RAMS_YEARS, Counts, Population

Shares = NDArray[np.float32]

SHOWN_FROM = 20
"""A share of fewer persons than this is not shown."""

_AGES = ((2,), (3, 4), (5, 6), (7, 8), (9, 10, 11))
"""Bands of the population per age group; the last band, 65, counts in BAS only."""
_ORIGINS = np.array([0.12, 0.27, 0.61])
_STAYS = np.array([0.05, 0.09, 0.26, 0.60])
_WORK_BY_ORIGIN = np.array([1.12, 1.10, 0.93])
_WORK_BY_STAY = np.array([0.55, 0.76, 0.94, 1.07])
_LEVELS = np.array([[0.145, 0.475, 0.36, 0.02], [0.105, 0.405, 0.47, 0.02]])
"""Compulsory, upper secondary, post-secondary, unknown; men, women."""
_WORK_BY_LEVEL = np.array([0.74, 1.03, 1.08, 0.55])
_OWN_BY_LEVEL = np.array([1.15, 1.10, 0.90, 0.9])
_JOBLESS_BY_LEVEL = np.array([2.2, 0.9, 0.75, 1.8])
_MANAGERS_BY_LEVEL = np.array([1.0, 0.45, 0.70, 1.55, 0.6])
_UNEMPLOYED_KINDS = (0.93, 0.52, 0.41, 0.36)
"""Registered, openly unemployed, in programmes, long-term: shares of the unemployed."""


def shares(population: Population, year: int, *, bas: bool) -> Shares:
    """Region x (men, women, both) x education x background x contents, per cent; NaN is not shown."""
    made: Shares = population.keep(("integration", year, bas), lambda: _shares(population, year, bas=bas))
    return made


def _shares(population: Population, year: int, *, bas: bool) -> Shares:
    above, below = _local(population, year, bas=bas)
    wrap = population.regions.all_regions
    above, below = wrap(above, year), wrap(below, year)
    above = np.concatenate([above, above.sum(axis=1, keepdims=True)], axis=1)
    below = np.concatenate([below, below.sum(axis=1, keepdims=True)], axis=1)
    percent = np.full(above.shape, np.nan, dtype=np.float32)
    np.divide(100.0 * above, below, out=percent, where=below >= SHOWN_FROM, casting="unsafe")
    return percent


def _local(population: Population, year: int, *, bas: bool) -> tuple[Counts, Counts]:
    """Kommun x sex x education x background x contents: persons that have it, and of how many."""
    if bas:
        status = population.labour_years_local()[..., BAS_YEARS.index(year), :]
        kinds = population.statuses_local("night")[..., BAS_YEARS.index(year), :]
        ages: Sequence[tuple[int, ...]] = _AGES
    else:
        status = population.labour_rams_local()[..., RAMS_YEARS.index(year), :]
        kinds = population.kinds_of_work(status[..., 0], [year])
        ages = (*_AGES[:-1], _AGES[-1][:-1])
    offset = population.offset("integration", 2)
    people = _by_background(status.sum(axis=-1, dtype=np.int32), ages, offset, None)
    working = _by_background(status[..., 0], ages, offset, people)
    jobless = _by_background(status[..., 1], ages, offset, people)
    own = _by_background(kinds[..., 1] + kinds[..., 2], ages, offset, working)

    people = _by_level(people, np.ones(4), None, offset)
    working = _by_level(working, _WORK_BY_LEVEL, people, offset)
    jobless = _by_level(jobless, _JOBLESS_BY_LEVEL, people, offset)
    own = _by_level(own, _OWN_BY_LEVEL, working, offset)

    turn = offset[:, :, None, None]
    abroad = np.array([0.0] * 7 + [1.0] * 8)
    stay = population.place("stays", -0.02, 0.02)[:, None, None, None]
    women = np.array([0.0, 1.0])[None, :, None, None]
    remaining = np.floor(working * (0.935 - 0.004 * women - 0.035 * abroad + stay / 2) + turn)
    surviving = np.floor(own * (0.862 - 0.022 * women - 0.03 * abroad + stay) + turn)
    known = np.floor(working * 0.93 + turn)
    managing = population.manager_shares(year)[:, :, None, None] * _MANAGERS_BY_LEVEL[:, None]
    managers = np.floor(known * managing * (1 - 0.35 * abroad) + turn)
    graduates = working.copy()
    graduates[:, :, 0] = working[:, :, 3]
    graduates[:, :, [1, 2, 4]] = 0
    matched = np.floor(graduates * (0.64 + 0.06 * women - 0.14 * abroad) + turn)
    skilled = np.floor(graduates * (0.75 + 0.03 * women - 0.15 * abroad) + turn)

    above = [working, own, *(np.floor(jobless * part + turn) for part in _UNEMPLOYED_KINDS)]
    above += [remaining, surviving, managers, matched, skilled]
    below = [people, working, people, people, people, people, working, own, known, graduates, graduates]
    return np.stack(above, axis=-1).astype(np.int32), np.stack(below, axis=-1).astype(np.int32)


def _by_background(persons: Counts, ages: Sequence[tuple[int, ...]], offset: Floats, within: Counts | None) -> Counts:
    """Kommun x sex x background from kommun x sex x band x birth.

    The backgrounds: all, five age groups, born in Sweden, three origins, born abroad, four lengths of stay.
    """
    groups = np.stack([persons[:, :, list(group)].sum(axis=2, dtype=np.int32) for group in ages], axis=2)
    born = groups.sum(axis=2, dtype=np.int32)
    abroad = born[..., 1]
    if within is None:
        origins, stays = _ORIGINS, _STAYS
    else:
        origins, stays = (within[..., 7:10] + 0.01) * _WORK_BY_ORIGIN, (within[..., 11:15] + 0.01) * _WORK_BY_STAY
    parts = [
        born.sum(axis=-1, dtype=np.int32)[..., None],
        groups.sum(axis=-1, dtype=np.int32),
        born[..., :1],
        split(abroad, origins, offset),
        abroad[..., None],
        split(abroad, stays, offset),
    ]
    whole = np.concatenate(parts, axis=-1)
    return whole if within is None else np.minimum(whole, within)


def _by_level(persons: Counts, factor: Floats, within: Counts | None, offset: Floats) -> Counts:
    """Adds the axis education (all, compulsory, upper secondary, post-secondary, unknown) before background."""
    shares = _LEVELS[:, None] if within is None else (within[:, :, 1:].swapaxes(2, 3) + 0.01) * factor
    parts = split(persons, shares, offset[:, :, None]).swapaxes(2, 3)
    whole = np.concatenate([persons[:, :, None], parts], axis=2)
    return whole if within is None else np.minimum(whole, within)
