"""Rows in, rows out: cited figures then and now, what is late on the day of the run, the calendar, suggestions."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.store import Paths, record_run, remember_definitions, remember_follow_up, remember_vintages
from reports import followup
from tests import warehouses
from tests.unit.conftest import Case, Row

FLAGS = ("new_period", "revised", "sign_changed", "band_changed", "gone")


def cite(case: Case, **more: Any) -> None:
    """A challenge of one cell of the home region stands in the warehouse."""
    one: Row = {
        "challenge": "c", "number": 0, "indicator": "x", "region_code": "19", "period": "latest", "category": "all",
        "sex": None, "measure": "diff", "then_value": None, "then_band": None, "then_period": None,
    } | more  # fmt: skip
    case.con.execute(
        "insert into reference.challenge values ('c', 'Rubrik', 'Ord', 'g', 'Roll', '2025-01-01', null, 0)"
    )
    case.con.execute("insert into reference.challenge_cite values (" + ", ".join("?" * 11) + ")", [*one.values()])


def noted(case: Case, then_period: str, women: float | None, men: float | None, **more: Any) -> None:
    """An earlier run met the cell with these figures."""
    one: Row = {
        "challenge": "c", "day": "2025-01-01", "indicator": "x", "region_code": "19", "period": "latest",
        "category": "all", "then_period": then_period, "women": women, "men": men, "total": None,
        "diff": None if women is None or men is None else women - men, "band": None, "run_id": "1",
    } | more  # fmt: skip
    case.con.execute("insert into previous.challenge values (" + ", ".join("?" * 13) + ")", [*one.values()])


def only(rows: list[Row]) -> Row:
    (row,) = rows
    return row


def flags(row: Row) -> list[str]:
    return [name for name in FLAGS if row[name]]


def test_figures_that_no_run_has_met_before_are_those_of_today(case: Case) -> None:
    case.declare()
    case.pair(70, 75, "2023")
    case.pair(71, 77, "2024")
    cite(case)
    row = only(case.run("challenge"))
    assert (row["then_period"], row["then_women"], row["then_men"], row["then_diff"]) == ("2024", 71, 77, -6)
    assert (row["now_period"], row["now_diff"], row["changed"], row["noted"]) == ("2024", -6, False, False)


def test_a_new_period_and_a_revision_are_told_apart(case: Case) -> None:
    case.declare()
    case.pair(70, 75, "2023")
    case.pair(71, 77, "2024")
    cite(case)
    noted(case, "2023", 70, 75)
    row = only(case.run("challenge"))
    assert flags(row) == ["new_period"]
    assert (row["then_diff"], row["again"], row["now_diff"]) == (-5, -5, -6)
    case.con.execute("update previous.challenge set women = 69, diff = -6")
    row = only(case.run("challenge"))
    assert flags(row) == ["new_period", "revised"]
    assert (row["then_diff"], row["again"]) == (-6, -5)


def test_a_change_that_no_reader_sees_is_no_revision(case: Case) -> None:
    case.declare()
    case.pair(70, 75.04, "2023")
    cite(case)
    noted(case, "2023", 70, 75)
    assert not only(case.run("challenge"))["changed"]


def test_a_period_that_is_named_is_that_cell_whatever_comes_after(case: Case) -> None:
    case.declare()
    case.pair(70, 75, "2023")
    case.pair(80, 70, "2024")
    cite(case, period="2023")
    noted(case, "2023", 70, 75, period="2023")
    row = only(case.run("challenge"))
    assert (row["now_period"], row["changed"]) == ("2023", False)


def test_a_gap_that_has_changed_sign_is_told(case: Case) -> None:
    case.declare()
    case.pair(70, 75, "2023")
    case.pair(78, 77, "2024")
    cite(case)
    noted(case, "2023", 70, 75)
    assert flags(only(case.run("challenge"))) == ["new_period", "sign_changed"]


def test_a_share_that_has_come_into_the_band_is_told(case: Case) -> None:
    case.declare(measure="share", polarity="parity")
    case.put("total", 39, "2023", numerator=39, denominator=100)
    case.put("total", 41, "2024", numerator=41, denominator=100)
    cite(case, measure="band")
    noted(case, "2023", None, None, total=39, diff=-1, band="mansdominerad")
    row = only(case.run("challenge"))
    assert flags(row) == ["new_period", "band_changed"]
    assert (row["then_band"], row["now_band"]) == ("mansdominerad", "jämn")


def test_the_author_s_own_figure_goes_before_what_a_run_has_met(case: Case) -> None:
    case.declare()
    case.pair(70, 75, "2023")
    cite(case, period="2023", measure="value", sex="women", then_value=69.5)
    noted(case, "2023", 70, 75, period="2023")
    row = only(case.run("challenge"))
    assert (row["then_women"], row["then_men"], flags(row)) == (69.5, None, ["revised"])


def test_the_author_s_own_period_goes_with_the_figure(case: Case) -> None:
    case.declare()
    case.pair(70, 75, "2023")
    case.pair(71, 77, "2024")
    cite(case, then_value=-5.0, then_period="2023")
    row = only(case.run("challenge"))
    assert (row["then_period"], row["then_diff"], row["then_women"], flags(row)) == ("2023", -5, None, ["new_period"])


def test_a_changed_sign_is_told_from_the_author_s_own_figure(case: Case) -> None:
    case.declare()
    case.pair(76, 71, "2024")
    cite(case, then_value=-5.0, then_period="2020")
    assert flags(only(case.run("challenge"))) == ["new_period", "sign_changed"]


@pytest.mark.parametrize(
    "own", [{"measure": "value", "sex": "total", "then_value": 38.0}, {"measure": "diff", "then_value": -2.0}]
)
def test_a_changed_band_is_told_from_the_author_s_own_figure(case: Case, own: Row) -> None:
    case.declare(measure="share", polarity="parity")
    case.put("total", 41, "2024", numerator=41, denominator=100)
    cite(case, then_period="2020", **own)
    row = only(case.run("challenge"))
    assert (row["then_band"], flags(row)) == ("mansdominerad", ["new_period", "band_changed"])


def test_a_figure_that_is_suppressed_now_is_gone_and_says_why(case: Case) -> None:
    case.declare()
    case.put("women", None, "2023", status="..")
    case.put("men", 75, "2023")
    cite(case, period="2023")
    noted(case, "2023", 70, 75, period="2023")
    row = only(case.run("challenge"))
    assert (row["problem"], flags(row)) == ("suppressed", ["gone"])
    assert (row["women_missing"], row["now_reason"], row["now_men"]) == ("..", "osaker_eller_sekretess", 75)


@pytest.mark.parametrize("wrong", [{"period": "1999"}, {"category": "age:20-24"}, {"indicator": "y"}])
def test_a_cell_that_is_not_there_is_told(case: Case, wrong: dict[str, str]) -> None:
    case.declare()
    case.pair(70, 75, "2023")
    cite(case, **wrong)
    row = only(case.run("challenge"))
    assert (row["problem"], row["then_women"], row["changed"]) == ("missing", None, False)


# --- What is kept from one run to the next


def run_of(folder: Path, run_id: str, change: str = "") -> duckdb.DuckDBPyConnection:
    """A run over the small warehouse, which keeps what a later one needs."""
    con = warehouses.small("demo", run_id)
    con.execute("delete from previous.challenge")
    day = dt.datetime(2026, 2, 3 + int(run_id), 8, tzinfo=dt.UTC)
    con.execute("update provenance.run set started_at = ?", [day])
    for statement in filter(None, change.split(";")):
        con.execute(statement)
    paths = Paths(folder, "home-19")
    remember_follow_up(con, paths)
    remember_vintages(con, paths, run_id)
    remember_definitions(con, paths, run_id)
    warehouses.analyse(con)
    record_run(con, paths, run_id, "x")
    return con


REVISED = "update indicators.observation set value = 70 where period = '2024' and sex = 'women' and region_code = '19'"


def test_cited_figures_are_kept_as_the_first_run_met_them(tmp_path: Path) -> None:
    run_of(tmp_path, "1")
    for run_id in ("2", "3"):
        con = run_of(tmp_path, run_id, REVISED)
        (cell,) = [one for one in followup.read(con).challenges[0].cells if one.number == 0]
        assert (cell.then.women, cell.now.women, cell.revised) == (78.45, 70, True)
        assert "reviderad för 2024: −4,5\u00a0→\u00a0−12,9" in "\n".join(followup.told(con))
    assert len(list((tmp_path / "history" / "challenge").glob("*.parquet"))) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("period = '1950'", "det finns perioder 2018–2024, närmaste kategori all; rätta period eller kategori"),
        ("category = 'alla'", "det finns perioder 2018–2024, närmaste kategori all; rätta period eller kategori"),
        ("region_code = '0114'", "området har inga siffror; rätta indikator eller region"),
    ],
)
def test_a_cited_cell_that_is_not_there_is_told_with_what_there_is(tmp_path: Path, change: str, told: str) -> None:
    con = run_of(tmp_path, "1", f"update reference.challenge_cite set {change} where number = 0")
    (line,) = [line for line in followup.told(con) if line.startswith("challenges/arbete.yml: cites.0: ")]
    assert line.endswith(f": cellen finns inte i den här körningen; {told}")


def test_a_cited_cell_without_a_value_is_told_with_the_reason_in_words(tmp_path: Path) -> None:
    gone = "update indicators.observation set value = null, status = '..' where sex in ('women', 'men')"
    words = "insert into reference.reason values ('osaker_eller_sekretess', 'Uppgiften är för osäker.')"
    told = followup.told(run_of(tmp_path, "1", f"{gone}; {words}"))
    (line,) = [line for line in told if line.startswith("challenges/arbete.yml: cites.0: ")]
    assert line.endswith(": cellen har inget värde (Uppgiften är för osäker); citera en annan")


def test_a_challenge_that_gets_a_new_day_is_written_anew(tmp_path: Path) -> None:
    run_of(tmp_path, "1")
    con = run_of(tmp_path, "2", f"{REVISED}; update reference.challenge set day = '2026-02-04'")
    assert not any(one.changed for one in followup.read(con).challenges)


def entries(con: duckdb.DuckDBPyConnection) -> dict[str, followup.Entry]:
    return {one.uid.partition("@")[0]: one for one in followup.read(con).calendar}


def test_an_event_keeps_its_name_and_gets_a_number_and_time_when_it_changes(tmp_path: Path) -> None:
    first = entries(run_of(tmp_path, "1"))["evaluation-utvardering"]
    same = entries(run_of(tmp_path, "2"))["evaluation-utvardering"]
    moved = "update reference.activity set due = '2026-07-01' where slug = 'utvardering'"
    third = entries(run_of(tmp_path, "3", moved))["evaluation-utvardering"]
    fourth = entries(run_of(tmp_path, "4", moved))["evaluation-utvardering"]
    assert [(one.sequence, one.modified[:10]) for one in (first, same, third, fourth)] == [
        (0, "2026-02-04"), (0, "2026-02-04"), (1, "2026-02-06"), (1, "2026-02-06")
    ]  # fmt: skip
    assert {one.uid for one in (first, same, third, fourth)} == {"evaluation-utvardering@demo.19.jamstat"}


def test_an_event_that_leaves_the_plan_is_cancelled_once_and_stays_so_until_its_day(tmp_path: Path) -> None:
    run_of(tmp_path, "1")
    gone = "delete from reference.activity where slug = 'utvardering'"
    for run_id in ("2", "3"):
        found = entries(run_of(tmp_path, run_id, gone))["evaluation-utvardering"]
        assert (found.cancelled, found.sequence, found.due) == (True, 1, "2026-06-30")
    later = run_of(
        tmp_path, "4", f"{gone}; update provenance.run set started_at = timestamptz '2026-08-01 08:00:00+00'"
    )
    assert "evaluation-utvardering" not in entries(later)


def test_what_was_late_when_it_left_the_plan_is_cancelled_by_one_run(tmp_path: Path) -> None:
    late = "update reference.activity set due = '2026-01-02' where slug = 'utvardering'"
    assert entries(run_of(tmp_path, "1", late))["evaluation-utvardering"].state == "late"
    gone = "delete from reference.activity where slug = 'utvardering'"
    found = entries(run_of(tmp_path, "2", gone))["evaluation-utvardering"]
    assert (found.cancelled, found.sequence) == (True, 1)
    assert "evaluation-utvardering" not in entries(run_of(tmp_path, "3", gone))


def test_another_home_region_does_not_cancel_what_stands_in_the_first_one_s_calendar(tmp_path: Path) -> None:
    run_of(tmp_path, "1")
    con = run_of(tmp_path, "2", "update provenance.run set home_region = '20'")
    assert {(one.uid.rpartition("@")[2], one.cancelled) for one in followup.read(con).calendar} == {
        ("demo.20.jamstat", False)
    }


# --- What is late


@pytest.mark.parametrize(
    ("due", "done", "state"),
    [
        ("2026-02-02", None, "late"), ("2026-02-03", None, "coming"), ("2026-02-02", "2026-02-01", "done"),
        (None, None, "unknown"), (None, "2026-02-01", "done"),
    ],
)  # fmt: skip
def test_late_is_what_had_a_day_before_the_run_and_is_not_done(
    case: Case, due: str | None, done: str | None, state: str
) -> None:
    case.con.execute("update provenance.run set origin = 'scb', started_at = timestamptz '2026-02-03 08:00:00+00'")
    case.con.execute("insert into reference.activity values ('a', 'report', 'A', ?, null, ?, [], null, 0)", [due, done])
    row = only(case.run("follow_up"))
    assert (row["state"], row["uid"]) == (state, "report-a@scb.19.jamstat")


@pytest.mark.parametrize(
    ("expected", "updated", "state"),
    [
        ("2026-01-20", "2026-01-15T07:00:00Z", "late"), ("2026-01-20", "2026-01-20T07:00:00Z", "done"),
        ("2026-03-01", "2026-01-20T07:00:00Z", "coming"), (None, "2026-01-20T07:00:00Z", "unknown"),
        ("2026-01-20", None, "late"),
    ],
)  # fmt: skip
def test_data_are_late_when_the_source_has_not_published_since_the_day_it_was_expected(
    case: Case, expected: str | None, updated: str | None, state: str
) -> None:
    case.con.execute("update provenance.run set origin = 'scb', started_at = timestamptz '2026-02-03 08:00:00+00'")
    case.declare()
    case.con.execute("update reference.source_table set expected = ?, updated = ?", [expected, updated])
    assert only(case.run("follow_up"))["state"] == state


def test_nothing_is_expected_of_a_table_that_the_source_has_discontinued(case: Case) -> None:
    case.con.execute("update provenance.run set origin = 'scb', started_at = timestamptz '2026-02-03 08:00:00+00'")
    case.declare()
    case.con.execute("update reference.source_table set expected = '2026-01-20', updated = '2024-01-15T07:00:00Z'")
    case.con.execute("insert into reference.source_word values ('x0', 'discontinued', null, null, 'true')")
    assert [(row["state"], row["due"]) for row in case.run("follow_up")] == [("ended", None)]
    assert case.run("calendar") == []


@pytest.mark.parametrize(
    ("started", "expected", "updated", "ended", "state"),
    [
        ("2026-02-03 08:00:00+00", "2026-01-20", "2026-01-15T07:00:00Z", False, "late"),
        ("2026-02-03 08:00:00+00", "2026-01-20", "2026-01-15T07:00:00Z", True, "ended"),
        ("2026-02-03 08:00:00+00", "2026-01-20", "2026-01-20T07:00:00Z", False, "current"),
        ("2026-02-03 08:00:00+00", None, "2026-01-15T07:00:00Z", False, "unknown"),
        ("2026-01-20 23:30:00+00", "2026-01-20", "2026-01-15T07:00:00Z", False, "late"),
        ("2026-01-20 22:30:00+00", "2026-01-20", "2026-01-15T07:00:00Z", False, "current"),
    ],
)
def test_a_table_is_fresh_or_late_by_the_swedish_day_and_never_late_once_it_is_discontinued(
    case: Case, started: str, expected: str | None, updated: str, ended: bool, state: str
) -> None:
    case.con.execute("update provenance.run set origin = 'scb', started_at = cast(? as timestamptz)", [started])
    case.declare()
    case.con.execute("update reference.source_table set expected = ?, updated = ?", [expected, updated])
    case.con.execute(
        "insert into reference.source_word values ('x0', 'discontinued', null, null, ?)", [str(ended).lower()]
    )
    row = only(case.run("freshness"))
    assert (row["state"], row["expected"]) == (state, None if ended else expected)


# --- What a year has changed


def kept(case: Case, run_id: str, women: float, period: str = "2023", region_code: str = "19") -> None:
    """A run published or changed a figure."""
    case.con.execute(
        "insert into previous.vintage values (?, 'x', ?, null, ?, 'women', 'all', null, ?, null, null, false)",
        [run_id, region_code, period, women],
    )


def defined(case: Case, run_id: str, field: str, text: str | None, subject: str = "indicator") -> None:
    """A run said this anew of the indicator or the table x."""
    case.con.execute("insert into previous.definition values (?, ?, 'x', ?, null, ?)", [run_id, subject, field, text])


BEFORE, SPRING, AUTUMN, AFTER = (f"{day}T080000000Z" for day in ("20241215", "20250301", "20251001", "20260110"))


@pytest.fixture
def year(case: Case) -> Case:
    """A run in February 2026, whose last whole year is 2025."""
    case.con.execute(
        "update provenance.run set run_id = '20260203T080000000Z', started_at = timestamptz '2026-02-03 08:00:00+00'"
    )
    case.declare()
    return case


def of_2025(case: Case, name: str) -> list[Row]:
    return [row for row in case.run(name) if row["year"] == 2025]


def compared(case: Case) -> tuple[str | None, str | None, bool]:
    (row,) = [row for row in of_2025(case, "report_year") if row["kind"] == "figures"]
    assert row["is_default"]
    return row["since"], row["until"], row["whole"]


def test_a_year_changes_what_stood_before_it_into_what_stood_at_its_end(year: Case) -> None:
    kept(year, BEFORE, 70)
    kept(year, SPRING, 71)
    kept(year, AUTUMN, 72)
    kept(year, AUTUMN, 60, "2024")
    kept(year, AFTER, 99)
    assert compared(year) == ("2024-12-31", "2025-12-31", True)
    (row,) = of_2025(year, "year_change")
    assert (row["cells"], row["places"], row["first_period"], row["last_period"], row["largest"]) == (
        1, 1, "2023", "2023", 2
    )  # fmt: skip
    assert (row["period_before"], row["period_now"]) == ("2023", "2024")


def test_without_anything_from_before_the_year_the_first_that_is_kept_is_compared_with(year: Case) -> None:
    kept(year, SPRING, 70)
    kept(year, AUTUMN, 72)
    assert compared(year) == ("2025-03-01", "2025-12-31", False)
    assert only(of_2025(year, "year_change"))["largest"] == 2


def test_a_later_run_of_the_year_that_changed_nothing_is_compared_too(year: Case) -> None:
    def several() -> bool:
        return next(bool(row["several"]) for row in of_2025(year, "report_year") if row["kind"] == "figures")

    kept(year, SPRING, 70)
    assert not several()
    year.con.execute("insert into checks.history (run_id, day, rule) values (?, '2025-09-01', 'r')", [AUTUMN])
    assert several()


def test_a_year_of_which_nothing_is_kept_is_not_compared(year: Case) -> None:
    kept(year, AFTER, 70)
    assert compared(year) == (None, "2025-12-31", False)
    assert of_2025(year, "year_change") == []


def test_a_night_between_two_years_is_counted_in_sweden(year: Case) -> None:
    kept(year, "20241231T233000000Z", 70)
    kept(year, "20241231T223000000Z", 69)
    assert compared(year) == ("2024-12-31", "2025-12-31", True)
    assert only(of_2025(year, "year_change"))["largest"] == 1


def test_a_changed_definition_is_told_from_what_to_what_and_a_new_indicator_as_new(year: Case) -> None:
    defined(year, BEFORE, "definition", "Andel")
    defined(year, BEFORE, "formula", "aa")
    defined(year, SPRING, "definition", "Andel av alla")
    defined(year, AFTER, "formula", "bb")
    defined(year, SPRING, "title", "Ny tabell", "table")
    found = [(row["subject"], row["field"], row["before"], row["now"]) for row in of_2025(year, "year_definition")]
    assert found == [("indicator", "definition", "Andel", "Andel av alla"), ("table", "new", None, None)]


def test_only_what_is_said_anew_of_indicators_and_tables_is_kept(tmp_path: Path) -> None:
    def last(run_id: str, change: str = "") -> list[tuple[str, str, str | None]]:
        run_of(tmp_path, run_id, change)
        file = tmp_path / "history" / "definition" / f"{run_id}.parquet"
        query = f"select id, field, text from read_parquet('{file}') order by all"
        return duckdb.sql(query).fetchall() if file.exists() else []

    assert ("employment_rate", "unit", "percent") in last("1")
    assert last("2") == []
    other = "update reference.indicator set definition = 'Annan' where indicator = 'employment_rate'"
    ended = "insert into reference.source_word values ('TAB3200', 'discontinued', null, null, 'true')"
    assert last("3", f"{other}; {ended}") == [
        ("TAB3200", "discontinued", "true"), ("employment_rate", "definition", "Annan")
    ]  # fmt: skip


# --- Suggestions


def suggested(case: Case) -> list[tuple[str, str]]:
    return [(row["rule"], row["region_code"]) for row in case.run("challenge_suggestion")]


def test_a_gap_that_is_larger_than_riket_s_is_suggested(case: Case) -> None:
    case.declare()
    for women, region in ((70, "19"), (74.5, "00")):
        case.pair(women, 76, region_code=region)
    row = only(case.run("challenge_suggestion"))
    assert (row["rule"], row["region_code"], row["diff"], row["compared"]) == ("gap_against_country", "19", -6, -1.5)
    case.con.execute("update reference.analysis_rule set value = '23' where rule = 'suggest_units'")
    assert suggested(case) == []


def test_a_kommun_is_compared_with_the_median_of_those_of_its_size(case: Case) -> None:
    case.declare()
    case.declare("population", unit="persons", polarity="none")
    for region, women in (("1904", 60), ("1907", 74), ("1960", 75), ("1962", 74)):
        case.pair(women, 76, region_code=region)
        case.pair(2000, 2000, indicator="population", region_code=region)
    row = only(case.run("challenge_suggestion"))
    assert (row["rule"], row["region_code"], row["compared"]) == ("gap_against_like_sized", "1904", 2)


def test_widening_levelling_down_and_crossing_are_suggested(case: Case) -> None:
    for name, women, men in (
        ("widened", [70, 70, 70, 70, 70, 70], [71, 72, 73, 74, 75, 76]),
        ("levelled", [70, 70, 70, 70, 70, 70], [80, 78, 77, 76, 75, 74]),
        ("crossed", [70, 71, 72, 73, 74, 75], [73, 73, 73, 73, 73, 73]),
    ):
        case.declare(name)
        for at, (one, other) in enumerate(zip(women, men, strict=True)):
            case.pair(one, other, str(2019 + at), indicator=name)
    found = [(row["rule"], row["indicator"]) for row in case.run("challenge_suggestion")]
    assert found == [("gap_widened", "widened"), ("levelling_down", "levelled"), ("crossing", "crossed")]


@pytest.mark.parametrize(("shares", "periods"), [([39, 39, 38, 37, 36], 5), ([39, 41, 38, 37, 36], None)])
def test_a_share_outside_the_band_for_years_is_suggested(case: Case, shares: list[float], periods: int | None) -> None:
    case.declare(measure="share", polarity="parity")
    for at, share in enumerate(shares):
        case.put("total", share, str(2020 + at), numerator=share, denominator=100)
    found = [row["periods"] for row in case.run("challenge_suggestion") if row["rule"] == "outside_band"]
    assert found == ([periods] if periods else [])


def test_what_is_not_judged_is_not_suggested(case: Case) -> None:
    case.declare(polarity="none")
    case.pair(60, 76)
    case.pair(75, 76, region_code="00")
    assert suggested(case) == []
