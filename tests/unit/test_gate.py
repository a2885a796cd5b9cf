"""A fault in the data holds back what depends on it, with the failing cells named; sound data pass."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from expectations.gate import MOST_CELLS, GateError, Verdict, check
from expectations.suites import indicator_suite
from transforms.build import COLUMNS, TYPES, observe
from transforms.periods import Cadence, describe
from warehouse.database import SCHEMA, insert

Con = duckdb.DuckDBPyConnection

# Three municipalities stand for the county; Heby left it in 2007.
REGIONS = [
    ("00", "Riket", "country", None, None, None),
    ("19", "Västmanlands län", "county", "19", None, None),
    ("03", "Uppsala län", "county", "03", None, None),
    ("1980", "Västerås", "municipality", "19", None, None),
    ("1981", "Sala", "municipality", "19", None, None),
    ("1984", "Arboga", "municipality", "19", None, None),
    ("1917", "Heby", "municipality", "19", None, "2006-12-31"),
    ("0331", "Heby", "municipality", "03", "2007-01-01", None),
]
KOMMUNER = ("1980", "1981", "1984")
SEXES = {"2": "women", "1": "men", "1+2": "total"}
LABELS = {"2": "kvinnor", "1": "män", "1+2": "totalt, samtliga män och kvinnor"}
YEARS = ("2006", "2007", "2008", "2009")
MONTHS = ("2026M01", "2026M02", "2026M03", "2026M04")


def add_table(con: Con, table_id: str, cadence: Cadence, additivity: str, periods: tuple[str, ...]) -> None:
    """A table of residents by sex, and their share in work; the county is the sum of its municipalities."""
    con.execute(
        "insert into reference.source_table (table_id, cadence, additivity, updated, state, levels)"
        " values (?, ?, ?, ?, 'loaded', ['municipality'])",
        [table_id, cadence, additivity, "2026-05-28T06:00:00Z"],
    )
    codes = [("Region", None, code, name, None, None) for code, name, *_ in REGIONS]
    codes += [("Kon", None, code, label, None, None) for code, label in LABELS.items()]
    codes += [("Alder", None, "tot", "totalt", None, None), ("Tid", None, "", "", None, None)]
    codes += [("ContentsCode", "residents", "A1", "Folkmängd", "antal", 0)]
    codes += [("ContentsCode", "share_in_work", "A2", "Andel i arbete", "procent", 1)]
    codes = [row for row in codes if row[0] != "Tid"] + [
        ("Tid", None, period, period, None, None) for period in periods
    ]
    insert(con, "reference.source_code", [(table_id, *c, "V") for c in codes])
    insert(con, "reference.source_sex", [(table_id, "Kon", *s) for s in SEXES.items()])
    for period in periods:
        row = describe(period, cadence)
        con.execute(
            "insert into reference.period values (?, ?, ?, ?, ?)",
            [period, row.type, row.start_date, row.end_date, row.sort],
        )
    con.execute(
        f"""create table raw.{table_id} (
            "Region" varchar, "Kon" varchar, "Alder" varchar, "ContentsCode" varchar, "Tid" varchar, value double,
            status varchar, cell ubigint)"""
    )
    cells: list[tuple[Any, ...]] = []
    for period in periods:
        for region, factor in (("19", 6), ("1980", 3), ("1981", 2), ("1984", 1)):
            for code, count, share in (("2", 510, 61.3), ("1", 490, 66.1), ("1+2", 1000, 63.7)):
                cells.append((region, code, "tot", "A1", period, count * factor, None))
                cells.append((region, code, "tot", "A2", period, share, None))
    insert(con, f"raw.{table_id}", [(*row, at) for at, row in enumerate(cells)])


def stage(con: Con, table_id: str) -> None:
    con.execute(
        f"""create or replace table staged.{table_id} as
        select r."Region" as region_code, r."Tid" as period, s.sex, r."Alder" as age, c.name as measure, r.value,
            r.status, r.cell, c.unit
        from raw.{table_id} as r
        join reference.source_sex as s on s.table_id = '{table_id}' and s.code = r."Kon"
        join reference.source_code as c
            on c.table_id = '{table_id}' and c.variable = 'ContentsCode' and c.code = r."ContentsCode"
                and c.name is not null"""
    )


def add_indicator(
    con: Con, name: str, *, unit: str, table_id: str, period: str, measure: str = "level", derived: bool = False
) -> None:
    con.execute(
        "insert into reference.indicator values (?, ?, 'arbete', '', ?, ?, 'none', ?, ?, 1)",
        [name, name, unit, measure, period, derived],
    )
    con.execute("insert into reference.indicator_table values (?, ?)", [name, table_id])


def fill(con: Con, name: str, sql: str) -> None:
    known = {"category": "'all'", "series": "'BAS'"}
    taken = ("region_code", "period", "sex", "value", "status")
    columns = ", ".join(
        f"cast({known.get(name, name if name in taken else 'null')} as {TYPES.get(name, 'varchar')}) as {name}"
        for name in COLUMNS
    )
    con.execute(f"create or replace table indicators.{name} as select {columns} from ({sql})")


class Warehouse:
    """A small warehouse whose raw cells may be spoilt before it is built and checked."""

    def __init__(self, con: Con) -> None:
        self.con = con
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        insert(con, "reference.region", REGIONS)
        con.execute(
            "insert into provenance.run (run_id, origin, scope, home_region) values ('r1', 'scb', 'home', '19')"
        )
        add_table(con, "TAB1", "year", "exact", YEARS)
        add_table(con, "TAB2", "month", "ckm", MONTHS)
        add_indicator(con, "residents", unit="persons", table_id="TAB1", period="year")
        add_indicator(con, "share_in_work", unit="percent", table_id="TAB1", period="year")
        add_indicator(con, "monthly_share", unit="percent", table_id="TAB2", period="month")
        self.spoil_indicators: Callable[[Con], Any] | None = None

    def check(self) -> Verdict:
        for table_id in ("TAB1", "TAB2"):
            stage(self.con, table_id)
        fill(self.con, "residents", "from staged.TAB1 where measure = 'residents'")
        fill(self.con, "share_in_work", "from staged.TAB1 where measure = 'share_in_work'")
        fill(self.con, "monthly_share", "from staged.TAB2 where measure = 'share_in_work'")
        if self.spoil_indicators is not None:
            self.spoil_indicators(self.con)
        observe(self.con, ["residents", "share_in_work", "monthly_share"])
        return check(self.con)

    def spoil(self, sql: str) -> None:
        self.con.execute(sql)

    def cells(self, rule: str, subject: str) -> list[tuple[Any, ...]]:
        return self.con.execute(
            """select region_code, period, sex, category, value, expected from checks.failing_cell
            where rule = ? and subject = ? order by all""",
            [rule, subject],
        ).fetchall()


@pytest.fixture
def house() -> Iterator[Warehouse]:
    with duckdb.connect() as con:
        con.execute("set threads = 1")  # as every build does
        yield Warehouse(con)


def failed(verdict: Verdict, severity: str = "critical") -> set[tuple[str, str]]:
    return {(r.rule, r.subject) for r in verdict.results if not r.success and r.severity == severity}


ON_TAB1 = {"residents", "share_in_work"}


def test_sound_data_pass_and_nothing_is_held_back(house: Warehouse) -> None:
    verdict = house.check()
    assert failed(verdict) == failed(verdict, "warning") == set()
    assert verdict.held_back == {}
    assert {r.subject for r in verdict.results} == {"TAB1", "TAB2", *ON_TAB1, "monthly_share"}
    assert house.con.execute("select count(*) from checks.failing_cell").fetchall() == [(0,)]


def test_what_was_found_is_one_line_with_the_file_the_field_how_many_cells_and_the_first(house: Warehouse) -> None:
    house.spoil_indicators = lambda con: con.execute(
        "delete from indicators.residents where region_code in ('1980', '1981') and period = '2008' and sex = 'men'"
    )
    verdict = house.check()
    assert verdict.held_back == {"residents": ("indicator_both_sexes",)}
    assert verdict.reasons == {
        "residents": "residents.sql: sex: Värden finns för det ena könet men inte för det andra "
        "(2 celler, först 1980 2008 män BAS; indicator_both_sexes)"
    }
    house.spoil("""delete from raw.TAB1 where "Region" = '1984' and "Tid" = '2009'""")
    assert house.check().reasons["share_in_work"].startswith("TAB1.yml: selections: ")


def test_results_stand_in_the_warehouse_as_they_were_returned(house: Warehouse) -> None:
    house.spoil(
        """update raw.TAB1 set value = -1 where "Region" = '1981' and "ContentsCode" = 'A1' and "Tid" = '2008'"""
    )
    verdict = house.check()
    stored = house.con.execute(
        "select rule, severity, subject_type, subject, success, observed, expected, message from checks.result"
    ).fetchall()
    assert stored == [tuple(getattr(r, n) for n in r.__slots__) for r in verdict.results]


def test_no_relation_is_left_behind(house: Warehouse) -> None:
    house.check()
    left = "select table_name from information_schema.tables where table_catalog = 'temp'"
    assert house.con.execute(left).fetchall() == []


def test_a_duplicate_key_holds_back_what_reads_the_table(house: Warehouse) -> None:
    house.spoil("""insert into raw.TAB1 from raw.TAB1 where "Region" = '1980' and "Kon" = '2' and "Tid" = '2007'""")
    verdict = house.check()
    assert {("raw_key_unique", "TAB1"), ("key_unique", "TAB1"), ("indicator_key_unique", "residents")} <= failed(
        verdict
    )
    assert ("1980", "2007", "women", "residents, age:tot", 2.0, "en gång") in house.cells("key_unique", "TAB1")
    assert set(verdict.held_back) == ON_TAB1


def test_swapped_sex_codes_are_seen_in_the_labels(house: Warehouse) -> None:
    house.spoil("""update reference.source_sex set sex = if(sex = 'women', 'men', 'women')
        where table_id = 'TAB1' and sex <> 'total'""")
    verdict = house.check()
    assert failed(verdict) == {("sex_codes_right", "TAB1")}
    assert house.cells("sex_codes_right", "TAB1") == [
        (None, None, "men", "Kon:2: kvinnor", None, "män"),
        (None, None, "women", "Kon:1: män", None, "kvinnor"),
    ]
    assert set(verdict.held_back) == ON_TAB1


def test_a_missing_kommun_is_named_for_each_period(house: Warehouse) -> None:
    house.spoil("""delete from raw.TAB1 where "Region" = '1984' and "Tid" = '2009'""")
    verdict = house.check()
    assert failed(verdict) == {("region_missing", "TAB1")}
    assert house.cells("region_missing", "TAB1") == [
        ("1984", "2009", None, "residents", None, "Arboga"),
        ("1984", "2009", None, "share_in_work", None, "Arboga"),
    ]
    assert verdict.held_back["residents"] == ("region_missing",)


def test_a_table_that_lost_all_its_kommuner_is_refused(house: Warehouse) -> None:
    house.spoil("""delete from raw.TAB1 where "Region" like '19__'""")
    verdict = house.check()
    assert failed(verdict) == {("region_missing", "TAB1")}
    assert {cell[0] for cell in house.cells("region_missing", "TAB1")} == set(KOMMUNER)
    assert len(house.cells("region_missing", "TAB1")) == len(KOMMUNER) * len(YEARS) * 2


def test_a_county_that_is_missing_is_named(house: Warehouse) -> None:
    house.spoil("update reference.source_table set levels = ['county', 'municipality']")
    assert ("region_missing", "TAB1") in failed(house.check())
    assert {cell[0] for cell in house.cells("region_missing", "TAB1")} == {"03"}


def test_a_kommun_without_any_value_is_noted(house: Warehouse) -> None:
    house.spoil("""update raw.TAB1 set value = null, status = '..'
        where "Region" = '1984' and "Tid" = '2009' and "ContentsCode" = 'A1'""")
    verdict = house.check()
    assert failed(verdict) == set()
    assert failed(verdict, "warning") == {("region_without_values", "TAB1")}
    assert house.cells("region_without_values", "TAB1") == [("1984", "2009", None, "residents", None, "Arboga")]


def test_another_home_region_asks_for_its_own_kommuner(house: Warehouse) -> None:
    house.spoil("update provenance.run set home_region = '03'")
    assert ("region_missing", "TAB1") in failed(house.check())
    assert {cell[0] for cell in house.cells("region_missing", "TAB1")} == {"0331"}
    assert "2006" not in {cell[1] for cell in house.cells("region_missing", "TAB1")}


def test_a_value_for_a_region_that_had_closed_is_refused(house: Warehouse) -> None:
    house.spoil("""insert into raw.TAB1 select '1917', "Kon", "Alder", "ContentsCode", "Tid", value, status, cell + 1000
        from raw.TAB1 where "Region" = '1984' and "Tid" = '2008' and "ContentsCode" = 'A1'""")
    verdict = house.check()
    assert failed(verdict) == {("region_in_life_span", "TAB1"), ("indicator_region_in_life_span", "residents")}
    assert house.cells("region_in_life_span", "TAB1")[1] == (
        "1917", "2008", "total", "residents, age:tot", 1000.0, "inget värde; finns till 2006-12-31",
    )  # fmt: skip
    assert set(verdict.held_back) == ON_TAB1


def test_a_literal_zero_outside_the_life_span_is_no_value_in_a_table_and_refused_in_an_indicator(
    house: Warehouse,
) -> None:
    house.spoil("""insert into raw.TAB1 select '1917', "Kon", "Alder", "ContentsCode", "Tid", 0, status, cell + 1000
        from raw.TAB1 where "Region" = '1984' and "Tid" = '2008' and "ContentsCode" = 'A1'""")
    verdict = house.check()
    assert failed(verdict) == {("indicator_null_not_zero", "residents")}
    assert set(verdict.held_back) == {"residents"}


@pytest.mark.parametrize(("contents", "value"), [("A1", -3), ("A2", 104.2), ("A2", -0.1), ("A2", "'nan'::double")])
def test_a_value_out_of_range_is_named(house: Warehouse, contents: str, value: object) -> None:
    house.spoil(f"""update raw.TAB2 set value = {value}
        where "Region" = '1981' and "Kon" = '1' and "Tid" = '2026M02' and "ContentsCode" = '{contents}'""")
    verdict = house.check()
    assert ("value_range", "TAB2") in failed(verdict)
    assert [cell[:3] for cell in house.cells("value_range", "TAB2")] == [("1981", "2026M02", "men")]
    assert "value_range" in verdict.held_back["monthly_share"]
    assert set(verdict.held_back) == {"monthly_share"}


@pytest.mark.parametrize(("value", "critical", "warning"), [(100.4, False, True), (110.1, True, True)])
def test_a_computed_share_of_a_noisy_whole_has_some_room(
    house: Warehouse, value: float, critical: bool, warning: bool
) -> None:
    house.spoil("update reference.indicator set derived = true where unit = 'percent'")
    spoilt = f"set value = {value} where region_code = '1984' and sex = 'men'"
    whole_shares = "set numerator = value, denominator = 100"

    def spoil(con: Con, name: str) -> None:
        for shares in ("monthly_share", "share_in_work"):
            con.execute(f"update indicators.{shares} {whole_shares}")
        con.execute(f"update indicators.{name} {spoilt}")

    house.spoil_indicators = lambda con: spoil(con, "monthly_share")
    verdict = house.check()
    assert (("value_range", "monthly_share") in failed(verdict)) is critical
    assert (("share_above_whole", "monthly_share") in failed(verdict, "warning")) is warning
    house.spoil_indicators = lambda con: spoil(con, "share_in_work")
    assert failed(house.check()) == {("value_range", "share_in_work")}, "in an exact table there is no room"


@pytest.mark.parametrize("unit", ["per_1000", "years", "sek_thousands"])
def test_what_cannot_be_negative_is_refused_below_zero(house: Warehouse, unit: str) -> None:
    house.spoil(f"update reference.indicator set unit = '{unit}' where indicator = 'residents'")
    assert failed(house.check()) == set()
    house.spoil_indicators = lambda con: con.execute(
        "update indicators.residents set value = -0.1 where region_code = '1984' and period = '2008' and sex = 'men'"
    )
    assert failed(house.check()) == {("value_range", "residents")}
    assert [cell[:3] for cell in house.cells("value_range", "residents")] == [("1984", "2008", "men")]


def test_an_indicator_that_is_a_balance_may_be_negative() -> None:
    with duckdb.connect() as con:
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        for name, rules in (("net_migration", {"indicator_sexes"}), ("migration", {"indicator_sexes", "value_range"})):
            con.execute(
                "create or replace temp table subject as select ? as indicator, 'per_1000' as unit, 'level' as measure,"
                " true as derived",
                [name],
            )
            assert {expected.rule for expected in indicator_suite(con)} == rules


def test_a_negative_income_is_refused(house: Warehouse) -> None:
    house.spoil("update reference.source_code set unit = 'tkr' where table_id = 'TAB1' and code = 'A2'")
    assert failed(house.check()) == set()
    house.spoil("""update raw.TAB1 set value = -254.8
        where "Region" = '1984' and "Tid" = '2008' and "Kon" = '2' and "ContentsCode" = 'A2'""")
    assert ("value_range", "TAB1") in failed(house.check())


def test_a_balance_may_be_negative(house: Warehouse) -> None:
    house.spoil("update reference.source_code set name = 'net_migration' where table_id = 'TAB2' and code = 'A1'")
    house.spoil("""update raw.TAB2 set value = -value where "ContentsCode" = 'A1'""")
    assert failed(house.check()) == set()


def test_a_computed_number_of_persons_may_be_negative(house: Warehouse) -> None:
    house.spoil("update reference.indicator set derived = true where indicator = 'residents'")
    house.spoil_indicators = lambda con: con.execute("update indicators.residents set value = -5 where sex = 'men'")
    assert failed(house.check()) == set()


def test_women_missing_from_a_table(house: Warehouse) -> None:
    house.spoil("""delete from raw.TAB1 where "Kon" = '2' and "Region" = '1980' and "Tid" = '2007'""")
    verdict = house.check()
    assert ("both_sexes", "TAB1") in failed(verdict)
    assert ("indicator_both_sexes", "residents") in failed(verdict)
    assert ("1980", "2007", "women", "residents, age:tot", None, "kvinnor finns också") in house.cells(
        "both_sexes", "TAB1"
    )


def test_men_missing_from_an_indicator_hold_back_that_indicator_only(house: Warehouse) -> None:
    house.spoil_indicators = lambda con: con.execute("delete from indicators.residents where sex = 'men'")
    verdict = house.check()
    assert failed(verdict) == {("indicator_both_sexes", "residents")}
    assert verdict.held_back == {"residents": ("indicator_both_sexes",)}


def test_exact_counts_must_add_up_and_noisy_ones_are_reported(house: Warehouse) -> None:
    for table in ("TAB1", "TAB2"):
        house.spoil(f"""update raw.{table} set value = value + 1
            where "Region" = '19' and "Kon" = '1+2' and "ContentsCode" = 'A1' and "Tid" in ('2008', '2026M03')""")
    verdict = house.check()
    assert failed(verdict) == {("sexes_add_up_exact", "TAB1"), ("counties_add_up_exact", "TAB1")}
    assert failed(verdict, "warning") == {("sexes_add_up_noise", "TAB2"), ("counties_add_up_noise", "TAB2")}
    assert house.cells("sexes_add_up_exact", "TAB1") == [
        ("19", "2008", "total", "residents, age:tot", 6001.0, "6000.0")
    ]
    noise = next(r for r in verdict.results if r.rule == "sexes_add_up_noise")
    assert noise.observed == "1 cell, största skillnad 1"
    assert set(verdict.held_back) == ON_TAB1


def test_rounded_counts_may_differ_by_the_rounding_and_no_more(house: Warehouse) -> None:
    house.spoil("update reference.source_table set additivity = 'rounding' where table_id = 'TAB1'")
    house.spoil("""update raw.TAB1 set value = value + 1 where "Kon" = '1+2' and "ContentsCode" = 'A1'""")
    assert failed(house.check()) == set()
    house.spoil("""update raw.TAB1 set value = value + 1
        where "Kon" = '1+2' and "ContentsCode" = 'A1' and "Region" = '1980'""")
    assert failed(house.check()) == {("sexes_add_up_rounding", "TAB1"), ("counties_add_up_rounding", "TAB1")}


def test_a_total_outside_both_sexes_is_refused_or_noted_by_class(house: Warehouse) -> None:
    for table in ("TAB1", "TAB2"):
        house.spoil(
            f"""update raw.{table} set value = 70 where "Region" = '19' and "Kon" = '1+2' and "ContentsCode" = 'A2'"""
        )
    verdict = house.check()
    assert failed(verdict) == {("total_between_sexes", "TAB1")}
    assert failed(verdict, "warning") == {("total_between_sexes_noise", "TAB2")}


def test_a_gap_in_months_is_noted(house: Warehouse) -> None:
    house.spoil("""delete from raw.TAB2 where "Tid" = '2026M02'""")
    verdict = house.check()
    assert failed(verdict) == set()
    assert failed(verdict, "warning") == {
        ("periods_contiguous", "TAB2"),
        ("indicator_periods_contiguous", "monthly_share"),
    }
    assert house.cells("periods_contiguous", "TAB2") == [(None, "2026M03", None, None, None, "perioden efter 2026M01")]


def test_one_month_a_year_is_no_gap(house: Warehouse) -> None:
    for old, new in zip(MONTHS, ("2022M11", "2023M11", "2024M11", "2025M11"), strict=True):
        row = describe(new, "month")
        house.spoil(f"update raw.TAB2 set \"Tid\" = '{new}' where \"Tid\" = '{old}'")
        house.spoil(f"update reference.source_code set code = '{new}' where code = '{old}'")
        house.spoil(
            f"update reference.period set period = '{new}', start_date = '{row.start_date}',"
            f" end_date = '{row.end_date}' where period = '{old}'"
        )
    assert failed(house.check(), "warning") == set()


def publish_before(house: Warehouse) -> None:
    """The figures as they are stand as the last publication."""
    house.check()
    house.con.execute("insert into previous.observation from indicators.observation")
    house.con.execute("""insert into previous.indicator
        select indicator, count(*), count(value), count(distinct region_code), min(period), max(period), 'r0', null
        from indicators.observation group by all""")


def test_figures_that_were_published_before_pass(house: Warehouse) -> None:
    publish_before(house)
    assert failed(house.check()) == failed(house.check(), "warning") == set()


def test_a_new_period_does_not_hide_what_was_lost(house: Warehouse) -> None:
    publish_before(house)

    def lose(con: Con) -> None:
        con.execute("delete from indicators.residents where region_code = '1980' and period = '2008'")
        con.execute("""insert into indicators.residents by name
            select * exclude i replace ('2007' as period, 'new:' || i as category)
            from indicators.residents, range(5) as t(i) where period = '2009'""")

    house.spoil_indicators = lose
    verdict = house.check()
    assert failed(verdict) == {("coverage_not_smaller", "residents")}
    assert house.cells("coverage_not_smaller", "residents") == [
        ("1980", "2008", "men", "all, BAS", None, "förut 1470.0"),
        ("1980", "2008", "total", "all, BAS", None, "förut 3000.0"),
        ("1980", "2008", "women", "all, BAS", None, "förut 1530.0"),
    ]
    assert set(verdict.held_back) == {"residents"}


def test_values_that_are_gone_in_all_kommuner_hold_back_the_indicator(house: Warehouse) -> None:
    publish_before(house)
    house.spoil_indicators = lambda con: con.execute(
        "update indicators.residents set value = null, status = '..' where period = '2008' and region_code <> '19'"
    )
    verdict = house.check()
    assert failed(verdict) == {("coverage_not_smaller", "residents")}
    assert failed(verdict, "warning") == {("values_not_fewer", "residents")}
    assert {cell[0] for cell in house.cells("coverage_not_smaller", "residents")} == set(KOMMUNER)


def test_a_period_that_left_is_held_back(house: Warehouse) -> None:
    publish_before(house)
    house.spoil_indicators = lambda con: con.execute("delete from indicators.residents where period = '2009'")
    verdict = house.check()
    assert failed(verdict) == {("coverage_not_smaller", "residents"), ("last_period_not_earlier", "residents")}
    assert house.cells("last_period_not_earlier", "residents") == [(None, "2008", None, None, None, "minst 2009")]


def test_one_value_in_twenty_that_scb_came_to_withhold_is_noted_and_published(house: Warehouse) -> None:
    """Each kommun has thirty values in the period, of which one is withheld."""

    def widen(con: Con) -> None:
        con.execute("""insert into indicators.residents by name
            select * exclude i replace ('age:' || i as category) from indicators.residents, range(9) as t(i)""")
        con.execute("""insert into reference.indicator_dimension
            select 'residents', 'age', i::varchar, 'ålder ' || i, i from range(9) as t(i)""")

    house.spoil_indicators = widen
    publish_before(house)

    def withhold(con: Con) -> None:
        widen(con)
        con.execute("""update indicators.residents set value = null, status = '..'
            where region_code = '1984' and period = '2009' and sex = 'total' and category = 'all'""")

    house.spoil_indicators = withhold
    verdict = house.check()
    assert failed(verdict) == set()
    assert failed(verdict, "warning") == {("values_not_fewer", "residents")}
    assert house.cells("values_not_fewer", "residents") == [("1984", "2009", "total", "all, BAS", None, "förut 1000.0")]


def test_a_kommun_that_is_no_longer_asked_for_is_not_missed(house: Warehouse) -> None:
    house.spoil("""insert into raw.TAB1 select '0331', "Kon", "Alder", "ContentsCode", "Tid", value, status, cell + 1000
        from raw.TAB1 where "Region" = '1984' and "Tid" > '2006'""")
    house.spoil("update provenance.run set comparison_regions = ['00', '0331']")
    publish_before(house)
    house.spoil("""delete from raw.TAB1 where "Region" = '0331'""")
    assert ("coverage_not_smaller", "residents") in failed(house.check())
    house.spoil("update provenance.run set comparison_regions = ['00']")
    assert failed(house.check()) == set()


def test_an_indicator_that_lost_all_its_rows_keeps_its_last_good_version(house: Warehouse) -> None:
    publish_before(house)
    house.spoil_indicators = lambda con: con.execute("delete from indicators.residents")
    assert house.check().held_back == {"residents": ("coverage_not_smaller",)}


def test_an_older_table_than_last_time_is_refused(house: Warehouse) -> None:
    house.spoil(
        "insert into previous.source_table values ('TAB1', '2026-06-01T06:00:00Z'), ('TAB2', '2026-05-28T06:00:00Z')"
    )
    verdict = house.check()
    assert failed(verdict) == {("updated_not_older", "TAB1")}
    assert set(verdict.held_back) == ON_TAB1


def test_a_null_needs_a_symbol_or_a_reason(house: Warehouse) -> None:
    house.spoil("""update raw.TAB1 set value = null
        where "Region" = '1984' and "Tid" = '2009' and "ContentsCode" = 'A2' and "Kon" <> '1+2'""")
    verdict = house.check()
    assert failed(verdict) == {("indicator_status_present", "share_in_work")}
    assert failed(verdict, "warning") == {("status_kept", "TAB1")}
    house.spoil("update raw.TAB1 set status = '..' where value is null")
    assert failed(house.check()) == set()


def test_a_suppressed_value_that_became_zero_is_refused(house: Warehouse) -> None:
    house.spoil("""update raw.TAB1 set value = 0, status = '..'
        where "Region" = '1984' and "Tid" = '2009' and "ContentsCode" = 'A2'""")
    assert failed(house.check()) == {("null_not_zero", "TAB1"), ("indicator_null_not_zero", "share_in_work")}


def test_one_sex_without_a_value_is_noted(house: Warehouse) -> None:
    house.spoil("""update raw.TAB1 set value = null, status = '..'
        where "Region" = '1984' and "Tid" = '2009' and "ContentsCode" = 'A2' and "Kon" = '1'""")
    verdict = house.check()
    assert failed(verdict, "warning") == {("indicator_both_sexes_valued", "share_in_work")}
    assert failed(verdict) == set()


def test_a_code_that_metadata_or_reference_lacks_is_refused(house: Warehouse) -> None:
    house.spoil("""update raw.TAB1 set "Region" = '1999' where "Region" = '1984'""")
    verdict = house.check()
    assert {("codes_in_metadata", "TAB1"), ("codes_in_reference", "TAB1")} <= failed(verdict)
    assert house.cells("codes_in_reference", "TAB1") == [("1999", None, None, None, None, "kod i reference.region")]
    assert house.cells("codes_in_metadata", "TAB1")[0][3] == "Region:1999"


def test_a_cell_without_a_code_is_refused(house: Warehouse) -> None:
    house.spoil("""update raw.TAB1 set "Alder" = null where "Region" = '1984' and "Tid" = '2006'""")
    assert ("key_not_null", "TAB1") in failed(house.check())


def test_a_variable_that_metadata_lacks_stops_the_other_checks_of_the_table(house: Warehouse) -> None:
    house.spoil("alter table raw.TAB1 add column \"Sektor\" varchar default 'x'")
    verdict = house.check()
    assert failed(verdict) == {("raw_columns", "TAB1")}
    assert next(r.observed for r in verdict.results if not r.success) == "oväntade: Sektor"
    assert {r.rule for r in verdict.results if r.subject == "TAB1"} == {"raw_columns", "staged_columns"}
    assert set(verdict.held_back) == ON_TAB1


def test_an_indicator_with_a_column_that_is_not_agreed_is_held_back(house: Warehouse) -> None:
    house.spoil_indicators = lambda con: con.execute("alter table indicators.residents add column note varchar")
    verdict = house.check()
    assert failed(verdict) == {("indicator_columns", "residents")}
    assert next(r.observed for r in verdict.results if not r.success) == "oväntade: note"
    assert set(verdict.held_back) == {"residents"}


def test_a_staged_table_without_a_column_is_refused(house: Warehouse) -> None:
    house.check()
    house.con.execute("alter table staged.TAB1 drop column unit")
    verdict = check(house.con)
    assert failed(verdict) == {("staged_columns", "TAB1")}
    assert next(r.observed for r in verdict.results if not r.success) == "saknas: unit"


def test_a_loaded_table_that_was_never_staged_is_an_error(house: Warehouse) -> None:
    house.check()
    house.con.execute("drop table staged.TAB1")
    with pytest.raises(GateError, match="TAB1: loaded but not in staged; stage it before the checks"):
        check(house.con)


def test_a_share_has_no_value_by_sex(house: Warehouse) -> None:
    house.spoil("update reference.indicator set measure = 'share' where indicator = 'share_in_work'")
    verdict = house.check()
    assert failed(verdict) == {("indicator_sexes", "share_in_work")}
    assert {cell[2] for cell in house.cells("indicator_sexes", "share_in_work")} == {"women", "men"}


def test_a_table_that_is_not_loaded_is_not_checked(house: Warehouse) -> None:
    house.spoil("update reference.source_table set state = 'not_recorded' where table_id = 'TAB2'")
    house.spoil("delete from raw.TAB2")
    verdict = house.check()
    assert {r.subject for r in verdict.results} == {"TAB1", *ON_TAB1}
    assert failed(verdict) == set()


def test_low_coverage_of_occupation_is_noted_at_the_segregation_index(house: Warehouse) -> None:
    house.spoil("update reference.indicator set indicator = 'occupation_known_share' where indicator = 'share_in_work'")
    house.spoil(
        "update reference.indicator set indicator = 'occupation_segregation_index' where indicator = 'residents'"
    )
    house.check()
    for old, new in (("share_in_work", "occupation_known_share"), ("residents", "occupation_segregation_index")):
        house.con.execute(f"create table indicators.{new} as from indicators.{old}")
    observe(house.con, ["occupation_known_share", "occupation_segregation_index", "monthly_share"])
    verdict = check(house.con)
    assert ("known_share", "occupation_segregation_index") in failed(verdict, "warning")


def test_failing_cells_are_capped_and_their_full_number_is_kept(house: Warehouse) -> None:
    house.spoil("""insert into raw.TAB2 select "Region", "Kon", 'x' || i, "ContentsCode", "Tid", -1, null,
            cell + 1000 * i from raw.TAB2, range(40) as t(i) where "ContentsCode" = 'A1'""")
    house.spoil(
        "insert into reference.source_code select 'TAB2', 'Alder', null, 'x' || i, '', null, null, 'V'"
        " from range(40) as t(i)"
    )
    verdict = house.check()
    result = next(r for r in verdict.results if (r.rule, r.subject) == ("value_range", "TAB2"))
    assert len(house.cells("value_range", "TAB2")) == MOST_CELLS
    assert result.observed.replace("\xa0", " ") == "1 920 celler"
    total = "select cells from checks.failing_total where rule = 'value_range' and subject = 'TAB2'"
    assert house.con.execute(total).fetchall() == [(1920,)]


def test_progress_names_each_subject(house: Warehouse) -> None:
    house.check()
    seen: list[str] = []
    check(house.con, seen.append)
    assert seen == ["TAB1", "TAB2", "monthly_share", "residents", "share_in_work"]


def test_an_engine_that_fails_is_no_bad_data(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    from great_expectations.execution_engine import PandasExecutionEngine

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no engine")

    monkeypatch.setattr(PandasExecutionEngine, "get_domain_records", broken)
    monkeypatch.setattr(PandasExecutionEngine, "get_compute_domain", broken)
    with pytest.raises(GateError, match=r"TAB1: \w+: Great Expectations could not check it"):
        house.check()


def test_checks_are_silent(house: Warehouse, capfd: pytest.CaptureFixture[str]) -> None:
    house.check()
    assert capfd.readouterr() == ("", "")
