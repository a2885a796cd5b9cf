"""What the command line asks of a published release and its warehouse."""

import csv
import json
from contextlib import nullcontext
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import project as projects
from flows import tracing
from flows.settings import Settings
from sources.raw_store import RawStore
from transforms import declarations
from transforms.declarations import Indicator
from warehouse import database, history

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_CODES = 8
Keyed = tuple[tuple[str, ...], dict[str, Any]]
"""A figure after its key: region, partner, period, category and series, empty where there is none."""


class UnknownGoal(ValueError):
    """No goal has that id; the message names the closest."""


class UnknownIndicator(ValueError):
    """No indicator has that id; the message names the closest."""


def describe(settings: Settings, manifest: dict[str, Any], release: Path, indicator: str) -> dict[str, Any]:
    """One indicator of a release: what the manifest says of it, its sources, and the home region's latest figures.

    `figures` are read from the release, those of relations with the largest flows first. The `gap` beside them, the
    labels of their categories, the `codes` behind the first of them (`codes_of` says which) and the `breaks` come from
    the run's warehouse. Where that or the indicator's file is gone, `note` says so.

    Raises:
        UnknownIndicator: the release has no indicator with that id.
    """
    entries = {one["id"]: one for one in manifest["indicators"]}
    if indicator not in entries:
        raise UnknownIndicator(_unknown(indicator, list(entries)))
    entry = entries[indicator]
    known = {table["id"]: table for table in manifest["tables"]}
    sources = [
        {"table": table, **{name: known[table][name] for name in ("title", "updated", "state")}}
        for table in entry["tables"]
    ]
    keyed = _figures(manifest, release, entry)
    described = {
        **entry,
        "origin": manifest["origin_label"],
        "sources": sources,
        "codes": [],
        "codes_of": None,
        "breaks": [],
        "note": None,
    }
    path = settings.data_dir / manifest["origin"] / "warehouse.duckdb"
    found = database.connect(path) if path.exists() else nullcontext(None)
    with found as con:
        if con is None or con.execute("select run_id from provenance.run").fetchall() != [(manifest["run_id"],)]:
            described["note"] = f"{path}: is not the warehouse of this release, so gap, codes and breaks are not shown"
        else:
            described["breaks"] = _breaks(con, indicator)
            _add_gaps(con, indicator, keyed)
            _add_labels(con, indicator, keyed)
            try:
                declared = projects.indicator(indicator)
            except declarations.DeclarationError as error:
                described["note"] = f"codes are not shown: {error}"
            else:
                if declared is None:
                    described["note"] = f"codes are not shown: {indicator} is in the release, but its file is gone"
                elif keyed:
                    described["codes"] = _codes(con, declared, keyed)
                    described["codes_of"] = {name: keyed[0][1][name] for name in ("region", "period")}
    return described | {"figures": [figure for _, figure in keyed]}


def _breaks(con: "DuckDBPyConnection", indicator: str) -> list[dict[str, Any]]:
    rows = con.execute(
        "select b.table_id, b.period, b.what from reference.source_break as b "
        "join reference.indicator_table as t using (table_id) where t.indicator = ? order by b.period, b.table_id",
        [indicator],
    ).fetchall()
    return [dict(zip(("table", "period", "what"), row, strict=True)) for row in rows]


def _codes(con: "DuckDBPyConnection", indicator: Indicator, keyed: list[Keyed]) -> list[dict[str, Any]]:
    """The codes of the cells behind the first figure's region and period, per table and variable."""
    region, period = keyed[0][0][0], keyed[0][0][2]
    cells = (
        f"select distinct cell from ({declarations.operands_sql(indicator)}) "
        "where region_code = $region and period = $period"
    )
    given = {"region": region, "period": period}
    found = []
    for table in declarations.tables(indicator):
        columns = con.execute(
            "select column_name from information_schema.columns where table_schema = 'raw' and table_name = ? "
            "and column_name not in ('value', 'status', 'cell') order by ordinal_position",
            [table],
        ).fetchall()
        for (variable,) in columns:
            name = database.quoted(variable)
            query = f"select distinct {name} from raw.{table} where cell in ({cells}) order by 1"
            codes = [row[0] for row in con.execute(query, given).fetchall()]
            if codes:
                more = f" ... ({len(codes)} codes)" if len(codes) > MOST_CODES else ""
                found.append({"table": table, "variable": variable, "codes": " ".join(codes[:MOST_CODES]) + more})
    return found


def _add_gaps(con: "DuckDBPyConnection", indicator: str, keyed: list[Keyed]) -> None:
    """Nothing; each figure now has the warehouse's gap: women minus men, or a share's distance to 40-60 per cent."""
    rows = con.execute(
        "select region_code, coalesce(partner_code, ''), period, category, coalesce(series, ''), diff "
        "from analysis.gap where indicator = ?",
        [indicator],
    ).fetchall()
    gaps = {row[:-1]: row[-1] for row in rows}
    for key, figure in keyed:
        figure["gap"] = gaps.get(key)


def _add_labels(con: "DuckDBPyConnection", indicator: str, keyed: list[Keyed]) -> None:
    """Nothing; each figure of a category now has the category's label, where the indicator's file gives one."""
    rows = con.execute(
        "select dimension || ':' || code, label from reference.indicator_dimension where indicator = ?", [indicator]
    ).fetchall()
    labels = dict(rows)
    for _, figure in keyed:
        figure["label"] = labels.get(figure["category"])


def _figures(manifest: dict[str, Any], release: Path, entry: dict[str, Any]) -> list[Keyed]:
    """The home region's figures of the latest period, or its kommuner's, each after its key."""
    path = release / "tables" / f"{entry['id']}.csv"
    if not path.exists():
        return []
    figures: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {}
    shown_columns = ("region_code", "region", "partner_code", "partner", "period", "category", "series", "unit")
    size: dict[tuple[str, ...], float] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["period"] == entry["last_period"]:
                key = tuple(row[name] for name in ("region_code", "partner_code", "period", "category", "series"))
                shown = {name: row[name] for name in shown_columns}
                figure = figures.setdefault(row["region_code"], {}).setdefault(key, shown)
                figure[row["sex"]] = row["value"] or row["status"]
                flow = row["value"] if entry["measure"] == "level" and row["sex"] != "total" else row["denominator"]
                size[key] = size.get(key, 0) + float(flow or 0)
    home = manifest["home_region"]
    kommuner = [code for code in figures if len(code) == 4 and code in manifest.get("home_municipalities", [])]
    pairs = [pair for code in ([home] if home in figures else kommuner) for pair in figures[code].items()]
    return sorted(pairs, key=lambda pair: -size[pair[0]] if pair[1]["partner_code"] else 0)


def latest_origin(settings: Settings) -> str:
    """The origin of the latest release.

    Raises:
        WarehouseError: nothing has been published yet.
    """
    path = settings.build_dir / "latest" / "manifest.json"
    if not path.exists():
        raise database.WarehouseError(f"{path}: nothing is published yet; run `jamstat refresh` first")
    return str(json.loads(path.read_text(encoding="utf-8"))["origin"])


def trace(settings: Settings, indicator: str, key: tracing.Key) -> tracing.Trace:
    """The cells behind a figure of the latest release.

    Raises:
        UnknownIndicator: the release has no indicator with that id, or its file is gone.
        NotFound: the indicator has no figure with that key.
    """
    data = settings.data_dir / latest_origin(settings)
    manifest = json.loads((settings.build_dir / "latest" / "manifest.json").read_text(encoding="utf-8"))
    published = [one["id"] for one in manifest["indicators"]]
    declared = projects.indicator(indicator)
    if declared is None and indicator in published:
        raise UnknownIndicator(
            f"{indicator} is in the release, but its file is gone; bring transforms/indicators/{indicator}.sql back"
        )
    if declared is None:
        raise UnknownIndicator(_unknown(indicator, published))
    if indicator not in published:
        raise UnknownIndicator(f"{indicator}.sql is newer than the release; run `jamstat demo` or `jamstat refresh`")
    with database.connect(data / "warehouse.duckdb") as con:
        history.attach(con, data / "history")
        return tracing.trace(con, RawStore(data / "raw"), declared, key)


def suggestions(settings: Settings, goal: str | None = None) -> dict[str, Any]:
    """Drafts of challenges from the latest release's analyses: the day of its run, its origin, and the drafts.

    Each draft has its rule in words, the goals, the figures that it rests on and the cells to cite. At most
    `suggest_most` a rule, those farthest beyond the limit first; with a goal, of its indicators only.

    Raises:
        UnknownGoal: no goal or target image has that id.
    """
    path = settings.data_dir / latest_origin(settings) / "warehouse.duckdb"
    with database.connect(path) as con:
        goals = [row[0] for row in con.execute(_GOALS).fetchall()]
        if goal is not None and goal not in goals:
            near = get_close_matches(goal, goals, n=3, cutoff=0.3) or goals[:3]
            raise UnknownGoal(f"no goal is called {goal!r}; closest: {', '.join(near)}; see `jamstat list --by goal`")
        rules = dict(con.execute("select rule, value from reference.analysis_rule").fetchall())
        found = con.execute(_SUGGESTIONS, {"goal": goal})
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        day, origin = con.execute(_RUN).fetchall()[0]
    drafts: list[dict[str, Any]] = []
    for row in rows:
        if sum(one["rule"] == row["rule"] for one in drafts) < int(rules["suggest_most"]):
            words = row.pop("words").format(**rules)
            named = [goal, *(one for one in row["goals"] if one != goal)] if goal else row["goals"]
            drafts.append({**row, "goals": named, "words": words, "cites": _cites(row)})
    return {"day": day, "origin": origin, "suggestions": drafts}


def _cites(row: dict[str, Any]) -> list[dict[str, str]]:
    """The cells that a draft rests on, as a challenge cites them."""
    cell = {"indicator": row["indicator"], "region": row["region_code"], "period": "latest"}
    if row["measure"] == "share":
        return [{**cell, "sex": "total"}]
    beside = [{**cell, "region": "00", "measure": "diff"}] if row["rule"] == "gap_against_country" else []
    if row["first_period"] is not None:
        beside = [{**cell, "period": row["first_period"], "measure": "diff"}]
    return [{**cell, "measure": "diff"}, *beside]


_RUN = "select strftime(started_at at time zone 'Europe/Stockholm', '%Y-%m-%d'), origin_label from provenance.run"
_GOALS = """
select goal_id from reference.goal
union all
select target_image_id from reference.target_image
union all
select area_id from reference.area
"""
_SUGGESTIONS = """
select
    s.*, i.title, u.text as unit, coalesce(d.decimals, cast(u.decimals as integer), 1) as decimals, r.name as region,
    w.text as words,
    (
        select list(g.goal_id order by coalesce(t.kind <> 'strategi', true), g.goal_id)
        from reference.indicator_goal as g
        left join reference.goal using (goal_id)
        left join reference.strategy as t using (strategy_id)
        where g.indicator = s.indicator
    ) as goals
from analysis.challenge_suggestion as s
join reference.suggestion_rule as w using (rule)
join reference.indicator as i using (indicator)
join reference.region as r using (region_code)
left join reference.indicator_trait as d using (indicator)
left join reference.unit as u on u.unit = i.unit
where $goal is null or s.indicator in (select indicator from reference.indicator_goal where goal_id = $goal)
order by cast(w.sort as integer), s.size desc, s.indicator, s.region_code
"""


def _unknown(indicator: str, known: list[str]) -> str:
    near = get_close_matches(indicator, known, n=3, cutoff=0.3) or known[:3]
    return f"no indicator is called {indicator!r}; closest: {', '.join(near)}; see `jamstat list`"
