"""Selection expressions of the embedded server."""

import pytest

from sources.demo.errors import RefusedError
from sources.demo.grammar import expand

REGIONS = ["00", "01", "0114", "19", "1980", "20", "0?x"]
YEARS = ["2020", "2021", "2022", "2023", "2024"]


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (["19", "00"], ["19", "00"]),
        (["*"], REGIONS),
        (["01*"], ["01", "0114"]),
        (["*0"], ["00", "1980", "20"]),
        (["*1*"], ["01", "0114", "19", "1980"]),
        (["??"], ["00", "01", "19", "20"]),
        (["?9"], ["19"]),
        (["*?x"], ["0?x"]),  # beside a star a question mark is literal
        (["TOP(2)"], ["00", "01"]),
        (["top(2,1)"], ["01", "0114"]),
        (["BOTTOM(2)"], ["20", "0?x"]),
        (["BOTTOM(1,1)"], ["20"]),
        (["TOP(99)"], REGIONS),
        (["TOP(2,99)"], []),
        (["RANGE(01,19)"], ["01", "0114", "19"]),
        (["RANGE(19,01)"], ["01", "0114", "19"]),
        (["FROM(20)"], ["20", "0?x"]),
        (["TO(01)"], ["00", "01"]),
        (["FROM(1980)", "TO(01)"], ["1980", "20", "0?x", "00", "01"]),
        (["77*"], []),
        ([], []),
        (["*", "00"], ["00", "01", "0114", "19", "1980", "20", "0?x"]),
        (["0*", "*1*"], ["00", "01", "0114", "0?x", "19", "1980"]),
        (["00", "00"], ["00", "00"]),  # a repeated code is not removed
    ],
)
def test_codes_and_expressions(wanted: list[str], chosen: list[str]) -> None:
    assert [REGIONS[at] for at in expand(wanted, REGIONS, is_time=False)] == chosen


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (["TOP(2)"], ["2023", "2024"]),
        (["TOP(2,1)"], ["2022", "2023"]),
        (["BOTTOM(2)"], ["2020", "2021"]),
        (["BOTTOM(1,1)"], ["2021"]),
        (["from(2023)"], ["2023", "2024"]),
        (["2021", "TOP(1)"], ["2021", "2024"]),
    ],
)
def test_top_of_time_is_the_newest(wanted: list[str], chosen: list[str]) -> None:
    assert [YEARS[at] for at in expand(wanted, YEARS, is_time=True)] == chosen


def test_letter_case_is_ignored() -> None:
    codes = ["SYS", "ALÖS", "2024M03", "2024M04"]
    assert expand(["alös", "range(2024m03,2024M04)"], codes, is_time=False) == [1, 2, 3]


def test_code_that_looks_like_an_expression_is_a_code() -> None:
    assert expand(["TOP(1)"], ["A", "TOP(1)"], is_time=False) == [1]


def test_code_in_another_spelling_is_not_recognised_as_a_repetition() -> None:
    assert expand(["*", "sys"], ["SYS", "ALÖS"], is_time=False) == [0, 0, 1]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("99", "Non-existent value"),
        ("", "Non-existent value"),
        (" 19", "Non-existent value"),
        ("FROM(99)", "Non-existent value"),
        ("RANGE(01,99)", "Non-existent value"),
        ("TOP(0)", "Illegal selection expression"),
        ("TOP(-1)", "Illegal selection expression"),
        ("TOP(x)", "Illegal selection expression"),
        ("TOP(2", "Illegal selection expression"),
        ("TOP(2, 1)", "Illegal selection expression"),
        ("RANGE(01)", "Illegal selection expression"),
        ("1*9", "Illegal selection expression"),
    ],
)
def test_refusals(text: str, title: str) -> None:
    with pytest.raises(RefusedError, match=title):
        expand([text], REGIONS, is_time=False)
