"""Rows in, rows out: what the formulas give for worked examples, and what they refuse to give."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.declarations import load_tables
from transforms.build import build_indicator, join_staged, load_periods, load_reference, stage
from transforms.declarations import goal_ids, load_indicators, load_strategies, operands_sql, tables

ROOT = Path(__file__).resolve().parents[2]
TABLES = load_tables(ROOT / "sources" / "tables")
INDICATORS = load_indicators(
    ROOT / "transforms" / "indicators", goal_ids(load_strategies(ROOT / "transforms" / "strategy"))
)
TEN = ["1904", "1907", "1960", "1961", "1962", "1980", "1981", "1982", "1983", "1984"]

Row = dict[str, Any]


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with real reference data in which every staged table is there and empty."""
    con = duckdb.connect()
    con.execute((ROOT / "warehouse" / "schema.sql").read_text(encoding="utf-8"))
    load_reference(con)
    years = [str(year) for year in range(1990, 2027)]
    load_periods(con, {"year": years, "month": ["2024M11", "2026M01"], "mandate": ["2023-2026"]})
    for table in TABLES.values():
        columns = ", ".join(f'"{name}" varchar' for name in table.variables)
        con.execute(f"create table raw.{table.id} ({columns}, value double, status varchar, cell ubigint)")
        stage(con, [table.id])
    join_staged(con)
    yield con
    con.close()


@pytest.fixture
def con(empty: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The empty warehouse for one test; what the test puts in is taken out again."""
    empty.execute("begin")
    yield empty
    empty.execute("rollback")


def put(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], **common: Any) -> None:
    """Adds rows to a staged table; a value of None gets SCB's symbol, every row its own cell."""
    for row in rows:
        cell = con.execute(f"select count(*) from staged.{table}").fetchall()[0][0]
        full: Row = {"region_code": "19", "period": "2024", "cell": cell} | common | row
        full.setdefault("status", ".." if full["value"] is None else None)
        con.execute(
            f"insert into staged.{table} ({', '.join(full)}) values ({', '.join('?' * len(full))})", [*full.values()]
        )


def computed(con: duckdb.DuckDBPyConnection, indicator: str, **key: Any) -> list[Row]:
    query = con.sql(f"select * from ({INDICATORS[indicator].sql}) order by all")
    rows = [dict(zip(query.columns, row, strict=True)) for row in query.fetchall()]
    return [row for row in rows if all(row[name] == value for name, value in key.items())]


def by_sex(con: duckdb.DuckDBPyConnection, indicator: str, **key: Any) -> dict[str, Row]:
    rows = computed(con, indicator, **key)
    assert len({row["sex"] for row in rows}) == len(rows)
    return {row["sex"]: row for row in rows}


def cells(con: duckdb.DuckDBPyConnection, indicator: str, where: str) -> list[tuple[Any, ...]]:
    return con.execute(f"from ({operands_sql(INDICATORS[indicator])}) where {where}").fetchall()


def test_there_are_enough_indicators_on_entrepreneurship_and_commuting() -> None:
    themes = [indicator.front.theme for indicator in INDICATORS.values()]
    assert len(themes) >= 22
    assert themes.count("foretagande") >= 6
    assert themes.count("pendling") >= 7


@pytest.mark.parametrize("name", INDICATORS)
def test_without_cells_an_indicator_is_not_built_and_says_what_it_lacks(
    con: duckdb.DuckDBPyConnection, name: str
) -> None:
    built = build_indicator(con, INDICATORS[name])
    assert built.rows == 0
    assert built.lacking
    assert set(tables(INDICATORS[name])) <= set(TABLES)


# Segregation


def employees(women: Sequence[float | None], men: Sequence[float | None]) -> list[Row]:
    return [
        {"occupation": f"{at:03}", "sex": sex, "measure": "employees", "value": value}
        for sex, values in (("women", women), ("men", men))
        for at, value in enumerate(values, start=1)
    ]


@pytest.mark.parametrize(
    ("women", "men", "index"),
    [
        ((40, 30, 20, 10), (10, 20, 30, 40), 40),
        ((60, 25, 10, 5), (20, 30, 60, 90), 60),
        ((10, 20, 30), (20, 40, 60), 0),
        ((10, 0), (0, 30), 100),
    ],
)
def test_duncan_index_of_the_worked_examples(
    con: duckdb.DuckDBPyConnection, women: Sequence[float], men: Sequence[float], index: float
) -> None:
    put(con, "TAB4396", employees(women, men), period="2017")
    (row,) = computed(con, "occupation_segregation_index")
    assert row["value"] == pytest.approx(index, abs=1e-6)
    assert (row["sex"], row["category"], row["series"]) == ("total", "all", "RAMS")
    assert (row["numerator"], row["denominator"]) == (sum(women), sum(men))
    assert (row["status"], row["reason"]) == (None, None)


def test_unknown_occupation_is_left_out_of_the_index_and_of_its_cells(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "TAB4396", employees((40, 30, 20, 10), (10, 20, 30, 40)), period="2017")
    put(
        con,
        "TAB4396",
        [{"sex": "women", "value": 9}, {"sex": "men", "value": 90}],
        occupation="unknown",
        measure="employees",
        period="2017",
    )
    (row,) = computed(con, "occupation_segregation_index")
    assert row["value"] == pytest.approx(40)
    where = "region_code = '19' and period = '2017' and series = 'RAMS'"
    assert len(cells(con, "occupation_segregation_index", where)) == 8
    known = by_sex(con, "occupation_known_share")
    assert known["women"]["value"] == pytest.approx(100 * 100 / 109)
    assert (known["men"]["numerator"], known["men"]["denominator"]) == (100, 190)


def test_a_suppressed_occupation_makes_the_index_null_and_keeps_the_symbol(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "TAB4396", employees((40, None, 20), (10, 20, 30)), period="2017")
    (row,) = computed(con, "occupation_segregation_index")
    assert (row["value"], row["status"], row["reason"]) == (None, "..", None)


def test_an_occupation_without_men_makes_the_index_null_with_a_reason(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "TAB4396", employees((40, 30), (10,)), period="2017")
    (row,) = computed(con, "occupation_segregation_index")
    assert (row["value"], row["status"], row["reason"]) == (None, None, "saknas_i_kallan")


def test_a_region_without_women_has_no_index(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "TAB4396", employees((0, 0), (10, 20)), period="2017")
    (row,) = computed(con, "occupation_segregation_index")
    assert (row["value"], row["reason"]) == (None, "namnare_noll")


def test_series_stand_side_by_side_and_no_year_comes_twice(con: duckdb.DuckDBPyConnection) -> None:
    put(con, "TAB4396", employees((1, 2), (2, 1)), period="2018")
    for year in ("2019", "2020"):
        put(con, "TAB3119", employees((1, 2), (2, 1)), period=year)
    put(con, "TAB4434", employees((1, 2), (2, 1)), period="2020")
    rows = computed(con, "occupation_segregation_index")
    assert [(row["period"], row["series"]) for row in rows] == [("2018", "RAMS"), ("2019", "RAMS_N"), ("2020", "BAS")]


def test_segregation_between_industries_leaves_out_the_total_and_the_unknown(con: duckdb.DuckDBPyConnection) -> None:
    for industry, women, men in (("A", 60, 20), ("B", 25, 30), ("C", 10, 60), ("D", 5, 90), ("total", 107, 211)):
        rows = [{"sex": "women", "value": women}, {"sex": "men", "value": men}]
        put(
            con,
            "TAB3784",
            rows,
            industry=industry,
            birth_region="tot",
            measure="employed_by_workplace",
            period="2024M11",
        )
    put(
        con,
        "TAB3784",
        [{"sex": "women", "value": 7}, {"sex": "men", "value": 11}],
        industry="unknown",
        birth_region="tot",
        measure="employed_by_workplace",
        period="2024M11",
    )
    (row,) = computed(con, "industry_segregation_index")
    assert row["value"] == pytest.approx(60)
    assert row["is_preliminary"] is True
    assert by_sex(con, "industry_known_share")["women"]["value"] == pytest.approx(100 * 100 / 107)
    shares = {row["category"]: row for row in computed(con, "industry_women_share")}
    assert set(shares) == {f"industry:{code}" for code in ("A", "B", "C", "D", "US")}
    assert shares["industry:D"]["value"] == pytest.approx(100 * 5 / 95)


# Levels: both sexes or neither


def labour(con: duckdb.DuckDBPyConnection, sex: str, employed: float | None, population: float | None) -> None:
    rows = [{"measure": "employed", "value": employed}, {"measure": "population", "value": population}]
    put(con, "TAB3200", rows, sex=sex, age="20-64", birth_region="tot")


def test_a_rate_shows_what_it_was_divided_from(con: duckdb.DuckDBPyConnection) -> None:
    for sex, employed, population in (("women", 784, 1000), ("men", 819, 1000), ("total", 1604, 2001)):
        labour(con, sex, employed, population)
    rates = by_sex(con, "employment_rate")
    assert rates["women"]["value"] == pytest.approx(78.4)
    assert rates["men"]["value"] == pytest.approx(81.9)
    # The total is the published one, never the sum of the sexes.
    assert (rates["total"]["numerator"], rates["total"]["denominator"]) == (1604, 2001)
    assert {row["reason"] for row in rates.values()} == {None}


def test_when_one_sex_is_suppressed_so_is_the_other(con: duckdb.DuckDBPyConnection) -> None:
    labour(con, "women", None, 10)
    labour(con, "men", 8, 10)
    labour(con, "total", 15, 20)
    rates = by_sex(con, "employment_rate")
    assert [rates["women"][name] for name in ("value", "numerator", "denominator")] == [None, None, None]
    assert (rates["women"]["status"], rates["women"]["reason"]) == ("..", None)
    assert [rates["men"][name] for name in ("value", "numerator", "denominator")] == [None, None, None]
    assert (rates["men"]["status"], rates["men"]["reason"]) == (None, "osaker_eller_sekretess")
    assert rates["total"]["value"] == pytest.approx(75)


def test_when_one_sex_is_missing_the_other_is_not_shown_alone(con: duckdb.DuckDBPyConnection) -> None:
    labour(con, "men", 8, 10)
    rates = by_sex(con, "employment_rate")
    assert (rates["men"]["value"], rates["men"]["reason"]) == (None, "saknas_i_kallan")


def test_published_figures_pass_unchanged(con: duckdb.DuckDBPyConnection) -> None:
    figures = [{"sex": "women", "value": 13048}, {"sex": "men", "value": 13933}, {"sex": "total", "value": 26980}]
    put(con, "TAB6471", figures, period="2026M01", age="0-9", measure="population")
    put(con, "TAB6471", [{"sex": "women", "value": 139000}], period="2026M01", age="all", measure="population")
    rows = by_sex(con, "population_monthly", category="age:0-9")
    assert {sex: row["value"] for sex, row in rows.items()} == {"women": 13048, "men": 13933, "total": 26980}
    assert {(row["numerator"], row["denominator"]) for row in rows.values()} == {(None, None)}
    assert by_sex(con, "population_monthly", category="all")["women"]["value"] is None


# Entrepreneurship


def workers(con: duckdb.DuckDBPyConnection, sex: str, owners: float | None, sole: float | None, total: float) -> None:
    rows = [
        {"occupational_status": status, "value": value}
        for status, value in (("company_owners", owners), ("sole_proprietors", sole), ("total", total))
    ]
    put(con, "TAB3205", rows, sex=sex, age="15-74", birth_region="tot", measure="employed_by_residence")


def test_entrepreneurs_are_the_sum_of_both_forms_and_say_so(con: duckdb.DuckDBPyConnection) -> None:
    workers(con, "women", 20, 30, 1000)
    workers(con, "men", 60, 40, 1000)
    rows = by_sex(con, "entrepreneur_share_of_employed")
    assert (rows["women"]["value"], rows["men"]["value"]) == pytest.approx((5, 10))
    assert rows["women"]["reason"] == "own_sum"
    assert by_sex(con, "sole_proprietor_share_of_employed")["women"]["reason"] is None
    (share,) = computed(con, "women_share_entrepreneurs")
    assert (share["sex"], share["numerator"], share["denominator"]) == ("total", 50, 150)
    parts = {row["category"]: row["value"] for row in computed(con, "entrepreneur_gap_by_form")}
    assert parts == pytest.approx({"form:sole_proprietors": -1, "form:company_owners": -4})


def test_a_missing_part_makes_the_sum_missing(con: duckdb.DuckDBPyConnection) -> None:
    workers(con, "women", None, 30, 1000)
    workers(con, "men", 60, 40, 1000)
    rows = by_sex(con, "entrepreneur_share_of_employed")
    assert (rows["women"]["value"], rows["women"]["status"], rows["women"]["reason"]) == (None, "..", None)
    assert (rows["men"]["value"], rows["men"]["reason"]) == (None, "osaker_eller_sekretess")
    (share,) = computed(con, "women_share_entrepreneurs")
    assert (share["value"], share["numerator"], share["status"]) == (None, None, "..")
    (share,) = computed(con, "women_share_sole_proprietors")
    assert share["value"] == pytest.approx(100 * 30 / 70)


def test_no_entrepreneurs_at_all_is_a_zero_denominator(con: duckdb.DuckDBPyConnection) -> None:
    workers(con, "women", 0, 0, 1000)
    workers(con, "men", 60, 40, 1000)
    rows = by_sex(con, "incorporated_share_of_entrepreneurs")
    assert [(row["value"], row["reason"]) for row in rows.values()] == [(None, "namnare_noll")] * 2
    (share,) = computed(con, "women_share_sole_proprietors")
    assert share["value"] == 0


def test_share_of_women_of_the_worked_example(con: duckdb.DuckDBPyConnection) -> None:
    workers(con, "women", 1, 13, 100)
    workers(con, "men", 1, 18, 100)
    (share,) = computed(con, "women_share_sole_proprietors")
    assert share["value"] == pytest.approx(41.935484, abs=1e-6)


def test_entrepreneurs_per_thousand_inhabitants_need_both_tables(con: duckdb.DuckDBPyConnection) -> None:
    workers(con, "women", 20, 30, 1000)
    workers(con, "men", 60, 40, 1000)
    assert by_sex(con, "entrepreneurs_per_1000_inhabitants")["women"]["reason"] == "saknas_i_kallan"
    inhabitants = [{"sex": "women", "value": 2000}, {"sex": "men", "value": 2500}]
    put(con, "TAB3200", inhabitants, measure="population", age="15-74", birth_region="tot")
    rows = by_sex(con, "entrepreneurs_per_1000_inhabitants")
    assert (rows["women"]["value"], rows["men"]["value"]) == pytest.approx((25, 40))


# Commuting


def commuters(
    con: duckdb.DuckDBPyConnection,
    sex: str,
    lives: float | None,
    out: float,
    into: float,
    table: str = "TAB1828",
    **key: Any,
) -> None:
    rows = [
        {"measure": "lives_and_works", "value": lives},
        {"measure": "out_commuters", "value": out},
        {"measure": "in_commuters", "value": into},
    ]
    put(con, table, rows, sex=sex, **({"region_code": "1980"} | key))


def test_commuting_of_the_worked_example(con: duckdb.DuckDBPyConnection) -> None:
    commuters(con, "women", 16800, 4200, 3000)
    commuters(con, "men", 15200, 6300, 4100)
    key = {"region_code": "1980"}
    out = by_sex(con, "out_commuting_rate", **key)
    assert (out["women"]["value"], out["men"]["value"]) == pytest.approx((20, 29.302326), abs=1e-6)
    into = by_sex(con, "in_commuting_rate", **key)
    assert (into["women"]["value"], into["men"]["value"]) == pytest.approx((15.151515, 21.243523), abs=1e-6)
    net = by_sex(con, "net_commuting", **key)
    assert (net["women"]["value"], net["men"]["value"]) == (-1200, -2200)
    assert (net["women"]["numerator"], net["women"]["denominator"]) == (-1200, 1)
    (share,) = computed(con, "women_share_out_commuters", **key)
    assert share["value"] == pytest.approx(40)
    stay = by_sex(con, "live_and_work_same_municipality_share", **key)
    assert stay["women"]["value"] == pytest.approx(80)
    jobs = by_sex(con, "jobs_to_resident_workers_ratio", **key)
    assert jobs["women"]["value"] == pytest.approx(19800 / 21000)


def test_a_county_is_the_sum_of_its_municipalities_and_keeps_their_cells(con: duckdb.DuckDBPyConnection) -> None:
    for number, code in enumerate(TEN, start=1):
        commuters(con, "women", 100 * number, 10 * number, 1, region_code=code)
        commuters(con, "men", 100 * number, 30 * number, 1, region_code=code)
    county = by_sex(con, "out_commuting_rate", region_code="19")
    assert (county["women"]["numerator"], county["women"]["denominator"]) == (550, 6050)
    assert county["women"]["reason"] == "own_sum"
    where = "region_code = '{}' and period = '2024' and sex = 'women' and series = 'BAS'"
    whole = cells(con, "out_commuting_rate", where.format("19"))
    assert len(whole) == 20
    one = cells(con, "out_commuting_rate", where.format("1980"))
    assert {row[-1] for row in one} <= {row[-1] for row in whole}
    assert computed(con, "out_commuting_rate", region_code="01") == []


def test_a_county_without_one_of_its_municipalities_has_no_sum(con: duckdb.DuckDBPyConnection) -> None:
    for code in TEN[:-1]:
        commuters(con, "women", 100, 10, 1, region_code=code)
        commuters(con, "men", 100, 30, 1, region_code=code)
    county = by_sex(con, "out_commuting_rate", region_code="19")
    assert [(row["value"], row["reason"]) for row in county.values()] == [(None, "saknas_i_kallan")] * 2
    (share,) = computed(con, "women_share_in_commuters", region_code="19")
    assert (share["value"], share["numerator"], share["reason"]) == (None, None, "saknas_i_kallan")


def test_commuting_series_are_not_chained(con: duckdb.DuckDBPyConnection) -> None:
    years = [("TAB3267", "2003"), ("TAB3266", "2018"), ("TAB5839", "2019"), ("TAB5839", "2020"), ("TAB1828", "2020")]
    for table, year in years:
        for sex in ("women", "men"):
            commuters(con, sex, 90, 10, 5, table, period=year)
    rows = computed(con, "out_commuting_rate", region_code="1980", sex="women")
    assert [(row["period"], row["series"], row["reason"]) for row in rows] == [
        ("2003", "RAMS", None),
        ("2018", "RAMS", None),
        ("2019", "RAMS_N", None),
        ("2020", "BAS", "own_sum"),
    ]


def test_a_nought_from_before_the_municipality_existed_is_no_value(con: duckdb.DuckDBPyConnection) -> None:
    """Heby is 0331 from 2007; a table that gives 0331 noughts for 2004 does not make them figures."""
    for year, value in (("2004", 0), ("2008", 50)):
        for sex in ("women", "men"):
            commuters(con, sex, value, value, value, "TAB3266", region_code="0331", period=year)
            rows = [{"marital_status": status, "value": value} for status in ("OG", "G", "SK", "ÄNKL")]
            put(con, "TAB638", rows, region_code="0331", period=year, sex=sex, age="all", measure="population")
    assert {row["period"] for row in computed(con, "net_commuting", region_code="0331")} == {"2008"}
    population = computed(con, "population", sex="women")
    assert [(row["period"], row["value"]) for row in population] == [("2008", 200)]


def relations(con: duckdb.DuckDBPyConnection, homes: Sequence[str], works: Sequence[str]) -> None:
    """100 women stay in each municipality and 3 go to each of the others; men twice that."""
    rows = [
        {"region_code": home, "partner_code": work, "sex": sex, "value": factor * (100 if home == work else 3)}
        for home in homes
        for work in works
        for sex, factor in (("women", 1), ("men", 2))
    ]
    put(con, "TAB1830", rows, measure="commuters")


def test_county_border_commuting_counts_relations_that_leave_the_county(con: duckdb.DuckDBPyConnection) -> None:
    relations(con, TEN, [*TEN, "0180", "0380"])
    relations(con, ["0180", "0380"], TEN)
    out = by_sex(con, "county_out_commuting_rate")
    assert {row["region_code"] for row in computed(con, "county_out_commuting_rate")} == {"19"}
    assert (out["women"]["numerator"], out["women"]["denominator"]) == (10 * 2 * 3, 10 * (100 + 9 * 3 + 2 * 3))
    assert out["men"]["value"] == pytest.approx(out["women"]["value"])
    assert out["women"]["reason"] == "own_sum"
    into = by_sex(con, "county_in_commuting_rate")
    assert (into["women"]["numerator"], into["women"]["denominator"]) == (2 * 10 * 3, 10 * (100 + 9 * 3 + 2 * 3))
    assert by_sex(con, "county_net_commuting")["women"]["value"] == 0
    where = "region_code = '19' and period = '2024' and sex = 'women'"
    assert len(cells(con, "county_out_commuting_rate", where)) == 120
    within = by_sex(con, "out_commuters_within_county_share", region_code="1980")
    assert within["women"]["value"] == pytest.approx(100 * 27 / 33)


def test_a_suppressed_relation_makes_the_county_rate_missing(con: duckdb.DuckDBPyConnection) -> None:
    relations(con, TEN, [*TEN, "0180"])
    con.execute("update staged.TAB1830 set value = null, status = '..' where partner_code = '0180' and sex = 'men'")
    out = by_sex(con, "county_out_commuting_rate")
    assert (out["men"]["value"], out["men"]["status"]) == (None, "..")
    assert (out["women"]["value"], out["women"]["reason"]) == (None, "osaker_eller_sekretess")


def test_relations_stand_in_for_commuting_over_a_municipality_border(con: duckdb.DuckDBPyConnection) -> None:
    relations(con, TEN, [*TEN, "0180"])
    relations(con, ["0180"], TEN)
    out = by_sex(con, "out_commuting_rate", region_code="1980")
    assert (out["women"]["numerator"], out["women"]["denominator"], out["women"]["reason"]) == (30, 130, "own_sum")
    assert by_sex(con, "in_commuting_rate", region_code="1980")["women"]["value"] == pytest.approx(100 * 30 / 130)
    assert by_sex(con, "out_commuting_rate", region_code="19")["women"]["numerator"] == 300
    # Stockholm's row was only fetched in part, so it has no rate.
    assert computed(con, "out_commuting_rate", region_code="0180") == []
    for sex in ("women", "men"):
        commuters(con, sex, 100, 25, 25)
    out = by_sex(con, "out_commuting_rate", region_code="1980")
    assert out["women"]["numerator"] == 25


def test_relations_keep_both_ends_and_small_ones_have_no_share(con: duckdb.DuckDBPyConnection) -> None:
    sexes = ("women", "men", "total")
    rows = [
        {"partner_code": "0180", "sex": sex, "value": value} for sex, value in zip(sexes, (12, 18, 31), strict=True)
    ]
    rows += [
        {"partner_code": "0380", "sex": sex, "value": value} for sex, value in zip(sexes, (9, 20, 29), strict=True)
    ]
    put(con, "TAB1830", rows, region_code="1980", measure="commuters")
    (share,) = computed(con, "relation_women_share")
    assert (share["region_code"], share["partner_code"], share["value"]) == ("1980", "0180", 40)
    published = computed(con, "commuting_relation_matrix", partner_code="0180")
    assert {row["sex"]: row["value"] for row in published} == {"women": 12, "men": 18, "total": 31}


# Decomposition, education, power


def test_the_parts_of_the_employment_gap_add_up_to_the_gap(con: duckdb.DuckDBPyConnection) -> None:
    ages = ["20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64"]
    groups = [(age, birth) for age in ages for birth in ("in", "ut")]
    figures = {
        (sex, group): (200 + 7 * at + 31 * number, 400 + 13 * at * (2 - number))
        for number, sex in enumerate(("women", "men"))
        for at, group in enumerate(groups)
    }
    for (sex, (age, birth)), (employed, population) in figures.items():
        rows = [{"measure": "employed", "value": employed}, {"measure": "population", "value": population}]
        put(con, "TAB3200", rows, sex=sex, age=age, birth_region=birth)
    rates, shares, totals = {}, {}, {}
    for sex in ("women", "men"):
        persons = sum(figures[sex, group][1] for group in groups)
        totals[sex] = sum(figures[sex, group][0] for group in groups) / persons
        rates[sex] = [figures[sex, group][0] / figures[sex, group][1] for group in groups]
        shares[sex] = [figures[sex, group][1] / persons for group in groups]
    inside = sum(
        (shares["women"][at] + shares["men"][at]) / 2 * (rates["women"][at] - rates["men"][at]) for at in range(18)
    )
    parts = {row["category"]: row["value"] for row in computed(con, "employment_gap_decomposition")}
    assert parts["part:rate"] == pytest.approx(100 * inside, abs=1e-6)
    assert sum(parts.values()) == pytest.approx(100 * (totals["women"] - totals["men"]), abs=1e-6)
    con.execute("update staged.TAB3200 set value = 0 where sex = 'men' and age = '20-24' and birth_region = 'ut'")
    rows = computed(con, "employment_gap_decomposition")
    assert [(row["value"], row["reason"]) for row in rows] == [(None, "namnare_noll")] * 2


LEVELS = {
    "pre_secondary_short": 1, "pre_secondary": 2, "upper_secondary_short": 3, "upper_secondary": 4,
    "post_secondary_short": 5, "post_secondary": 6, "research": 7, "unknown": 8,
}  # fmt: skip


def test_unknown_education_stays_in_the_denominator(con: duckdb.DuckDBPyConnection) -> None:
    for sex in ("women", "men"):
        for level, value in LEVELS.items():
            rows = [{"age": str(age), "value": value} for age in range(25, 65)]
            put(con, "TAB3981", rows, sex=sex, education=level, measure="population")
    tertiary = by_sex(con, "tertiary_education_share")["women"]
    assert (tertiary["numerator"], tertiary["denominator"]) == (40 * 13, 40 * 36)
    assert by_sex(con, "post_secondary_education_share")["women"]["value"] == pytest.approx(100 * 18 / 36)
    con.execute("delete from staged.TAB3981 where age = '40' and sex = 'women'")
    rows = by_sex(con, "tertiary_education_share")
    assert [(row["value"], row["reason"]) for row in rows.values()] == [(None, "saknas_i_kallan")] * 2


def test_the_share_of_women_among_the_elected_is_as_published(con: duckdb.DuckDBPyConnection) -> None:
    figures = [{"sex": "women", "value": 45}, {"sex": "men", "value": 55}, {"sex": "total", "value": 100}]
    key = {"period": "2023-2026", "region_code": "1980", "background": "all", "measure": "distribution"}
    put(con, "TAB708", figures, **key)
    put(
        con,
        "TAB708",
        [{"sex": "women", "value": None}, {"sex": "men", "value": None}],
        **(key | {"region_code": "0114"}),
    )
    here = computed(con, "women_share_elected_representatives", region_code="1980")
    assert [(row["sex"], row["value"], row["numerator"], row["denominator"]) for row in here] == [
        ("total", 45, None, None)
    ]
    (missing,) = computed(con, "women_share_elected_representatives", region_code="0114")
    assert (missing["value"], missing["status"]) == (None, "..")


def test_managers_are_the_occupations_that_begin_with_one(con: duckdb.DuckDBPyConnection) -> None:
    for occupation, women, men in (("111", 30, 10), ("121", 10, 50), ("211", 500, 1)):
        rows = [{"sex": "women", "value": women}, {"sex": "men", "value": men}]
        put(con, "TAB4396", rows, occupation=occupation, measure="employees", period="2017")
    (share,) = computed(con, "women_share_managers")
    assert (share["value"], share["numerator"], share["denominator"]) == (40, 40, 100)
