"""The machine files: one CSV and one Parquet file for each indicator, the same rows in the same order."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from reports.catalogue import Indicator, Run

COLUMNS = (
    "indicator",
    "region_code",
    "region",
    "partner_code",
    "partner",
    "period",
    "sex",
    "category",
    "series",
    "value",
    "numerator",
    "denominator",
    "status",
    "margin",
    "reason",
    "is_preliminary",
    "categories",
    "coverage",
    "unit",
    "source",
    "origin",
)
NUMBERS = ("value", "numerator", "denominator", "margin", "categories", "coverage")
ROW_GROUP = 131_072

# Of a measure of segregation, how many categories it rests on and what part of the persons they hold, in per cent.
# Women, men, total; regions by level and code; categories as declared, `all` first.
_ROWS = """
with
place as (
    select region_code, name, coalesce(list_position(['country', 'county', 'municipality'], type), 4) as level
    from reference.region
),
ordered_period as (select period, min(sort) as sort from reference.period group by period),
ordered_category as (
    select dimension || ':' || code as category, min(sort) as sort
    from reference.indicator_dimension
    where indicator = $indicator
    group by all
)
select
    o.indicator, o.region_code, r.name as region, o.partner_code, partner.name as partner, o.period, o.sex, o.category,
    o.series, cast(o.value as double) as value, cast(o.numerator as double) as numerator,
    cast(o.denominator as double) as denominator, o.status, cast(o.margin as double) as margin, o.reason,
    o.is_preliminary, cast(s.categories as double) as categories, s.coverage,
    $unit as unit, $source as source, $origin as origin, g.diff, g.band
from indicators.observation as o
left join analysis.segregation_coverage as s
    on s.indicator = o.indicator and s.region_code = o.region_code and s.period = o.period
    and s.series is not distinct from o.series
left join place as r on r.region_code = o.region_code
left join place as partner on partner.region_code = o.partner_code
left join ordered_period as p on p.period = o.period
left join ordered_category as c on c.category = o.category
left join analysis.gap as g
    on g.indicator = o.indicator and g.region_code = o.region_code and g.period = o.period and g.category = o.category
    and g.partner_code is not distinct from o.partner_code and g.series is not distinct from o.series
where o.indicator = $indicator
order by
    r.level nulls last, o.region_code, partner.level nulls first, o.partner_code nulls first, o.series nulls first,
    p.sort, o.period, o.category != 'all', c.sort nulls last, o.category,
    list_position(['women', 'men', 'total'], o.sex), o.sex
"""


def rows(con: duckdb.DuckDBPyConnection, indicator: Indicator, run: Run) -> pa.Table:
    """The rows that every file of the indicator is made of, women before men before the total.

    `diff` and `band` are those of women and men together, for files that put them side by side.
    """
    return con.execute(
        _ROWS,
        {
            "indicator": indicator.indicator,
            "unit": indicator.unit,
            "source": indicator.source,
            "origin": run.origin_label,
        },
    ).to_arrow_table()


def write(
    con: duckdb.DuckDBPyConnection, rows: pa.Table, indicator: Indicator, run: Run, folder: Path
) -> tuple[Path, Path]:
    """The paths of the indicator's CSV and Parquet file, written to the folder.

    Numbers have full precision: the shortest text that reads back as the same number, whole numbers without `.0`.
    """
    csv, parquet = folder / f"{indicator.indicator}.csv", folder / f"{indicator.indicator}.parquet"
    _write_csv(con, rows, csv)
    _write_parquet(rows.select(COLUMNS), indicator, run, parquet)
    return csv, parquet


def _write_csv(con: duckdb.DuckDBPyConnection, rows: pa.Table, path: Path) -> None:
    columns = ", ".join(
        _text(name) if name in NUMBERS else name if name == "is_preliminary" else _harmless(name) for name in COLUMNS
    )
    target = str(path).replace("'", "''")
    con.register("published_rows", rows)
    try:
        con.execute(
            f"copy (select {columns} from published_rows) to '{target}' (format csv, header, delimiter ',', nullstr '')"
        )
    finally:
        con.unregister("published_rows")


def _text(column: str) -> str:
    """SQL that writes a number as Python's `repr` does, whole numbers below 1e15 without `.0`."""
    return (
        f"case when {column} = trunc({column}) and abs({column}) < 1e15 then cast(cast({column} as bigint) as varchar) "
        f"else cast({column} as varchar) end as {column}"
    )


def _harmless(column: str) -> str:
    """SQL that keeps a text from being read as a formula: an apostrophe stands before `=`, `+`, `-`, `@`, tab and CR.

    A lone sign is left as it is: it is the source's symbol for nil, and no formula.
    """
    dangerous = rf"regexp_matches({column}, '^[=+@\t\r-]') and length({column}) > 1"
    return f"case when {dangerous} then chr(39) || {column} else {column} end as {column}"


def _write_parquet(rows: pa.Table, indicator: Indicator, run: Run, path: Path) -> None:
    header = {
        "jamstat.indicator": indicator.indicator,
        "jamstat.title": indicator.title,
        "jamstat.unit": indicator.unit,
        "jamstat.run_id": run.run_id,
        "jamstat.data_run_id": indicator.run_id or run.run_id,
        "jamstat.origin": run.origin_label,
        "jamstat.source": indicator.source,
    }
    pq.write_table(rows.replace_schema_metadata(header), path, compression="zstd", row_group_size=ROW_GROUP)
