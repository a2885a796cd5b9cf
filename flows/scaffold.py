"""Skeletons of a new indicator or table: a file that says what to fill in, and a test that fails until it is filled."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from transforms.declarations import NOT_FILLED_IN


class CannotScaffold(ValueError):
    """A new file that cannot be made; the message says what is allowed."""


def indicator(root: Path, name: str) -> list[Path]:
    """The files written: the indicator's SQL, and its test.

    Args:
        root: the checkout.
        name: the indicator's id, which becomes the file's name.

    Raises:
        CannotScaffold: the name is not allowed, or taken.
    """
    folder = root / "transforms" / "indicators"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise CannotScaffold(
            f"indicator id {name!r}: allowed: a-z, 0-9 and _, beginning with a letter; "
            f"for example {_slug(name, '_') or 'employment_rate'}"
        )
    return _write(
        root,
        {
            folder / f"{name}.sql": _INDICATOR,
            root / "tests" / "unit" / f"test_{name}.py": _INDICATOR_TEST,
        },
        name,
    )


def table(root: Path, name: str) -> list[Path]:
    """The files written: the table's declaration, its staging query, and its test.

    Args:
        root: the checkout.
        name: SCB's id of the table.

    Raises:
        CannotScaffold: the name is not a table's id, or taken.
    """
    if not re.fullmatch(r"TAB\d+", name):
        raise CannotScaffold(
            f"table id {name!r}: allowed: SCB's id, TAB and a number, such as TAB3200; look it up in SCB's table list"
        )
    return _write(
        root,
        {
            root / "sources" / "tables" / f"{name}.yml": _TABLE,
            root / "transforms" / "staging" / f"{name}.sql": _STAGING,
            root / "tests" / "unit" / f"test_{name.lower()}.py": _TABLE_TEST,
        },
        name,
    )


def _write(root: Path, texts: Mapping[Path, str], name: str) -> list[Path]:
    """The files, all new; none is written when one of them exists."""
    for path in texts:
        if path.exists():
            near = [one for one in get_close_matches(name, _names(path), n=3) if one != name]
            also = f" (others like it: {', '.join(near)})" if near else ""
            raise CannotScaffold(
                f"{path.relative_to(root)}: exists already{also}; choose another id, or edit that file"
            )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("NAME", name).replace("FILL", NOT_FILLED_IN), encoding="utf-8")
    return list(texts)


def _names(path: Path) -> list[str]:
    return sorted(file.stem for file in path.parent.glob(f"*{path.suffix}"))


def _slug(text: str, sign: str) -> str:
    plain = text.lower().translate(str.maketrans("åäöéü", "aaoeu"))
    return re.sub(r"[^a-z0-9]+", sign, plain).strip(sign + "0123456789")


_INDICATOR = """\
/*---
title: FILL                         # as a heading, in Swedish; no other indicator has it
phrase: FILL                        # definite, for a sentence: "Sysselsättningsgraden i åldern 20–64 år" (var ...)
theme: FILL                         # transforms/reference/theme.csv
definition: FILL                    # what is counted, of whom, where; numerator and denominator; source
unit: FILL                          # percent percentage_points persons sek_thousands per_1000 years index ratio
measure: FILL                       # level (women and men), share (of women), segregation, decomposition
polarity: FILL                      # higher lower parity gap none
goals: [FILL]                       # ids in transforms/strategy/*.yml
period: FILL                        # year quarter month mandate five_years
---*/
with operands as (                    -- alone reads staged.*; one row per SCB cell; keeps cell
    select region_code, period, sex, measure as operand, value, status, cell
    from staged.TABnnnn
    where measure in ('part', 'whole')
),
counts as (
    select
        region_code,
        period,
        sex,
        whole_sum(value, operand = 'part') as numerator,
        whole_sum(value, operand = 'whole') as denominator,
        joined_status(status) as status
    from operands
    group by region_code, period, sex
),
rates as (
    select *, percent_of(numerator, denominator) as value
    from counts
)
select                                -- both sexes or neither: see transforms/macros.sql
    region_code,
    period,
    sex,
    'all' as category,
    paired(value, value, sex, (region_code, period)) as value,
    paired(numerator, value, sex, (region_code, period)) as numerator,
    paired(denominator, value, sex, (region_code, period)) as denominator,
    status,
    paired_reason(value, denominator, status, sex, (region_code, period)) as reason
from rates
"""

_INDICATOR_TEST = '''\
"""Rows in, rows out: NAME."""

import duckdb
import pytest

from tests.unit.test_indicator_sql import by_sex, con, empty, put  # noqa: F401


def test_NAME_of_a_worked_example(con: duckdb.DuckDBPyConnection) -> None:  # noqa: F811
    put(
        con,
        "TABnnnn",
        [
            {"sex": "women", "measure": "part", "value": 30},
            {"sex": "women", "measure": "whole", "value": 40},
            {"sex": "men", "measure": "part", "value": 40},
            {"sex": "men", "measure": "whole", "value": 50},
        ],
    )
    figures = by_sex(con, "NAME")
    assert (figures["women"]["value"], figures["men"]["value"]) == (75, 80)
    pytest.fail("NAME: fill in the table, its rows and the figures worked out by hand; then remove this line")


def test_NAME_has_both_sexes_or_neither(con: duckdb.DuckDBPyConnection) -> None:  # noqa: F811
    pytest.fail("NAME: leave out a cell of one sex, and see that both have no value and a reason")
'''

_TABLE = """\
id: NAME
v1: null                              # the path in the older API; null when not known
title: FILL
agency: FILL                        # who answers for the figures: SCB, or the authority that SCB publishes for
licence: CC0
series: null                          # BAS, RAMS, RAMS_N; null when no other series measures the same
cadence: FILL                       # year quarter month mandate five_years
additivity: FILL                    # exact rounding ckm sample none: how parts add up (the table's notes say)
certainty: FILL                     # V, S, I or unknown: how sure the id and the codes are
breaks: []                            # - {id: B2024, period: "2024", what: "...", line: false}
variables:                            # every variable of the table
  Region: {role: region, levels: [country, county, municipality]}
  Kon: {role: sex, women: "2", men: "1"}   # total: the code, where the table has one
  ContentsCode: {role: contents}
  Tid: {role: period}
codes:                                # a code that is not certain has a label instead, and its certainty
  ContentsCode:
    FILL: {code: FILL, unit: antal, decimals: 0}
selections:                           # every variable in each
  - Region: scope
    Kon: all
    ContentsCode: named
    Tid: all
"""

_STAGING = """\
-- FILL: what the table is
select
    r."Region" as region_code,
    r."Tid" as period,
    s.sex,
    c.name as measure,
    r.value,
    r.status,
    r.cell,
    c.unit
from raw.NAME as r
join reference.source_sex as s
    on s.table_id = 'NAME' and s.code = r."Kon"
join reference.source_code as c
    on c.table_id = 'NAME' and c.variable = 'ContentsCode' and c.code = r."ContentsCode" and c.name is not null
"""

_TABLE_TEST = '''\
"""What NAME declares, held to what is known of the table; test_staging_sql.py tries its staging query."""

from pathlib import Path

import pytest

from sources.declarations import load_tables

TABLES = Path(__file__).resolve().parents[2] / "sources" / "tables"


def test_NAME_names_its_contents_and_says_which_code_is_women() -> None:
    table = load_tables(TABLES)["NAME"]
    assert table.sexes() == {"2": "women", "1": "men"}
    pytest.fail("NAME: state its contents codes, cadence and additivity as its metadata have them")
'''
