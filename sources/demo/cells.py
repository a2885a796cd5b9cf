"""The numbers of an answer: read from the table, summed where variables are eliminated or grouped, rounded."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sources.demo.resolve import Axis
from sources.demo.store import Cells, Table

NIL = "-"
SUM_SYMBOL = "......."


def read(table: Table, axes: Sequence[Axis], sum_symbol: str = SUM_SYMBOL) -> Cells:
    """The cells of the answer over all axes, eliminated ones included as one cell, in the table's order."""
    cells = table.values([np.concatenate(axis.groups) for axis in axes])
    summed = [at for at, axis in enumerate(axes) if any(group.size > 1 for group in axis.groups)]
    if not summed:
        return cells
    shape = tuple(sum(group.size for group in axis.groups) for axis in axes)
    return _sums(cells, shape, {at: [group.size for group in axes[at].groups] for at in summed}, sum_symbol)


def _sums(cells: Cells, shape: tuple[int, ...], sizes: dict[int, list[int]], sum_symbol: str) -> Cells:
    """Sums of groups of neighbours.

    A missing part makes the sum missing: with the parts' symbol when they agree, else with the symbol of sums;
    `-` counts as nothing at all.
    """
    symbols = tuple(dict.fromkeys((*cells.symbols, sum_symbol, NIL)))
    mixed, nil = symbols.index(sum_symbol), symbols.index(NIL)
    values = cells.values.reshape(shape)
    given = np.full(shape, -1, np.int8) if cells.status is None else cells.status.reshape(shape)
    null = np.isnan(values)
    status = np.where(null, np.where(given < 0, mixed, given), -1).astype(np.int8)
    values = np.where(null, 0.0, values)
    for at, parts in sizes.items():
        starts = np.concatenate(([0], np.cumsum(parts)[:-1])).astype(np.intp)
        values = np.add.reduceat(values, starts, axis=at)
        missing = (status >= 0) & (status != nil)
        low = np.minimum.reduceat(np.where(missing, status, np.int8(127)), starts, axis=at)
        high = np.maximum.reduceat(np.where(missing, status, np.int8(-1)), starts, axis=at)
        all_nil = np.logical_and.reduceat(status == nil, starts, axis=at)
        status = np.where(high < 0, np.where(all_nil, nil, -1), np.where(low == high, high, mixed)).astype(np.int8)
    values = np.where(status >= 0, np.nan, values)
    return Cells(values.ravel(), status.ravel(), symbols)


def rounded(values: NDArray[np.float64], decimals: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """Values rounded half to even on their decimal digits, so that 2.675 becomes 2.68 and 2.5 becomes 2."""
    scale = np.power(10.0, decimals)
    scaled = values * scale
    floor = np.floor(scaled)
    slack = 4 * np.finfo(np.float64).eps * np.maximum(np.abs(scaled), 1.0)
    tie = np.abs(scaled - floor - 0.5) <= slack
    whole = np.where(tie, floor + np.mod(floor, 2.0), np.rint(scaled))
    exact = np.abs(scaled) < 2.0**52  # beyond, scaling would cost digits and there is nothing to round
    return np.asarray(np.where(exact, whole / scale, values), np.float64)
