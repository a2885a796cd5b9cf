"""The gate: every check of a warehouse, and which indicators must not be published.

Great Expectations gives the verdict on frames taken from the same DuckDB connection (its own SQL datasource does not
work on DuckDB); the failing cells come from SQL. A failed check never raises; an engine that cannot tell does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb
from babel.numbers import format_decimal

from expectations.suites import (
    Expectation,
    Expected,
    Severity,
    SubjectType,
    applies,
    indicator_contract,
    indicator_relations,
    indicator_suite,
    load_rules,
    of_rule,
    reference_relations,
    table_contract,
    table_relations,
    table_suite,
)

# Failing cells kept per rule and subject; checks.failing_total has how many there are.
MOST_CELLS = 1000

# What in the subject's file the checks are about that stand in no rule file.
FIELDS = {"indicator_columns": "columns", "indicator_sexes": "sex", "value_range": "unit"}
WRONG_COLUMNS = "Kolumnerna är inte de väntade, så inget mer kunde kontrolleras"
SEXES = {"women": "kvinnor", "men": "män", "total": "totalt"}

_CREATE = """
create schema if not exists checks;
create or replace table checks.result (
    rule varchar, severity varchar, subject_type varchar, subject varchar, success boolean, observed varchar,
    expected varchar, message varchar
);
create or replace table checks.rule (
    rule varchar, title varchar, severity varchar, subject_type varchar, protects varchar
);
create or replace table checks.skipped (rule varchar, subject_type varchar, subject varchar, reason varchar);
create or replace table checks.failing_cell (
    rule varchar, subject varchar, region_code varchar, period varchar, sex varchar, category varchar, value double,
    expected varchar, cell ubigint
);
create or replace table checks.failing_total (rule varchar, subject varchar, cells bigint);
"""
_TEMPORARY = (
    ("view", "pairs"),
    ("table", "pair"),
    ("table", "repeated"),
    ("view", "counties"),
    ("view", "classified"),
    ("table", "asked"),
    ("table", "outside_life_span"),
    ("table", "existing"),
    ("view", "raw_cells"),
    ("view", "cells"),
    ("table", "observations"),
    ("table", "compared"),
    ("table", "steps"),
    ("view", "words"),
    ("table", "failing"),
    ("view", "subject"),
)


Verdicts = tuple[list[Any], list[dict[str, Any]]]
"""Results of Great Expectations, and the same as it writes them."""


class GateError(RuntimeError):
    """The checks could not be carried out; nothing is known of the data."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one rule found on one subject.

    Attributes:
        rule: name of the rule.
        severity: critical blocks publication of what depends on the subject, warning is published with its note.
        subject_type: table or indicator.
        subject: id of the table or the indicator.
        success: whether the rule holds.
        observed: what was found, in Swedish.
        expected: what was expected, in Swedish.
        message: one sentence for readers, in Swedish.
    """

    rule: str
    severity: Severity
    subject_type: SubjectType
    subject: str
    success: bool
    observed: str
    expected: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All results, and for each indicator that must not be published the critical rules that hold it back.

    `reasons` says of the same indicators what these rules found. `engine` has the results of Great Expectations whole,
    as it writes them, each with the rule and the subject.
    """

    results: tuple[CheckResult, ...]
    held_back: dict[str, tuple[str, ...]]
    reasons: dict[str, str]
    engine: tuple[dict[str, Any], ...] = ()


def check(con: duckdb.DuckDBPyConnection, progress: Callable[[str], None] | None = None) -> Verdict:
    """The verdict on the warehouse behind the connection; results, failing cells and skips stand in `checks.*`.

    Every loaded table is checked, and every indicator that has rows or had some when it was last published.

    Args:
        con: a writable connection to the warehouse that is being built.
        progress: called with the id of each table and indicator before it is checked.

    Raises:
        GateError: a check could not be carried out, which says nothing of the data.
    """
    gate = _Gate(con)
    con.execute(_CREATE)
    try:
        con.execute(reference_relations())
        for table_id in _tables(con):
            if progress is not None:
                progress(table_id)
            _check_table(gate, table_id)
        indicators = _indicators(con)
        for indicator in indicators:
            if progress is not None:
                progress(indicator)
            _check_indicator(gate, indicator)
        gate.skip_absent(indicators)
        gate.keep_results()
    finally:
        for kind, name in _TEMPORARY:
            con.execute(f"drop {kind} if exists temp.{name}")
    results = tuple(gate.results)
    held = _held_back(con, results, indicators)
    said = {result: explain(con, result) for result in {one for found in held.values() for one in found}}
    return Verdict(
        results,
        {one: tuple(sorted({result.rule for result in found})) for one, found in held.items()},
        {one: "; ".join(said[result] for result in found) for one, found in held.items()},
        tuple(gate.engine),
    )


def warnings(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What the warnings in `checks.*` say, each as a line of `explain`."""
    failed = con.execute(
        f"""select {", ".join(CheckResult.__slots__)} from checks.result
            where severity = 'warning' and not success order by subject_type, subject, rule"""
    ).fetchall()
    return [explain(con, CheckResult(*row)) for row in failed]


def explain(con: duckdb.DuckDBPyConnection, result: CheckResult) -> str:
    """What a check that failed found, in one line: the file and its field, a sentence, how many cells and the first.

    Args:
        con: the warehouse that was checked.
        result: what the check found.
    """
    where = f"{result.subject}.{'yml' if result.subject_type == 'table' else 'sql'}"
    fields = {rule.name: rule.field for rule in load_rules()} | FIELDS
    first = con.execute(
        """select region_code, period, sex, nullif(regexp_replace(category, '^all(, |$)', ''), '')
            from checks.failing_cell where rule = ? and subject = ? order by rowid limit 1""",
        [result.rule, result.subject],
    ).fetchall()
    cell = [SEXES.get(part, part) for part in (first[0] if first else ()) if part is not None]
    found = ", ".join([result.observed, *(["först " + " ".join(cell)] if cell else [])])
    return ": ".join(filter(None, (where, fields.get(result.rule), f"{result.message} ({found}; {result.rule})")))


def _check_table(gate: "_Gate", table_id: str) -> None:
    if not gate.judge_all("table", table_id, table_contract(gate.con, table_id)):
        gate.skip(None, "table", table_id, WRONG_COLUMNS)
        return
    gate.set_up(table_relations(gate.con, table_id))
    gate.judge_all("table", table_id, table_suite(gate.con, table_id))
    gate.judge_rules("table", table_id)


def _check_indicator(gate: "_Gate", indicator: str) -> None:
    if not gate.judge_all("indicator", indicator, indicator_contract(gate.con, indicator)):
        gate.skip(None, "indicator", indicator, WRONG_COLUMNS)
        return
    gate.set_up(indicator_relations(indicator))
    gate.judge_all("indicator", indicator, indicator_suite(gate.con))
    gate.judge_rules("indicator", indicator)


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The ids of the tables that are loaded; GateError where one is loaded and not staged."""
    rows = con.execute(
        """select table_id, table_id in (
                select table_name from information_schema.tables
                where table_schema = 'staged' and table_catalog = current_database())
            from reference.source_table where state = 'loaded' order by table_id"""
    ).fetchall()
    for table_id, staged in rows:
        if not staged:
            raise GateError(f"{table_id}: loaded but not in staged; stage it before the checks")
    return [table_id for table_id, _ in rows]


def _indicators(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The ids of the indicators that have rows, or had some when they were last published."""
    rows = con.execute(
        """select indicator from reference.indicator
            where indicator in (select indicator from indicators.observation)
                or indicator in (select indicator from previous.indicator where rows > 0)
            order by indicator"""
    ).fetchall()
    return [indicator for (indicator,) in rows]


def _held_back(
    con: duckdb.DuckDBPyConnection, results: Iterable[CheckResult], indicators: Iterable[str]
) -> dict[str, list[CheckResult]]:
    """For each indicator the critical checks that failed on it or on a table it reads, by rule."""
    reads: dict[str, set[str]] = {}
    for indicator, table_id in con.execute("select indicator, table_id from reference.indicator_table").fetchall():
        reads.setdefault(indicator, set()).add(table_id)
    failed = [result for result in results if result.severity == "critical" and not result.success]
    held: dict[str, list[CheckResult]] = {}
    for indicator in indicators:
        found = [
            result
            for result in failed
            if (
                result.subject in reads.get(indicator, ())
                if result.subject_type == "table"
                else result.subject == indicator
            )
        ]
        if found:
            held[indicator] = sorted(found, key=lambda result: (result.rule, result.subject))
    return held


@dataclass
class _Gate:
    """Holds frames against expectations and keeps what came of it."""

    con: duckdb.DuckDBPyConnection
    results: list[CheckResult] = field(default_factory=list)
    skipped: list[tuple[str | None, SubjectType, str, str]] = field(default_factory=list)
    engine: list[dict[str, Any]] = field(default_factory=list)
    rules: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._batches = _batch_definition()
        self._of_rows: dict[int, Verdicts] = {}

    def set_up(self, statements: Iterable[str]) -> None:
        """Create the relations of the next subject."""
        for statement in statements:
            self.con.execute(statement)

    def judge_rules(self, subject_type: SubjectType, subject: str) -> None:
        """Judge every rule in SQL that has anything to say of the subject."""
        for rule in load_rules():
            if rule.subject != subject_type:
                continue
            if applies(rule, self.con):
                self.judge(subject_type, subject, of_rule(rule))
            else:
                self.skip(rule.name, subject_type, subject, rule.otherwise or "")

    def skip(self, rule: str | None, subject_type: SubjectType, subject: str, reason: str) -> None:
        """Keep that a rule, or all that remain, could not be applied to the subject, and why."""
        self.skipped.append((rule, subject_type, subject, reason))

    def skip_absent(self, checked: Iterable[str]) -> None:
        """Keep which tables and indicators could not be checked at all, and why."""
        absent = self.con.execute(
            """select 'table', table_id, concat_ws(': ', 'Tabellen är inte hämtad', state_reason)
                from reference.source_table where state <> 'loaded'
                union all
                select 'indicator', indicator, 'Indikatorn har inga siffror'
                from reference.indicator where not list_contains(?, indicator) order by all""",
            [list(checked)],
        ).fetchall()
        for subject_type, subject, reason in absent:
            self.skip(None, subject_type, subject, reason)

    def judge_all(self, subject_type: SubjectType, subject: str, suite: Iterable[Expected]) -> bool:
        """Whether all expectations of the suite hold; each is judged."""
        verdicts = [self.judge(subject_type, subject, expected) for expected in suite]
        return all(verdicts)

    def judge(self, subject_type: SubjectType, subject: str, expected: Expected) -> bool:
        """Whether the frame meets its expectations; the result and the failing cells are kept."""
        verdicts, told = self._verdicts(subject, expected)
        self.engine += [{"rule": expected.rule, "subject": subject, "result": result} for result in told]
        self.rules[expected.rule] = (expected.title, expected.severity, subject_type, expected.protects)
        success = all(verdict.success for verdict in verdicts)
        if expected.failing is not None and not success:
            self._keep_cells(expected.rule, subject, expected.failing)
        result = CheckResult(
            expected.rule,
            expected.severity,
            subject_type,
            subject,
            success,
            "0 celler" if success and expected.failing else self._observed(expected, verdicts),
            "0 celler" if expected.failing is not None else expected.title,
            expected.title if success else expected.message,
        )
        self.results.append(result)
        return success

    def _verdicts(self, subject: str, expected: Expected) -> Verdicts:
        """Great Expectations' results, and the same as it writes them."""
        where = f"{subject}: {expected.rule}"
        if expected.frame != expected.failing:
            return self._asked(expected.frame, expected.expectations, where)
        # No row at all is what a rule expects: how many rows there are tells as much as all their columns, and of
        # equal numbers the engine says the same, so it is asked once.
        counted = f"select count(*) from (select 1 from ({expected.frame}) limit {MOST_CELLS})"
        rows = self.con.execute(counted).fetchall()[0][0]
        if rows not in self._of_rows:
            frame = f"select 1 as failing from range({rows})"
            self._of_rows[rows] = self._asked(frame, expected.expectations, where)
        return self._of_rows[rows]

    def _asked(self, frame: str, expectations: Iterable[Expectation], where: str) -> Verdicts:
        batch = self._batches.get_batch({"dataframe": self.con.execute(f"from ({frame})").df()})
        verdicts = [_verdict(batch, expectation, where) for expectation in expectations]
        return verdicts, [verdict.to_json_dict() for verdict in verdicts]

    def keep_results(self) -> None:
        """Store all results in one statement: one by one, each would wait for the disk."""
        columns = [[getattr(result, name) for result in self.results] for name in CheckResult.__slots__]
        self._insert("result", columns)
        self._insert("skipped", [list(column) for column in zip(*self.skipped, strict=True)])
        known = {rule.name: (rule.title, rule.severity, rule.subject, rule.protects) for rule in load_rules()}
        rules = [(name, *of) for name, of in sorted((known | self.rules).items())]
        self._insert("rule", [list(column) for column in zip(*rules, strict=True)])

    def _insert(self, table: str, columns: list[list[Any]]) -> None:
        if columns:
            marks = ", ".join(["unnest(?)"] * len(columns))
            self.con.execute(f"insert into checks.{table} select {marks}", columns)

    def _keep_cells(self, rule: str, subject: str, failing: str) -> None:
        self.con.execute(f"create or replace temp table failing as {failing}")
        self.con.execute(
            f"""insert into checks.failing_cell
                select ?, ?, region_code, period, sex, category, value, expected::varchar, cell
                from failing order by region_code, period, sex, category, cell limit {MOST_CELLS}""",
            [rule, subject],
        )
        self.con.execute("insert into checks.failing_total select ?, ?, count(*) from failing", [rule, subject])

    def _observed(self, expected: Expected, verdicts: list[Any]) -> str:
        """What was found: how many cells fail and by how much, or which columns differ."""
        if expected.failing is not None:
            number, most = self.con.execute(
                "select count(*), max(abs(value - try_cast(expected as double))) from failing"
            ).fetchall()[0]
            size = "" if most is None else f", största skillnad {format_decimal(most, locale='sv')}"
            return f"{format_decimal(number, locale='sv')} {'cell' if number == 1 else 'celler'}{size}"
        mismatched = [verdict.result.get("details", {}).get("mismatched", {}) for verdict in verdicts]
        parts = [
            f"{word}: {', '.join(sorted(names[kind]))}"
            for names in mismatched
            for kind, word in (("missing", "saknas"), ("unexpected", "oväntade"))
            if names.get(kind)
        ]
        return "; ".join(parts) or "alla kolumner"


def _verdict(batch: Any, expectation: Expectation, where: str) -> Any:
    """Great Expectations' result; GateError where its engine failed, which is not bad data."""
    result = batch.validate(expectation)
    infos = result.exception_info or {}
    for info in [infos] if "raised_exception" in infos else infos.values():
        if info["raised_exception"]:
            raise GateError(f"{where}: Great Expectations could not check it: {info['exception_message']}")
    return result


def _batch_definition() -> Any:
    """Where frames are handed to Great Expectations: an ephemeral context without telemetry or progress bars."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("warehouse").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("all")
