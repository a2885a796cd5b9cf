"""SCB's period codes: first and last day, order, and which comes next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.periods import Cadence, Period, PeriodError, describe, follows

YEARS = st.integers(min_value=1900, max_value=2100)


@pytest.mark.parametrize(
    ("code", "kind", "start", "end"),
    [
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024M02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024M06", "month", date(2024, 6, 1), date(2024, 6, 30)),
        ("2024M12", "month", date(2024, 12, 1), date(2024, 12, 31)),
        ("2020K4", "quarter", date(2020, 10, 1), date(2020, 12, 31)),
        ("2026V30", "week", date(2026, 7, 20), date(2026, 7, 26)),
        ("2023-2026", "mandate", date(2023, 1, 1), date(2026, 12, 31)),
        ("2018-2022", "five_years", date(2018, 1, 1), date(2022, 12, 31)),
        ("2003/04", "school_year", date(2003, 7, 1), date(2004, 6, 30)),
        ("1999/00", "school_year", date(1999, 7, 1), date(2000, 6, 30)),
    ],
)
def test_a_code_is_a_span_of_days(code: str, kind: Cadence, start: date, end: date) -> None:
    assert describe(code) == describe(code, kind) == Period(code, kind, start, end, start.toordinal())


@pytest.mark.parametrize(
    "code",
    [
        "",
        "24",
        "2024M13",
        "2024M6",
        "2020K5",
        "2020K0",
        "2026V54",
        "2025V53",
        "2018-2019",
        "2003/05",
        "2022-2018",
        "2024 ",
        "0000",
        "x2024",
        "２０２４",
    ],
)
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(PeriodError, match=r"^period ") as caught:
        describe(code)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "cadence", "words"),
    [
        ("2024", "month", "2024M06"),
        ("2018-2022", "mandate", "has 4 years"),
        ("2023-2026", "five_years", "has 5 years"),
        ("2024M01", "year", "correct the cadence"),
    ],
)
def test_a_period_of_another_cadence_is_refused_with_the_form_that_is_allowed(
    code: str, cadence: Cadence, words: str
) -> None:
    with pytest.raises(PeriodError, match=words):
        describe(code, cadence)


@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_lies_in_its_year_quarter_month_and_week(day: date) -> None:
    iso = day.isocalendar()
    for code in (
        f"{day.year:04}",
        f"{day.year}K{(day.month + 2) // 3}",
        f"{day.year}M{day.month:02}",
        f"{iso.year}V{iso.week:02}",
    ):
        period = describe(code)
        assert period.start_date <= day <= period.end_date


def code_of(cadence: Cadence, start: date) -> str:
    """The code of the period of that cadence that begins on the day."""
    iso = start.isocalendar()
    return {
        "year": f"{start.year}",
        "quarter": f"{start.year}K{(start.month + 2) // 3}",
        "month": f"{start.year}M{start.month:02}",
        "week": f"{iso.year}V{iso.week:02}",
        "mandate": f"{start.year}-{start.year + 3}",
        "five_years": f"{start.year}-{start.year + 4}",
    }[cadence]


SPANS = st.sampled_from(["year", "quarter", "month", "week", "mandate"])


@given(cadence=SPANS, day=st.dates(date(1900, 1, 1), date(2090, 12, 31)))
def test_the_period_that_begins_the_day_after_follows_and_is_sorted_after(cadence: Cadence, day: date) -> None:
    start = date(day.year, 1, 1) if cadence == "mandate" else day
    first = describe(code_of(cadence, start), cadence)
    second = describe(code_of(cadence, first.end_date + timedelta(days=1)), cadence)
    assert follows(first.code, second.code, cadence)
    assert first.sort < second.sort
    assert not follows(second.code, first.code, cadence)
    assert not follows(first.code, first.code, cadence)


@given(year=YEARS, step=st.integers(min_value=-10, max_value=10))
def test_five_year_windows_follow_each_other_by_one_year(year: int, step: int) -> None:
    earlier, later = f"{year}-{year + 4}", f"{year + step}-{year + step + 4}"
    assert follows(earlier, later, "five_years") is (step == 1)


def test_a_gap_does_not_follow() -> None:
    assert not follows("2022", "2024", "year")
    assert not follows("2024M12", "2025M02", "month")
    assert follows("2019-2022", "2023-2026", "mandate")
    assert not follows("2015-2018", "2023-2026", "mandate")


def test_an_unknown_cadence_is_refused() -> None:
    with pytest.raises(PeriodError, match="allowed: year, quarter"):
        describe("2024", "decade")  # type: ignore[arg-type]


def test_an_election_is_the_year_it_is_held_in_and_comes_within_four_years() -> None:
    assert describe("2022", "election") == describe("2022", "year")
    assert follows("1988", "1991", "election")
    assert follows("2018", "2022", "election")
    assert not follows("2014", "2022", "election")
    assert not follows("2022", "2022", "election")
    with pytest.raises(PeriodError, match="cadence"):
        describe("2023-2026", "election")


def test_school_years_follow_each_other() -> None:
    assert follows("2003/04", "2004/05", "school_year")
    assert not follows("2003/04", "2005/06", "school_year")
