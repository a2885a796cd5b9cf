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
        ValueError: no variable, a variable without codes or with a repeated one, or a limit below 1.
    """
    if not selection:
        raise ValueError("nothing is selected; the API would answer with the table's default selection")
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
    return Plan(chunks, total, _ceiling(total, limit))


def _ceiling(dividend: int, divisor: int) -> int:
    """The quotient rounded up, exact for numbers of any size."""
    return -(-dividend // divisor)


def _block_sizes(size: int) -> list[int]:
    """The smallest block for every number of parts: about 2·√size of them, largest first."""
    return sorted({_ceiling(size, parts) for parts in range(1, size + 1)}, reverse=True)


def _fewest_calls(sizes: Mapping[str, int], limit: int, time: str | None) -> dict[str, int]:
    """Block size per variable, by branch and bound over the largest dimensions first.

    Of plans with equally few calls the one that splits the fewest variables is taken, and not the time among them.
    """
    order = sorted(sizes, key=lambda variable: -sizes[variable])
    options = [_block_sizes(sizes[variable]) for variable in order]
    remaining = [math.prod(sizes[variable] for variable in order[at:]) for at in range(len(order) + 1)]
    best = (math.prod(sizes.values()) + 1, 0, False)
    best_blocks: dict[str, int] = {}

    def descend(at: int, calls: int, product: int, blocks: dict[str, int], split: int, *, time_split: bool) -> None:
        nonlocal best, best_blocks
        # However the rest is cut, at least this many calls per block are needed, and no split is undone.
        rank = (calls * _ceiling(product * remaining[at], limit), split, time_split)
        if product > limit or rank >= best:
            return
        if at == len(order):
            best, best_blocks = rank, dict(blocks)
            return
        variable = order[at]
        for block in options[at]:
            parts = _ceiling(sizes[variable], block)
            blocks[variable] = block
            descend(
                at + 1,
                calls * parts,
                product * block,
                blocks,
                split + (parts > 1),
                time_split=time_split or (parts > 1 and variable == time),
            )
        del blocks[variable]

    descend(0, 1, 1, {}, 0, time_split=False)
    return best_blocks
