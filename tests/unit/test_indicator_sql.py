"""Rows in, rows out: what the formulas give for worked examples, and what they refuse to give."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.declarations import DeclarationError, TableDeclaration, load_table
from transforms.build import build_indicator, join_staged, label_categories, load_periods, load_reference, stage
from transforms.declarations import Indicator, is_derived, load_indicator, operands_sql, tables

ROOT = Path(__file__).resolve().parents[2]


class _Indicators(dict[str, Indicator]):
    """Every indicator, read when it is first asked for: one that is half filled in stops its own tests only."""

    def __missing__(self, name: str) -> Indicator:
        self[name] = load_indicator(ROOT / "transforms" / "indicators" / f"{name}.sql")
        return self[name]


def _tables() -> dict[str, TableDeclaration]:
    """The tables whose declarations can be used; test_declarations.py names the others."""
    found = {}
    for path in (ROOT / "sources" / "tables").glob("*.yml"):
        with suppress(DeclarationError):
            found[path.stem] = load_table(path)
    return found


TABLES = _tables()
INDICATORS = _Indicators()
NAMES = sorted(path.stem for path in (ROOT / "transforms" / "indicators").glob("*.sql"))
TEN = ["1904", "1907", "1960", "1961", "1962", "1980", "1981", "1982", "1983", "1984"]

Row = dict[str, Any]


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with real reference data in which every staged table is there and empty."""
    con = duckdb.connect()
    con.execute((ROOT / "warehouse" / "schema.sql").read_text(encoding="utf-8"))
    load_reference(con)
    years = [str(year) for year in range(1990, 2027)]
    elections = ["2018", "2022"]
    months = ["2024M11", "2026M01"]
    load_periods(con, {"year": years, "month": months, "mandate": ["2023-2026"], "election": elections})
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
    themes = [INDICATORS[name].front.theme for name in NAMES]
    assert len(themes) >= 80
    assert themes.count("foretagande") >= 13
    assert themes.count("pendling") >= 14


@pytest.mark.parametrize("name", NAMES)
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
    assert by_sex(con, "industry_known_share")["women"]["value"] == pytest.approx(100 * 100 / 107)
    shares = {row["category"]: row for row in computed(con, "industry_women_share")}
    assert set(shares) == {f"industry:{code}" for code in ("A", "B", "C", "D", "US")}
    assert shares["industry:D"]["value"] == pytest.approx(100 * 5 / 95)


# Levels: both sexes or neither


def labour(con: duckdb.DuckDBPyConnection, sex: str, sick: float | None, population: float | None) -> None:
    rows = [{"measure": "sick", "value": sick}, {"measure": "population", "value": population}]
    put(con, "TAB3200", rows, sex=sex, age="20-64", birth_region="tot")


def test_a_rate_shows_what_it_was_divided_from(con: duckdb.DuckDBPyConnection) -> None:
    for sex, sick, population in (("women", 784, 1000), ("men", 819, 1000), ("total", 1604, 2001)):
        labour(con, sex, sick, population)
    rates = by_sex(con, "sick_share_of_population")
    assert rates["women"]["value"] == pytest.approx(78.4)
    assert rates["men"]["value"] == pytest.approx(81.9)
    # The total is the published one, never the sum of the sexes.
    assert (rates["total"]["numerator"], rates["total"]["denominator"]) == (1604, 2001)
    assert {row["reason"] for row in rates.values()} == {None}


def test_when_one_sex_is_suppressed_so_is_the_other(con: duckdb.DuckDBPyConnection) -> None:
    labour(con, "women", None, 10)
    labour(con, "men", 8, 10)
    labour(con, "total", 15, 20)
    rates = by_sex(con, "sick_share_of_population")
    assert [rates["women"][name] for name in ("value", "numerator", "denominator")] == [None, None, None]
    assert (rates["women"]["status"], rates["women"]["reason"]) == ("..", None)
    assert [rates["men"][name] for name in ("value", "numerator", "denominator")] == [None, None, None]
    assert (rates["men"]["status"], rates["men"]["reason"]) == (None, "osaker_eller_sekretess")
    assert rates["total"]["value"] == pytest.approx(75)


def test_when_one_sex_is_missing_the_other_is_not_shown_alone(con: duckdb.DuckDBPyConnection) -> None:
    labour(con, "men", 8, 10)
    rates = by_sex(con, "sick_share_of_population")
    assert (rates["men"]["value"], rates["men"]["reason"]) == (None, "saknas_i_kallan")


@pytest.mark.parametrize(
    ("indicator", "rate", "part", "whole"),
    [
        ("employment_rate", "employment_rate", "employed", "population"),
        ("unemployment_rate", "unemployment_rate", "unemployed", "labour_force"),
        ("labour_force_participation_rate", "participation_rate", "labour_force", "population"),
    ],
)
def test_a_published_rate_is_shown_as_it_is_with_the_published_counts_beside(
    con: duckdb.DuckDBPyConnection, indicator: str, rate: str, part: str, whole: str
) -> None:
    """Counts have noise of their own: 784 of 1,000 is not the 78.6 that is published."""
    figures = {"women": (78.6, 784, 1000), "men": (81.9, None, 1000), "total": (80.2, 1604, 2001)}
    for sex, values in figures.items():
        rows = [{"measure": name, "value": value} for name, value in zip((rate, part, whole), values, strict=True)]
        put(con, "TAB3200", rows, sex=sex, age="20-64", birth_region="tot")
    rates = by_sex(con, indicator)
    shown = {sex: tuple(row[name] for name in ("value", "numerator", "denominator")) for sex, row in rates.items()}
    assert shown == figures
    assert {(row["status"], row["reason"]) for row in rates.values()} == {(None, None)}
    assert not is_derived(INDICATORS[indicator])
    con.execute(f"update staged.TAB3200 set value = null, status = '..' where sex = 'men' and measure = '{rate}'")
    rates = by_sex(con, indicator)
    assert {sex: row["value"] for sex, row in rates.items()} == {"women": None, "men": None, "total": 80.2}
    assert (rates["women"]["numerator"], rates["women"]["reason"]) == (None, "osaker_eller_sekretess")


def test_employment_to_65_stands_beside_that_to_64(con: duckdb.DuckDBPyConnection) -> None:
    for age, women in (("20-64", 78), ("20-65", 76), ("15-74", 66)):
        rows = [{"sex": "women", "value": women}, {"sex": "men", "value": women + 2}]
        put(con, "TAB3200", rows, measure="employment_rate", age=age, birth_region="tot")
    rows = computed(con, "employment_rate", sex="women")
    assert {row["category"]: row["value"] for row in rows} == {"all": 78, "age:20-65": 76}


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


def test_riket_is_the_sum_of_every_municipality_or_it_is_not_there(con: duckdb.DuckDBPyConnection) -> None:
    """TAB1828 has municipalities only; over a municipality border one leaves and one comes, so riket has no net."""
    every = [code for (code,) in con.execute(
        "select region_code from reference.region where type = 'municipality' and valid_to is null order by 1"
    ).fetchall()]  # fmt: skip
    assert len(every) == 290
    for code in every[:-1]:
        commuters(con, "women", 90, 10, 5, region_code=code)
        commuters(con, "men", 60, 40, 5, region_code=code)
    rates = ("out_commuting_rate", "in_commuting_rate", "live_and_work_same_municipality_share",
             "jobs_to_resident_workers_ratio", "women_share_out_commuters", "women_share_in_commuters")  # fmt: skip
    assert [row for one in rates for row in computed(con, one, region_code="00")] == []
    commuters(con, "women", 90, 10, 5, region_code=every[-1])
    commuters(con, "men", None, 40, 5, region_code=every[-1])
    riket = by_sex(con, "out_commuting_rate", region_code="00")
    assert [(row["value"], row["status"]) for row in riket.values()] == [(None, ".."), (None, None)]
    con.execute("update staged.TAB1828 set value = 60, status = null where value is null")
    riket = by_sex(con, "out_commuting_rate", region_code="00")
    assert (riket["women"]["numerator"], riket["women"]["denominator"]) == (2900, 29000)
    assert (riket["women"]["value"], riket["men"]["value"], riket["men"]["reason"]) == (10, 40, "own_sum")
    for one in rates:
        assert {row["reason"] for row in computed(con, one, region_code="00")} == {"own_sum"}
    assert computed(con, "net_commuting", region_code="00") == []
    assert len(cells(con, "out_commuting_rate", "region_code = '00' and sex = 'women' and series = 'BAS'")) == 580


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
    # Ten municipalities and twelve workplaces; the two outside the county are in the numerator too.
    where = "region_code = '19' and period = '2024' and sex = 'women' and series = 'BAS'"
    assert len(cells(con, "county_out_commuting_rate", where)) == 120 + 20
    within = by_sex(con, "out_commuters_within_county_share", region_code="1980")
    assert within["women"]["value"] == pytest.approx(100 * 27 / 33)


def over_the_border(con: duckdb.DuckDBPyConnection, sex: str, leave: float, period: str = "2023") -> None:
    figures = {"out_commuters": leave, "in_commuters": 20, "resident_workers": 200, "workers_at_workplaces": 160}
    rows = [{"measure": measure, "value": value} for measure, value in figures.items()]
    put(con, "TAB6369", rows, sex=sex, education="total", period=period)


def test_commuting_over_the_county_border_is_the_published_one_and_the_relations_stand_beside(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """TAB6369 is about 20-64 years, TAB1830 about 15-74: two series, and the stand-by has no year of its own after."""
    relations(con, TEN, [*TEN, "0180"])
    relations(con, ["0180"], TEN)
    con.execute("update staged.TAB1830 set period = '2023' where sex = 'women' or sex = 'men'")
    relations(con, TEN, [*TEN, "0180"])
    relations(con, ["0180"], TEN)
    rates = ("county_out_commuting_rate", "county_in_commuting_rate", "county_net_commuting")
    for one in rates:
        assert {(row["period"], row["series"]) for row in computed(con, one)} == {("2023", "BAS"), ("2024", "BAS")}
    over_the_border(con, "women", 30)
    over_the_border(con, "men", -50)
    for one in rates:
        assert {(row["period"], row["series"]) for row in computed(con, one)} == {("2023", "BAS"), ("2023", "RMI")}
        assert {row["reason"] for row in computed(con, one, series="RMI")} == {None}
        assert {row["reason"] for row in computed(con, one, series="BAS")} == {"own_sum"}
    shown = {one: by_sex(con, one, series="RMI") for one in rates}
    assert (shown[rates[0]]["women"]["value"], shown[rates[0]]["men"]["value"]) == (15, 25)
    assert (shown[rates[1]]["women"]["value"], shown[rates[1]]["women"]["denominator"]) == (12.5, 160)
    assert (shown[rates[2]]["women"]["value"], shown[rates[2]]["men"]["value"]) == (-10, -30)
    assert len(cells(con, "county_net_commuting", "region_code = '19' and sex = 'men' and series = 'RMI'")) == 2


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
    shares = {row["category"]: row for row in computed(con, "post_secondary_education_share", sex="women")}
    assert shares["all"]["value"] == pytest.approx(100 * 18 / 36)
    levels = {category.removeprefix("education:"): row for category, row in shares.items() if category != "all"}
    assert {level: row["numerator"] for level, row in levels.items()} == {
        one: 40 * size for one, size in LEVELS.items()
    }
    assert sum(row["value"] for row in levels.values()) == pytest.approx(100)
    assert set(levels) == set(INDICATORS["post_secondary_education_share"].front.dimensions["education"])
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


def test_every_background_of_the_elected_is_there_with_the_label_that_scb_gives_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """The codes of children and income are not established: what the table has is shown under the table's own words."""
    codes = [("all", "samald", "samtliga åldrar"), (None, "18-29", "18-29 år"), (None, "kv1", "inkomstkvintil 1")]
    for name, code, label in codes:
        con.execute(
            "insert into reference.source_code (table_id, variable, name, code, label) values (?, ?, ?, ?, ?)",
            ["TAB708", "BakgrVar", name, code, label],
        )
        rows = [{"sex": "women", "value": -4}, {"sex": "men", "value": 2}]
        put(con, "TAB708", rows, period="2023-2026", background=name or code, measure="electorate_difference")
    indicator = INDICATORS["elected_vs_electorate_gap"]
    label_categories(con, {indicator.id: indicator})
    labels = con.execute(
        "select dimension || ':' || code, label from reference.indicator_dimension where indicator = ? order by sort",
        [indicator.id],
    ).fetchall()
    assert labels == [("background:18-29", "18-29 år"), ("background:kv1", "inkomstkvintil 1")]
    rows = computed(con, indicator.id, sex="women")
    assert {row["category"] for row in rows} == {"all", "background:18-29", "background:kv1"}
    assert TABLES["TAB708"].selections[0]["BakgrVar"] == "all"


def test_managers_are_the_occupations_that_begin_with_one(con: duckdb.DuckDBPyConnection) -> None:
    for occupation, women, men in (("111", 30, 10), ("121", 10, 50), ("211", 500, 1)):
        rows = [{"sex": "women", "value": women}, {"sex": "men", "value": men}]
        put(con, "TAB4396", rows, occupation=occupation, measure="employees", period="2017")
    (share,) = computed(con, "women_share_managers")
    assert (share["value"], share["numerator"], share["denominator"]) == (40, 40, 100)


def test_what_rests_on_a_preliminary_table_is_marked_so(con: duckdb.DuckDBPyConnection) -> None:
    for table, preliminary in (("TAB6260", "all"), ("TAB3200", "none")):
        con.execute("insert into reference.source_table (table_id, preliminary) values (?, ?)", [table, preliminary])
    rows: list[Row] = [{"sex": "women", "value": 5}, {"sex": "men", "value": 6}]
    put(con, "TAB6260", rows, period="2024M11", age="20-64", birth_region="tot", measure="unemployment_rate")
    build_indicator(con, INDICATORS["unemployment_rate_monthly"])
    build_indicator(con, INDICATORS["employment_rate"])
    marks = con.execute("select distinct is_preliminary from indicators.unemployment_rate_monthly").fetchall()
    assert marks == [(True,)]
    assert con.execute("select count(*) from indicators.employment_rate where is_preliminary").fetchall() == [(0,)]


# Representation, councils, turnout


def test_representation_is_one_where_women_are_as_many_of_the_entrepreneurs_as_of_the_employed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    workers(con, "women", 10, 20, 1000)
    workers(con, "men", 50, 20, 1000)
    (row,) = computed(con, "entrepreneur_representation_ratio")
    assert (row["sex"], row["value"], row["numerator"], row["denominator"]) == ("total", 0.6, 30, 50)
    assert row["reason"] == "own_sum"


def test_representation_without_employed_women_is_not_a_number(con: duckdb.DuckDBPyConnection) -> None:
    workers(con, "women", 0, 0, 0)
    workers(con, "men", 50, 20, 1000)
    (row,) = computed(con, "entrepreneur_representation_ratio")
    assert (row["value"], row["numerator"], row["reason"]) == (None, None, "namnare_noll")


def members(
    con: duckdb.DuckDBPyConnection, table: str, women: float | None, men: float, party: str = "A", **key: Any
) -> None:
    rows = [{"sex": "women", "value": women}, {"sex": "men", "value": men}]
    put(con, table, rows, measure="members", party=party, **({"period": "2022"} | key))


def test_a_council_is_the_sum_of_its_parties_and_a_county_of_its_councils(con: duckdb.DuckDBPyConnection) -> None:
    for code in TEN:
        members(con, "TAB1970", 3, 2, region_code=code)
        members(con, "TAB1970", 7, 28, "B", region_code=code)
    (one,) = computed(con, "women_share_municipal_council", region_code="1980")
    assert (one["value"], one["numerator"], one["denominator"], one["reason"]) == (25, 10, 40, "own_sum")
    (county,) = computed(con, "women_share_municipal_council", region_code="19")
    assert (county["numerator"], county["denominator"]) == (100, 400)
    # The ten are not all of Sweden's municipalities.
    assert computed(con, "women_share_municipal_council", region_code="00") == []


def test_a_council_with_a_party_that_is_not_shown_has_no_share(con: duckdb.DuckDBPyConnection) -> None:
    for code in TEN:
        members(con, "TAB1970", 3 if code != "1980" else None, 2, region_code=code)
        members(con, "TAB1970", 7, 28, "B", region_code=code)
    for code in ("1980", "19"):
        (row,) = computed(con, "women_share_municipal_council", region_code=code)
        assert (row["value"], row["numerator"], row["status"]) == (None, None, "..")


def test_a_regional_council_and_the_parliament_are_sums_of_parties(con: duckdb.DuckDBPyConnection) -> None:
    for table, region in (("TAB2589", "19"), ("TAB3531", "00")):
        members(con, table, 20, 10, region_code=region)
        members(con, table, 10, 20, "B", region_code=region)
    (council,) = computed(con, "women_share_regional_council")
    assert (council["region_code"], council["value"]) == ("19", 50)
    (parliament,) = computed(con, "women_share_parliament")
    assert (parliament["region_code"], parliament["numerator"], parliament["denominator"]) == ("00", 30, 60)


def test_turnout_has_its_three_elections_from_three_tables(con: duckdb.DuckDBPyConnection) -> None:
    for table, region in (("TAB4255", "00"), ("TAB4268", "19"), ("TAB5211", "1980")):
        for measure in ("turnout_parliament", "turnout_region", "turnout_municipality"):
            rows = [{"sex": "women", "value": 85.1}, {"sex": "men", "value": 83.9}, {"sex": "total", "value": 84.5}]
            put(con, table, rows, measure=measure, background="total", period="2022", region_code=region)
            put(con, table, rows, measure=measure, background="other", period="2022", region_code=region)
    rows = computed(con, "voter_turnout", sex="women")
    assert len(rows) == 9
    assert {row["category"] for row in rows} == {"election:riksdag", "election:region", "election:kommun"}
    assert {(row["value"], row["numerator"]) for row in rows} == {(85.1, None)}


# Migration, benefits, income


def stock(con: duckdb.DuckDBPyConnection, sex: str, each: float, ages: Sequence[int]) -> None:
    rows = [
        {"age": str(age), "marital_status": status, "value": each}
        for age in ages
        for status in ("OG", "G", "SK", "ÄNKL")
    ]
    put(con, "TAB638", rows, sex=sex, measure="population")


def test_population_by_age_is_the_sum_of_one_year_ages_or_the_published_group(con: duckdb.DuckDBPyConnection) -> None:
    """TAB638 has neither groups of age nor a total of marital status; TAB5557 has both, with noise."""
    for sex in ("women", "men"):
        stock(con, sex, 100, range(100))
        rows = [{"marital_status": status, "value": 2} for status in ("OG", "G", "SK", "ÄNKL")]
        put(con, "TAB638", rows, age="100+", sex=sex, measure="population")
        put(con, "TAB638", [row | {"value": 5000} for row in rows], age="all", sex=sex, measure="population")
        published = [{"age": age, "value": value} for age, value in (("all", 20003), ("0-9", 4001), ("100+10", 9))]
        put(con, "TAB5557", published, period="2025", sex=sex, measure="population", marital_status="all")
    shown = {(row["period"], row["category"]): row["value"] for row in computed(con, "population", sex="women")}
    groups = ("0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90-99")
    assert shown == {
        ("2024", "all"): 20000, ("2024", "age:100+10"): 8, ("2025", "all"): 20003, ("2025", "age:0-9"): 4001,
        ("2025", "age:100+10"): 9, **{("2024", f"age:{group}"): 4000 for group in groups},
    }  # fmt: skip
    assert {*groups, "100+10"} == set(INDICATORS["population"].front.dimensions["age"])
    con.execute("delete from staged.TAB638 where age = '7' and marital_status = 'OG' and sex = 'men'")
    assert by_sex(con, "population", period="2024", category="age:0-9")["women"]["value"] is None
    con.execute("update staged.TAB638 set value = null, status = '..' where age = '17' and sex = 'men'")
    assert by_sex(con, "population", period="2024", category="age:10-19")["men"]["status"] == ".."


def moves(con: duckdb.DuckDBPyConnection, sex: str, each: float, ages: Sequence[int]) -> None:
    put(con, "TAB1212", [{"age": str(age), "value": each} for age in ages], sex=sex, measure="net_domestic")


def test_net_migration_is_the_sum_of_ten_ages_over_the_people_of_these_ages(con: duckdb.DuckDBPyConnection) -> None:
    for sex, each in (("women", -6), ("men", 3)):
        moves(con, sex, each, range(20, 30))
        stock(con, sex, 25, range(20, 30))
    rows = by_sex(con, "net_migration_20_29")
    assert set(rows) == {"women", "men"}
    assert (rows["women"]["value"], rows["women"]["numerator"], rows["women"]["denominator"]) == (-60, -60, 1000)
    assert rows["men"]["value"] == 30


def test_with_one_age_missing_there_is_no_net_migration(con: duckdb.DuckDBPyConnection) -> None:
    for sex in ("women", "men"):
        moves(con, sex, 1, range(20, 29))
        stock(con, sex, 25, range(20, 30))
    assert {row["value"] for row in computed(con, "net_migration_20_29")} == {None}


def test_from_2025_the_published_group_is_used_and_never_the_sum_of_noisy_parts(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for sex, net, people in (("women", -31, 1000), ("men", 20, 1000), ("total", -10, 2001)):
        key = {"sex": sex, "age": "20-29", "period": "2025"}
        put(con, "TAB6640", [{"value": net}], measure="net_domestic", **key)
        put(con, "TAB5557", [{"value": people}], measure="population", marital_status="all", **key)
    rows = by_sex(con, "net_migration_20_29")
    assert rows["total"]["value"] == pytest.approx(1000 * -10 / 2001)
    assert rows["women"]["value"] == -31


def benefits(con: duckdb.DuckDBPyConnection, sex: str, code: str, **values: float | None) -> None:
    rows = [{"measure": measure, "value": value} for measure, value in values.items()]
    put(con, "TAB1386", rows, sex=sex, region_code=code, age="20-64", period="2024M11")


def test_benefits_of_a_county_are_the_sum_of_its_municipalities(con: duckdb.DuckDBPyConnection) -> None:
    for code in ["00", *TEN]:
        benefits(con, "women", code, full_year_equivalents=12, population=100, sickness=5)
        benefits(con, "men", code, full_year_equivalents=9, population=100, sickness=2)
    county = by_sex(con, "benefit_full_year_equivalents_share", region_code="19")
    assert (county["women"]["value"], county["women"]["numerator"]) == (12, 120)
    assert county["women"]["reason"] == "own_sum"
    country = by_sex(con, "benefit_full_year_equivalents_share", region_code="00")
    assert (country["men"]["value"], country["men"]["reason"]) == (9, None)
    sick = by_sex(con, "benefit_full_year_equivalents_by_type", region_code="19", category="benefit:sickness")
    assert (sick["women"]["numerator"], sick["women"]["denominator"]) == (50, 1000)
    where = "region_code = '19' and sex = 'women' and category = 'benefit:sickness'"
    assert len(cells(con, "benefit_full_year_equivalents_by_type", where)) == 20


def test_benefits_of_a_county_without_one_municipality_are_not_a_smaller_sum(con: duckdb.DuckDBPyConnection) -> None:
    for code in TEN:
        for sex in ("women", "men"):
            benefits(con, sex, code, full_year_equivalents=None if code == "1962" else 12, population=100)
    county = by_sex(con, "benefit_full_year_equivalents_share", region_code="19")
    assert [row["value"] for row in county.values()] == [None, None]
    assert county["women"]["status"] == ".."


def test_the_income_gap_is_split_into_two_parts_that_add_up(con: duckdb.DuckDBPyConnection) -> None:
    ages = ["20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64"]
    income = {"women": [200 + 20 * at for at in range(9)], "men": [220 + 26 * at for at in range(9)]}
    persons = {"women": [90 + at for at in range(9)], "men": [110 - 3 * at for at in range(9)]}
    for sex in ("women", "men"):
        for at, age in enumerate(ages):
            rows = [
                {"measure": "mean_income", "value": income[sex][at]},
                {"measure": "earners", "value": persons[sex][at]},
            ]
            put(con, "TAB3554", rows, sex=sex, age=age, income_class="total")
    parts = {row["category"]: row["value"] for row in computed(con, "earned_income_gap_decomposition")}
    mean = {
        sex: sum(a * b for a, b in zip(income[sex], persons[sex], strict=True)) / sum(persons[sex])
        for sex in ("women", "men")
    }
    assert set(parts) == {"part:rate", "part:composition"}
    assert sum(parts.values()) == pytest.approx(mean["women"] - mean["men"])
    assert parts["part:rate"] < 0 < parts["part:composition"]
    con.execute("update staged.TAB3554 set value = null, status = '..' where age = '40-44' and sex = 'women'")
    assert {row["value"] for row in computed(con, "earned_income_gap_decomposition")} == {None}


def test_single_adults_with_and_without_children_stand_apart(con: duckdb.DuckDBPyConnection) -> None:
    for household, values in (("with_children", (300, 350, 310)), ("without_children", (240, None, 260))):
        rows = [{"sex": sex, "value": value} for sex, value in zip(("women", "men", "total"), values, strict=True)]
        put(con, "TAB1492", rows, household_type=household, age="18+", measure="median_income")
    with_children = by_sex(con, "disposable_income_single_adults", category="household:with_children")
    assert {sex: row["value"] for sex, row in with_children.items()} == {"women": 300, "men": 350, "total": 310}
    without = by_sex(con, "disposable_income_single_adults", category="household:without_children")
    assert (without["women"]["value"], without["women"]["reason"]) == (None, "osaker_eller_sekretess")


# Occupations, destinations, integration, the survey


def test_balanced_occupations_count_both_sexes_for_each(con: duckdb.DuckDBPyConnection) -> None:
    """Women are 40 and 60 per cent of the first two, which are balanced; 39 of the third, which is not."""
    put(con, "TAB4434", employees((40, 60, 39, 1), (60, 40, 61, 0)), period="2023")
    put(con, "TAB4434", [{"sex": "women", "value": 500}, {"sex": "men", "value": 500}], occupation="unknown",
        measure="employees", period="2023")  # fmt: skip
    rows = by_sex(con, "balanced_occupations_share")
    assert (rows["women"]["numerator"], rows["women"]["denominator"]) == (100, 140)
    assert (rows["men"]["numerator"], rows["men"]["denominator"]) == (100, 161)
    assert len(cells(con, "balanced_occupations_share", "sex = 'women'")) == 8
    con.execute("update staged.TAB4434 set value = null, status = '..' where occupation = '004' and sex = 'men'")
    assert {row["value"] for row in computed(con, "balanced_occupations_share")} == {None}


def test_occupations_in_it_are_those_that_begin_with_25_or_35(con: duckdb.DuckDBPyConnection) -> None:
    for occupation, women, men in (("251", 20, 60), ("351", 10, 10), ("125", 50, 1), ("532", 90, 10)):
        rows = [{"sex": "women", "value": women}, {"sex": "men", "value": men}]
        put(con, "TAB4434", rows, occupation=occupation, measure="employees", period="2023")
    (row,) = computed(con, "women_share_ict_occupations")
    assert (row["value"], row["numerator"], row["denominator"]) == (30, 30, 100)


def test_where_women_and_men_commute_alike_their_destinations_do_not_differ(con: duckdb.DuckDBPyConnection) -> None:
    relations(con, TEN, [*TEN, "0180"])
    (row,) = computed(con, "commuting_destination_dissimilarity", region_code="1980")
    assert (row["value"], row["numerator"], row["denominator"]) == (0, 30, 60)
    con.execute("""update staged.TAB1830 set value = case sex when 'women' then 0 else 6 end
        where partner_code = '0180' and region_code = '1980'""")
    (row,) = computed(con, "commuting_destination_dissimilarity", region_code="1980")
    assert row["value"] == pytest.approx(10)
    (county,) = computed(con, "commuting_destination_dissimilarity", region_code="19")
    assert (county["numerator"], county["denominator"]) == (297, 600)


def test_the_register_on_integration_has_its_series_side_by_side(con: duckdb.DuckDBPyConnection) -> None:
    for table, period, region in (("TAB6379", "2022", "00"), ("TAB6384", "2022", "19"), ("TAB389", "2021", "19")):
        for background in ("total", "stay_0_1"):
            rows = [{"sex": sex, "value": value} for sex, value in (("women", 70.5), ("men", 75.5), ("total", 73))]
            put(con, table, rows, period=period, region_code=region, education="total", background=background,
                measure="employment_share")  # fmt: skip
    rows = computed(con, "employment_by_background", sex="women")
    assert [(row["region_code"], row["period"], row["series"], row["category"]) for row in rows] == [
        ("00", "2022", "BAS", "background:stay_0_1"),
        ("19", "2021", "RAMS", "background:stay_0_1"),
        ("19", "2022", "BAS", "background:stay_0_1"),
    ]


@pytest.mark.parametrize(
    ("indicator", "measure"),
    [("managers_share_of_employed", "manager_share"), ("entrepreneur_share_long_series", "entrepreneur_share")],
)
def test_shares_by_education_stand_beside_that_of_all(
    con: duckdb.DuckDBPyConnection, indicator: str, measure: str
) -> None:
    for table, period in (("TAB6384", "2022"), ("TAB389", "2021")):
        for at, education in enumerate(("total", "pre_secondary", "upper_secondary", "post_secondary", "unknown")):
            rows = [{"sex": sex, "value": at + more} for sex, more in (("women", 4.1), ("men", 7.2), ("total", 5.6))]
            key = {"period": period, "measure": measure, "education": education}
            put(con, table, rows, background="total", **key)
            put(con, table, rows, background="foreign_born", **key)
    rows = computed(con, indicator, sex="women", series="BAS")
    assert {row["category"]: row["value"] for row in rows} == {
        "all": 4.1, "education:pre_secondary": 5.1, "education:upper_secondary": 6.1, "education:post_secondary": 7.1,
        "education:unknown": 8.1,
    }  # fmt: skip
    labels = INDICATORS[indicator].front.dimensions["education"]
    assert {row["category"] for row in rows} == {"all", *(f"education:{code}" for code in labels)}
    assert len(computed(con, indicator, series="RAMS")) == 15


def test_a_figure_of_the_survey_carries_its_margin(con: duckdb.DuckDBPyConnection) -> None:
    for sex, value, margin in (("women", 64.7, 4.7), ("men", 72.0, 4.4)):
        rows = [{"measure": "percent", "value": value}, {"measure": "margin", "value": margin}]
        put(con, "lfs_quarter", rows, sex=sex, labour_status="employed", period="2025K4")
    rows = by_sex(con, "lfs_employment_rate")
    assert (rows["women"]["value"], rows["women"]["margin"]) == (64.7, 4.7)
    con.execute("update staged.lfs_quarter set value = null, status = '..' where measure = 'percent' and sex = 'men'")
    rows = by_sex(con, "lfs_employment_rate")
    assert (rows["women"]["value"], rows["women"]["margin"], rows["men"]["status"]) == (None, None, "..")
