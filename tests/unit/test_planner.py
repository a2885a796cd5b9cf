"""The plan of calls: everything once, nothing over the limit, as few calls as can be."""

import itertools
import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.planner import Plan, Selection, cells, plan

LIMIT = 150_000


def selection_of(*sizes: int) -> dict[str, list[str]]:
    """Variables A, B, … with so many codes each; the codes tell where they belong."""
    return {chr(65 + at): [f"{chr(65 + at)}{code}" for code in range(size)] for at, size in enumerate(sizes)}


def keys(selection: Selection) -> Counter[tuple[str, ...]]:
    return Counter(itertools.product(*selection.values()))


def check(made: Plan, selection: Selection, limit: int) -> None:
    covered: Counter[tuple[str, ...]] = Counter()
    for chunk in made.chunks:
        assert list(chunk) == list(selection)
        assert cells(chunk) <= limit
        covered += keys(chunk)
    assert covered == keys(selection)
    assert made.cells == cells(selection)


@pytest.mark.parametrize(
    ("sizes", "lower_bound", "calls"),
    [
        ((312, 134, 3, 1, 16), 14, 14),  # TAB6471
        ((312, 4, 102, 2, 2, 57), 194, 198),
        ((312, 21, 40, 2, 3, 15), 158, 160),
        ((5985, 18, 2, 1, 3), 5, 5),  # DeSO
        ((100_000, 1, 20), 14, 14),
        ((60, 40, 420), 7, 7),
        ((22, 10, 10, 3, 5, 2, 4, 12), 22, 22),
        ((312, 20, 2, 1, 12), 1, 1),
    ],
)
def test_known_grids_take_the_calls_that_were_worked_out(sizes: tuple[int, ...], lower_bound: int, calls: int) -> None:
    made = plan(selection_of(*sizes), LIMIT)
    assert (made.lower_bound, len(made.chunks)) == (lower_bound, calls)
    assert sum(cells(chunk) for chunk in made.chunks) == math.prod(sizes)
    assert max(cells(chunk) for chunk in made.chunks) <= LIMIT


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 300))
def test_blocks_cover_the_selection_once_within_the_limit(sizes: list[int], limit: int) -> None:
    selection = selection_of(*sizes)
    made = plan(selection, limit)
    check(made, selection, limit)
    assert len(made.chunks) >= made.lower_bound == math.ceil(math.prod(sizes) / limit)


@settings(deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=3), st.integers(1, 60))
def test_no_grid_of_blocks_takes_fewer_calls(sizes: list[int], limit: int) -> None:
    fewest = min(
        math.prod(math.ceil(size / block) for size, block in zip(sizes, blocks, strict=True))
        for blocks in itertools.product(*(range(1, size + 1) for size in sizes))
        if math.prod(blocks) <= limit
    )
    assert len(plan(selection_of(*sizes), limit).chunks) == fewest


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 300))
def test_a_plan_is_a_pure_function(sizes: list[int], limit: int) -> None:
    first, second = (plan(selection_of(*sizes), limit, "A") for _ in range(2))
    assert first == second
    assert first.key == second.key


def test_chunks_come_in_row_major_order_of_contiguous_blocks() -> None:
    made = plan({"A": ["a", "b", "c"], "B": ["x", "y"]}, 2)
    assert [tuple(chunk.values()) for chunk in made.chunks] == [
        (("a",), ("x", "y")),
        (("b",), ("x", "y")),
        (("c",), ("x", "y")),
    ]


def split_variables(made: Plan, selection: Selection) -> set[str]:
    return {name for name, codes in selection.items() if any(len(chunk[name]) < len(codes) for chunk in made.chunks)}


def test_time_is_not_split_when_another_variable_gives_as_few_calls() -> None:
    selection = selection_of(4, 4)
    assert split_variables(plan(selection, 8, "A"), selection) == {"B"}
    assert split_variables(plan(selection, 8, "B"), selection) == {"A"}


def test_of_equally_few_calls_the_one_that_splits_fewest_variables_is_taken() -> None:
    selection = selection_of(4, 4, 4)
    assert len(split_variables(plan(selection, 16), selection)) == 1


def test_time_is_split_when_that_takes_fewer_calls() -> None:
    selection = selection_of(7, 4)
    made = plan(selection, 14, "B")
    assert split_variables(made, selection) == {"B"}
    assert len(made.chunks) == 2


def test_a_product_beyond_64_bits_is_counted_exactly() -> None:
    selection = selection_of(*[100] * 10)
    made = plan(selection, 10**19 - 1)
    assert made.cells == 10**20 > 2**63
    assert made.lower_bound == 11
    assert len(made.chunks) == 12
    assert sum(cells(chunk) for chunk in made.chunks) == 10**20


def test_a_limit_that_is_just_met_takes_one_call() -> None:
    assert len(plan(selection_of(50, 60, 50), 150_000).chunks) == 1
    assert len(plan(selection_of(50, 60, 50), 149_999).chunks) == 2
    assert len(plan(selection_of(*[100] * 10), 10**20).chunks) == 1


@pytest.mark.parametrize(
    ("selection", "limit", "words"),
    [
        ({}, 10, "nothing is selected"),
        ({"Kon": ["1"], "Tid": []}, 10, "Tid: no codes selected"),
        ({"Kon": ["1", "2", "1"]}, 10, "Kon: a code is selected twice"),
        ({"Kon": ["1"]}, 0, "maxDataCells is 0"),
    ],
)
def test_what_the_api_would_misread_is_refused(selection: Selection, limit: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        plan(selection, limit)
