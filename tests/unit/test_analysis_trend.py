"""Trends: the worked examples of reference/method.md section 5, and scipy and statsmodels on the same points."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.api import OLS, add_constant

REFERENCE = Path(__file__).parents[2] / "transforms" / "reference"
PLACES = ["1904", "1907", "1960", "1961", "1962", "1980", "1981", "1982", "1983", "1984"]
E5A = (-6.0, -5.6, -5.3, -4.7, -4.4)
E5B = (-6.0, -5.2, -6.1, -5.4, -5.6)
E5C = (-6.0, -5.5, -5.0, -4.5, -4.0, -8.0)


def gaps(case: Any, values: Sequence[float], first: int = 2020, **more: Any) -> None:
    """A gap per year: men at 80, women so much above or below."""
    for at, value in enumerate(values):
        case.pair(80 + value, 80, str(first + at), **more)


def trend(case: Any, subject: str = "gap") -> dict[str, Any]:
    (row,) = [row for row in case.run("trend") if row["subject"] == subject]
    return row


def aim(case: Any, value: float, year: int | None, measure: str = "gap") -> None:
    case.con.execute("insert into reference.indicator_target values ('x', 'goal')")
    case.con.execute(
        "insert into reference.goal_target (goal_id, value, unit, year, by_sex, measure) values (?, ?, ?, ?, ?, ?)",
        ["goal", value, "percent", year, False, measure],
    )


@pytest.mark.parametrize(
    ("values", "first", "slope", "error", "low", "high", "theil_sen", "verdict"),
    [
        pytest.param(E5A, 2020, 0.41, 0.025166, 0.329910, 0.490090, 0.40, "forbattras", id="E5a"),
        pytest.param(E5B, 2020, 0.06, 0.136137, -0.373249, 0.493249, 0.025, "ingen_tydlig_forandring", id="E5b"),
        pytest.param(E5C, 2019, -0.142857, 0.371154, -1.173345, 0.887631, 0.50, "ingen_tydlig_forandring", id="E5c"),
    ],
)
def test_the_worked_examples(
    case: Any,
    values: tuple[float, ...],
    first: int,
    slope: float,
    error: float,
    low: float,
    high: float,
    theil_sen: float,
    verdict: str,
) -> None:
    case.declare()
    gaps(case, values, first)
    row = trend(case)
    assert row["points"] == len(values)
    assert row["slope"] == pytest.approx(slope, abs=1e-6)
    assert row["slope_error"] == pytest.approx(error, abs=1e-6)
    assert row["slope_low"] == pytest.approx(low, abs=1e-6)
    assert row["slope_high"] == pytest.approx(high, abs=1e-6)
    assert row["theil_sen"] == pytest.approx(theil_sen, abs=1e-6)
    assert row["verdict"] == verdict
    assert (row["first_period"], row["last_period"]) == (str(first), "2024")
    assert row["first_value"] == pytest.approx(values[0])
    assert row["last_value"] == pytest.approx(values[-1])


def test_the_pace_of_e5a_is_too_slow_for_equality_in_2030(case: Any) -> None:
    case.declare()
    aim(case, 0, 2030)
    gaps(case, E5A)
    row = trend(case)
    assert row["required_rate"] == pytest.approx(0.733333, abs=1e-6)
    assert row["slope"] / row["required_rate"] == pytest.approx(0.559091, abs=1e-6)
    assert row["progress"] == pytest.approx(0.545455, abs=1e-6)
    assert (row["verdict"], row["text"]) == ("for_langsamt", "För långsamt")
    assert (row["target_goal"], row["target_value"], row["target_year"]) == ("goal", 0, 2030)


def test_years_to_parity_is_a_range_and_is_suppressed_without_a_clear_trend(case: Any) -> None:
    case.declare()
    gaps(case, E5A)
    gaps(case, E5B, region_code="01")
    gaps(case, E5C, 2019, region_code="03")
    found = {row["region_code"]: row for row in case.run("trend") if row["subject"] == "gap"}
    assert (found["19"]["parity_years_low"], found["19"]["parity_years_high"]) == (8, 14)
    for place in ("01", "03"):
        row = found[place]
        assert (row["parity_years_low"], row["parity_years_high"]) == (None, None)
        assert row["parity_reason"] == "ingen_tydlig_forandring"


@pytest.mark.parametrize(
    ("values", "polarity", "reason"),
    [
        ([-4.4, -4.7, -5.3, -5.6, -6.0], "higher", "fel_riktning"),
        ([6.0, 5.6, 5.3, 4.7, 4.4], "none", "ej_varderad"),
        ([-0.6, -0.5, -0.4, -0.3, -0.1], "higher", "redan_lika"),
        ([-40.0, -39.6, -39.3, -38.7, -38.4], "higher", "for_langt_fram"),
        ([-6.0, -5.6, -5.3, -4.7], "higher", "for_fa_punkter"),
    ],
)
def test_why_years_to_parity_are_not_given(case: Any, values: list[float], polarity: str, reason: str) -> None:
    case.declare(polarity=polarity)
    gaps(case, values, 2025 - len(values))
    row = trend(case)
    assert (row["parity_reason"], row["parity_years_low"], row["parity_years_high"]) == (reason, None, None)


def test_a_gap_that_women_lead_closes_as_fast(case: Any) -> None:
    case.declare()
    gaps(case, [-value for value in E5A])
    row = trend(case)
    assert (row["verdict"], row["parity_years_low"], row["parity_years_high"]) == ("forbattras", 8, 14)


@pytest.mark.parametrize(
    ("polarity", "level", "gap"),
    [
        ("higher", "forbattras", "forbattras"),
        ("lower", "forsamras", "forbattras"),
        ("gap", "okar", "forbattras"),
        ("none", "okar", "gapet_minskar"),
    ],
)
def test_directions_follow_the_polarity(case: Any, polarity: str, level: str, gap: str) -> None:
    case.declare(polarity=polarity)
    gaps(case, E5A)
    rows = {row["subject"]: row["verdict"] for row in case.run("trend")}
    assert rows == {"women": level, "men": "oforandrad", "gap": gap}


@pytest.mark.parametrize(
    ("value", "year", "verdict", "reason"),
    [
        (74, 2030, "malet_natt", None),
        (78, 2030, "i_takt", None),
        (79, 2030, "nara_takt", None),
        (85, 2030, "for_langsamt", None),
        (85, 2024, "forbattras", "malar_passerat"),
        (85, None, "forbattras", "malar_saknas"),
    ],
)
def test_the_pace_of_a_level_towards_its_target(
    case: Any, value: float, year: int | None, verdict: str, reason: str | None
) -> None:
    case.declare()
    aim(case, value, year, "level")
    gaps(case, E5A)
    row = trend(case, "women")
    assert (row["verdict"], row["reason"]) == (verdict, reason)
    assert trend(case)["target_goal"] is None


def test_the_wrong_way_is_called_so(case: Any) -> None:
    case.declare()
    aim(case, 90, 2030, "level")
    gaps(case, [-4.4, -4.7, -5.3, -5.6, -6.0])
    assert trend(case, "women")["verdict"] == "at_fel_hall"


def test_a_target_applies_to_the_figure_for_all_only(case: Any) -> None:
    case.declare()
    aim(case, 90, 2030, "level")
    gaps(case, E5A, category="age:20-24")
    assert trend(case, "women")["target_goal"] is None


def test_fewer_than_five_points_are_not_assessed(case: Any) -> None:
    case.declare()
    gaps(case, E5A[:4])
    row = trend(case)
    assert (row["verdict"], row["reason"], row["points"]) == ("ej_bedomd", "for_fa_punkter", 4)
    assert [row[name] for name in ("slope", "slope_error", "slope_low", "slope_high", "theil_sen")] == [None] * 5


def test_a_break_may_only_be_the_first_year_of_the_window(case: Any) -> None:
    case.declare(breaks=("2020",))
    gaps(case, E5C, 2019)
    row = trend(case)
    assert (row["first_period"], row["points"]) == ("2020", 5)
    assert row["verdict"] != "ej_bedomd"


def test_a_break_inside_leaves_too_few_points_and_says_so(case: Any) -> None:
    case.declare(breaks=("2022",))
    gaps(case, E5A)
    row = trend(case)
    assert (row["verdict"], row["reason"], row["first_period"]) == ("ej_bedomd", "brott_i_fonster", "2022")


def test_no_trend_reaches_across_series_and_the_newest_is_taken(case: Any) -> None:
    case.declare(series=("RAMS", "BAS"))
    gaps(case, [-9.0] * 6, 2016, series="RAMS")
    gaps(case, E5A, 2020, series="BAS")
    row = trend(case)
    assert (row["series"], row["first_period"], row["points"]) == ("BAS", "2020", 5)
    assert row["slope"] == pytest.approx(0.41)


def test_overlapping_periods_have_no_trend(case: Any) -> None:
    case.declare(period_type="five_years")
    for period in ("2018-2022", "2019-2023"):
        case.pair(70, 80, period)
    row = trend(case)
    assert (row["verdict"], row["reason"]) == ("ej_bedomd", "overlappande_perioder")


def test_an_election_is_followed_by_its_year(case: Any) -> None:
    case.declare(period_type="election")
    for year, women in zip(range(2006, 2023, 4), (70, 72, 74, 76, 78), strict=True):
        case.pair(women, 80, str(year))
    row = trend(case, "women")
    assert (row["points"], row["first_period"], row["last_period"]) == (5, "2006", "2022")
    assert row["slope"] == pytest.approx(0.5)


def test_a_missing_last_value_is_not_assessed_and_a_missing_one_between_is_left_out(case: Any) -> None:
    case.declare()
    gaps(case, [*E5A, -4.0], 2019)
    for row in case.rows:
        if row["period"] == "2021":
            row["value"] = None
    case.pair(70, 80, "2023", region_code="01")
    case.pair(70, None, "2024", region_code="01", status="..")
    found = {row["region_code"]: row for row in case.run("trend") if row["subject"] == "women"}
    assert found["19"]["points"] == 5
    assert (found["01"]["verdict"], found["01"]["reason"]) == ("ej_bedomd", "osaker_eller_sekretess")


def test_equal_within_the_tolerance_is_called_equal_and_constant_is_unchanged(case: Any) -> None:
    case.declare()
    gaps(case, [-0.6, -0.5, -0.4, -0.3, -0.1])
    rows = {row["subject"]: row["verdict"] for row in case.run("trend")}
    assert rows == {"women": "forbattras", "men": "oforandrad", "gap": "lika"}


def test_a_clear_but_tiny_trend_is_unchanged(case: Any) -> None:
    case.declare()
    gaps(case, [-6.0, -5.95, -5.9, -5.85, -5.81])
    assert trend(case)["verdict"] == "oforandrad"


def test_a_change_that_is_not_clear_is_called_so_also_within_the_tolerance(case: Any) -> None:
    case.declare()
    gaps(case, [-6.0, -6.1, -5.95, -6.05, -6.0])
    assert trend(case)["verdict"] == "ingen_tydlig_forandring"
    assert trend(case, "men")["verdict"] == "oforandrad"


def test_proportionate_representation_is_equal_and_not_a_band(case: Any) -> None:
    case.declare(measure="share", unit="ratio", polarity="parity")
    for at, ratio in enumerate([0.8, 0.85, 0.9, 0.95, 1.0]):
        case.put("total", ratio, str(2020 + at))
    row = trend(case)
    assert (row["verdict"], row["parity_reason"]) == ("lika", "redan_lika")


def test_a_change_within_the_margin_of_a_sample_is_not_ascertained(case: Any) -> None:
    case.declare(additivity="sample")
    gaps(case, E5A, margin=2)
    row = trend(case)
    assert (row["verdict"], row["text"]) == ("ej_sakerstalld", "Ingen statistiskt säkerställd förändring")


def test_amounts_are_judged_as_per_cent_of_men_and_of_riket(case: Any) -> None:
    case.declare(unit="sek_thousands")
    for at, women in enumerate([200, 212, 224, 237, 251]):
        men = 250 * 1.05**at
        case.pair(women, men, str(2020 + at))
        case.pair(210 * 1.05**at, men, str(2020 + at), region_code="00")
    rows = {(row["region_code"], row["subject"]): row for row in case.run("trend")}
    own = rows["19", "women"]
    assert (own["value_kind"], own["verdict"]) == ("percent_of_country", "forbattras")
    assert own["first_value"] == pytest.approx(100 * 200 / 210)
    assert rows["19", "gap"]["value_kind"] == "percent_of_men"
    assert rows["19", "gap"]["last_value"] == pytest.approx(100 * (251 / (250 * 1.05**4) - 1))
    assert (rows["00", "women"]["verdict"], rows["00", "women"]["reason"]) == ("ej_bedomd", "lopande_priser")
    assert rows["00", "gap"]["verdict"] == "oforandrad"


def test_amounts_in_fixed_prices_are_judged_as_they_are(case: Any) -> None:
    case.declare(unit="sek_thousands", prices="fixed")
    for at, women in enumerate([200, 205, 210, 215, 221]):
        case.pair(women, 250, str(2020 + at))
        case.pair(women, 250, str(2020 + at), region_code="00")
    rows = {(row["region_code"], row["subject"]): row for row in case.run("trend")}
    for place in ("00", "19"):
        own, gap = rows[place, "women"], rows[place, "gap"]
        assert (own["value_kind"], own["last_value"], own["verdict"]) == ("value", 221, "forbattras")
        assert own["growth"] == pytest.approx((221 / 200) ** 0.25 - 1)
        assert (gap["value_kind"], gap["last_value"], gap["verdict"]) == ("difference", -29, "forbattras")


def test_counts_grow_by_per_cent_a_year(case: Any) -> None:
    case.declare(unit="persons", polarity="none")
    for at, women in enumerate([300, 310, 318, 325, 330, 336.3]):
        case.pair(women, 400, str(2019 + at))
    assert trend(case, "women")["growth"] == pytest.approx(0.023107, abs=1e-6)
    assert trend(case)["growth"] is None


def test_a_share_has_one_verdict_on_its_distance_to_the_band(case: Any) -> None:
    case.declare(measure="share", polarity="parity")
    for at, share in enumerate([30, 31, 32.2, 33, 34.1]):
        case.put("total", share, str(2020 + at))
        case.put("total", 50 + at, str(2020 + at), region_code="01")
    rows = {row["region_code"]: row for row in case.run("trend")}
    assert len(rows) == 2
    assert (rows["19"]["subject"], rows["19"]["verdict"]) == ("gap", "forbattras")
    assert rows["19"]["last_value"] == pytest.approx(-5.9)
    assert rows["19"]["parity_years_low"] <= 5.9 / rows["19"]["slope"] <= rows["19"]["parity_years_high"]
    assert (rows["01"]["verdict"], rows["01"]["parity_reason"]) == ("i_bandet", "i_bandet")


def test_a_share_of_few_persons_has_no_verdict(case: Any) -> None:
    case.declare(measure="share", polarity="parity")
    case.declare("counts", unit="persons", polarity="none")
    for at in range(5):
        for place, persons in (("01", 29 if at == 0 else 40), ("19", 40)):
            case.put("total", 30 + at, str(2020 + at), region_code=place, numerator=1, denominator=persons)
        case.pair(5 + 3 * at, 6, str(2020 + at), indicator="counts")
    rows = {(row["indicator"], row["region_code"], row["subject"]): row for row in case.run("trend")}
    assert (rows["x", "01", "gap"]["verdict"], rows["x", "01", "gap"]["reason"]) == ("ej_bedomd", "litet_underlag")
    assert rows["x", "19", "gap"]["verdict"] == "forbattras"
    # A count of few persons is what it is.
    assert rows["counts", "19", "women"]["verdict"] == "okar"
    (five,) = [row for row in case.run("moved") if row["region_code"] == "01" and row["span"] == "five_points"]
    assert (five["code"], five["reason"]) == ("ej_bedombar", "litet_underlag")


def test_a_share_in_the_band_tells_how_many_years_it_was_below_the_middle(case: Any) -> None:
    case.declare(measure="share", polarity="parity")
    for at, share in enumerate([44, 49.9, 50, 51, None]):
        case.put("total", share, str(2020 + at))
        case.pair(40, 60, str(2020 + at), indicator="level")
    case.declare("level")
    rows = {row["indicator"]: (row["years_below_50"], row["years_in_window"]) for row in case.run("comparable")}
    assert rows == {"x": (2, 4), "level": (None, None)}


def test_a_verdict_on_a_preliminary_last_point_says_so(case: Any) -> None:
    case.declare()
    gaps(case, E5A[:4])
    case.pair(75.6, 80, "2024", is_preliminary=True)
    assert trend(case)["is_preliminary"] is True


VALUES = st.integers(0, 1000).map(lambda tenths: tenths / 10)
WINDOWS = st.lists(st.lists(VALUES, min_size=5, max_size=10), min_size=10, max_size=10)


@given(windows=WINDOWS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_slopes_and_intervals_are_those_of_scipy_and_statsmodels(case: Any, windows: list[list[float]]) -> None:
    case.clear()
    case.declare()
    for place, values in zip(PLACES, windows, strict=True):
        for at, value in enumerate(values):
            case.pair(value, 50.0, str(2025 - len(values) + at), region_code=place)
    # The order in which the rows stand changes nothing, to the last bit.
    rows = list(case.rows)
    found = case.run("trend")
    case.empty()
    case.rows = rows[::-1]
    assert case.run("trend") == found
    women = {row["region_code"]: row for row in found if row["subject"] == "women"}
    for place, values in zip(PLACES, windows, strict=True):
        years = np.arange(2025 - len(values), 2025)
        row = women[place]
        line = stats.linregress(years, values)
        fit = OLS(np.array(values), add_constant(years - years.mean())).fit()
        low, high = fit.conf_int()[1]
        assert row["slope"] == pytest.approx(line.slope, abs=1e-9)
        assert row["slope_error"] == pytest.approx(fit.bse[1], abs=1e-6)
        assert (row["slope_low"], row["slope_high"]) == pytest.approx((low, high), abs=1e-6)
        assert row["theil_sen"] == pytest.approx(stats.theilslopes(values, years)[0], abs=1e-9)


def test_the_quantiles_are_those_of_the_t_distribution_and_of_the_method() -> None:
    with (REFERENCE / "t_quantile.csv").open(encoding="utf-8", newline="") as file:
        quantiles = {int(row["n"]): float(row["quantile"]) for row in csv.DictReader(file)}
    assert list(quantiles) == list(range(3, 61))
    for points, quantile in quantiles.items():
        assert math.isclose(quantile, stats.t.ppf(0.975, points - 2), abs_tol=1e-11)
    method = [3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139]
    assert [round(quantiles[points], 6) for points in range(5, 13)] == method


def test_every_verdict_and_every_reason_has_a_text(case: Any) -> None:
    for table in ("verdict", "not_assessed", "analysis_rule"):
        rows = case.con.execute(f"select * from reference.{table}").fetchall()
        assert all(all(row) for row in rows)
        assert len({row[0] for row in rows}) == len(rows)
