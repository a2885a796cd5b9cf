"""What every derived table is made from, column by column, as its own SQL says."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.schema import MappingSchema

from transforms import declarations
from transforms.build import HERE
from transforms.declarations import Indicator

DIRECT, INDIRECT = "DIRECT", "INDIRECT"
"""In OpenLineage's words: the input is part of the output, or only decides which rows there are."""
OBSERVATION = "indicators.observation"
LAYERS = frozenset({"raw", "staged", "indicators", "analysis", "previous", "provenance", "reference"})
Columns = tuple[tuple[str, tuple[str, ...]], ...]
"""The columns of each table, as (schema.table, columns)."""


@dataclass(frozen=True)
class Query:
    """One derived table, its file and its query; `operands` is the part of an indicator that reads cells."""

    output: str
    file: str
    sql: str
    operands: str | None = None

    @property
    def sha256(self) -> str:
        """The version of the formula."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True)
class Edge:
    """One input of a table; of one of its columns where the SQL tells which."""

    output: str
    output_field: str | None
    input: str
    input_field: str | None
    type: str


def queries(indicators: Mapping[str, Indicator], table_ids: Collection[str], folder: Path = HERE) -> list[Query]:
    """The macros, and every query that makes a table of the warehouse: staged, joined, indicators, analyses."""
    staging = [file for file in sorted((folder / "staging").glob("*.sql")) if file.stem in table_ids]
    joined = sorted((folder / "staging" / "joined").glob("*.sql"))
    analyses = sorted((folder / "analysis").glob("*.sql"))
    files = [("staged", file) for file in (*staging, *joined)] + [("analysis", file) for file in analyses]
    macros = Query("macros", "transforms/macros.sql", declarations.read_text(folder / "macros.sql"))
    return [
        macros,
        *(
            Query(f"{schema}.{file.stem}", file.relative_to(folder.parent).as_posix(), declarations.read_text(file))
            for schema, file in files
        ),
        *(
            Query(
                f"indicators.{one.id}",
                f"transforms/indicators/{one.path.name}",
                one.sql,
                declarations.operands_sql(one),
            )
            for one in indicators.values()
        ),
    ]


def edges(con: duckdb.DuckDBPyConnection, made: Iterable[Query], indicators: Iterable[str]) -> Iterator[Edge]:
    """What each query's table is made from; the tables must stand in the warehouse.

    `indicators.observation` puts all indicators one below the other, so its edges are one per indicator.
    """
    known: dict[str, list[str]] = {}
    for table, column in con.execute(
        "select table_schema || '.' || table_name, column_name from information_schema.columns "
        "order by table_schema, table_name, ordinal_position"
    ).fetchall():
        known.setdefault(table, []).append(column)
    for query in made:
        if query.output == "macros":
            continue
        reads = _reads(query.sql)
        columns = tuple((name, tuple(known.get(name, ()))) for name in sorted(reads))
        yield from _edges(query.output, query.sql, columns)
    for indicator in indicators:
        yield Edge(OBSERVATION, None, f"indicators.{indicator}", None, DIRECT)


def _reads(sql: str) -> frozenset[str]:
    return frozenset(f"{layer}.{name}" for layer in LAYERS for name in declarations.reads_of(sql, layer))


@cache
def _edges(output: str, sql: str, columns: Columns) -> tuple[Edge, ...]:
    """The edges of one query over tables of these columns: those of its columns, and the tables that it only reads."""
    schema: dict[str, Any] = {}
    for name, fields in columns:
        db, _, table = name.partition(".")
        schema.setdefault(db, {})[table] = dict.fromkeys(fields, "varchar")
    # The parser gives every name in small letters.
    tables = {name.casefold(): name for name, _ in columns}
    written = {(name, field.casefold()): field for name, fields in columns for field in fields}
    found: dict[Edge, None] = {}
    try:
        roots = lineage(None, sql, MappingSchema(schema, dialect="duckdb"), dialect="duckdb", trim_selects=False)
    except (SqlglotError, KeyError, RecursionError):
        roots = {}  # a query that the parser cannot follow column by column still names its tables
    assert isinstance(roots, dict)
    for field, root in roots.items():
        for small, column in sorted(_leaves(root)):
            name = tables[small.casefold()]
            found[Edge(output, field, name, written.get((name, column.casefold()), column), DIRECT)] = None
    direct = {edge.input for edge in found}
    for name, _ in columns:
        if name not in direct:
            found[Edge(output, None, name, None, INDIRECT)] = None
    return tuple(found)


def _leaves(root: Node) -> set[tuple[str, str]]:
    """The tables and columns that a column ends in; nodes shared by several ways are walked once."""
    found: set[tuple[str, str]] = set()
    seen: set[int] = set()
    left = [root]
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        left.extend(node.downstream)
        if not node.downstream and isinstance(node.source, exp.Table) and node.source.db in LAYERS:
            column = node.name.rpartition(".")[2].strip('"')
            if column != "*":
                found.add((f"{node.source.db}.{node.source.name}", column))
    return found
