"""The pages for whoever examines the whole: what ran, what was fetched, and how figures have been revised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from reports.catalogue import rows
from reports.web.figures import Key
from reports.wording import period_name, shaped

if TYPE_CHECKING:
    from reports.catalogue import Indicator
    from reports.web.language import Language
    from reports.web.pages import Site

Rows = Sequence[Mapping[str, Any]]
OWN_SERVER = {
    "demo": "Demoservern på den egna datorn, med syntetiska siffror",
    "recorded": "En server på den egna datorn, med inspelade svar",
}
MOST_RUNS = 8
"""So many of the newest columns of a revision triangle are shown."""


@dataclass(frozen=True)
class Audit:
    """The run's software, what it fetched, how many steps are known, and how figures have been revised."""

    software: Mapping[str, Any] = field(default_factory=dict)
    packages: Rows = ()
    fetches: Rows = ()
    objects: Mapping[str, Any] = field(default_factory=dict)
    edges: Rows = ()
    summary: Rows = ()
    calendar: Rows = ()
    triangles: Mapping[str, Rows] = field(default_factory=dict)


def read(con: duckdb.DuckDBPyConnection, home: str) -> Audit:
    """What the warehouse says of its own making."""
    triangles: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows(con, _TRIANGLES, {"home": home}):
        triangles.setdefault(row["indicator"], []).append(row)
    return Audit(
        software=next(iter(rows(con, "from provenance.software")), {}),
        packages=rows(con, "from provenance.package order by name"),
        fetches=rows(con, _FETCHES),
        objects=rows(con, "select count(*) as n, sum(bytes) as bytes from provenance.raw_object")[0],
        edges=rows(con, _EDGES),
        summary=rows(con, "from analysis.revision_summary"),
        calendar=rows(con, _CALENDAR),
        triangles=triangles,
    )


def triangle(found: Rows, item: "Indicator", t: "Language") -> dict[str, Any] | None:
    """The revision triangle of an indicator in the home region, a row per figure and a column per run; or null."""
    if not found:
        return None
    runs = sorted({row["history_run"] for row in found})[-MOST_RUNS:]
    lines: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in found:
        key = (row["period"], row["series"] or "", row["subject"])
        line = lines.setdefault(
            key,
            {
                "period": period_name(row["period"], shaped(row["period"]), t),
                "series": row["series"],
                "subject": row["subject"],
                "figure": Key(item.indicator, row["region_code"], row["period"], "all", row["series"])
                if row["stands"]
                else None,
                "values": {},
                "preliminary": {},
            },
        )
        line["values"][row["history_run"]] = row["value"]
        line["preliminary"][row["history_run"]] = bool(row["is_preliminary"])
    days = [f"{run[:4]}-{run[4:6]}-{run[6:8]}" for run in runs]
    # Of several runs in a day the time tells which.
    names = [
        day if days.count(day) == 1 else f"{day} {run[9:11]}:{run[11:13]}" for run, day in zip(runs, days, strict=True)
    ]
    return {"runs": runs, "names": names, "lines": list(lines.values()), "decimals": item.decimals}


def run_inputs(audit: Audit, origin: str) -> dict[str, Any]:
    """What the page of the run shows."""
    return {
        "own_server": OWN_SERVER.get(origin, ""),
        "software": audit.software,
        "packages": audit.packages,
        "fetches": audit.fetches,
        "objects": audit.objects,
        "edges": audit.edges,
    }


def revision_inputs(site: "Site", audit: Audit) -> dict[str, Any]:
    """What the page of the revisions shows."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in audit.summary:
        found.setdefault(row["indicator"], []).append(row)
    order = ("women", "men", "total", "gap")
    return {
        "items": [
            {
                "indicator": item.indicator,
                "title": item.title,
                "unit_text": item.unit_text,
                "decimals": item.decimals + 1,
                "is_level": item.measure == "level",
                "triangle": item.indicator in audit.triangles,
                "rows": sorted(found[item.indicator], key=lambda row: order.index(row["subject"])),
            }
            for item in site.catalogue.shown
            if any(row["revised"] for row in found.get(item.indicator, ()))
        ],
        "followed": len(found),
        "calendar": audit.calendar,
        "place": site.place,
    }


# An embedded server has another port in each run; the record of the fetch has the address with it.
_LOOPBACK = r"^http://127\.0\.0\.1:\d+"
_FETCHES = f"""
select
    f.fetch_id, f.table_id, s.title, s.agency, f.updated[:10] as updated,
    regexp_replace(f.url, '{_LOOPBACK}', '') as url, regexp_matches(f.url, '{_LOOPBACK}') as own_server,
    f.request, f.sha256, f.bytes, f.cells,
    strftime(f.received_at at time zone 'UTC', '%Y-%m-%d %H:%M') as received, l.kept
from provenance.fetch as f
left join reference.source_table as s using (table_id)
left join provenance.load as l using (fetch_number)
where f.fetch_id is not null
order by f.fetch_number
"""

_EDGES = """
with step as (
    select split_part(input, '.', 1) as source, split_part(output, '.', 1) as target, output, input, output_field
    from provenance.edge
)
select source, target, count(distinct (output, input)) as tables, count(output_field) as columns
from step
where source in ('raw', 'staged', 'indicators', 'analysis')
group by source, target
order by list_position(['raw', 'staged', 'indicators', 'analysis'], source),
    list_position(['raw', 'staged', 'indicators', 'analysis'], target)
"""

_CALENDAR = """
select s.table_id, s.title, f.updated, f.expected, s.preliminary, f.state
from reference.source_table as s
join analysis.freshness as f using (table_id)
where s.state = 'loaded'
order by f.expected nulls last, s.table_id
"""

_TRIANGLES = """
with own as (
    select v.*, coalesce(n.title, v.series) as series_title
    from analysis.revision as v
    left join reference.series as n on n.series = v.series
    where v.region_code = $home and v.category = 'all'
)
select
    o.indicator, o.region_code, o.period, o.series_title as series, o.subject, o.history_run, o.value,
    o.is_preliminary, s.period is not null as stands
from own as o
left join (
    select distinct indicator, period, series from indicators.observation where region_code = $home and category = 'all'
) as s on s.indicator = o.indicator and s.period = o.period and s.series is not distinct from o.series
join (select period, min(sort) as sort from reference.period group by period) as p on p.period = o.period
qualify bool_or(o.from_first <> 0) over (partition by o.indicator, o.period, o.series_title)
order by
    o.indicator, p.sort desc, o.series_title, list_position(['women', 'men', 'total', 'gap'], o.subject), o.history_run
"""
