"""The default view of series, gaps, margins, comparison with other places, and parity summed up per goal."""

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.declarations import load_tables
from transforms.build import analyses
from transforms.declarations import DeclarationError

ROOT = Path(__file__).parents[2]
PLACES = ["1904", "1907", "1960", "1961", "1962", "1980", "1981", "1982", "1983", "1984"]
COUNTIES = ["01", "03", "04", "18", "19"]


# --- the default view -------------------------------------------------------------------------------------------------


def test_where_series_overlap_the_default_view_has_the_newest_and_no_period_twice(case: Any) -> None:
    case.declare(series=("RAMS", "BAS"), breaks=())
    for year in range(2018, 2023):
        case.pair(1, 2, str(year), series="RAMS")
    for year in range(2020, 2025):
        case.pair(3, 4, str(year), series="BAS")
    shown = {(row["period"], row["series"]) for row in case.run("current")}
    assert shown == {
        ("2018", "RAMS"), ("2019", "RAMS"), *((str(year), "BAS") for year in range(2020, 2025)),
    }  # fmt: skip
    assert case.con.execute("select count(*) from indicators.observation").fetchone() == (20,)
    timeline = {(row["period"], row["series"]): row for row in case.run("timeline")}
    older = timeline["2020", "RAMS"]
    assert (older["is_overlapping"], older["is_current"], older["back"]) == (True, False, None)
    assert [row["period"] for row in timeline.values() if row["new_series"]] == ["2020"]
    assert timeline["2019", "RAMS"]["regime"] != timeline["2020", "BAS"]["regime"]


def test_a_newer_series_without_values_does_not_hide_an_older_one(case: Any) -> None:
    case.declare(series=("RAMS", "BAS"))
    case.pair(1, 2, "2020", series="RAMS")
    case.pair(None, None, "2020", series="BAS", status="..")
    assert {row["series"] for row in case.run("current")} == {"RAMS"}


def test_the_break_stands_beside_its_first_period_and_belongs_to_its_series(case: Any) -> None:
    case.declare(series=("RAMS", "BAS"), breaks=("2016", "2022"))
    case.con.execute("delete from reference.source_break where (table_id, period) in (('x0', '2022'), ('x1', '2016'))")
    for year in range(2015, 2024):
        case.pair(1, 2, str(year), series="RAMS" if year < 2020 else "BAS")
    rows = {row["period"]: row for row in case.run("timeline")}
    assert {period: row["break_id"] for period, row in rows.items() if row["break_id"]} == {
        "2016": "B2016", "2022": "B2022",
    }  # fmt: skip
    assert [rows[str(year)]["regime"] for year in range(2015, 2024)] == [1, 2, 2, 2, 2, 3, 3, 4, 4]
    assert [period for period, row in rows.items() if row["in_window"]] == ["2022", "2023"]


def test_a_break_in_a_period_that_is_not_there_still_parts_those_around_it(case: Any) -> None:
    case.declare(breaks=("2020",))
    for year in (2018, 2019, 2021, 2022):
        case.pair(1, 2, str(year))
    rows = {row["period"]: row for row in case.run("timeline")}
    assert rows["2021"]["break_id"] == "B2020"
    assert [row["in_window"] for row in rows.values()] == [False, False, True, True]


@pytest.mark.parametrize(
    ("parts", "measures", "regimes"),
    [
        (None, ["employed"], [1, 1, 2, 2]),
        ([], ["employed"], [1, 1, 1, 1]),
        (["entrepreneurs"], ["employed"], [1, 1, 1, 1]),
        (["entrepreneurs"], ["employed", "entrepreneurs"], [1, 1, 2, 2]),
        (["entrepreneurs"], [], [1, 1, 2, 2]),
        ([], [], [1, 1, 1, 1]),
    ],
)
def test_a_break_in_other_contents_is_a_flag_and_parts_no_periods(
    case: Any, parts: list[str] | None, measures: list[str], regimes: list[int]
) -> None:
    case.declare(breaks=("2023",))
    case.con.execute("update reference.source_break set parts = ?, line = false", [parts])
    for measure in measures:
        case.con.execute("insert into reference.indicator_measure values ('x', ?)", [measure])
    for year in range(2021, 2025):
        case.pair(1, 2, str(year))
    rows = {row["period"]: row for row in case.run("timeline")}
    assert [row["regime"] for row in rows.values()] == regimes
    assert [row["in_window"] for row in rows.values()] == [regime == regimes[-1] for regime in regimes]
    assert (rows["2023"]["break_id"], rows["2023"]["break_what"]) == ("B2023", "what")
    assert rows["2023"]["own_break"] == ("what" if regimes[-1] == 2 else None)
    assert rows["2023"]["break_line"] == (regimes[-1] == 1)
    (box,) = case.run("quality_box")
    assert box["unbroken"] == regimes.count(regimes[-1])


@pytest.mark.parametrize(
    ("month", "window"),
    [
        (None, ["2024M02", "2025M02", "2026M02"]),
        (11, ["2023M11", "2024M11", "2025M11"]),
        (2, ["2024M02", "2025M02", "2026M02"]),
    ],
)
def test_where_a_month_stands_for_its_year_it_is_the_latest_and_the_window(
    case: Any, month: int | None, window: list[str]
) -> None:
    case.declare(period_type="month")
    case.con.execute("insert into reference.indicator_month select 'x', $m where $m is not null", {"m": month})
    for year in range(2023, 2027):
        for at in range(1, 13):
            if (2023, 11) <= (year, at) <= (2026, 2):
                case.pair(1, 2, f"{year}M{at:02}")
    rows = {row["period"]: row for row in case.run("timeline")}
    assert [period for period, row in rows.items() if row["in_window"]] == window
    assert [period for period, row in rows.items() if row["back"] == 0] == window[-1:]
    assert len(rows) == 28


def test_every_series_of_a_table_has_its_place_in_the_order(case: Any) -> None:
    named = {table.series for table in load_tables(ROOT / "sources" / "tables").values() if table.series}
    order = dict(case.con.execute("select series, cast(sort as integer) from reference.series").fetchall())
    assert named <= set(order)
    assert len(set(order.values())) == len(order)
    assert order["RAMS"] < order["RAMS_N"] < order["BAS"]


# --- gaps -------------------------------------------------------------------------------------------------------------

VALUE = st.one_of(st.none(), st.integers(0, 500).map(lambda tenths: tenths / 10))


@given(
    pairs=st.lists(st.tuples(VALUE, VALUE), min_size=10, max_size=10),
    unit=st.sampled_from(["percent", "persons", "sek_thousands"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_gaps_are_those_of_pandas_a_null_never_becomes_a_number_and_swapping_flips_the_signs(
    case: Any, pairs: list[tuple[float | None, float | None]], unit: str
) -> None:
    case.clear()
    case.declare(unit=unit)
    case.declare("swapped", unit=unit)
    for place, (women, men) in zip(PLACES, pairs, strict=True):
        case.pair(women, men, region_code=place)
        case.pair(men, women, region_code=place, indicator="swapped")
    found = {(row["indicator"], row["region_code"]): row for row in case.run("gap")}
    frame = pd.DataFrame(pairs, index=PLACES, columns=["women", "men"], dtype="float64")
    low, high = frame.min(axis=1, skipna=False), frame.max(axis=1, skipna=False)
    frame["diff"] = frame["women"] - frame["men"]
    frame["ratio"] = frame["women"] / frame["men"].where(frame["men"] != 0)
    frame["parity"] = low / high.where(high != 0)
    frame["mgap"] = frame["diff"] / (frame["women"] + frame["men"]).where(lambda both: both != 0)
    frame["gap_men"] = -100 * frame["diff"] / frame["men"].where(frame["men"] != 0)
    frame["share_women"] = 100 * frame["women"] / (frame["women"] + frame["men"]).where(lambda both: both != 0)
    if unit != "sek_thousands":
        frame["gap_men"] = None
    if unit != "persons":
        frame["share_women"] = None
    for place in PLACES:
        row, other = found["x", place], found["swapped", place]
        for name in ("diff", "ratio", "parity", "mgap", "gap_men", "share_women"):
            expected = frame.loc[place, name]
            assert row[name] == (None if pd.isna(expected) else pytest.approx(expected, abs=1e-9)), name
        if row["diff"] is None:
            assert (other["diff"], other["mgap"], row["mgap"]) == (None, None, None)
            assert row["reason"] == "saknas_i_kallan"
        else:
            assert (other["diff"], other["parity"]) == (-row["diff"], row["parity"])
            assert other["mgap"] == (None if row["mgap"] is None else -row["mgap"])


@pytest.mark.parametrize(
    ("women", "men", "mgap", "gap_men"),
    [
        (254.8, 336.3, -0.137879, 24.234315),
        (271.2, 348.8, -0.125161, 22.247706),
        (78.4, 81.9, -0.021834, 4.273504),
        (27.2, 18.1, 0.200883, -50.276243),
        (0, 0, None, None),
        (5, 0, 1, None),
        (0, 5, -1, 100),
    ],
)
def test_the_worked_examples_of_relative_gaps(
    case: Any, women: float, men: float, mgap: float | None, gap_men: float | None
) -> None:
    case.declare(unit="sek_thousands")
    case.pair(women, men)
    (row,) = case.run("gap")
    assert row["mgap"] == (None if mgap is None else pytest.approx(mgap, abs=1e-6))
    assert row["gap_men"] == (None if gap_men is None else pytest.approx(gap_men, abs=1e-6))


def test_per_cent_of_men_is_for_income_only(case: Any) -> None:
    case.declare(unit="percent")
    case.pair(78.4, 81.9)
    assert case.run("gap")[0]["gap_men"] is None


@pytest.mark.parametrize(
    ("unit", "measure", "kind"),
    [("percent", "share", "A"), ("percent", "level", "B"), ("persons", "level", "A"), ("years", "level", None)],
)
def test_the_two_kinds_of_percentages_are_told_apart(case: Any, unit: str, measure: str, kind: str | None) -> None:
    case.declare(unit=unit, measure=measure)
    if measure == "share":
        case.put("total", 40)
    else:
        case.pair(40, 60)
    assert case.run("gap")[0]["percentage_kind"] == kind


# --- margins ----------------------------------------------------------------------------------------------------------


def test_the_worked_example_of_margins(case: Any) -> None:
    case.declare(additivity="sample")
    case.put("women", 62.1, "2024", margin=1.8)
    case.put("men", 66.5, "2024", margin=1.6)
    # A margin of 2.2 of the gap the year before.
    case.put("women", 60, "2023", margin=2.2)
    case.put("men", 66, "2023", margin=0)
    first, row = case.run("uncertainty")
    assert row["diff"] == pytest.approx(-4.4)
    assert row["margin_diff"] == pytest.approx(2.408319, abs=1e-6)
    assert (row["is_significant"], row["text"]) == (True, "säkerställd skillnad")
    assert row["ratio"] == pytest.approx(0.933835, abs=1e-6)
    assert row["margin_ratio"] == pytest.approx(0.035178, abs=1e-6)
    assert row["change_of_diff"] == pytest.approx(1.6)
    # The method works it out with 2.4083 in place of 2.408319.
    assert row["margin_change"] == pytest.approx(3.261887, abs=2e-5)
    assert row["is_change_significant"] is False
    assert (first["change_of_diff"], first["margin_change"]) == (None, None)


def test_a_difference_within_the_margin_is_not_ascertained_and_a_register_has_no_margin(case: Any) -> None:
    case.declare(additivity="sample")
    case.pair(62.1, 63, margin=1.8)
    case.declare("register", additivity="ckm")
    case.pair(62.1, 63, indicator="register")
    (row,) = case.run("uncertainty")
    assert (row["is_significant"], row["text"]) == (False, "ej statistiskt säkerställd")
    quality = {row["indicator"]: row for row in case.run("quality")}
    assert (quality["x"]["kind"], quality["register"]["kind"]) == ("sample", "noise")
    assert "Totalräknad" in quality["register"]["text"]
    assert "exakt" not in quality["register"]["text"]


def test_the_change_of_a_gap_is_told_of_one_season_and_never_across_a_break(case: Any) -> None:
    case.declare(additivity="sample", period_type="month", breaks=("2022M01",))
    for period, women in (("2021M05", 60), ("2022M05", 61), ("2022M06", 70), ("2023M05", 63)):
        case.pair(women, 66, period, margin=1)
    changes = {row["period"]: (row["previous_period"], row["change_of_diff"]) for row in case.run("uncertainty")}
    assert changes == {
        "2021M05": (None, None), "2022M05": (None, None), "2022M06": (None, None), "2023M05": ("2022M05", 2),
    }  # fmt: skip


def test_the_change_of_a_gap_is_told_in_the_newest_series_alone(case: Any) -> None:
    case.declare(additivity="sample", series=("RAMS", "BAS"))
    for series, period in (("RAMS", "2020"), ("RAMS", "2021"), ("BAS", "2021"), ("BAS", "2022")):
        case.pair(60, 66, period, margin=1, series=series)
    changes = {(row["series"], row["period"]): row["previous_period"] for row in case.run("uncertainty")}
    assert changes == {
        ("RAMS", "2020"): None, ("RAMS", "2021"): None, ("BAS", "2021"): None, ("BAS", "2022"): "2021",
    }  # fmt: skip


# --- comparison -------------------------------------------------------------------------------------------------------


def compared(case: Any, peers: str, back: int = 0) -> dict[str, dict[str, Any]]:
    return {row["region_code"]: row for row in case.run("compare") if row["peers"] == peers and row["back"] == back}


def test_counties_are_ranked_by_each_sex_and_by_the_gap_and_set_against_riket(case: Any) -> None:
    case.declare()
    case.pair(70, 75, region_code="00")
    for at, place in enumerate(COUNTIES):
        case.pair(70 + at, 80 - at * at, region_code=place)
    rows = compared(case, "county")
    assert [rows[place]["women_rank"] for place in COUNTIES] == [5, 4, 3, 2, 1]
    assert [rows[place]["men_rank"] for place in COUNTIES] == [1, 2, 3, 4, 5]
    # Gaps of 10, 8, 4, 2 and 10.
    assert [rows[place]["gap_rank"] for place in COUNTIES] == [4, 3, 2, 1, 4]
    own = rows["19"]
    assert (own["women_against_country"], own["men_against_country"], own["gap_size_against_country"]) == (4, -11, 5)
    assert (own["panel"], own["peer_count"]) == (5, 5)
    country = compared(case, "country")["00"]
    assert (country["women_rank"], country["gap_rank"], country["women_against_country"]) == (None, None, 0)


def test_the_lowest_comes_first_where_lower_is_better(case: Any) -> None:
    case.declare(polarity="lower")
    for at, place in enumerate(COUNTIES):
        case.pair(5 + at, 5, region_code=place)
    assert [compared(case, "county")[place]["women_rank"] for place in COUNTIES] == [1, 2, 3, 4, 5]


def test_only_places_with_values_in_every_period_are_ranked(case: Any) -> None:
    case.declare()
    for period in ("2022", "2023", "2024"):
        for at, place in enumerate(COUNTIES):
            women = None if (place, period) == ("01", "2023") else 70 + at
            case.pair(women, 80, period, region_code=place)
    for back in (0, 2):
        rows = compared(case, "county", back)
        assert [rows[place]["women_rank"] for place in COUNTIES] == [None, 4, 3, 2, 1]
        assert {(row["panel"], row["peer_count"]) for row in rows.values()} == {(4, 5)}
        assert rows["01"]["in_panel"] is False
    # One sex missing leaves the other's figure in its place, unranked.
    assert compared(case, "county")["01"]["women"] == 70


def test_municipalities_meet_those_of_their_county_and_those_of_their_size(case: Any) -> None:
    case.declare()
    case.declare("population", "persons", polarity="none")
    sizes = {"1904": 2000, "1907": 4999, "1980": 80000, "0180": 90000, "0114": 5000}
    for at, (place, half) in enumerate(sizes.items()):
        case.pair(60 + at, 80, region_code=place)
        case.pair(half, half, region_code=place, indicator="population")
    own = {
        row["region_code"]: row
        for row in case.run("compare")
        if row["indicator"] == "x" and row["peers"] == "like_sized"
    }
    assert {place: row["peer_group"] for place, row in own.items()} == {
        "1904": "1", "1907": "1", "1980": "5", "0180": "5", "0114": "2",
    }  # fmt: skip
    assert (own["1907"]["women_rank"], own["1904"]["women_rank"], own["0114"]["women_rank"]) == (1, 2, 1)
    county = {
        row["region_code"]: row["women_rank"]
        for row in case.run("compare")
        if row["indicator"] == "x" and row["peers"] == "county_municipalities"
    }
    assert county == {"1980": 1, "1907": 2, "1904": 3, "0180": 2, "0114": 1}


def test_gaps_in_persons_are_ranked_in_relation_to_the_size(case: Any) -> None:
    case.declare(unit="persons", polarity="none")
    case.pair(900, 1100, region_code="01")
    case.pair(9, 12, region_code="19")
    rows = compared(case, "county")
    assert (rows["01"]["gap_rank"], rows["19"]["gap_rank"]) == (1, 2)
    assert rows["01"]["gap_size"] == pytest.approx(0.1)


def test_riket_in_another_series_is_no_comparison(case: Any) -> None:
    case.declare(series=("RAMS", "BAS"))
    case.pair(70, 75, region_code="00", series="RAMS")
    case.pair(60, 75, region_code="19", series="BAS")
    assert compared(case, "county")["19"]["women_country"] is None


# --- parity per goal --------------------------------------------------------------------------------------------------

GOAL = "rus-2030.sysselsatta"


def four(case: Any) -> None:
    for name, women, men, polarity in (
        ("a", 254.8, 336.3, "higher"), ("b", 78.4, 81.9, "higher"), ("c", 3, 2, "lower"), ("d", 9, 10, "gap"),
    ):  # fmt: skip
        case.declare(name, polarity=polarity, goals=(GOAL,))
        case.pair(women, men, indicator=name)


def test_the_worked_example_of_the_parity_summary(case: Any) -> None:
    four(case)
    (row,) = case.run("parity")
    assert row["summary"] == pytest.approx(0.812202, abs=1e-6)
    assert (row["drop_one_low"], row["drop_one_high"]) == pytest.approx((0.768909, 0.867459), abs=1e-6)
    assert (row["goal_id"], row["indicators"], row["declared"], row["reason"]) == (GOAL, 4, 4, None)
    assert (row["women_worse"], row["men_worse"]) == (3, 0)
    components = case.run("parity_component")
    assert [one["parity"] for one in components] == pytest.approx([0.757657, 0.957265, 0.666667, 0.9], abs=1e-6)
    assert [one["worse"] for one in components] == ["women", "women", "women", None]
    assert row["summary"] == pytest.approx(math.prod(one["parity"] for one in components) ** 0.25)


def test_what_is_not_judged_not_final_or_not_there_takes_no_part(case: Any) -> None:
    four(case)
    case.declare("none", polarity="none", goals=(GOAL,))
    case.declare("preliminary", goals=(GOAL,))
    case.declare("absent", goals=(GOAL,))
    case.declare("parts", goals=(GOAL,))
    case.pair(1, 9, indicator="none")
    case.pair(1, 9, indicator="preliminary", is_preliminary=True)
    case.pair(1, None, indicator="absent")
    case.pair(1, 9, indicator="parts", category="age:20-24")
    (row,) = case.run("parity")
    assert (row["indicators"], row["declared"]) == (4, 7)
    assert row["summary"] == pytest.approx(0.812202, abs=1e-6)


def test_the_latest_final_year_counts(case: Any) -> None:
    case.declare("a", goals=(GOAL,))
    case.pair(8, 10, "2023", indicator="a")
    case.pair(1, 10, "2024", indicator="a", is_preliminary=True)
    (row,) = case.run("parity_component")
    assert (row["period"], row["parity"]) == ("2023", 0.8)


def test_fewer_than_three_or_a_parity_of_zero_gives_no_summary(case: Any) -> None:
    for name, women in (("a", 5), ("b", 6)):
        case.declare(name, goals=(GOAL,))
        case.pair(women, 10, indicator=name)
    (row,) = case.run("parity")
    assert (row["indicators"], row["summary"], row["reason"]) == (2, None, "for_fa_indikatorer")
    for name in ("c", "d"):
        case.declare(name, goals=(GOAL,))
        case.pair(0, 10, indicator=name)
    (row,) = case.run("parity")
    assert (row["summary"], row["drop_one_low"], row["drop_one_high"]) == (None, None, None)
    assert row["reason"] == "paritet_noll"


def test_a_share_gives_the_smaller_part_through_the_larger(case: Any) -> None:
    case.declare("a", measure="share", polarity="parity", goals=(GOAL,))
    case.put("total", 40, indicator="a")
    (row,) = case.run("parity_component")
    assert (row["parity"], row["worse"]) == (pytest.approx(40 / 60), "women")


# --- the order of the queries -----------------------------------------------------------------------------------------


def test_an_analysis_is_made_after_those_that_it_reads(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select * from analysis.b join analysis.c using (x)", encoding="utf-8")
    (tmp_path / "b.sql").write_text("select * from analysis.c", encoding="utf-8")
    (tmp_path / "c.sql").write_text("select x from indicators.observation", encoding="utf-8")
    assert list(analyses(tmp_path)) == ["c", "b", "a"]
    order = list(analyses())
    assert order.index("gap") < order.index("comparable") < order.index("trend")


def test_an_analysis_that_nobody_makes_and_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select * from analysis.gapp", encoding="utf-8")
    (tmp_path / "gap.sql").write_text("select 1 as x", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"a\.sql: reads analysis\.gapp.*closest match: gap;"):
        analyses(tmp_path)
    (tmp_path / "a.sql").write_text("select * from analysis.gap", encoding="utf-8")
    (tmp_path / "gap.sql").write_text("select * from analysis.a", encoding="utf-8")
    with pytest.raises(DeclarationError, match="in a circle"):
        analyses(tmp_path)
