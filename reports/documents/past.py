"""What a year has changed in figures and definitions, as the warehouse has it for each year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from reports.catalogue import rows


@dataclass(frozen=True)
class Compared:
    """What the end of the year is compared with; days are ISO text, and null where nothing is kept of the year.

    `whole`: what stood when the year began is kept. `several`: there is a later run to compare with, of the year too.
    """

    oldest: str | None = None
    since: str | None = None
    until: str | None = None
    whole: bool = False
    several: bool = False

    @property
    def comparable(self) -> bool:
        """Whether there are two states to compare: that nothing changed is known only then."""
        return self.whole or self.several


@dataclass(frozen=True)
class Past:
    """The year of the yearly reports, and what it has changed: figures by indicator, definitions row by row."""

    year: str = ""
    figures: Compared = Compared()
    definitions: Compared = Compared()
    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    redefined: Sequence[Mapping[str, Any]] = ()


def read(con: duckdb.DuckDBPyConnection, year: str = "") -> Past:
    """The year, or the last whole one before the run."""
    chosen = year or str(rows(con, _DEFAULT)[0]["year"])
    asked = {"year": int(chosen)}
    compared = {row.pop("kind"): Compared(**row) for row in rows(con, _COMPARED, asked)}
    return Past(
        chosen,
        compared.get("figures", Compared()),
        compared.get("definitions", Compared()),
        {row["indicator"]: row for row in rows(con, _CHANGED, asked)},
        rows(con, _REDEFINED, asked),
    )


_DEFAULT = "select distinct year from analysis.report_year where is_default"

_COMPARED = """
select kind, oldest, since, until, whole, several
from analysis.report_year
where year = $year
"""

_CHANGED = "select * from analysis.year_change where year = $year order by indicator"

_REDEFINED = """
select d.subject, d.id, d.field, d.part, coalesce(b.text, d.before) as before, coalesce(n.text, d.now) as now
from analysis.year_definition as d
left join reference.unit as b on d.subject = 'indicator' and d.field = 'unit' and b.unit = d.before
left join reference.unit as n on d.subject = 'indicator' and d.field = 'unit' and n.unit = d.now
where d.year = $year
order by d.subject, d.id, d.field, d.part
"""
