"""Rows in, rows out: women against men as reference/method.md works them out, and how complete the regions are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

ANALYSIS = Path(__file__).parents[2] / "transforms" / "analysis"
REFERENCE = ANALYSIS.parent / "reference"
REGIONS = REFERENCE / "regions.csv"


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    con.execute(
        f"""
        create schema reference; create schema indicators; create schema provenance;
        create table reference.indicator (indicator varchar, unit varchar, measure varchar);
        create table indicators.observation (
            indicator varchar, region_code varchar, partner_code varchar, period varchar, sex varchar, category varchar,
            series varchar, value double, numerator double, denominator double, status varchar, reason varchar,
            margin double, is_preliminary boolean
        );
        create table reference.region (
            region_code varchar, name varchar, type varchar, county_code varchar, valid_from date, valid_to date
        );
        insert into reference.region select * from read_csv('{REGIONS}', header = true, all_varchar = true);
        create table reference.period (period varchar, type varchar, start_date date, end_date date, sort integer);
        insert into reference.period values
            ('2006', 'year', '2006-01-01', '2006-12-31', 1), ('2007', 'year', '2007-01-01', '2007-12-31', 2);
        create table provenance.run (scope varchar, home_region varchar, comparison_regions varchar[]);
        insert into provenance.run values ('home', '19', ['00', '03']);
        create table reference.source_table (table_id varchar, levels varchar[]);
        insert into reference.source_table values
            ('TAB1', ['municipality']), ('TAB2', ['country', 'county', 'municipality']);
        create table reference.indicator_table (indicator varchar, table_id varchar);
        insert into reference.indicator_table values ('x', 'TAB1'), ('x', 'TAB2');
        create table reference.analysis_rule as
        select * from read_csv('{REFERENCE / "analysis_rule.csv"}', header = true, all_varchar = true);
        """
    )
    con.execute((ANALYSIS.parent / "macros.sql").read_text(encoding="utf-8"))
    yield con
    con.close()


def put(con: duckdb.DuckDBPyConnection, sex: str, value: float | None, **more: Any) -> None:
    row: dict[str, Any] = {
        "indicator": "x", "region_code": "19", "partner_code": None, "period": "2007", "sex": sex, "category": "all",
        "series": None, "value": value, "numerator": None, "denominator": None, "status": None, "reason": None,
    } | more  # fmt: skip
    con.execute(
        f"insert into indicators.observation ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()]
    )


def declare(con: duckdb.DuckDBPyConnection, unit: str, measure: str = "level") -> None:
    con.execute("insert into reference.indicator values ('x', ?, ?)", [unit, measure])


def analysed(con: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    query = con.sql((ANALYSIS / f"{name}.sql").read_text(encoding="utf-8"))
    return [dict(zip(query.columns, row, strict=True)) for row in query.fetchall()]


def gap(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    (row,) = analysed(con, "gap")
    return row


@pytest.mark.parametrize(
    ("women", "men", "diff", "ratio", "parity", "reason"),
    [
        pytest.param(254.8, 336.3, -81.5, 0.757657, 0.757657, None, id="E1a"),
        pytest.param(271.2, 348.8, -77.6, 0.777523, 0.777523, None, id="E1b"),
        pytest.param(78.4, 81.9, -3.5, 0.957265, 0.957265, None, id="E1c"),
        pytest.param(27.2, 18.1, 9.1, 1.502762, 0.665441, None, id="E1d"),
        pytest.param(0, 0, 0, None, None, "namnare_noll", id="E1e both zero"),
        pytest.param(5, 0, 5, None, 0, "namnare_noll", id="E1f"),
        pytest.param(0, 5, -5, 0, 0, None, id="E1g"),
        pytest.param(90, 92, -2, 0.978261, 0.978261, None, id="E1h employed"),
        pytest.param(10, 8, 2, 1.25, 0.8, None, id="E1h not employed"),
        pytest.param(-1, 4, -5, -0.25, None, None, id="a value below zero has no parity"),
        pytest.param(78.44, 81.96, -3.52, 0.957052, 0.957052, None, id="from unrounded values"),
    ],
)
def test_a_level_is_compared_as_the_method_says(
    warehouse: duckdb.DuckDBPyConnection,
    women: float,
    men: float,
    diff: float,
    ratio: float | None,
    parity: float | None,
    reason: str | None,
) -> None:
    declare(warehouse, "sek_thousands")
    put(warehouse, "women", women)
    put(warehouse, "men", men)
    put(warehouse, "total", 300)
    row = gap(warehouse)
    assert (row["women"], row["men"], row["total"]) == (women, men, 300)
    assert row["diff"] == pytest.approx(diff, abs=1e-6)
    assert row["ratio"] == (None if ratio is None else pytest.approx(ratio, abs=1e-6))
    assert row["parity"] == (None if parity is None else pytest.approx(parity, abs=1e-6))
    assert (row["share_women"], row["band"], row["reason"]) == (None, None, reason)


@pytest.mark.parametrize(
    ("women", "men", "share", "band"),
    [
        (13, 18, 41.935484, "jämn"),
        (20, 30, 40, "jämn"),
        (30, 20, 60, "jämn"),
        (399999, 600001, 39.9999, "mansdominerad"),
        (600001, 399999, 60.0001, "kvinnodominerad"),
        (4000000000001, 6000000000001, 40.00000000000600, "jämn"),
        (0, 70, 0, "mansdominerad"),
        (0, 0, None, None),
    ],
)
def test_counts_have_a_share_of_women_and_a_band_with_exact_edges(
    warehouse: duckdb.DuckDBPyConnection, women: int, men: int, share: float | None, band: str | None
) -> None:
    declare(warehouse, "persons")
    put(warehouse, "women", women)
    put(warehouse, "men", men)
    row = gap(warehouse)
    assert row["share_women"] == (None if share is None else pytest.approx(share, abs=1e-6))
    assert row["band"] == band


@pytest.mark.parametrize(("women", "men", "band"), [(14, 15, None), (15, 15, "jämn"), (1, 0, None)])
def test_few_persons_are_marked_and_have_a_share_but_no_band(
    warehouse: duckdb.DuckDBPyConnection, women: int, men: int, band: str | None
) -> None:
    declare(warehouse, "percent", "share")
    put(warehouse, "total", 100 * women / (women + men), numerator=women, denominator=women + men)
    row = gap(warehouse)
    assert (row["smallest_base"], row["small_base"], row["band"]) == (women + men, band is None, band)
    assert row["share_women"] == pytest.approx(100 * women / (women + men))


def test_few_persons_of_one_sex_make_a_rate_one_of_few_persons(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "percent")
    put(warehouse, "women", 50, numerator=14, denominator=28)
    put(warehouse, "men", 60, numerator=600, denominator=1000)
    row = gap(warehouse)
    assert (row["smallest_base"], row["small_base"], row["diff"]) == (28, True, -10)


def test_a_net_count_below_zero_has_a_difference_but_no_share(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "persons")
    put(warehouse, "women", -1200)
    put(warehouse, "men", -2200)
    row = gap(warehouse)
    assert (row["diff"], row["share_women"], row["band"], row["parity"]) == (1000, None, None, None)


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"status": ".."}, "osaker_eller_sekretess"),
        ({"status": "."}, "kan_ej_forekomma"),
        ({"reason": "namnare_noll"}, "namnare_noll"),
        ({}, "saknas_i_kallan"),
    ],
)
def test_one_sex_missing_leaves_no_comparison_and_says_why(
    warehouse: duckdb.DuckDBPyConnection, missing: dict[str, str], reason: str
) -> None:
    declare(warehouse, "persons")
    put(warehouse, "women", 7)
    put(warehouse, "men", None, **missing)
    put(warehouse, "total", 20)
    row = gap(warehouse)
    assert (row["women"], row["men"], row["total"]) == (7, None, 20)
    assert [row[name] for name in ("diff", "ratio", "parity", "share_women", "band")] == [None] * 5
    assert row["reason"] == reason


def test_a_sex_without_a_row_is_missing_too(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "percent")
    put(warehouse, "women", 7)
    assert gap(warehouse)["reason"] == "saknas_i_kallan"


def test_reasons_of_both_sexes_are_joined(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "percent")
    put(warehouse, "women", None, reason="namnare_noll")
    put(warehouse, "men", None, status="..")
    put(warehouse, "total", None, reason="nedlagd_serie")
    assert gap(warehouse)["reason"] == "namnare_noll osaker_eller_sekretess"


@pytest.mark.parametrize(
    ("women", "everyone", "diff", "band"),
    [
        (13, 31, 0, "jämn"),
        (40, 100, 0, "jämn"),
        (60, 100, 0, "jämn"),
        (39, 100, -1, "mansdominerad"),
        (75, 100, 15, "kvinnodominerad"),
        (57, 95, 0, "jämn"),
    ],
)
def test_the_gap_of_a_share_is_its_distance_to_the_band(
    warehouse: duckdb.DuckDBPyConnection, women: int, everyone: int, diff: float, band: str
) -> None:
    declare(warehouse, "percent", "share")
    put(warehouse, "total", 100.0 * women / everyone, numerator=women, denominator=everyone)
    row = gap(warehouse)
    assert row["share_women"] == row["total"] == pytest.approx(100 * women / everyone)
    assert row["diff"] == pytest.approx(diff, abs=1e-6)
    assert row["men_part"] == everyone - women
    assert (row["band"], row["women"], row["men"], row["ratio"], row["reason"]) == (band, None, None, None, None)


def test_a_share_as_published_has_a_band_without_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "percent", "share")
    put(warehouse, "total", 39.9)
    row = gap(warehouse)
    assert (row["band"], row["men_part"]) == ("mansdominerad", None)


def test_a_missing_share_says_why(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "percent", "share")
    put(warehouse, "total", None, reason="namnare_noll", numerator=0, denominator=0)
    row = gap(warehouse)
    assert (row["diff"], row["share_women"], row["band"], row["reason"]) == (None, None, None, "namnare_noll")


def test_a_representation_ratio_is_compared_with_one_and_has_no_band(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "ratio", "share")
    put(warehouse, "total", 0.6, numerator=30, denominator=50)
    row = gap(warehouse)
    assert row["diff"] == pytest.approx(-0.4)
    assert (row["total"], row["share_women"], row["band"], row["men_part"]) == (0.6, None, None, None)


@pytest.mark.parametrize("measure", ["segregation", "decomposition"])
def test_a_measure_that_compares_already_has_no_gap_of_its_own(
    warehouse: duckdb.DuckDBPyConnection, measure: str
) -> None:
    declare(warehouse, "index", measure)
    put(warehouse, "total", 56.52, numerator=52215, denominator=54332)
    row = gap(warehouse)
    assert row["total"] == 56.52
    assert {row[name] for name in ("women", "men", "diff", "ratio", "parity", "share_women", "band")} == {None}
    assert row["reason"] == "kan_ej_forekomma"


def test_every_key_has_one_row_with_its_partner_category_and_series(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "persons")
    for partner, category, series in [("1980", "all", "BAS"), ("1981", "all", "BAS"), ("1980", "age:20-24", "RAMS")]:
        for sex in ("women", "men"):
            put(warehouse, sex, 4, partner_code=partner, category=category, series=series)
    rows = analysed(warehouse, "gap")
    assert [(row["partner_code"], row["category"], row["series"], row["diff"]) for row in rows] == [
        ("1980", "age:20-24", "RAMS", 0),
        ("1980", "all", "BAS", 0),
        ("1981", "all", "BAS", 0),
    ]


def test_coverage_expects_the_regions_in_force_and_counts_those_with_both_sexes(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    declare(warehouse, "persons")
    for period in ("2006", "2007"):
        for code in ("1980", "1981", "1917"):
            put(warehouse, "women", 5, region_code=code, period=period)
            put(warehouse, "men", None if code == "1981" else 5, region_code=code, period=period)
    rows = analysed(warehouse, "coverage")
    # Heby was one of eleven municipalities of the county until the end of 2006; nobody asks for it today.
    assert [(row["period"], row["region_type"], row["present"], row["expected"]) for row in rows] == [
        ("2006", "municipality", 1, 10),
        ("2007", "municipality", 1, 10),
    ]
    assert rows[1]["coverage"] == pytest.approx(0.1)


def test_coverage_expects_a_kommun_named_for_comparison_from_when_it_exists(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    declare(warehouse, "persons")
    warehouse.execute("update provenance.run set comparison_regions = ['00', '0331']")
    for period in ("2006", "2007"):
        for code in ("1980", "0331", "0305"):
            put(warehouse, "women", 5, region_code=code, period=period)
            put(warehouse, "men", 5, region_code=code, period=period)
    assert [(row["period"], row["present"], row["expected"]) for row in analysed(warehouse, "coverage")] == [
        ("2006", 1, 10),
        ("2007", 2, 11),
    ]


def test_coverage_sees_that_a_type_of_region_is_gone_from_one_period(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "index", "segregation")
    for code, period in (("00", "2006"), ("19", "2006"), ("00", "2007")):
        put(warehouse, "total", 50, region_code=code, period=period)
    assert [
        (row["region_type"], row["period"], row["present"], row["expected"]) for row in analysed(warehouse, "coverage")
    ] == [("country", "2006", 1, 1), ("country", "2007", 1, 1), ("county", "2006", 1, 21), ("county", "2007", 0, 21)]


@pytest.mark.parametrize(("scope", "expected"), [("home", 1), ("national", 21)])
def test_a_county_that_is_the_sum_of_its_kommuner_is_expected_where_they_are_asked_for(
    warehouse: duckdb.DuckDBPyConnection, scope: str, expected: int
) -> None:
    declare(warehouse, "index", "segregation")
    warehouse.execute("delete from reference.indicator_table where table_id = 'TAB2'")
    warehouse.execute("update provenance.run set scope = ?", [scope])
    put(warehouse, "total", 50)
    (row,) = analysed(warehouse, "coverage")
    assert (row["present"], row["expected"]) == (1, expected)


def test_relations_have_no_coverage(warehouse: duckdb.DuckDBPyConnection) -> None:
    declare(warehouse, "persons")
    for partner in ("1981", "0180"):
        put(warehouse, "women", 5, region_code="1980", partner_code=partner)
        put(warehouse, "men", 5, region_code="1980", partner_code=partner)
    assert analysed(warehouse, "coverage") == []


def test_coverage_of_a_national_run_expects_every_region_of_the_types_that_occur(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    declare(warehouse, "index", "segregation")
    warehouse.execute("update provenance.run set scope = 'national'")
    for code in ("00", "19", "1980", "99"):
        put(warehouse, "total", 50, region_code=code)
        put(warehouse, "total", None, region_code=code, category="age:1")
    rows = analysed(warehouse, "coverage")
    assert [(row["region_type"], row["present"], row["whole"], row["expected"]) for row in rows] == [
        ("country", 1, 0, 1),
        ("county", 1, 0, 21),
        ("municipality", 1, 0, 290),
    ]
