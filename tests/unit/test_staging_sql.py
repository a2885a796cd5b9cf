"""Staging gives every table our names, our words for sex and the named codes, and changes no figure."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from sources.declarations import TableDeclaration, load_tables
from transforms.build import stage
from warehouse import database

ROOT = Path(__file__).resolve().parents[2]
TABLES = load_tables(ROOT / "sources" / "tables")
STAGING = ROOT / "transforms" / "staging"
SCHEMA = ROOT / "warehouse" / "schema.sql"

DIMENSIONS = {
    "Alder": "age",
    "AlderFodelselandgr": "age_origin",
    "Aldersgrupp": "age",
    "Arbetskraftstillh": "labour_status",
    "ArbetsSektor": "sector",
    "BakgrVar": "background",
    "Bakgrund": "background",
    "Civilstand": "marital_status",
    "Fodelseregion": "birth_region",
    "Inkomstklass": "income_class",
    "Hushallstyp": "household_type",
    "Parti": "party",
    "SNI2007": "industry",
    "UtbNiv": "education",
    "UtbildningsNiva": "education",
    "Utbildngrupp": "education",
    "Yrke2012": "occupation",
    "Yrkesstallning": "occupational_status",
}
EXAMPLES = {"region": ["19", "1980"], "partner": ["1980", "0180"], "period": ["2024"]}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    con.execute(SCHEMA.read_text(encoding="utf-8"))
    yield con
    con.close()


def codes_of(table: TableDeclaration, variable: str) -> list[str]:
    """A few codes of the variable: those that the declaration names or selects, and one that it does not name."""
    role = table.variables[variable].role
    if role == "sex":
        return list(table.sexes())
    named = [code.code or f"DEMO {name}" for name, code in table.codes.get(variable, {}).items()]
    selected = [
        code
        for selection in table.selections
        for value in [selection[variable]]
        if isinstance(value, tuple)
        for code in value
        if "(" not in code
    ]
    return list(dict.fromkeys(EXAMPLES.get(role, []) + named + selected[:3] + selected[-3:] + ["other"]))


def fill(con: duckdb.DuckDBPyConnection, table: TableDeclaration) -> list[tuple[str, ...]]:
    """The keys of a small raw table with every combination of a few codes, and its codes in the reference."""
    columns = ", ".join(f'"{name}" varchar' for name in table.variables)
    con.execute(f"create table raw.{table.id} ({columns}, value double, status varchar, cell ubigint)")
    lists = [codes_of(table, name) for name in table.variables]
    keys = list(itertools.product(*lists))
    database.insert(
        con,
        f"raw.{table.id}",
        [(*key, None if at % 7 == 0 else float(at), ".." if at % 7 == 0 else None, at) for at, key in enumerate(keys)],
    )
    for name, codes in zip(table.variables, lists, strict=True):
        names = {code.code or f"DEMO {n}": n for n, code in table.codes.get(name, {}).items()}
        units = {
            code.code or f"DEMO {n}": code.unit or "as in the metadata" for n, code in table.codes.get(name, {}).items()
        }
        database.insert(
            con,
            "reference.source_code",
            [(table.id, name, names.get(code), code, f"label {code}", units.get(code), 0, "V") for code in codes],
        )
    database.insert(
        con,
        "reference.source_sex",
        [(table.id, table.variable("sex"), *s) for s in table.sexes().items()],
    )
    return keys


def test_every_declared_table_has_its_staging_query_and_no_other_has() -> None:
    assert {path.stem for path in STAGING.glob("*.sql")} == set(TABLES)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_staging_keeps_every_cell_of_the_named_contents(
    con: duckdb.DuckDBPyConnection, table: TableDeclaration
) -> None:
    keys = fill(con, table)
    stage(con, [table.id])
    expected = ["region_code"] + (["partner_code"] if table.has("partner") else []) + ["period", "sex"]
    expected += [
        DIMENSIONS[name]
        for name, variable in table.variables.items()
        if variable.role == "dimension" or (variable.role == "sex" and name in table.codes)
    ]
    expected += ["measure", "value", "status", "cell", "unit"]
    staged = con.sql(f"select * from staged.{table.id}")
    assert staged.columns == expected

    contents = list(table.variables).index(table.variable("contents"))
    named = {code.code or f"DEMO {name}" for name, code in table.codes[table.variable("contents")].items()}
    kept = [at for at, key in enumerate(keys) if key[contents] in named]
    rows = con.execute(f"select cell, value, status, measure, unit from staged.{table.id} order by cell").fetchall()
    assert [row[0] for row in rows] == kept
    assert all((value, status) == ((None, "..") if cell % 7 == 0 else (cell, None)) for cell, value, status, *_ in rows)
    assert {row[3] for row in rows} == set(table.codes[table.variable("contents")])
    assert None not in {row[4] for row in rows}
    sexes = con.execute(f"select distinct sex from staged.{table.id}").fetchall()
    assert {sex for (sex,) in sexes} == set(table.sexes().values())


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_staging_is_one_select_without_arithmetic(table: TableDeclaration) -> None:
    statements = sqlglot.parse((STAGING / f"{table.id}.sql").read_text(encoding="utf-8"), dialect="duckdb")
    assert [type(statement) for statement in statements] == [exp.Select]
    assert not list(statements[0].find_all(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.AggFunc))  # type: ignore[union-attr]


def test_a_household_type_is_split_into_the_sex_of_the_adult_and_the_type(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, TABLES["TAB1492"])
    stage(con, ["TAB1492"])
    pairs = set(con.execute("select distinct sex, household_type from staged.TAB1492").fetchall())
    sexes, types = ("women", "men", "total"), ("without_children", "with_children")
    assert pairs == set(itertools.product(sexes, types))


def test_a_region_found_by_its_name_gets_our_code(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, TABLES["TAB2589"])
    stage(con, ["TAB2589"])
    regions = {code for (code,) in con.execute("select distinct region_code from staged.TAB2589").fetchall()}
    assert {"00", "19", "20"} <= regions
    assert "20LG" not in regions


def test_a_table_without_regions_is_about_the_one_that_it_declares(con: duckdb.DuckDBPyConnection) -> None:
    for table in (table for table in TABLES.values() if table.region):
        fill(con, table)
        stage(con, [table.id])
        assert con.execute(f"select distinct region_code from staged.{table.id}").fetchall() == [(table.region,)]


def test_named_codes_and_ages_get_our_spelling(con: duckdb.DuckDBPyConnection) -> None:
    for table_id in ("TAB3200", "TAB4396", "TAB3205"):
        fill(con, TABLES[table_id])
        stage(con, [table_id])
    ages = {age for (age,) in con.execute("select distinct age from staged.TAB3200").fetchall()}
    assert "60-64" in ages
    assert "060-64" not in ages
    occupations = {row[0] for row in con.execute("select distinct occupation from staged.TAB4396").fetchall()}
    assert occupations == {"unknown", "other"}
    statuses = {row[0] for row in con.execute("select distinct occupational_status from staged.TAB3205").fetchall()}
    assert statuses == {"employees", "company_owners", "sole_proprietors", "total", "other"}
