"""Each rule is silent on sound data, and selects the cells of the fault it is for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.suites import (
    Rule,
    RuleError,
    applies,
    indicator_relations,
    load_rules,
    read_rule,
    reference_relations,
    table_relations,
)
from transforms.build import COLUMNS, TYPES, observe
from transforms.periods import describe
from warehouse.database import SCHEMA

Con = duckdb.DuckDBPyConnection
RULES = {rule.name: rule for rule in load_rules()}
FAILING_COLUMNS = ["region_code", "period", "sex", "category", "value", "expected", "cell"]

REGIONS = """insert into reference.region values
    ('19', 'Västmanlands län', 'county', '19', null, null), ('03', 'Uppsala län', 'county', '03', null, null),
    ('1980', 'Västerås', 'municipality', '19', null, null), ('1981', 'Sala', 'municipality', '19', null, null),
    ('1917', 'Heby', 'municipality', '19', null, '2006-12-31'),
    ('0331', 'Heby', 'municipality', '03', '2007-01-01', null)"""
CODES = """insert into reference.source_code values
    ('TAB1', 'Kon', null, '1', 'män', null, null, 'V'), ('TAB1', 'Kon', null, '2', 'kvinnor', null, null, 'V'),
    ('TAB1', 'Kon', null, '4', 'män och kvinnor', null, null, 'V'),
    ('TAB1', 'Utbildning', null, '1', 'förgymnasial', null, null, 'V'),
    ('TAB1', 'ContentsCode', 'persons', 'A1', 'Antal', 'antal', 0, 'V'),
    ('TAB1', 'ContentsCode', 'rate', 'A2', 'Andel', 'procent', 1, 'V'),
    ('TAB1', 'ContentsCode', 'total_income', 'A3', 'Totalsumma', 'mnkr', 1, 'V')"""


@pytest.fixture
def con() -> Iterator[Con]:
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        connection.execute(REGIONS)
        connection.execute(CODES)
        connection.execute(
            "insert into reference.source_sex"
            " values ('TAB1', 'Kon', '2', 'women'), ('TAB1', 'Kon', '1', 'men'), ('TAB1', 'Kon', '4', 'total')"
        )
        connection.execute("insert into provenance.run (home_region) values ('19')")
        table(connection, additivity="exact")
        yield connection


def table(con: Con, *, additivity: str, cadence: str = "year", partner: bool = False) -> None:
    """An empty TAB1 of a class and a cadence."""
    con.execute("delete from reference.source_table")
    con.execute(
        "insert into reference.source_table (table_id, additivity, cadence, updated, state, levels) "
        "values ('TAB1', ?, ?, '2026-05-28T06:00:00Z', 'loaded', ['municipality'])",
        [additivity, cadence],
    )
    con.execute(f"""create or replace table staged.TAB1 (
        region_code varchar, {"partner_code varchar, " if partner else ""}period varchar, sex varchar, measure varchar,
        value double, status varchar, cell ubigint, unit varchar)""")
    con.execute('create or replace table raw.TAB1 ("Region" varchar, value double, status varchar, cell ubigint)')


def put(con: Con, *rows: tuple[Any, ...], measure: str = "persons", unit: str = "antal") -> None:
    """Rows of (region, period, sex, value[, status]) in the staged table; periods become known."""
    for at, (region, period, sex, value, *status) in enumerate(rows):
        con.execute(
            "insert into staged.TAB1 (region_code, period, sex, measure, value, status, cell, unit) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            [region, period, sex, measure, value, status[0] if status else None, at, unit],
        )
        know(con, period)


def know(con: Con, period: str) -> None:
    if not con.execute("select 1 from reference.period where period = ?", [period]).fetchall():
        meant = describe(period)
        con.execute(
            "insert into reference.period values (?, ?, ?, ?, ?)",
            [period, meant.type, meant.start_date, meant.end_date, meant.sort],
        )


def put_sexes(con: Con, women: float, men: float, total: float, *, region: str = "1980", **contents: str) -> None:
    put(
        con,
        (region, "2020", "women", women),
        (region, "2020", "men", men),
        (region, "2020", "total", total),
        **contents,
    )


def found(con: Con, rule: str, table_id: str = "TAB1") -> list[tuple[Any, ...]] | None:
    """What the rule selects in the table, without the cell; None where it has nothing to say of the table."""
    for statement in (reference_relations(), *table_relations(con, table_id)):
        con.execute(statement)
    return select(con, RULES[rule])


def select(con: Con, rule: Rule) -> list[tuple[Any, ...]] | None:
    if not applies(rule, con):
        return None
    names = [name for name, *_ in con.execute(f"describe {rule.sql}").fetchall()]
    assert names == FAILING_COLUMNS
    return con.execute(f"select * exclude cell from ({rule.sql}) order by all").fetchall()


def indicator(con: Con, *rows: dict[str, Any], name: str = "out_commuting", measure: str = "level") -> None:
    """An indicator with these rows; what a row does not say is null."""
    con.execute(
        "insert or replace into reference.indicator"
        " values (?, '', 'pendling', '', 'percent', ?, 'none', 'year', true, 1)",
        [name, measure],
    )
    columns = ", ".join(f"{column} {TYPES.get(column, 'varchar')}" for column in COLUMNS)
    con.execute(f"create or replace table indicators.{name} ({columns})")
    for row in rows:
        con.execute(
            f"insert into indicators.{name} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())
        )
        know(con, row["period"])
    observe(con, [name])


def row(sex: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {"region_code": "1980", "period": "2020", "sex": sex, "category": "all", "value": value} | more


def found_in(con: Con, rule: str, name: str = "out_commuting") -> list[tuple[Any, ...]] | None:
    for statement in (reference_relations(), *indicator_relations(name)):
        con.execute(statement)
    return select(con, RULES[rule])


# Rules of tables -----------------------------------------------------------------------------------------------------


def test_a_cell_stands_once(con: Con) -> None:
    put(con, ("1980", "2020", "women", 5), ("1980", "2020", "men", 5))
    assert found(con, "key_unique") == []
    put(con, ("1980", "2020", "men", 6))
    assert found(con, "key_unique") == [("1980", "2020", "men", "persons", 2, "en gång")]


def test_a_raw_cell_stands_once(con: Con) -> None:
    con.execute("insert into raw.TAB1 values ('1980', 1, null, 1), ('1981', 1, null, 2)")
    assert found(con, "raw_key_unique") == []
    con.execute("insert into raw.TAB1 values ('1981', 1, null, 3)")
    assert found(con, "raw_key_unique") == [(None, None, None, "Region:1981", 1.0, "en gång")]


def test_regions_and_periods_are_known(con: Con) -> None:
    put(con, ("1980", "2020", "women", 5))
    assert found(con, "codes_in_reference") == []
    put(con, ("1999", "2020", "women", 5))
    con.execute("update staged.TAB1 set period = '20X0' where region_code = '1980'")
    assert found(con, "codes_in_reference") == [
        ("1999", None, None, None, None, "kod i reference.region"),
        (None, "20X0", None, None, None, "kod i reference.period"),
    ]


def test_the_workplace_of_a_commuter_is_known_too(con: Con) -> None:
    table(con, additivity="ckm", partner=True)
    put(con, ("1980", "2020", "women", 5))
    con.execute("update staged.TAB1 set partner_code = '1999'")
    assert found(con, "codes_in_reference") == [("1999", None, None, None, None, "kod i reference.region")]


def test_a_region_has_values_only_while_it_exists(con: Con) -> None:
    put(con, ("1917", "2006", "women", 5), ("0331", "2007", "women", 5), ("1917", "2008", "women", 0))
    put(con, ("1917", "2009", "women", None, ".."))
    assert found(con, "region_in_life_span") == []
    put(con, ("1917", "2008", "men", 7))
    assert found(con, "region_in_life_span") == [
        ("1917", "2008", "men", "persons", 7.0, "inget värde; finns till 2006-12-31")
    ]


def test_statistics_of_new_years_eve_may_follow_the_division_of_the_day_after(con: Con) -> None:
    put(con, ("0331", "2006", "women", 5))
    assert found(con, "region_in_life_span") == []
    put(con, ("0331", "2005", "women", 5))
    assert [cell[:2] for cell in found(con, "region_in_life_span") or []] == [("0331", "2005")]


def test_a_workplace_that_had_closed_is_named(con: Con) -> None:
    table(con, additivity="ckm", partner=True)
    put(con, ("1980", "2020", "women", 5))
    con.execute("update staged.TAB1 set partner_code = '1917'")
    assert [cell[:2] for cell in found(con, "region_in_life_span") or []] == [("1917", "2020")]


def test_every_region_that_is_asked_for_is_there(con: Con) -> None:
    put(con, ("1980", "2020", "women", 5), ("1981", "2020", "women", None, ".."))
    assert found(con, "region_missing") == []
    assert found(con, "region_without_values") == [("1981", "2020", None, "persons", None, "Sala")]
    put(con, ("1981", "2021", "women", 5))
    assert found(con, "region_missing") == [("1980", "2021", None, "persons", None, "Västerås")]
    con.execute("insert into provenance.not_recorded values ('TAB1', 'Region 1980')")
    assert found(con, "region_missing") == [], "what recordings lack is listed by itself"


def test_all_kommuner_and_counties_are_missed_where_the_table_should_have_them(con: Con) -> None:
    put(con, ("19", "2020", "women", 5))
    con.execute("update reference.source_table set levels = ['county']")
    assert [cell[0] for cell in found(con, "region_missing") or []] == ["03"]
    con.execute("update reference.source_table set levels = ['county', 'municipality']")
    assert [cell[0] for cell in found(con, "region_missing") or []] == ["03", "1980", "1981"]


@pytest.mark.parametrize("setting", ["scope = 'national'", "comparison_regions = ['00', '0331']", "home_region = '03'"])
def test_kommuner_beside_the_home_county_are_missed_when_asked_for(con: Con, setting: str) -> None:
    put(con, ("1980", "2020", "women", 5), ("1981", "2020", "women", 5))
    assert found(con, "region_missing") == []
    con.execute(f"update provenance.run set {setting}")
    assert [cell[0] for cell in found(con, "region_missing") or []] == ["0331"]


def classify(con: Con, dimension: str, *rows: tuple[str, float | None]) -> None:
    """One cell per category of the classification, of women in Västerås 2020, and the names that are declared."""
    con.execute("create or replace table reference.ssyk (code varchar, name varchar, major_group varchar)")
    con.execute("insert into reference.ssyk values ('111', 'Politiker', '1'), ('211', 'Fysiker', '2')")
    con.execute("insert into reference.ssyk values ('0002', 'yrke okänt', null)")
    con.execute("create or replace table reference.sni as from (values ('A'), ('B'), ('C'), ('D')) as t(code)")
    con.execute("""insert into reference.source_code values
        ('TAB1', 'Kategori', 'total', 'TOT', 'alla', null, null, 'V'),
        ('TAB1', 'Kategori', 'unknown', 'US', 'okänd', null, null, 'V'),
        ('TAB1', 'Kategori', null, '0000', 'samtliga', null, null, 'V')""")
    put(con, *[("1980", "2020", "women", value) for _, value in rows])
    con.execute(f"alter table staged.TAB1 add column {dimension} varchar")
    for at, (code, _) in enumerate(rows):
        con.execute(f"update staged.TAB1 set {dimension} = ? where cell = ?", [code, at])


def test_a_table_without_occupations_is_not_asked_for_them(con: Con) -> None:
    put(con, ("1980", "2020", "women", 5))
    names = ("category_unknown", "category_missing", "industry_unlisted", "category_counted_twice")
    assert [found(con, name) for name in names] == [None] * 4


def test_a_sum_of_occupations_beside_its_parts_is_refused(con: Con) -> None:
    classify(con, "occupation", ("111", 5), ("211", 6), ("unknown", 1))
    assert found(con, "category_unknown") == found(con, "category_missing") == []
    con.execute("update staged.TAB1 set occupation = '0000' where occupation = '211'")
    assert found(con, "category_unknown") == [(None, None, None, "0000", 6.0, "kod i reference.ssyk")]
    assert found(con, "category_missing") == [(None, "2020", None, "211 Fysiker", None, "yrket finns")]


def test_unknown_occupation_under_its_own_code_is_no_occupation(con: Con) -> None:
    classify(con, "occupation", ("111", 5), ("211", 6), ("0002", 1))
    assert [cell[3] for cell in found(con, "category_unknown") or []] == ["0002"]


def test_an_industry_that_sni_lacks_is_listed(con: Con) -> None:
    classify(con, "industry", ("A", 5), ("B+C", 6), ("C-D", 6), ("unknown", 1), ("total", 12))
    assert found(con, "industry_unlisted") == []
    con.execute("update staged.TAB1 set industry = '0000' where industry = 'A'")
    assert found(con, "industry_unlisted") == [(None, None, None, "0000 samtliga", 5.0, "kod i reference.sni")]
    assert found(con, "category_unknown") is None


def test_industries_that_are_counted_twice_are_refused(con: Con) -> None:
    classify(con, "industry", ("A", 50), ("B+C", 60), ("D", 20), ("unknown", 1), ("total", 130))
    assert found(con, "category_counted_twice") == [], "noise in the parts"
    con.execute("update staged.TAB1 set value = 30 where industry = 'D'")
    assert found(con, "category_counted_twice") == [
        (None, "2020", None, "alla kategorier", 141.0, "högst 102 procent av 130.0")
    ]
    con.execute("update staged.TAB1 set value = 129 where industry = 'D'")
    assert [cell[3] for cell in found(con, "category_counted_twice") or []] == ["alla kategorier", "D"]


def test_no_total_to_compare_with_says_nothing(con: Con) -> None:
    classify(con, "industry", ("A", 5), ("B+C", 6), ("total", None))
    assert found(con, "category_counted_twice") == []
    con.execute("update staged.TAB1 set value = 0")
    assert found(con, "category_counted_twice") == []


def test_both_sexes_or_neither(con: Con) -> None:
    put(con, ("1980", "2020", "women", 5), ("1980", "2020", "men", None, ".."), ("1980", "2020", "total", 9))
    put(con, ("1981", "2020", "total", 9))
    assert found(con, "both_sexes") == []
    put(con, ("19", "2020", "women", 5), ("19", "2020", "total", 9))
    assert found(con, "both_sexes") == [("19", "2020", "men", "persons", None, "män finns också")]


def test_a_table_without_sexes_is_not_asked_for_them(con: Con) -> None:
    put(con, ("1980", "2020", "total", 9))
    con.execute("alter table staged.TAB1 drop column sex")
    for name in ("both_sexes", "sex_codes_right", "sexes_add_up_exact", "total_between_sexes"):
        assert found(con, name) is None
    assert found(con, "key_unique") == []


def test_sex_codes_mean_what_the_declaration_says(con: Con) -> None:
    assert found(con, "sex_codes_right") == []
    con.execute("update reference.source_sex set code = if(sex = 'women', '1', '2') where sex <> 'total'")
    assert found(con, "sex_codes_right") == [
        (None, None, "men", "Kon:2: kvinnor", None, "män"),
        (None, None, "women", "Kon:1: män", None, "kvinnor"),
    ]


def test_a_total_that_is_one_sex_is_named(con: Con) -> None:
    con.execute("update reference.source_code set label = 'kvinnor' where code = '4'")
    assert found(con, "sex_codes_right") == [(None, None, "total", "Kon:4: kvinnor", None, "båda könen")]


def test_sex_may_stand_in_another_variable(con: Con) -> None:
    con.execute("""insert into reference.source_code values
        ('TAB1', 'Hushallstyp', null, '2', 'ensamstående män utan barn', null, null, 'V'),
        ('TAB1', 'Hushallstyp', null, '1', 'ensamstående kvinnor utan barn', null, null, 'V')""")
    assert found(con, "sex_codes_right") == [], "the same codes of another variable say nothing"
    con.execute("update reference.source_sex set variable = 'Hushallstyp' where sex <> 'total'")
    assert [cell[2:4] for cell in found(con, "sex_codes_right") or []] == [
        ("men", "Hushallstyp:1: ensamstående kvinnor utan barn"),
        ("women", "Hushallstyp:2: ensamstående män utan barn"),
    ]
    con.execute("update reference.source_sex set code = if(sex = 'women', '1', '2') where sex <> 'total'")
    assert found(con, "sex_codes_right") == []


def test_swapped_values_under_right_labels_show_beside_another_table(con: Con) -> None:
    con.execute("update reference.source_table set table_id = 'TAB3205'")
    con.execute("insert into reference.source_table (table_id, state) values ('TAB3200', 'loaded')")
    put_sexes(con, 600, 900, 1500, measure="employed")
    con.execute("alter table staged.TAB1 add column age varchar default '15-74'")
    con.execute("alter table staged.TAB1 add column birth_region varchar default 'tot'")
    con.execute("create table staged.TAB3200 as from staged.TAB1")
    con.execute("create table staged.TAB3205 as select *, 'total' as occupational_status from staged.TAB1")
    con.execute("create table raw.TAB3205 as from raw.TAB1")
    con.execute("update staged.TAB3205 set value = value + 20")
    assert found(con, "employed_as_elsewhere", "TAB3205") == []
    con.execute("update staged.TAB3205 set sex = if(sex = 'women', 'men', 'women') where sex <> 'total'")
    assert found(con, "employed_as_elsewhere", "TAB3205") == [
        ("1980", "2020", "men", "employed, 15-74, tot", 620.0, 900.0),
        ("1980", "2020", "women", "employed, 15-74, tot", 920.0, 600.0),
    ]
    con.execute("update reference.source_table set state = 'failed' where table_id = 'TAB3200'")
    assert found(con, "employed_as_elsewhere", "TAB3205") is None


def test_a_sex_code_that_metadata_lacks_is_named(con: Con) -> None:
    con.execute("update reference.source_sex set code = '9' where sex = 'total'")
    assert [cell[2] for cell in found(con, "sex_codes_right") or []] == ["total"]


@pytest.mark.parametrize(
    ("additivity", "rule", "within", "beyond"),
    [
        ("exact", "sexes_add_up_exact", 0, 1),
        ("rounding", "sexes_add_up_rounding", 1, 2),
        ("sample", "sexes_add_up_sample", 1, 2),
        ("ckm", "sexes_add_up_noise", 0, 1),
    ],
)
def test_the_sexes_add_up_by_the_class_of_the_table(
    con: Con, additivity: str, rule: str, within: int, beyond: int
) -> None:
    table(con, additivity=additivity)
    put_sexes(con, 13933, 13048, 26981 - within)
    put_sexes(con, 60.1, 70.2, 65.0, measure="rate", unit="procent")
    assert found(con, rule) == []
    put_sexes(con, 13933, 13048, 26981 - beyond, region="19")
    assert found(con, rule) == [("19", "2020", "total", "persons", 26981.0 - beyond, 26981.0)]
    others = {name for name in RULES if name.startswith("sexes_add_up")} - {rule}
    assert all(found(con, other) is None for other in others)


def test_noise_warns_and_exactness_blocks() -> None:
    severities = {name: rule.severity for name, rule in RULES.items() if "add_up" in name or "between" in name}
    assert severities == {
        "sexes_add_up_exact": "critical",
        "sexes_add_up_rounding": "critical",
        "sexes_add_up_noise": "warning",
        "sexes_add_up_sample": "warning",
        "total_between_sexes": "critical",
        "total_between_sexes_noise": "warning",
        "counties_add_up_exact": "critical",
        "counties_add_up_rounding": "critical",
        "counties_add_up_noise": "warning",
    }


def test_a_null_is_never_added(con: Con) -> None:
    put(con, ("1980", "2020", "women", None, ".."), ("1980", "2020", "men", 5), ("1980", "2020", "total", 9))
    assert found(con, "sexes_add_up_exact") == []


@pytest.mark.parametrize(
    ("additivity", "rule"), [("exact", "total_between_sexes"), ("none", "total_between_sexes_noise")]
)
def test_a_rate_of_both_sexes_lies_between_theirs(con: Con, additivity: str, rule: str) -> None:
    table(con, additivity=additivity)
    put_sexes(con, 60.1, 70.2, 70.3, measure="rate", unit="procent")
    put_sexes(con, 45.0, 55.0, 100.0, measure="rate", unit="procent", region="1981")
    put_sexes(con, 110.5, 120.5, 231.0, measure="total_income", unit="mnkr")
    assert found(con, rule) == [], "one unit of rounding, shares of 100 and sums are sound"
    put_sexes(con, 60.1, 70.2, 70.4, measure="rate", unit="procent", region="19")
    assert found(con, rule) == [("19", "2020", "total", "rate", 70.4, "60.1–70.2")]


@pytest.mark.parametrize(
    ("additivity", "rule", "within", "beyond"),
    [
        ("exact", "counties_add_up_exact", 0, 1),
        ("rounding", "counties_add_up_rounding", 1, 2),
        ("ckm", "counties_add_up_noise", 0, 1),
    ],
)
def test_the_kommuner_add_up_to_their_county(con: Con, additivity: str, rule: str, within: int, beyond: int) -> None:
    table(con, additivity=additivity)
    put(con, ("1980", "2020", "women", 5), ("1981", "2020", "women", 6), ("19", "2020", "women", 11 + within))
    put(con, ("1917", "2020", "women", 0))
    assert found(con, rule) == []
    put(con, ("1980", "2021", "women", 5), ("1981", "2021", "women", 6), ("19", "2021", "women", 11 + beyond))
    assert found(con, rule) == [("19", "2021", "women", "persons", 11.0 + beyond, 11.0)]


def test_a_county_is_held_against_its_kommuner_only_when_all_of_them_have_values(con: Con) -> None:
    put(con, ("1980", "2006", "women", 5), ("1981", "2006", "women", 6), ("19", "2006", "women", 99))
    assert found(con, "counties_add_up_exact") == [], "Heby belonged to the county in 2006"
    put(con, ("1980", "2020", "women", None, ".."), ("1981", "2020", "women", 6), ("19", "2020", "women", 99))
    assert found(con, "counties_add_up_exact") == []
    put(con, ("1917", "2006", "women", 7))
    assert found(con, "counties_add_up_exact") == [("19", "2006", "women", "persons", 99.0, 18.0)]


@pytest.mark.parametrize(
    ("cadence", "whole", "gap"),
    [
        ("year", ("2019", "2020", "2021"), ("2019", "2021")),
        ("quarter", ("2019K4", "2020K1", "2020K2"), ("2019K4", "2020K2")),
        ("month", ("2025M12", "2026M01"), ("2025M12", "2026M02")),
        ("month", ("2024M11", "2025M11", "2026M11"), ("2024M11", "2025M11", "2025M12")),
        ("mandate", ("2015-2018", "2019-2022", "2023-2026"), ("2015-2018", "2023-2026")),
        ("five_years", ("2017-2021", "2018-2022"), ("2017-2021", "2019-2023")),
    ],
)
def test_periods_follow_by_the_cadence(con: Con, cadence: str, whole: tuple[str, ...], gap: tuple[str, ...]) -> None:
    table(con, additivity="exact", cadence=cadence)
    put(con, *[("1980", period, "women", 5) for period in whole])
    assert found(con, "periods_contiguous") == []
    con.execute("delete from staged.TAB1")
    put(con, *[("1980", period, "women", 5) for period in gap])
    assert [cell[5] for cell in found(con, "periods_contiguous") or []] == [f"perioden efter {gap[0]}"]


def test_a_table_older_than_last_time(con: Con) -> None:
    assert found(con, "updated_not_older") is None, "on the first run there is nothing to compare with"
    con.execute("insert into previous.source_table values ('TAB1', '2026-05-28T06:00:00Z')")
    assert found(con, "updated_not_older") == []
    con.execute("update previous.source_table set updated = '2026-05-28T06:00:01Z'")
    assert found(con, "updated_not_older") == [
        (None, None, None, "uppdaterad 2026-05-28T06:00:00Z", None, "tidigast 2026-05-28T06:00:01Z")
    ]
    con.execute("update previous.source_table set updated = '2026-05-28T07:00:00+01:00'")
    assert found(con, "updated_not_older") == []
    con.execute("update previous.source_table set updated = 'igår'")
    assert found(con, "updated_not_older") == [], "what is no date cannot be compared"


def test_a_table_that_was_not_published_on_the_day_given(con: Con) -> None:
    assert found(con, "publication_late") is None, "no day is given"
    con.execute("update provenance.run set started_at = '2026-11-27 22:59:00+00'")
    con.execute("update reference.source_table set expected = '2026-11-27'")
    assert found(con, "publication_late") == [], "the day has not passed in Sweden"
    con.execute("update provenance.run set started_at = '2026-11-27 23:00:00+00'")
    late = (None, None, None, "uppdaterad 2026-05-28", None, "senast 2026-11-27")
    assert found(con, "publication_late") == [late]
    con.execute("insert into reference.source_word values ('TAB1', 'discontinued', null, null, 'true')")
    assert found(con, "publication_late") == [], "of a table that has ended nothing is expected"
    con.execute("delete from reference.source_word")
    con.execute("update reference.source_table set updated = '2026-11-27T07:00:00Z'")
    assert found(con, "publication_late") == []


def test_what_scb_left_out_carries_its_symbol_and_is_not_zero(con: Con) -> None:
    put(con, ("1980", "2020", "women", None, ".."), ("1980", "2020", "men", 0, "-"), ("1981", "2020", "men", 0))
    assert found(con, "status_kept") == found(con, "null_not_zero") == []
    put(con, ("19", "2020", "women", None), ("19", "2020", "men", 0, ".."))
    assert found(con, "status_kept") == [("19", "2020", "women", "persons", None, "symbol")]
    assert found(con, "null_not_zero") == [("19", "2020", "men", "persons", 0.0, "inget värde: ..")]


def test_a_correction_is_listed_while_it_holds_and_fails_when_the_source_has_changed(con: Con) -> None:
    put(con, ("1980", "2020", "women", 50))
    assert found(con, "correction_applied") is None
    con.execute(
        "insert into reference.correction values ('TAB1', 0, 5, 5, 50, 'skäl', 'vi', null, 'reported', 'applied')"
    )
    assert found(con, "correction_applied") == [("1980", "2020", "women", "persons", 50.0, "SCB: 5.0")]
    assert found(con, "correction_outdated") == []
    con.execute("update reference.correction set served = 51, outcome = 'outdated'")
    assert found(con, "correction_applied") == []
    assert found(con, "correction_outdated") == [("1980", "2020", "women", "persons", 51.0, 5.0)]


def test_the_margin_of_the_whole_is_smaller_than_that_of_its_parts(con: Con) -> None:
    table(con, additivity="sample")
    put_sexes(con, 4.7, 4.4, 3.2, measure="margin", unit="procent")
    assert found(con, "total_between_sexes_noise") == []


# Rules of indicators -------------------------------------------------------------------------------------------------


def test_a_value_of_an_indicator_stands_once(con: Con) -> None:
    indicator(
        con, row("women", 1, series="BAS"), row("women", 1, series="RAMS_N"), row("women", 1, partner_code="1981")
    )
    assert found_in(con, "indicator_key_unique") == []
    indicator(con, row("women", 1, series="BAS"), row("women", 2, series="BAS"))
    assert found_in(con, "indicator_key_unique") == [("1980", "2020", "women", "all, BAS", 2, "en gång")]


def test_the_periods_are_of_the_length_that_the_indicator_says(con: Con) -> None:
    indicator(con, row("women", 1), row("men", 1))
    con.execute("update reference.indicator set period_type = 'year'")
    assert found_in(con, "indicator_cadence") == []
    con.execute("update reference.indicator set period_type = 'month'")
    assert found_in(con, "indicator_cadence") == [(None, "2020", None, None, None, "month")]


def test_an_indicator_by_sex_has_both(con: Con) -> None:
    indicator(con, row("women", 1), row("men", None, status=".."), row("total", 1))
    assert found_in(con, "indicator_both_sexes") == []
    assert found_in(con, "indicator_both_sexes_valued") == [("1980", "2020", "men", "all", None, "ett värde")]
    indicator(con, row("women", 1), row("total", 1))
    assert found_in(con, "indicator_both_sexes") == [("1980", "2020", "men", "all", None, "män finns också")]
    indicator(con, row("total", 1))
    assert found_in(con, "indicator_both_sexes") == [("1980", "2020", "women", "all", None, "kvinnor finns också")]
    indicator(con, row("total", 1), measure="share")
    assert found_in(con, "indicator_both_sexes") is None


def test_a_missing_figure_says_why(con: Con) -> None:
    indicator(con, row("women", None, status=".."), row("men", None, reason="namnare_noll"))
    assert found_in(con, "indicator_status_present") == []
    indicator(con, row("women", None), row("men", None, status=""))
    assert [cell[2] for cell in found_in(con, "indicator_status_present") or []] == ["men", "women"]


def test_a_missing_figure_is_no_zero(con: Con) -> None:
    indicator(
        con, row("women", 0, reason="own_sum"), row("men", 0, status="-"), row("total", 0, reason="litet_underlag")
    )
    assert found_in(con, "indicator_null_not_zero") == []
    indicator(
        con, row("women", 0, status=".."), row("men", 0, reason="namnare_noll"), row("total", 0, region_code="1917")
    )
    assert [cell[5] for cell in found_in(con, "indicator_null_not_zero") or []] == [
        "inget värde: regionen fanns inte",
        "inget värde: namnare_noll",
        "inget värde: ..",
    ]


def test_an_indicator_has_no_value_for_a_region_that_had_closed(con: Con) -> None:
    indicator(con, row("women", 3), row("men", None, region_code="1917", reason="saknas_i_kallan"))
    assert found_in(con, "indicator_region_in_life_span") == []
    indicator(con, row("women", 3, region_code="1917"))
    assert found_in(con, "indicator_region_in_life_span") == [("1917", "2020", "women", "all", 3.0, "inget värde")]


def test_each_series_of_an_indicator_has_its_own_periods(con: Con) -> None:
    rams = [row("women", 1, series="RAMS", period=period) for period in ("2017", "2018")]
    bas = [row("women", 1, series="BAS", period=period) for period in ("2020", "2021")]
    indicator(con, *rams, *bas)
    assert found_in(con, "indicator_periods_contiguous") == []
    indicator(con, *rams, *bas, row("women", 1, series="BAS", period="2023"))
    assert found_in(con, "indicator_periods_contiguous") == [(None, "2023", None, "BAS", None, "perioden efter 2021")]


def publish_before(con: Con) -> None:
    con.execute("insert into previous.observation from indicators.observation")
    con.execute("insert into previous.indicator values ('out_commuting', 2, 2, 1, '2020', '2020', 'r0', null)")


def test_an_indicator_does_not_shrink(con: Con) -> None:
    names = ("coverage_not_smaller", "values_not_fewer", "last_period_not_earlier")
    indicator(con, row("women", 1), row("men", 1, series="BAS"), row("total", None, partner_code="1981"))
    assert [found_in(con, name) for name in names] == [None, None, None]
    publish_before(con)
    assert [found_in(con, name) for name in names] == [[], [], []]
    indicator(con, row("women", 1, period="2021"), row("men", 1, series="RAMS"), row("total", 2, period="2019"))
    assert found_in(con, "coverage_not_smaller") == [
        ("1980", "2020", "men", "all, BAS", None, "förut 1.0"),
        ("1980", "2020", "total", "all, 1981", None, "förut en rad"),
        ("1980", "2020", "women", "all", None, "förut 1.0"),
    ]
    indicator(con, row("women", 1, period="2019"))
    assert found_in(con, "last_period_not_earlier") == [(None, "2019", None, None, None, "minst 2020")]


def test_lost_values_are_noted_and_too_many_of_one_kind_of_region_refused(con: Con) -> None:
    kommun = [row("women", 1, category=f"age:{age}") for age in range(20)]
    county = [row("women", 1, region_code="19", category=f"age:{age}") for age in range(20)]
    relation = [row("women", 1, partner_code="1981", category=f"age:{age}") for age in range(20)]
    indicator(con, *kommun, *county, *relation)
    publish_before(con)
    indicator(
        con,
        *kommun[1:],
        *county[1:],
        *relation[1:],
        *({**part[0], "value": None} for part in (kommun, county, relation)),
    )
    assert found_in(con, "coverage_not_smaller") == []
    assert found_in(con, "values_not_fewer") == [
        ("19", "2020", "women", "age:0", None, "förut 1.0"),
        ("1980", "2020", "women", "age:0", None, "förut 1.0"),
        ("1980", "2020", "women", "age:0, 1981", None, "förut 1.0"),
    ]
    for part in (kommun, county, relation):
        lost = [{**one, "value": None} for one in part[:2]]
        indicator(
            con, *lost, *part[2:], *(one for other in (kommun, county, relation) if other is not part for one in other)
        )
        assert len(found_in(con, "coverage_not_smaller") or []) == 2


def test_a_region_that_is_no_longer_asked_for_is_no_loss(con: Con) -> None:
    indicator(con, row("women", 1), row("women", 1, region_code="0331"), row("women", 1, region_code="1917"))
    publish_before(con)
    indicator(con, row("women", 1))
    assert found_in(con, "coverage_not_smaller") == []
    con.execute("update provenance.run set scope = 'national'")
    assert [cell[0] for cell in found_in(con, "coverage_not_smaller") or []] == ["0331"]


@pytest.mark.parametrize(("kind", "series"), [("occupation", "BAS"), ("industry", None)])
def test_low_or_unknown_coverage_warns_at_the_index_it_belongs_to(con: Con, kind: str, series: str | None) -> None:
    known, index = f"{kind}_known_share", f"{kind}_segregation_index"

    def share(sex: str, numerator: float | None, **more: Any) -> dict[str, Any]:
        return row(sex, numerator, numerator=numerator, denominator=100, series=series, **more)

    indicator(
        con,
        *(share("women", 96.1), share("men", 94.3), share("total", 90)),
        *(share("women", 95.1, period="2021"), share("men", 94.7, period="2021"), share("total", 99, period="2021")),
        *(share("women", 99, period="2022"), share("men", None, period="2022")),
        name=known,
    )
    assert found_in(con, "known_share", known) is None
    years = ("2020", "2021", "2022", "2023")
    missing = row("total", None, period="2024")
    indicator(con, *(row("total", 56, period=year, series=series) for year in years), missing, name=index)
    observe(con, [known, index])
    category = "all, BAS" if series else "all"
    assert found_in(con, "known_share", index) == [
        ("1980", "2021", "total", category, 94.9, "minst 95"),
        ("1980", "2022", "total", category, None, "minst 95"),
        ("1980", "2023", "total", category, None, "minst 95"),
    ], "women and men together decide, not one of them"


def test_a_published_rate_is_held_against_the_published_counts(con: Con) -> None:
    women = row("women", 78.6, numerator=784, denominator=1000)
    indicator(con, women, row("men", 81.9, numerator=8190, denominator=10000), row("total", 80))
    assert found_in(con, "published_rate") is None, "what is computed from the counts says nothing"
    con.execute("update reference.indicator set derived = false")
    assert found_in(con, "published_rate") == []
    con.execute("update indicators.out_commuting set numerator = 8100 where sex = 'men'")
    assert found_in(con, "published_rate") == [("1980", "2020", "men", "all", 81.9, 81.0)]
    con.execute("update indicators.out_commuting set numerator = 8, denominator = 10 where sex = 'men'")
    assert found_in(con, "published_rate") == [], "three persons of ten are noise"
    indicator(con, row("women", 1))
    con.execute("update reference.indicator set derived = false")
    assert found_in(con, "published_rate") is None


def test_counts_that_are_not_those_of_the_rate_are_pointed_out(con: Con) -> None:
    places = ("00", "01", "03", "04", "05", "19")

    def rates(counted: float, numerator: float) -> None:
        indicator(
            con, *(row("women", 78, region_code=code, numerator=numerator, denominator=counted) for code in places)
        )
        con.execute("update reference.indicator set derived = false")

    rates(10000, 7810)
    assert found_in(con, "rate_of_other_counts") == []
    rates(10000, 600)
    assert found_in(con, "rate_of_other_counts") == [(None, "2020", "women", "all", 72.0, "högst 5 procentenheter")]
    rates(100, 6)
    assert found_in(con, "rate_of_other_counts") == [], "of few persons noise may move a quotient far"


def test_a_part_of_a_noisy_whole_may_be_a_little_larger(con: Con) -> None:
    table(con, additivity="ckm")
    con.execute("insert into reference.indicator_table values ('out_commuting', 'TAB1')")
    indicator(con, row("women", 100.0), row("men", 100.1))
    assert found_in(con, "share_above_whole") == [("1980", "2020", "men", "all", 100.1, "högst 100")]
    table(con, additivity="exact")
    assert found_in(con, "share_above_whole") is None


def test_a_category_that_the_file_does_not_name_is_pointed_out(con: Con) -> None:
    con.execute("insert into reference.indicator_dimension values ('out_commuting', 'age', '20-64', '20–64 år', 0)")
    indicator(con, row("women", 1), row("women", 2, category="age:20-64"))
    assert found_in(con, "indicator_category_known") == []
    indicator(con, row("women", 2, category="age:20–64"), row("men", 2, category="age:20–64", period="2021"))
    assert found_in(con, "indicator_category_known") == [(None, "2021", None, "age:20–64", None, "en känd kategori")]


def test_series_that_overlap_are_pointed_out(con: Con) -> None:
    indicator(
        con,
        row("women", 1, series="RAMS_N", period="2019"),
        row("women", 2, series="BAS"),
        row("women", None, series="RAMS_N", status=".."),
    )
    assert found_in(con, "indicator_series_overlap") == []
    indicator(con, row("women", 1, series="RAMS_N"), row("women", 2, series="BAS"))
    assert found_in(con, "indicator_series_overlap") == [("1980", "2020", None, "all", None, "en serie av BAS, RAMS_N")]


@pytest.mark.parametrize("column", ["value", "numerator", "denominator", "margin"])
@pytest.mark.parametrize("measure", ["level", "share", "decomposition"])
def test_a_division_by_zero_is_no_figure_whatever_the_measure(con: Con, column: str, measure: str) -> None:
    indicator(con, row("women", 1), row("men", None, status=".."), measure=measure)
    assert found_in(con, "indicator_finite") == []
    for divided in ("inf", "-inf", "nan"):
        indicator(con, row("women", 1) | {column: float(divided)}, measure=measure)
        (cell,) = found_in(con, "indicator_finite") or []
        assert (cell[0], cell[2], cell[5]) == ("1980", "women", f"ett ändligt tal i {column}")


def test_a_computed_share_comes_with_what_it_is_a_share_of(con: Con) -> None:
    indicator(con, row("women", 50, numerator=1, denominator=2), row("men", None, status=".."))
    assert found_in(con, "indicator_operands_given") == []
    indicator(con, row("women", 50, numerator=1), row("men", 50, denominator=2))
    assert [cell[2:6:3] for cell in found_in(con, "indicator_operands_given") or []] == [
        ("men", "täljare (numerator)"),
        ("women", "nämnare (denominator)"),
    ]
    con.execute("update reference.indicator set derived = false")
    assert found_in(con, "indicator_operands_given") is None, "as published there is neither"


def test_a_period_that_one_table_has_and_the_other_lacks_is_named_with_what_is_missing(con: Con) -> None:
    offered = [
        ("workers", "BAS", "2020"), ("workers", "BAS", "2021"), ("people", "BAS", "2020"), ("people", "BAS", "2021"),
        ("workers", "RAMS", "2019"),
    ]  # fmt: skip
    indicator(con, row("women", 1))
    con.executemany("insert into reference.indicator_operand values ('out_commuting', ?, ?, ?)", offered)
    assert found_in(con, "indicator_operands_meet") == []
    con.execute("delete from reference.indicator_operand where operand = 'people' and period = '2021'")
    assert found_in(con, "indicator_operands_meet") == [(None, "2021", None, "people, BAS", None, "celler för people")]


# Drift against the last publication and over time ---------------------------------------------------------------------

OTHER = {"women": "men", "men": "women"}
COUNTIES = [f"{at:02d}" for at in range(3, 25) if at not in (11, 15, 16)]


def history(con: Con, change: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda one: one) -> None:
    """Women and men of the counties over ten years, a little apart and moving a little; each row may be changed."""
    con.executemany(
        "insert or ignore into reference.region values (?, ?, 'county', ?, null, null)", [(c, c, c) for c in COUNTIES]
    )
    rows = [
        row(
            sex,
            base + at * 0.2 + (year % 3) * 0.1 * (1 + at % 2) + (year - 2010) * 0.3,
            region_code=code,
            period=str(year),
        )
        for at, code in enumerate(COUNTIES)
        for year in range(2010, 2020)
        for sex, base in (("women", 60.0), ("men", 66.0))
    ]
    indicator(con, *filter(None, map(change, rows)))


def released(con: Con) -> None:
    con.execute("delete from previous.observation; delete from previous.indicator")
    publish_before(con)


DRIFT = (
    "indicator_magnitude_changed", "period_shifted", "sexes_changed_places", "sexes_flipped", "gap_sign_changed",
    "revised_without_update", "revised_more_than_usual", "abrupt_change_in_time", "quantile_band",
    "apart_from_counties", "preliminary_frozen",
)  # fmt: skip


def drifted(con: Con) -> set[str]:
    """The rules of drift that fail."""
    return {name for name in DRIFT if found_in(con, name)}


def test_the_same_figures_again_are_no_drift(con: Con) -> None:
    history(con)
    assert drifted(con) == set()
    released(con)
    assert drifted(con) == set()


def newest(one: dict[str, Any], factor: float, *codes: str) -> dict[str, Any]:
    """The row, times the factor where it is of the newest year and one of the counties."""
    hit = one["period"] == "2019" and (not codes or one["region_code"] in codes)
    return {**one, "value": one["value"] * factor} if hit else one


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (lambda one: newest(one, 1.15, "19"), {"abrupt_change_in_time", "apart_from_counties"}),
        (lambda one: newest(one, 1.15), {"quantile_band"}),
        (lambda one: {**one, "sex": OTHER[one["sex"]]} if one["period"] == "2019" else one,
         {"sexes_flipped", "gap_sign_changed"}),
        (lambda one: {**one, "is_preliminary": one["period"] == "2012"}, {"preliminary_frozen"}),
    ],
)  # fmt: skip
def test_a_newest_period_unlike_the_earlier_ones_is_pointed_out(con: Con, change: Any, rules: set[str]) -> None:
    history(con, change)
    assert rules <= drifted(con)


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (lambda one: {**one, "value": one["value"] * 1000}, {"indicator_magnitude_changed"}),
        (lambda one: {**one, "period": str(int(one["period"]) + 1)}, {"period_shifted"}),
        (lambda one: {**one, "sex": OTHER[one["sex"]]},
         {"sexes_changed_places", "gap_sign_changed"}),
        (lambda one: newest(one, 0.9, "19"), {"revised_more_than_usual", "revised_without_update"}),
    ],
)  # fmt: skip
def test_figures_unlike_those_of_the_last_publication_are_pointed_out(con: Con, change: Any, rules: set[str]) -> None:
    history(con)
    released(con)
    history(con, change)
    assert rules <= drifted(con)


def test_a_period_that_repeats_the_one_before_is_refused(con: Con) -> None:
    for many, sex in enumerate(("women", "men", "total"), 1):
        put(
            con, *((code, year, sex, many * 1000 + at) for at, code in enumerate(COUNTIES) for year in ("2020", "2021"))
        )
    assert [period for _, period, *_ in found(con, "period_repeated") or []] == ["2021"]
    con.execute("update staged.TAB1 set value = value + 3 where period = '2021'")
    assert found(con, "period_repeated") == []


def test_counts_a_thousand_times_larger_than_the_year_before_are_refused(con: Con) -> None:
    put(con, *((code, year, "women", 1000 + at * 7) for at, code in enumerate(COUNTIES) for year in ("2020", "2021")))
    assert found(con, "magnitude_changed") == []
    con.execute("update staged.TAB1 set value = value * 1000 where period = '2021'")
    assert [value for *_, value, _ in found(con, "magnitude_changed") or []] == [1000]


def test_what_the_source_says_otherwise_than_before_is_told(con: Con) -> None:
    names = ("metadata_unit_changed", "metadata_words_changed", "table_moved_or_ended")
    put(con, ("1980", "2020", "women", 1))
    assert [found(con, name) for name in names] == [None, None, None]
    before = [
        ("unit", "ContentsCode", "A1", "antal"), ("label", "Alder", "20-64", "20-64 år"), ("id", None, None, "TAB1"),
        ("discontinued", None, None, "false"), ("label", "Region", "1980", "Västerås"),
    ]  # fmt: skip
    now = [
        ("unit", "ContentsCode", "A1", "tusental"), ("label", "Alder", "20-64", "20–64 år"), ("id", None, None, "TAB2"),
        ("discontinued", None, None, "true"), ("label", "Region", "1981", "Sala"),
    ]  # fmt: skip
    con.executemany("insert into previous.source_word values ('TAB1', ?, ?, ?, ?)", before)
    con.executemany("insert into reference.source_word values ('TAB1', ?, ?, ?, ?)", now)
    told = [[(category, expected) for *_, category, _, expected in found(con, name) or []] for name in names]
    assert told == [
        [("ContentsCode A1 tusental", "förut antal")],
        [("label Alder 20-64: 20–64 år", "förut 20-64 år"), ("label Region 1980: borta", "förut Västerås")],
        [("discontinued: true", "förut false"), ("id: TAB2", "förut TAB1")],
    ]


# Rule files ----------------------------------------------------------------------------------------------------------


def test_every_rule_is_shown_to_fail_here() -> None:
    shown = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in RULES if f'"{name}"' not in shown] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select 1", r"bad.sql: front matter: missing; begin the file with /\*---"),
        ("/*---\ntitle: [\n---*/\nselect 1", r"bad.sql: front matter: .*; write fields as YAML"),
        ("/*---\njust words\n---*/\nselect 1", r"bad.sql: front matter: .*; write fields as YAML"),
        (
            "/*---\ntitle: a\nseverity: fatal\nsubject: table\nmessage: b\n---*/\nselect 1",
            r"bad.sql: severity: .*'critical' or 'warning'",
        ),
        (
            "/*---\ntitel: a\nseverity: warning\nsubject: table\nmessage: b\n---*/\nselect 1",
            r"bad.sql: title: Field required; allowed fields: title, severity, subject, message",
        ),
    ],
)
def test_a_wrong_rule_file_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "bad.sql"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=message):
        read_rule(file)
