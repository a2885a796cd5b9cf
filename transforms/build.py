"""Staged tables, indicators and analyses, made in one connection from raw cells and reference data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow as pa

from transforms import declarations, periods
from transforms.declarations import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, Indicator, Source, Strategy
from transforms.followup import FollowUp

HERE = Path(__file__).parent
KEY = ("region_code", "partner_code", "period", "sex", "category", "series")
TYPES = {
    "value": "double",
    "numerator": "double",
    "denominator": "double",
    "margin": "double",
    "is_preliminary": "boolean",
}
COLUMNS = ("region_code", "partner_code", "period", "sex", "category", "series", "value", "numerator", "denominator",
           "status", "margin", "reason", "is_preliminary")  # fmt: skip

# Analyses that only choose among the observations: a view, so that no observation is stored twice.
VIEWS = frozenset({"current"})
TARGET = pa.schema([
    ("goal_id", pa.string()), ("value", pa.float64()), ("unit", pa.string()), ("year", pa.int32()),
    ("by_sex", pa.bool_()), ("measure", pa.string()), ("wording", pa.string()), ("source_url", pa.string()),
    ("source_page", pa.string()),
])  # fmt: skip


@dataclass(frozen=True)
class Built:
    """Whether an indicator could be built, and why not: the operands that no cell offers."""

    indicator: str
    rows: int
    lacking: str | None = None


def load_reference(con: duckdb.DuckDBPyConnection, folder: Path = HERE / "reference") -> None:
    """Nothing; every CSV of the folder stands in the schema reference under its own name, as text."""
    for file in sorted(folder.glob("*.csv")):
        read = f"read_csv('{file}', header = true, all_varchar = true)"
        if file.stem == "regions":
            con.execute(f"insert into reference.region select * from {read}")
        else:
            con.execute(f"create table reference.{file.stem} as select * from {read}")
    con.execute(declarations.read_text(HERE / "macros.sql"))


def load_strategies(con: duckdb.DuckDBPyConnection, strategies: Sequence[Strategy]) -> None:
    """Nothing; reference.strategy, .area, .goal, .goal_target and .target_image hold the catalogue, in file order."""
    _table(con, "strategy", [
        {"strategy_id": s.id, "title": s.title, "kind": s.kind, "role": s.role, "start_year": s.start,
         "end_year": s.end, "note": s.note, "goal_count": s.goal_count.text if s.goal_count else None,
         "goal_total": s.goal_count.total + sum(g.kind != "delmal" for g in s.goals) if s.goal_count else None,
         "succeeds": s.succeeds, **_source(s.source)}
        for s in strategies
    ])  # fmt: skip
    _table(con, "not_established", [
        {"strategy_id": s.id, "what": unknown.what, "note": unknown.note}
        for s in strategies for unknown in s.not_established
    ])  # fmt: skip
    _table(con, "area", [
        {"area_id": a.id, "strategy_id": s.id, "number": a.number, "wording": a.wording, "established": a.established,
         "note": a.note, **_source(a.source)}
        for s in strategies for a in s.areas
    ])  # fmt: skip
    _table(con, "goal", [
        {"goal_id": g.id, "strategy_id": s.id, "area_id": g.area, "kind": g.kind, "number": g.number,
         "wording": g.wording, "established": g.established, "note": g.note, "explanation": g.explanation,
         "follow_up_kind": g.follow_up.kind if g.follow_up else None,
         "follow_up": g.follow_up.text if g.follow_up else None, **_source(g.source)}
        for s in strategies for g in s.goals
    ])  # fmt: skip
    _table(con, "goal_target", [
        {"goal_id": g.id, "value": g.target.value, "unit": g.target.unit, "year": g.target.year,
         "by_sex": g.target.by_sex, "measure": g.target.measure, "wording": g.target.wording,
         **_source(g.target.source)}
        for s in strategies for g in s.goals if g.target
    ], TARGET)  # fmt: skip
    _table(con, "target_image", [
        {"target_image_id": t.id, "strategy_id": s.id, "area_id": t.area, "guides": t.guides,
         "guides_title": t.guides_title, "wording": t.wording, "established": t.established, "note": t.note,
         "follow_up_kind": t.follow_up.kind if t.follow_up else None,
         "follow_up": t.follow_up.text if t.follow_up else None,
         "decided_by": t.decided_by, "decided_on": str(t.decided_on) if t.decided_on else None,
         **_source(t.source), **({"source_url": None, "source_page": t.decision} if t.decision else {})}
        for s in strategies for t in s.target_images
    ])  # fmt: skip
    links = [(link.old, link.new, link.kind, s.id) for s in strategies for link in s.links]
    for at, link in enumerate(links):
        con.execute("insert into reference.goal_link values (?, ?, ?, ?, ?)", [*link, at])


def load_follow_up(con: duckdb.DuckDBPyConnection, plan: FollowUp) -> None:
    """Nothing; the challenges, the plan and what was left out of them stand in the schema reference, in file order."""
    rows: dict[str, list[tuple[object, ...]]] = {
        "challenge": [
            (name, one.title, one.text, one.goal, one.by, str(one.date), one.example, at)
            for at, (name, one) in enumerate(plan.challenges.items())
        ],
        "challenge_cite": [
            (
                name, at, cite.indicator, cite.region, cite.period, cite.category, cite.sex, cite.measure,
                cite.then if isinstance(cite.then, float) else None, cite.then if isinstance(cite.then, str) else None,
                cite.then_period,
            )
            for name, one in plan.challenges.items() for at, cite in enumerate(one.cites)
        ],
        "activity": [
            (one.slug, one.kind, one.title, _text(one.due), one.role, _text(one.done), list(one.goals), one.example, at)
            for at, one in enumerate(plan.activities)
        ],
        "learning": [
            (
                one.slug, one.goal, one.question, one.logic.resources, one.logic.activities, one.logic.results,
                one.logic.effects, list(one.indicators), one.example, at,
            )
            for at, one in enumerate(plan.learning)
        ],
        "audience": [
            (one.slug, one.name, list(one.goals), one.example, at) for at, one in enumerate(plan.audiences)
        ],
        "audience_item": [
            (one.slug, item.slug, item.kind, item.what, item.form, item.when, _text(item.due), _text(item.done), at)
            for one in plan.audiences for at, item in enumerate(one.items)
        ],
        "follow_up_problem": [(one.file, one.message, at) for at, one in enumerate(plan.problems)],
    }  # fmt: skip
    for name, found in rows.items():
        if found:
            marks = ", ".join("?" * len(found[0]))
            con.executemany(f"insert into reference.{name} values ({marks})", found)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _source(source: Source | None) -> dict[str, object]:
    return {"source_url": source.url if source else None, "source_page": source.page if source else None}


def _table(
    con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, object]], schema: pa.Schema | None = None
) -> None:
    """Nothing; reference.<name> holds the rows; the schema is needed where there may be none."""
    numbered = [{**row, "sort": at} for at, row in enumerate(rows)]
    numbered_schema = schema.append(pa.field("sort", pa.int64())) if schema else None
    con.register("incoming", pa.Table.from_pylist(numbered, schema=numbered_schema))
    con.execute(f"create table reference.{name} as select * from incoming")
    con.unregister("incoming")


def load_periods(con: duckdb.DuckDBPyConnection, periods_of: Mapping[str, Iterable[str]]) -> None:
    """Nothing; reference.period explains every period code that a table of that cadence holds.

    Args:
        con: the warehouse being built.
        periods_of: period codes per cadence.

    Raises:
        PeriodError: a code that is not a period of its table's cadence.
    """
    # The year of an election is a year of other tables too.
    described = {
        periods.describe(code, cadence)  # type: ignore[arg-type]
        for cadence, codes in periods_of.items()
        for code in codes
    }
    for one in sorted(described, key=lambda period: (period.type, period.code)):
        con.execute(
            "insert into reference.period values (?, ?, ?, ?, ?)",
            [one.code, one.type, one.start_date, one.end_date, one.sort],
        )


def stage(con: duckdb.DuckDBPyConnection, table_ids: Iterable[str], folder: Path = HERE / "staging") -> None:
    """Nothing; staged.<table> stands for each raw table, by the query in staging/<table>.sql.

    Raises:
        DeclarationError: a table has no staging query, or the database refuses it.
    """
    for table_id in table_ids:
        file = folder / f"{table_id}.sql"
        if not file.exists():
            raise declarations.DeclarationError(
                f"{table_id}: {file.name} is missing in {folder}; write its staging query"
            )
        with _naming(file):
            con.execute(f"create table staged.{table_id} as {declarations.read_text(file)}")


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """A block in which a query that cannot be run is a DeclarationError of its file; a full disk stays what it is."""
    try:
        yield
    except (duckdb.ProgrammingError, duckdb.DataError) as error:
        first = str(error).partition("\n")[0]
        raise declarations.DeclarationError(f"{file.name}: cannot be run: {first}; correct the SQL") from error


def join_staged(con: duckdb.DuckDBPyConnection, folder: Path = declarations.JOINED) -> None:
    """Nothing; the view staged.<name> stands for every query of the folder, which puts staged tables side by side."""
    for file in sorted(folder.glob("*.sql")):
        with _naming(file):
            con.execute(f"create view staged.{file.stem} as {declarations.read_text(file)}")


def build_indicator(con: duckdb.DuckDBPyConnection, indicator: Indicator) -> Built:
    """What became of an indicator; indicators.<id> stands in either case, empty when it could not be built.

    An indicator needs every operand that its formula names, and a level needs women and men.

    Raises:
        DeclarationError: the database refuses the query, which names the file.
    """
    declared = declarations.output_columns(indicator)
    absent = {"is_preliminary": _preliminary(con, indicator)}
    columns = ", ".join(
        f"cast({name if name in declared else absent.get(name, 'null')} as {TYPES.get(name, 'varchar')}) as {name}"
        for name in COLUMNS
    )
    query = f"select {columns} from ({indicator.sql}) order by {', '.join(KEY)}"
    with _naming(indicator.path):
        con.execute(f"create table indicators.{indicator.id} as {query}")
    cells = declarations.operands_sql(indicator)
    series = "series" if "series" in declarations.operand_columns(indicator) else "null"
    con.execute(
        "create or replace temp table offered as select distinct operand, sex, period, "
        f"cast({series} as varchar) as series from ({cells}) where cell is not null"
    )
    offered = con.execute("select distinct operand, sex from offered").fetchall()
    needed = declarations.operand_names(indicator)
    con.execute(
        "insert into reference.indicator_operand select distinct ?, operand, series, period from offered "
        "where list_contains(?, operand)",
        [indicator.id, sorted(needed)],
    )
    con.execute("drop table offered")
    lacking = sorted(needed - {operand for operand, _ in offered})
    if not lacking and indicator.front.measure in ("level", "share"):
        lacking += [sex for sex in ("women", "men") if sex not in {sex for _, sex in offered}]
    if not offered or lacking:
        con.execute(f"delete from indicators.{indicator.id}")
        return Built(indicator.id, 0, ", ".join(lacking) or "every cell")
    rows = con.execute(f"select count(*) from indicators.{indicator.id}").fetchall()[0][0]
    return Built(indicator.id, rows)


def _preliminary(con: duckdb.DuckDBPyConnection, indicator: Indicator) -> str:
    """`true` when every table that the indicator reads is preliminary throughout, otherwise `null`."""
    marks = con.execute(
        "select bool_and(preliminary = 'all') from reference.source_table where list_contains(?, table_id)",
        [list(declarations.tables(indicator))],
    ).fetchall()
    return "true" if marks[0][0] else "null"


def load_indicators(con: duckdb.DuckDBPyConnection, indicators: Mapping[str, Indicator]) -> None:
    """Nothing; reference.indicator and the tables beside it describe every declared indicator."""
    order = {theme: at for at, theme in enumerate(declarations.themes())}
    ranked = sorted(indicators.values(), key=lambda one: (order[one.front.theme], one.id))
    for at, one in enumerate(ranked):
        front = one.front
        con.execute(
            "insert into reference.indicator values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [one.id, front.title, front.theme, front.definition, front.unit, front.measure, front.polarity,
             front.period, declarations.is_derived(one), at],
        )  # fmt: skip
        con.execute("insert into reference.indicator_trait values (?, ?, ?)", [one.id, front.decimals, front.prices])
        for goal in front.goals:
            con.execute("insert into reference.indicator_goal values (?, ?)", [one.id, goal])
        if front.phrase is not None:
            con.execute("insert into reference.indicator_phrase values (?, ?)", [one.id, front.phrase])
        for goal in front.measures:
            con.execute("insert into reference.indicator_own_goal values (?, ?)", [one.id, goal])
        if front.target is not None:
            con.execute("insert into reference.indicator_target values (?, ?)", [one.id, front.target])
        if front.reference_month is not None:
            con.execute("insert into reference.indicator_month values (?, ?)", [one.id, front.reference_month])
        for table in declarations.tables(one):
            con.execute("insert into reference.indicator_table values (?, ?)", [one.id, table])
        for measure in sorted(declarations.measures(one)):
            con.execute("insert into reference.indicator_measure values (?, ?)", [one.id, measure])
        for dimension, labels in front.dimensions.items():
            _load_dimension(con, one.id, dimension, labels)


def _load_dimension(
    con: duckdb.DuckDBPyConnection, indicator: str, dimension: str, labels: Mapping[str, str] | str
) -> None:
    if "." in labels:
        return
    if isinstance(labels, str):
        con.execute(
            "insert into reference.indicator_dimension select ?, ?, code, name, row_number() over (order by code) "
            f"from reference.{labels}",
            [indicator, dimension],
        )
        return
    for at, (code, label) in enumerate(labels.items()):
        con.execute(
            "insert into reference.indicator_dimension values (?, ?, ?, ?, ?)", [indicator, dimension, code, label, at]
        )


def label_categories(con: duckdb.DuckDBPyConnection, indicators: Mapping[str, Indicator]) -> None:
    """Nothing; categories whose labels are those of a source table's variable have them, once its codes are loaded."""
    for one in indicators.values():
        for dimension, labels in one.front.dimensions.items():
            if isinstance(labels, str) and "." in labels:
                con.execute(
                    "insert into reference.indicator_dimension "
                    "select ?, ?, coalesce(name, code), label, row_number() over () from reference.source_code "
                    "where table_id = ? and variable = ? and name is distinct from 'all'",
                    [one.id, dimension, *labels.split(".")],
                )


def observe(con: duckdb.DuckDBPyConnection, indicators: Iterable[str]) -> None:
    """Nothing; indicators.observation holds every indicator's rows under its id."""
    selects = [f"select '{one}' as indicator, {', '.join(COLUMNS)} from indicators.{one}" for one in sorted(indicators)]
    con.execute(f"create or replace view indicators.observation as {' union all '.join(selects)}")


def analyse(con: duckdb.DuckDBPyConnection, folder: Path = HERE / "analysis") -> None:
    """Nothing; analysis.<name> stands for every query of the folder, made after those that it reads.

    Raises:
        DeclarationError: a query cannot be run, reads an analysis that no file makes, or two read each other.
    """
    for name, sql in analyses(folder).items():
        kind = "view" if name in VIEWS else "table"
        with _naming(folder / f"{name}.sql"):
            con.execute(f"create or replace {kind} analysis.{name} as {sql}")


def analyses(folder: Path = HERE / "analysis") -> dict[str, str]:
    """The queries of a folder by name, each after those that it reads as analysis.<name>.

    Raises:
        DeclarationError: a query reads an analysis that no file makes, or two read each other.
    """
    queries = {file.stem: declarations.read_text(file) for file in sorted(folder.glob("*.sql"))}
    reads: dict[str, list[str]] = {}
    for name, sql in queries.items():
        with declarations.naming(folder / f"{name}.sql"):
            reads[name] = sorted(declarations.reads_of(sql, "analysis"))
    for name, others in reads.items():
        for other in others:
            if other not in queries:
                near = get_close_matches(other, queries, n=1, cutoff=0.0)
                raise declarations.DeclarationError(
                    f"{name}.sql: reads analysis.{other}, which no file in {folder} makes; closest match: "
                    f"{', '.join(near)}; correct the name or add {other}.sql"
                )
    try:
        order = tuple(TopologicalSorter(reads).static_order())
    except CycleError as error:
        raise declarations.DeclarationError(
            f"{folder}: analyses read each other in a circle: {' -> '.join(error.args[1])}; break it"
        ) from None
    return {name: queries[name] for name in order}


assert set(COLUMNS) == {*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS}
