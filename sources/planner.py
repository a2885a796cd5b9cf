"""The fewest calls that fetch a selection under the API's cell limit."""

import hashlib
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

Selection = Mapping[str, Sequence[str]]
"""Codes per variable code, explicit and without repetition, in the order wanted."""


@dataclass(frozen=True)
class Plan:
    """Chunks that together are the selection, each within the limit, in row-major order of their blocks."""

    chunks: tuple[dict[str, tuple[str, ...]], ...]
    cells: int
    lower_bound: int

    @property
    def key(self) -> str:
        """A hash of the plan: equal selections under an equal limit give the same one."""
        return hashlib.sha256(orjson.dumps([list(chunk.items()) for chunk in self.chunks])).hexdigest()[:16]


def cells(selection: Selection) -> int:
    """The number of cells of a selection."""
    return math.prod(len(codes) for codes in selection.values())


def plan(selection: Selection, limit: int, time: str | None = None) -> Plan:
    """The grid of blocks with the fewest calls.

    Args:
        selection: codes per variable.
        limit: the API's maxDataCells.
        time: the time variable, split only when nothing else gives as few calls.

    Raises:
        ValueError: a variable without codes or with a repeated one, or a limit below 1.
    """
    for variable, codes in selection.items():
        if not codes:
            raise ValueError(f"{variable}: no codes selected; an empty list would silently eliminate it")
        if len(set(codes)) != len(codes):
            raise ValueError(f"{variable}: a code is selected twice")
    if limit < 1:
        raise ValueError(f"maxDataCells is {limit}")
    sizes = {variable: len(codes) for variable, codes in selection.items()}
    blocks = _fewest_calls(sizes, limit, time)
    parts = [
        [tuple(codes[at : at + blocks[variable]]) for at in range(0, len(codes), blocks[variable])]
        for variable, codes in selection.items()
    ]
    chunks = tuple(dict(zip(selection, block, strict=True)) for block in itertools.product(*parts))
    total = cells(selection)
    return Plan(chunks, total, math.ceil(total / limit))


def _block_sizes(size: int) -> list[int]:
    """The smallest block for every number of parts: about 2·√size of them, largest first."""
    return sorted({math.ceil(size / parts) for parts in range(1, size + 1)}, reverse=True)


def _fewest_calls(sizes: Mapping[str, int], limit: int, time: str | None) -> dict[str, int]:
    """Block size per variable, by branch and bound over the largest dimensions first."""
    order = sorted(sizes, key=lambda variable: -sizes[variable])
    remaining = [math.prod(sizes[variable] for variable in order[at:]) for at in range(len(order) + 1)]
    best: tuple[int, int, bool] | None = None
    best_blocks: dict[str, int] = {}

    def descend(at: int, calls: int, product: int, blocks: dict[str, int]) -> None:
        nonlocal best, best_blocks
        if product > limit:
            return
        # However the rest is cut, at least this many calls per block are needed.
        bound = calls * math.ceil(product * remaining[at] / limit)
        if best is not None and bound > best[0]:
            return
        if at == len(order):
            split = [variable for variable in order if blocks[variable] < sizes[variable]]
            rank = (calls, len(split), time in split)
            if best is None or rank < best:
                best, best_blocks = rank, dict(blocks)
            return
        variable = order[at]
        for block in _block_sizes(sizes[variable]):
            blocks[variable] = block
            descend(at + 1, calls * math.ceil(sizes[variable] / block), product * block, blocks)
        del blocks[variable]

    descend(0, 1, 1, {})
    return best_blocks
