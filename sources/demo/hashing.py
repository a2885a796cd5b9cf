"""Deterministic integer hashing: figures that depend on names alone, never on order, process or hash seed."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_DOUBLE = np.uint64(11)

# How far a protected count is moved: the inverse of the distribution function, in hundredths.
_SHIFT_OF_HUNDREDTH = np.repeat(
    np.arange(-3, 4, dtype=np.int8), np.array([1, 6, 20, 46, 20, 6, 1], dtype=np.int64)
).astype(np.float64)


def mix(values: Keys) -> Keys:
    """Well-mixed 64-bit words (splitmix64), in a new array."""
    word = values + _STEP
    word ^= word >> _SHIFTS[0]
    word *= _MIX_1
    word ^= word >> _SHIFTS[1]
    word *= _MIX_2
    word ^= word >> _SHIFTS[2]
    return word


def key(*names: str | int) -> int:
    """A 64-bit word for a list of names."""
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def keys(names: Iterable[str | int]) -> Keys:
    """A 64-bit word for each name."""
    return np.array([key(name) for name in names], dtype=np.uint64)


def words(start: int, axes: Sequence[Keys]) -> Keys:
    """A word for each cell of the grid spanned by `axes`, one axis of keys per dimension."""
    grid = np.array(start, dtype=np.uint64).reshape((1,))
    for axis in axes:
        grid = mix(grid[..., None] ^ axis)
    return grid.reshape(tuple(len(axis) for axis in axes))


def uniform(start: int, axes: Sequence[Keys], low: float = 0.0, high: float = 1.0) -> Floats:
    """Numbers in [low, high) for each cell of the grid spanned by `axes`."""
    unit = (words(start, axes) >> _DOUBLE).astype(np.float64) * 2.0**-53
    return unit if (low, high) == (0.0, 1.0) else low + (high - low) * unit


def shifts(start: int, axes: Sequence[Keys]) -> Floats:
    """Small whole numbers from -3 to 3 for each cell, most of them 0: the noise of a protected table."""
    hundredths = (words(start, axes) % np.uint64(100)).astype(np.int64)
    return _SHIFT_OF_HUNDREDTH[hundredths]


def split(total: NDArray[np.integer] | Floats, shares: Floats, offset: Floats) -> NDArray[np.int32]:
    """Whole parts of each total along a new last axis; they add up to the total exactly.

    Args:
        total: Whole numbers, shape `(...)`.
        shares: Proportions, shape `(..., n)`, broadcast against `total`; scaled to one.
        offset: Numbers in [0, 1), shape broadcast to `total`: what decides which part a fraction goes to.
    """
    bounds = np.cumsum(shares, axis=-1)
    bounds /= bounds[..., -1:]
    bounds[..., -1] = 1.0
    bounds = np.floor(np.asarray(total, dtype=np.float64)[..., None] * bounds + offset[..., None])
    parts = np.empty(bounds.shape, dtype=np.int32)
    parts[..., 0] = bounds[..., 0]
    np.subtract(bounds[..., 1:], bounds[..., :-1], out=parts[..., 1:], casting="unsafe")
    return parts
