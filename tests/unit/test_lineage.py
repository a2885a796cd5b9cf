"""The steps between tables are read from the queries themselves, column by column."""

import duckdb

from transforms.lineage import Edge, Query, edges


def found(sql: str, output: str = "indicators.x") -> list[Edge]:
    with duckdb.connect() as con:
        con.execute("create schema staged; create schema raw; create schema analysis")
        con.execute('create table raw."TAB1" ("Region" varchar, value double, cell ubigint)')
        con.execute("create table staged.TAB1 (region_code varchar, value double, cell ubigint)")
        con.execute("create table staged.TAB2 (region_code varchar, extra double)")
        return list(edges(con, [Query(output, "x.sql", sql)], []))


def test_a_column_has_an_edge_to_each_column_that_it_is_made_from() -> None:
    sql = """
        with operands as (select region_code, value, cell from staged.TAB1),
        summed as (select region_code, sum(value) as value from operands group by region_code)
        select s.region_code, s.value * t.extra as value from summed as s join staged.TAB2 as t using (region_code)
    """
    assert {(one.output_field, one.input, one.input_field) for one in found(sql)} >= {
        ("value", "staged.TAB1", "value"), ("value", "staged.TAB2", "extra"),
    }  # fmt: skip
    assert all(one.type == "DIRECT" for one in found(sql))


def test_names_stand_as_they_are_written_in_the_warehouse() -> None:
    edge = found('select "Region" as region_code from raw."TAB1"', "staged.TAB1")[0]
    assert (edge.input, edge.input_field, edge.output_field) == ("raw.TAB1", "Region", "region_code")


def test_a_table_that_only_decides_which_rows_there_are_is_an_indirect_input() -> None:
    sql = "select region_code from staged.TAB1 where region_code in (select region_code from staged.TAB2)"
    assert ("staged.TAB2", "INDIRECT") in {(one.input, one.type) for one in found(sql)}


def test_all_indicators_lead_to_the_one_view_of_them() -> None:
    with duckdb.connect() as con:
        made = list(edges(con, [], ["a", "b"]))
    assert [(one.input, one.output) for one in made] == [
        ("indicators.a", "indicators.observation"), ("indicators.b", "indicators.observation"),
    ]  # fmt: skip
