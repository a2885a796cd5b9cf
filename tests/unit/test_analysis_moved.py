"""Who moved: the worked examples of reference/method.md section 4, and an exact implementation of its sixteen rules."""

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

REFERENCE = Path(__file__).parents[2] / "transforms" / "reference"
PLACES = ["1904", "1907", "1960", "1961", "1962", "1980", "1981", "1982", "1983", "1984"]
EXAMPLES = [
    ((70, 80, 76, 80), "higher", "lyft"),
    ((70, 80, 76, 82), "higher", "bada_upp_gapet_minskar"),
    ((70, 80, 73, 78), "higher", "lyft"),
    ((70, 80, 70, 75), "higher", "nedatutjamning"),
    ((70, 80, 71, 75), "higher", "nedatutjamning"),
    ((70, 80, 69, 75), "higher", "bada_ned_gapet_minskar"),
    ((70, 80, 72, 85), "higher", "bada_upp_gapet_okar"),
    ((70, 80, 60, 75), "higher", "bada_ned_gapet_okar"),
    ((70, 80, 70, 84), "higher", "forsprang"),
    ((70, 80, 66, 81), "higher", "efterslapning"),
    ((70, 80, 75, 85), "higher", "bada_upp_samma_gap"),
    ((70, 80, 65, 75), "higher", "bada_ned_samma_gap"),
    ((70, 80, 82, 79), "higher", "overkorsning"),
    ((70, 80, 70.1, 79.9), "higher", "oforandrat"),
    ((80, 80, 82, 80), "higher", "nytt_gap"),
    ((10, 8, 8.5, 8), "lower", "lyft"),
    ((30, 40, 35, 40), "none", "gapet_minskar"),
    ((30, 40, 30, 46), "none", "gapet_okar"),
    ((70, None, 72, 75), "higher", "ej_bedombar"),
    ((70, 80, 70.15, 80.25), "higher", "gapet_oforandrat"),
]  # fmt: skip


def moved(case: Any, span: str = "previous") -> list[dict[str, Any]]:
    return [row for row in case.run("moved") if row["span"] == span]


@pytest.mark.parametrize(("values", "polarity", "code"), EXAMPLES)
def test_the_worked_examples(case: Any, values: tuple[Any, ...], polarity: str, code: str) -> None:
    case.declare(polarity=polarity)
    case.pair(*values[:2], "2023")
    case.pair(*values[2:], "2024")
    (row,) = moved(case)
    assert row["code"] == code
    assert (row["women_first"], row["men_first"], row["women_last"], row["men_last"]) == values
    assert (row["first_period"], row["last_period"]) == ("2023", "2024")
    assert row["tau"] == pytest.approx(0.2)
    assert row["text"]


def exact(values: tuple[Fraction, ...], polarity: str, tau: Fraction = Fraction(1, 5)) -> tuple[str, str]:
    """The code and who moved most, by the table of the method, in exact arithmetic."""
    women0, men0, women1, men1 = values

    def s(x: Fraction) -> int:
        return 0 if abs(x) <= tau else 1 if x > 0 else -1

    sigma = -1 if polarity == "lower" else 1
    dw, dm, d0, d1 = women1 - women0, men1 - men0, women0 - men0, women1 - men1
    c = abs(d0) - abs(d1)
    lag, lead = (dw, dm) if s(d0) == 0 or sigma * d0 < 0 else (dm, dw)
    lag, lead = sigma * lag, sigma * lead
    both = (s(lag), s(lead))
    most = "women" if abs(dw) - abs(dm) > tau else "men" if abs(dw) - abs(dm) < -tau else "both"
    rules = [
        (s(dw) == s(dm) == 0, "oforandrat"),
        (s(d0) * s(d1) == -1, "overkorsning"),
        (polarity not in ("higher", "lower"), {1: "gapet_minskar", 0: "gapet_oforandrat", -1: "gapet_okar"}[s(c)]),
        (s(d0) == 0 and s(d1) != 0, "nytt_gap"),
        (s(c) == 1 and both == (1, 1), "bada_upp_gapet_minskar"),
        (s(c) == 1 and both == (-1, -1), "bada_ned_gapet_minskar"),
        (s(c) == 1 and lag >= -lead, "lyft"),
        (s(c) == 1, "nedatutjamning"),
        (s(c) == -1 and both == (1, 1), "bada_upp_gapet_okar"),
        (s(c) == -1 and both == (-1, -1), "bada_ned_gapet_okar"),
        (s(c) == -1 and lead >= -lag, "forsprang"),
        (s(c) == -1, "efterslapning"),
        (both == (1, 1), "bada_upp_samma_gap"),
        (both == (-1, -1), "bada_ned_samma_gap"),
        (True, "gapet_oforandrat"),
    ]
    return next(code for holds, code in rules if holds), most


TENTHS = st.integers(0, 60).map(lambda tenths: 500 + tenths)
QUADRUPLES = st.lists(st.tuples(TENTHS, TENTHS, TENTHS, TENTHS), min_size=10, max_size=10)


@given(quadruples=QUADRUPLES, polarity=st.sampled_from(["higher", "lower", "parity", "gap", "none"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_rule_agrees_with_exact_arithmetic_and_swapping_the_sexes_changes_no_code(
    case: Any, quadruples: list[tuple[int, int, int, int]], polarity: str
) -> None:
    case.clear()
    case.declare("x", polarity=polarity)
    case.declare("swapped", polarity=polarity)
    for place, (women0, men0, women1, men1) in zip(PLACES, quadruples, strict=True):
        for period, women, men in (("2023", women0, men0), ("2024", women1, men1)):
            case.pair(women / 10, men / 10, period, region_code=place)
            case.pair(men / 10, women / 10, period, region_code=place, indicator="swapped")
    found = {(row["indicator"], row["region_code"]): row for row in moved(case)}
    for place, quadruple in zip(PLACES, quadruples, strict=True):
        row, other = found["x", place], found["swapped", place]
        assert (row["code"], row["most_moved"]) == exact(tuple(Fraction(one, 10) for one in quadruple), polarity)
        assert other["code"] == row["code"]
        assert (other["gap_first"], other["gap_last"]) == (-row["gap_first"], -row["gap_last"])
        assert other["most_moved"] == {"women": "men", "men": "women", "both": "both"}[row["most_moved"]]


def test_five_points_reach_from_the_first_to_the_last_of_them(case: Any) -> None:
    case.declare()
    for year in range(2018, 2025):
        case.pair(50 + year - 2018, 60, str(year))
    (row,) = moved(case, "five_points")
    assert (row["first_period"], row["last_period"], row["code"]) == ("2020", "2024", "lyft")


def test_a_month_is_compared_with_the_same_month_of_the_year_before(case: Any) -> None:
    case.declare(period_type="month")
    for period, women in (("2023M04", 50), ("2024M03", 70), ("2024M04", 53)):
        case.pair(women, 60, period)
    (row,) = moved(case)
    assert (row["first_period"], row["last_period"], row["code"]) == ("2023M04", "2024M04", "lyft")


def test_an_election_is_compared_with_the_one_before_and_with_the_first_of_five(case: Any) -> None:
    case.declare(measure="share", polarity="parity", period_type="election")
    for year, women in (
        ("1998", 20),
        ("2002", 22),
        ("2006", 24),
        ("2010", 30),
        ("2014", 33),
        ("2018", 35),
        ("2022", 38),
    ):
        case.put("total", women, year)
    found = {row["span"]: row for row in case.run("moved")}
    told = {
        span: (row["first_period"], row["total_first"], row["last_period"], row["code"]) for span, row in found.items()
    }
    assert told == {
        "previous": ("2018", 35, "2022", "gapet_minskar"),
        "five_points": ("2006", 24, "2022", "gapet_minskar"),
    }


def test_a_break_between_the_periods_leaves_no_code_and_says_why(case: Any) -> None:
    case.declare(breaks=("2024",))
    case.pair(50, 60, "2023")
    case.pair(55, 60, "2024")
    (row,) = moved(case)
    assert (row["code"], row["reason"], row["rule"]) == ("ej_bedombar", "brott_i_fonster", 1)


def test_a_change_of_series_is_a_break(case: Any) -> None:
    case.declare(series=("RAMS", "BAS"))
    case.pair(50, 60, "2023", series="RAMS")
    case.pair(55, 60, "2024", series="BAS")
    (row,) = moved(case)
    assert (row["code"], row["reason"]) == ("ej_bedombar", "brott_i_fonster")


def test_a_lone_period_and_a_missing_value_say_what_is_lacking(case: Any) -> None:
    case.declare()
    case.pair(55, 60, "2024")
    case.pair(None, None, "2024", region_code="01", status="..")
    found = {row["region_code"]: row for row in moved(case)}
    assert (found["19"]["code"], found["19"]["reason"]) == ("ej_bedombar", "for_fa_punkter")
    assert (found["01"]["code"], found["01"]["reason"]) == ("ej_bedombar", "osaker_eller_sekretess")
    assert found["01"]["gap_last"] is None


def test_amounts_in_fixed_prices_are_judged_by_the_difference(case: Any) -> None:
    case.declare(unit="sek_thousands", prices="fixed")
    case.pair(200, 250, "2023")
    case.pair(220, 275, "2024")
    (row,) = moved(case)
    assert (row["gap_kind"], row["gap_last"], row["code"]) == ("difference", -55, "bada_upp_gapet_okar")


def test_what_is_published_without_decimals_has_changed_only_beyond_two_units(case: Any) -> None:
    case.declare(decimals=0, measure="share", polarity="parity")
    for place, last in (("01", 37), ("19", 38)):
        case.put("total", 35, "2023", region_code=place)
        case.put("total", last, "2024", region_code=place)
    found = {row["region_code"]: (row["tau"], row["code"]) for row in moved(case)}
    assert found == {"01": (2, "oforandrat"), "19": (2, "gapet_minskar")}


def test_amounts_in_current_prices_are_judged_by_the_ratio(case: Any) -> None:
    # Both gain 10 per cent: the difference grows, the relation does not.
    case.declare(unit="sek_thousands")
    case.pair(200, 250, "2023")
    case.pair(220, 275, "2024")
    (row,) = moved(case)
    assert (row["gap_kind"], row["code"]) == ("percent_of_men", "gapet_oforandrat")
    assert row["gap_first"] == row["gap_last"] == pytest.approx(-20)


def test_a_share_is_judged_by_its_distance_to_the_band(case: Any) -> None:
    case.declare(measure="share", polarity="parity")
    case.put("total", 30, "2023")
    case.put("total", 36, "2024")
    (row,) = moved(case)
    assert (row["gap_first"], row["gap_last"], row["code"], row["most_moved"]) == (-10, -4, "gapet_minskar", None)


def test_the_margin_of_a_sample_is_the_tolerance_where_it_is_wider(case: Any) -> None:
    case.declare(additivity="sample")
    case.pair(70, 80, "2023", margin=3)
    case.pair(73, 80, "2024", margin=3)
    (row,) = moved(case)
    assert row["tau"] == pytest.approx(6)
    assert row["code"] == "oforandrat"


def test_noise_on_few_persons_widens_the_tolerance_to_a_percentage_point(case: Any) -> None:
    case.declare(additivity="ckm")
    for place, persons in (("1904", 99), ("1980", 100)):
        case.pair(70, 80, "2023", region_code=place, numerator=1, denominator=persons)
        case.pair(70.8, 80, "2024", region_code=place, numerator=1, denominator=persons)
    assert {row["region_code"]: row["code"] for row in moved(case)} == {"1904": "oforandrat", "1980": "lyft"}


def test_relations_are_not_judged(case: Any) -> None:
    case.declare(unit="persons", polarity="none")
    for period in ("2023", "2024"):
        case.pair(5, 6, period, region_code="1980", partner_code="1981")
    assert case.run("moved") == []


def test_every_code_has_a_text_of_its_own() -> None:
    with (REFERENCE / "moved.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = {code for _, _, code in EXAMPLES}
    assert codes <= {row["code"] for row in rows}
    assert len({row["text"] for row in rows}) == len(rows) == 17
    assert {row["code"] for row in rows if row["levelling_down"] == "true"} == {
        "nedatutjamning", "bada_ned_gapet_minskar",
    }  # fmt: skip


def test_a_gap_is_judged_by_the_tolerance_of_its_own_year(case: Any) -> None:
    case.declare(additivity="ckm")
    case.pair(50.5, 50, "2023", denominator=90)
    case.pair(57, 50, "2024", denominator=5000)
    (row,) = moved(case)
    assert row["code"] == "nytt_gap"


def test_noise_widens_the_tolerance_of_a_share_of_few_persons_too(case: Any) -> None:
    case.declare(additivity="ckm", measure="share", polarity="parity")
    for place, persons in (("01", 90), ("19", 5000)):
        case.put("total", 30.0, "2023", denominator=persons, region_code=place)
        case.put("total", 30.9, "2024", denominator=persons, region_code=place)
    found = {row["region_code"]: (row["tau"], row["code"]) for row in moved(case)}
    assert found == {"01": (1, "oforandrat"), "19": (pytest.approx(0.2), "gapet_minskar")}
