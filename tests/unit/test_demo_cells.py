"""Sums and rounding of the embedded server."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.demo.cells import read, rounded
from sources.demo.resolve import Axis
from sources.demo.store import Cells, Document, Positions


class Row:
    """A table of one variable."""

    id = "TAB1"
    totals: Mapping[str, str] = {}

    def __init__(self, figures: Sequence[float | str]) -> None:
        self.symbols = tuple(dict.fromkeys(figure for figure in figures if isinstance(figure, str)))
        self.figures = np.array([np.nan if isinstance(figure, str) else figure for figure in figures])
        self.status = np.array(
            [self.symbols.index(figure) if isinstance(figure, str) else -1 for figure in figures], np.int8
        )

    def metadata(self, language: str) -> Document | None:
        return None

    def entry(self, language: str) -> Document | None:
        return None

    def default_selection(self, language: str) -> Document | None:
        return None

    def values(self, positions: Sequence[Positions]) -> Cells:
        return Cells(self.figures[positions[0]], self.status[positions[0]], self.symbols)


def answered(figures: Sequence[float | str], groups: Sequence[Sequence[int]]) -> list[float | str]:
    parts = tuple(np.array(group) for group in groups)
    names = tuple(str(at) for at in range(len(parts)))
    cells = read(Row(figures), [Axis("A", names, names, parts)], sum_symbol="*")
    assert cells.status is not None
    return [
        cells.symbols[code] if np.isnan(value) else float(value)
        for value, code in zip(cells.values, cells.status, strict=True)
    ]


@pytest.mark.parametrize(
    ("figures", "sums"),
    [
        ([1.0, 2.5, 3.0, 4.0], [3.5, 7.0]),
        ([1.0, "..", 3.0, 4.0], ["..", 7.0]),  # a missing part makes the sum missing
        (["..", "..", 3.0, 4.0], ["..", 7.0]),
        (["..", ".", 3.0, 4.0], ["*", 7.0]),  # unlike symbols give the symbol of sums
        (["-", 2.0, "-", "-"], [2.0, "-"]),  # nothing at all counts as 0
        (["-", "..", 1.0, "*"], ["..", "*"]),
    ],
)
def test_sums_of_missing_figures(figures: list[float | str], sums: list[float | str]) -> None:
    assert answered(figures, [[0, 1], [2, 3]]) == sums


def test_a_code_can_stand_in_several_groups() -> None:
    assert answered([1.0, 2.0, 3.0], [[0, 1], [1, 2], [0]]) == [3.0, 5.0, 1.0]


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0.5, 0, 0.0),
        (1.5, 0, 2.0),
        (2.5, 0, 2.0),
        (-0.5, 0, 0.0),
        (1.25, 1, 1.2),
        (2.35, 1, 2.4),
        (2.675, 2, 2.68),
        (1.005, 2, 1.0),
        (0.000001, 6, 0.000001),
        (123456789012345.67, 6, 123456789012345.67),
        (9007199254740993.0, 0, 9007199254740992.0),
    ],
)
def test_rounding_is_half_to_even_on_decimal_digits(value: float, decimals: int, shown: float) -> None:
    assert rounded(np.array([value]), decimals)[0] == shown


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_rounding_agrees_with_exact_arithmetic(thousandths: int, decimals: int) -> None:
    exact = round(Fraction(thousandths, 1000), decimals)
    assert rounded(np.array([thousandths / 1000]), decimals)[0] == pytest.approx(float(exact), abs=1e-9)


def test_null_stays_null() -> None:
    assert np.isnan(rounded(np.array([np.nan]), 1)[0])
