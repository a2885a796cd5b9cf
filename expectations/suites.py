"""What is expected of a table or an indicator: rules read from SQL files, and suites built from the declarations.

A rule is one file in `rules/`: YAML front matter in a block comment, then a select of the failing rows. A suite is
a list of `Expected`: a small frame taken from the warehouse, what Great Expectations is to hold it against, and the
query that lists the failing cells. Frames are aggregated in SQL first, so that none grows with the table.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from transforms.declarations import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, DeclarationError, read_text

Severity = Literal["critical", "warning"]
SubjectType = Literal["table", "indicator"]
Protects = Literal["fetch", "structure", "sexes", "values", "missing", "time"]

RULES = Path(__file__).parent / "rules"
RELATIONS = Path(__file__).parent / "relations"
STAGED_COLUMNS = ("region_code", "period", "measure", "value", "status", "cell", "unit")
RAW_COLUMNS = ("value", "status", "cell")

# Columns of a staged table that are no breakdown of it.
_NO_DIMENSION = {*STAGED_COLUMNS, "sex", "partner_code"}

# Breakdowns by a classification, whose codes enter sums and indices one by one.
_CLASSIFICATIONS = ("occupation", "industry")

# Hard limits by unit. A count whose declared name begins with net_ or change_ is a balance and may be negative.
_TABLE_RANGES: dict[str, tuple[float, float | None]] = {
    "count": (0, None),
    "procent": (0, 100),
    "tkr": (0, None),
}
_INDICATOR_RANGES: dict[str, tuple[float, float | None]] = {
    "percent": (0, 100),
    "index": (0, 100),
    "ratio": (0, None),
    "persons": (0, None),
    "per_1000": (0, None),
    "years": (0, None),
    "sek_thousands": (0, None),
}

# A part summed from noisy counts can be a little larger than the published whole (share_above_whole warns of it). How
# much is not established; what lies beyond this many percent is taken for a fault (own definition).
NOISY_WHOLE = 110

# A GX object; the library is imported when a check runs and not before.
Expectation = Any


class RuleError(ValueError):
    """A rule file that cannot be used; the message names the file, the field and what is allowed."""


class Rule(BaseModel):
    """One rule file: what it says of itself, and the select of its failing rows.

    `field` is the part of the subject's file that the rule is about, for whoever is to mend it; `protects` what would
    go wrong without the rule; `otherwise` why it is skipped where it does not apply; `limits` the thresholds that stand
    as `{name}` in the SQL.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    severity: Severity
    subject: SubjectType
    message: str
    field: str | None = None
    applies: str = "true"
    needs_sex: bool = False
    protects: Protects
    otherwise: str | None = None
    limits: dict[str, float] = {}
    sql: str

    @model_validator(mode="after")
    def _says_why_skipped(self) -> Self:
        if (self.applies != "true" or self.needs_sex) != (self.otherwise is not None):
            raise PydanticCustomError("rule", "say why the rule is skipped in `otherwise`, only where it may not apply")
        return self


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation on one frame.

    Attributes:
        rule: its name in the check results; several expectations may share it.
        severity: critical holds back what depends on the subject.
        title: what is expected, said when it holds.
        message: what is wrong, said when it does not hold.
        frame: the query of the frame that is handed to Great Expectations.
        expectations: what the frame is held against; all must hold.
        failing: the query of the failing rows, with the columns of a rule; None where no cell can be named.
        protects: what would go wrong without it.
    """

    rule: str
    severity: Severity
    title: str
    message: str
    frame: str
    expectations: tuple[Expectation, ...]
    failing: str | None = None
    protects: Protects = "structure"


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule in `rules/`, by name.

    Raises:
        RuleError: on the first file that cannot be used.
    """
    return tuple(read_rule(path) for path in sorted(RULES.glob("*.sql")))


def read_rule(path: Path) -> Rule:
    """The rule in one file; RuleError names the file and the field."""
    try:
        text = read_text(path)
    except DeclarationError as error:
        raise RuleError(str(error)) from None
    found = re.match(r"/\*---\n(.*?)\n---\*/\n", text, flags=re.DOTALL)
    if found is None:
        raise RuleError(f"{path.name}: front matter: missing; begin the file with /*--- and end the block with ---*/")
    try:
        fields = yaml.safe_load(found[1])
        rule = Rule(name=path.stem, sql=found.string[found.end() :].strip(), **fields)
    except (yaml.YAMLError, TypeError) as error:
        raise RuleError(f"{path.name}: front matter: {' '.join(str(error).split())}; write fields as YAML") from error
    except ValidationError as error:
        first = error.errors()[0]
        allowed = ", ".join(name for name in Rule.model_fields if name not in {"name", "sql"})
        where = ".".join(str(part) for part in first["loc"])
        raise RuleError(f"{path.name}: {where}: {first['msg']}; allowed fields: {allowed}") from error
    sql = rule.sql
    for name, limit in rule.limits.items():
        if f"{{{name}}}" not in sql:
            raise RuleError(f"{path.name}: limits.{name}: not used; write {{{name}}} in the SQL, or remove it")
        sql = sql.replace(f"{{{name}}}", f"{limit:g}")
    return rule.model_copy(update={"sql": sql})


def applies(rule: Rule, con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the rule has anything to say of the subject whose relations are set up."""
    if rule.applies == "true" and not rule.needs_sex:
        return True
    condition = f"has_sex and ({rule.applies})" if rule.needs_sex else rule.applies
    return bool(con.execute(f"select {condition} from subject").fetchall()[0][0])


def of_rule(rule: Rule) -> Expected:
    """The expectation that a rule selects no row."""
    none = _gx().ExpectTableRowCountToEqual(value=0)
    return Expected(rule.name, rule.severity, rule.title, rule.message, rule.sql, (none,), rule.sql, rule.protects)


def reference_relations() -> str:
    """The statements that set up what the rules of every subject read.

    existing: each region in the periods in which it exists, with its type and county.
    outside_life_span: each region in the other periods.
    asked: each region that the run asks for, with its type.
    """
    return (RELATIONS / "reference.sql").read_text(encoding="utf-8")


def table_relations(con: duckdb.DuckDBPyConnection, table_id: str) -> Iterator[str]:
    """The statements that set up what the rules of one table read.

    subject: its row of reference.source_table, with has_sex and has_partner.
    cells: its staged cells, with `category` = measure and breakdowns as text, and is_count.
    repeated: one row per key that is used more than once, with how many times.
    classified: one row per cell and classification, with its code and `whole`, the key of all else.
    pairs: women, men and total of each cell side by side, where the table has sexes.
    counties: a county's value beside the sum of its municipalities, where all of them are there.
    raw_cells: what SCB sent, with `key` and `category` of all its codes.
    """
    staged = _columns(con, "staged", table_id)
    sex, partner = "sex" in staged, "partner_code" in staged
    dimensions = [name for name in staged if name not in _NO_DIMENSION]
    category = _joined(["measure", *(f"{_text(name + ':')} || {_name(name)}" for name in dimensions)])
    partner_column = "partner_code" if partner else "null::varchar"
    sex_column = "sex" if sex else "'total'"
    keys = ["region_code", "partner_code", "period", "sex", "measure", *map(_name, dimensions)]
    without_sex = [key for key in keys if key != "sex"]
    yield f"""
        create or replace temp view subject as
        select *, {sex} as has_sex, {partner} as has_partner
        from reference.source_table where table_id = {_text(table_id)}"""
    yield f"""
        create or replace temp view cells as
        select
            region_code, {partner_column} as partner_code, period, {sex_column} as sex, measure, {category} as category,
            value, status, cell, unit, {_is_count("unit")} as is_count{"".join(", " + _name(n) for n in dimensions)}
        from staged.{_name(table_id)}"""
    yield f"""
        create or replace temp table repeated as
        select {", ".join(keys)}, {category} as category, number, cell
        from (select {", ".join(keys)}, count(*) as number, max(cell) as cell from cells group by all
            having count(*) > 1)"""
    yield _classified_sql(keys, [name for name in dimensions if name in _CLASSIFICATIONS])
    if sex:
        yield _pair_sql(without_sex)
        yield f"""
        create or replace temp view pairs as
        select pair.*, {category} as category, coalesce(step, 1) as step
        from pair left join (
            select name as measure, max(power(10, -coalesce(decimals, 0))) as step from reference.source_code
            where table_id = {_text(table_id)} and name is not null and unit is not null group by name
        ) using (measure)"""
    codes = [name for name in _columns(con, "raw", table_id) if name not in RAW_COLUMNS]
    yield f"""
        create or replace temp view raw_cells as
        select
            value, status, cell, hash({", ".join(map(_name, codes))}) as key,
            {_joined(f"{_text(code + ':')} || {_name(code)}" for code in codes)} as category
        from raw.{_name(table_id)}"""
    yield (RELATIONS / "table.sql").read_text(encoding="utf-8")


def indicator_relations(indicator: str) -> Iterator[str]:
    """The statements that set up what the rules of one indicator read.

    subject: its row of reference.indicator, with has_sex.
    observations: its rows, as in indicators.observation.
    compared: each row of its last publication beside today's.
    steps: each value beside that of the period before, and how far it moved.
    """
    yield f"""
        create or replace temp view subject as
        select *, true as has_sex from reference.indicator where indicator = {_text(indicator)}"""
    yield f"""
        create or replace temp table observations as
        select {_text(indicator)} as indicator, * from indicators.{_name(indicator)}"""
    yield (RELATIONS / "indicator.sql").read_text(encoding="utf-8")


def table_contract(con: duckdb.DuckDBPyConnection, table_id: str) -> list[Expected]:
    """The columns that a table must have before anything else can be asked of it."""
    dimensions = [name for name in _columns(con, "staged", table_id) if name not in STAGED_COLUMNS]
    return [
        Expected(
            "raw_columns",
            "critical",
            "Tabellen har de variabler som SCB:s metadata anger",
            "Tabellens variabler är inte de som SCB:s metadata anger",
            f"select * from raw.{_name(table_id)} limit 0",
            (_columns_are([*_codes(con, table_id), *RAW_COLUMNS]),),
            protects="fetch",
        ),
        Expected(
            "staged_columns",
            "critical",
            "Tabellen har de kolumner som indikatorerna bygger på",
            "Tabellen saknar kolumner som indikatorerna bygger på",
            f"select * from staged.{_name(table_id)} limit 0",
            (_columns_are([*STAGED_COLUMNS, *dimensions]),),
        ),
    ]


def table_suite(con: duckdb.DuckDBPyConnection, table_id: str) -> list[Expected]:
    """What the declaration and SCB's metadata lead us to expect of a table's cells: codes, keys, ranges."""
    keys = [name for name in _columns(con, "staged", table_id) if name not in {"value", "status", "cell", "unit"}]
    signed = "(measure like 'net\\_%' escape '\\' or measure like 'change\\_%' escape '\\')"
    kind = "case when is_count then 'count' else lower(trim(unit)) end"
    return [
        _codes_in_metadata(table_id, _codes(con, table_id)),
        Expected(
            "key_not_null",
            "critical",
            "Varje cell har region, period, kön och övriga koder",
            "Celler saknar region, period, kön eller annan kod",
            " union ".join(f"select distinct {_text(key)} as name, {_name(key)} as code from cells" for key in keys),
            (_gx().ExpectColumnValuesToNotBeNull(column="code"),),
            f"""select region_code, period, sex, category, value, 'alla koder' as expected, cell from cells
                where {" or ".join(f"{_name(key)} is null" for key in keys)}""",
        ),
        _value_range("cells", f"case when {signed} then null else {kind} end", _TABLE_RANGES),
    ]


def indicator_contract(con: duckdb.DuckDBPyConnection, indicator: str) -> list[Expected]:
    """The columns that an indicator must have: the required ones, some optional ones, nothing else."""
    present = _columns(con, "indicators", indicator)
    columns = [*REQUIRED_COLUMNS, *(name for name in OPTIONAL_COLUMNS if name in present)]
    return [
        Expected(
            "indicator_columns",
            "critical",
            "Indikatorn har de kolumner som är avtalade",
            "Indikatorns kolumner är inte de avtalade",
            f"select * from indicators.{_name(indicator)} limit 0",
            (_columns_are(columns),),
        )
    ]


def indicator_suite(con: duckdb.DuckDBPyConnection) -> list[Expected]:
    """What the front matter leads us to expect of an indicator's values: sexes, range."""
    unit, measure, derived, balance, noisy = con.execute(
        """select unit, measure, derived, starts_with(indicator, 'net_'), exists (
                from reference.indicator_table join reference.source_table using (table_id)
                where indicator = subject.indicator and additivity in ('ckm', 'sample'))
            from subject"""
    ).fetchall()[0]
    sexes = ["women", "men", "total"] if measure == "level" else ["total"]
    suite = [
        Expected(
            "indicator_sexes",
            "critical",
            "Indikatorn anger kön så som dess mått kräver",
            "Indikatorn har könsvärden som dess mått inte tillåter",
            "select distinct sex from observations",
            (
                _gx().ExpectColumnValuesToNotBeNull(column="sex"),
                _gx().ExpectColumnDistinctValuesToBeInSet(column="sex", value_set=sexes),
            ),
            f"""select region_code, period, sex, category, value, {_text(", ".join(sexes))} as expected, null as cell
                from observations where coalesce(sex not in ({", ".join(map(_text, sexes))}), true)""",
            "sexes",
        ),
    ]
    # A decomposition splits a difference, and what is named net_ or counts computed persons may be a balance.
    bounded = measure != "decomposition" and not balance and not (unit == "persons" and derived)
    if bounded and unit in _INDICATOR_RANGES:
        low, high = _INDICATOR_RANGES[unit]
        if unit == "percent" and derived and noisy:
            high = NOISY_WHOLE
        suite.append(_value_range("observations", _text(unit), {unit: (low, high)}))
    return suite


def _classified_sql(keys: list[str], classifications: list[str]) -> str:
    """The statement that lists the cells by code of each classification; none where the table has no such column."""
    selects = [
        f"""select {_text(name)} as dimension, {_name(name)} as code,
                hash({", ".join(key for key in keys if key != _name(name))}) as whole, period, value, cell
            from cells"""
        for name in classifications
    ]
    none = "select '' as dimension, '' as code, 0::ubigint as whole, period, value, cell from cells where false"
    return f"create or replace temp view classified as {' union all '.join(selects or [none])}"


def _pair_sql(keys: list[str]) -> str:
    """The statement that sets women, men and total of each cell side by side."""
    return f"""
        create or replace temp table pair as
        select
            {", ".join(keys)}, bool_and(is_count) as is_count,
            max(value) filter (sex = 'women') as women, max(value) filter (sex = 'men') as men,
            max(value) filter (sex = 'total') as total, count(*) filter (sex = 'women') as n_women,
            count(*) filter (sex = 'men') as n_men, max(cell) filter (sex = 'total') as total_cell,
            max(cell) as any_cell
        from cells group by {", ".join(keys)}"""


def _codes_in_metadata(table_id: str, codes: dict[str, list[str]]) -> Expected:
    """The expectation that SCB sent no code that its own metadata lacks."""
    table = f"raw.{_name(table_id)}"
    known = f"select code from reference.source_code where table_id = {_text(table_id)} and variable = "
    used = " union all ".join(
        f"select {_text(name + ':')} || coalesce(code, '') as code "
        f"from (select distinct {_name(name)} as code from {table})"
        for name in codes
    )
    failing = " union all ".join(
        f"""select null as region_code, null as period, null as sex,
                {_text(name + ":")} || coalesce({_name(name)}, '') as category, max(value) as value,
                'kod i metadata' as expected, max(cell) as cell
            from {table} where coalesce({_name(name)}, '') not in ({known}{_text(name)}) group by all"""
        for name in codes
    )
    values = [f"{name}:{code}" for name, of_variable in codes.items() for code in of_variable]
    return Expected(
        "codes_in_metadata",
        "critical",
        "Alla koder i tabellen finns i SCB:s metadata",
        "Koder i tabellen saknas i SCB:s metadata",
        used,
        (_gx().ExpectColumnDistinctValuesToBeInSet(column="code", value_set=values),),
        failing,
        "fetch",
    )


def _value_range(cells: str, kind: str, ranges: dict[str, tuple[float, float | None]]) -> Expected:
    """The expectation that lowest and highest value of each kind of unit lie within its hard limits."""
    columns: list[str] = []
    expectations: list[Expectation] = []
    outside: list[str] = []
    for name, (low, high) in ranges.items():
        this = f"filter ({kind} = {_text(name)} and value is not null)"
        # A value that is no number lies below everything; where there is no value at all the limit itself stands.
        columns.append(f"coalesce(min(if(isnan(value), '-infinity', value)) {this}, {low}) as lowest_{name}")
        expectations.append(_gx().ExpectColumnMinToBeBetween(column=f"lowest_{name}", min_value=low))
        limits, wrong = f"minst {low:g}", f"value < {low} or isnan(value)"
        if high is not None:
            columns.append(f"coalesce(max(value) {this}, {high}) as highest_{name}")
            expectations.append(_gx().ExpectColumnMaxToBeBetween(column=f"highest_{name}", max_value=high))
            limits, wrong = f"{low:g}–{high:g}", f"{wrong} or value > {high}"
        outside.append(
            f"""select region_code, period, sex, category, value, {_text(limits)} as expected,
                {"cell" if cells == "cells" else "null as cell"} from {cells}
                where {kind} = {_text(name)} and ({wrong})"""
        )
    return Expected(
        "value_range",
        "critical",
        "Alla värden ligger inom enhetens gränser",
        "Värden ligger utanför enhetens gränser",
        f"select {', '.join(columns)} from {cells}",
        tuple(expectations),
        " union all ".join(outside),
        "values",
    )


def _gx() -> Any:
    """The expectations of Great Expectations, imported when a check runs: the library takes seconds to import."""
    from great_expectations import expectations

    return expectations


def _columns_are(columns: list[str]) -> Expectation:
    return _gx().ExpectTableColumnsToMatchSet(column_set=columns, exact_match=True)


def _codes(con: duckdb.DuckDBPyConnection, table_id: str) -> dict[str, list[str]]:
    """The codes of each variable in the table's metadata."""
    return dict(
        con.execute(
            "select variable, list(code order by code) from reference.source_code where table_id = ? "
            "group by variable order by variable",
            [table_id],
        ).fetchall()
    )


def _columns(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    """The columns of a table in their order; none where it is absent."""
    rows = con.execute(
        "select column_name from information_schema.columns where table_schema = ? and table_name = ? "
        "and table_catalog = current_database() order by ordinal_position",
        [schema, table],
    ).fetchall()
    return [name for (name,) in rows]


def _is_count(unit: str) -> str:
    """SQL that is true for a unit of counted things: SCB writes `antal`, `antal personer`."""
    return f"coalesce(lower(trim({unit})) similar to 'antal( .*)?|personer', false)"


def _joined(parts: Iterable[str]) -> str:
    return f"concat_ws(', ', {', '.join(parts)})"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
