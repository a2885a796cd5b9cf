"""A known error of the source is corrected in the open, and only for as long as the source has it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from expectations.suites import load_rules, reference_relations, table_relations
from sources.declarations import load_tables
from transforms.build import load_reference, stage
from transforms.corrections import FILE, Correction, apply, load_corrections
from transforms.declarations import DeclarationError
from warehouse.database import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = {name: tuple(table.variables) for name, table in load_tables(ROOT / "sources" / "tables").items()}
ONE: dict[str, Any] = {
    "table": "TAB1828",
    "cell": {"Kommun": "1980", "Kon": "2", "ContentsCode": "000000QI", "Tid": "2023"},
    "expect": 3,
    "value": 3000,
    "reason": "Tre nollor har fallit bort (uppdiktat exempel).",
    "reporter": "Region Västmanland",
    "reported": "2026-11-26",
    "status": "reported",
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with two cells of one table, of which one is wrong."""
    with duckdb.connect() as con:
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        load_reference(con)
        con.execute("insert into provenance.run (home_region) values ('19')")
        con.execute("insert into reference.period values ('2023', 'year', '2023-01-01', '2023-12-31', 1)")
        con.execute(
            "insert into reference.source_table (table_id, additivity, cadence, state)"
            " values ('TAB1828', 'ckm', 'year', 'loaded')"
        )
        con.execute(
            "insert into reference.source_sex values ('TAB1828', 'Kon', '2', 'women'), ('TAB1828', 'Kon', '1', 'men')"
        )
        con.execute(
            "insert into reference.source_code values"
            " ('TAB1828', 'ContentsCode', 'in_commuters', '000000QI', 'in', 'antal', 0, 'S')"
        )
        con.execute("""create table raw.TAB1828 (
            "Kommun" varchar, "Kon" varchar, "ContentsCode" varchar, "Tid" varchar, value double, status varchar,
            cell ubigint)""")
        con.execute("""insert into raw.TAB1828 values
            ('1980', '2', '000000QI', '2023', 3, null, 1), ('1980', '1', '000000QI', '2023', 4100, null, 2)""")
        stage(con, ["TAB1828"])
        yield con


def failing(con: duckdb.DuckDBPyConnection, rule: str) -> list[tuple[Any, ...]]:
    """The failing cells of a rule: region, period, sex, value, expected, cell."""
    for statement in (reference_relations(), *table_relations(con, "TAB1828")):
        con.execute(statement)
    (found,) = (one for one in load_rules() if one.name == rule)
    applies = con.execute(f"select {found.applies} from subject").fetchall()[0][0]
    columns = "region_code, period, sex, value, expected, cell"
    return con.execute(f"select {columns} from ({found.sql})").fetchall() if applies else []


def test_the_shipped_file_corrects_nothing() -> None:
    assert load_corrections(FILE, VARIABLES) == ()


def test_a_correction_changes_what_we_use_and_not_what_was_sent(con: duckdb.DuckDBPyConnection) -> None:
    apply(con, [Correction.model_validate(ONE)])
    assert con.execute("select value from staged.TAB1828 order by cell").fetchall() == [(3000,), (4100,)]
    assert con.execute("select value from raw.TAB1828 order by cell").fetchall() == [(3,), (4100,)]
    assert failing(con, "correction_applied") == [("1980", "2023", "women", 3000, "SCB: 3.0", 1)]
    assert failing(con, "correction_outdated") == []


def test_a_value_can_be_taken_away(con: duckdb.DuckDBPyConnection) -> None:
    apply(con, [Correction.model_validate(ONE | {"value": None})])
    assert con.execute("select value from staged.TAB1828 where cell = 1").fetchall() == [(None,)]


@pytest.mark.parametrize("served", [3000, None, 3.5])
def test_once_the_source_has_changed_nothing_is_corrected_and_the_check_fails(
    con: duckdb.DuckDBPyConnection, served: float | None
) -> None:
    con.execute("update raw.TAB1828 set value = ? where cell = 1", [served])
    con.execute("update staged.TAB1828 set value = ? where cell = 1", [served])
    apply(con, [Correction.model_validate(ONE)])
    assert con.execute("select value from staged.TAB1828 where cell = 1").fetchall() == [(served,)]
    assert failing(con, "correction_outdated") == [("1980", "2023", "women", served, 3, 1)]
    assert failing(con, "correction_applied") == []
    (rule,) = (one for one in load_rules() if one.name == "correction_outdated")
    assert rule.severity == "critical"


def test_a_cell_that_was_not_asked_for_is_left_alone(con: duckdb.DuckDBPyConnection) -> None:
    apply(con, [Correction.model_validate(ONE | {"cell": ONE["cell"] | {"Kommun": "0180"}})])
    assert failing(con, "correction_outdated") == failing(con, "correction_applied") == []
    assert con.execute("select outcome from reference.correction").fetchall() == [("not_fetched",)]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"table": "TAB1"}, "corrections.0.table: 'TAB1' is not declared in sources/tables/"),
        ({"cell": {"Kommun": "1980"}}, "corrections.0.cell: names Kommun; allowed: one code for each of Kommun, Kon"),
        ({"value": 3}, "corrections.0.value: is what is expected of the source"),
        ({"status": "fixed"}, "corrections.0.status: 'fixed' is not allowed"),
        ({"reason": ""}, "corrections.0.reason:"),
        ({"because": "x"}, "corrections.0.because: unknown field"),
    ],
)
def test_a_mistake_in_a_correction_names_file_and_field(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    path = tmp_path / "corrections.yml"
    path.write_text(yaml.safe_dump({"corrections": [ONE | changed]}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DeclarationError) as refusal:
        load_corrections(path, VARIABLES)
    assert str(refusal.value).startswith("corrections.yml: ")
    assert message in str(refusal.value)


def test_a_cell_is_corrected_once(tmp_path: Path) -> None:
    path = tmp_path / "corrections.yml"
    path.write_text(yaml.safe_dump({"corrections": [ONE, ONE | {"value": 9}]}), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"corrections\.1\.cell: is corrected twice"):
        load_corrections(path, VARIABLES)
