"""The manifest of a release: what it holds, in one file that `jamstat list` reads at once."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from reports.catalogue import Catalogue, Indicator
from reports.sentences import Sentence

NAME = "manifest.json"


def render(
    catalogue: Catalogue,
    told: Mapping[str, Sentence],
    files: Mapping[str, Mapping[str, Path]],
    workbook: Path | None,
    root: Path,
    open_data: Sequence[Path] = (),
) -> bytes:
    """The manifest as JSON; equal warehouses give equal bytes but for the fields of the run.

    Args:
        catalogue: what the warehouse says of itself.
        told: the sentence of each indicator in the home region.
        files: by indicator, the path of each of its files by kind (`csv`, `xlsx`, `jsonstat`, `parquet`).
        workbook: the Excel workbook; null before there is one.
        root: the release's folder; paths are written relative to it.
        open_data: the files that describe the tables to other systems.
    """
    run = catalogue.run
    document = {
        "run_id": run.run_id,
        "origin": run.origin,
        "origin_label": run.origin_label,
        "organisation": run.organisation,
        "scope": run.scope,
        "home_region": run.home_region,
        "home_municipalities": run.home_municipalities,
        "comparison_regions": run.comparison_regions,
        "version": run.version,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "checks": {
            "passed": catalogue.checks.passed,
            "critical_failed": catalogue.checks.critical_failed,
            "warnings": catalogue.checks.warnings,
        },
        "tables": [
            {
                "id": table.table_id,
                "title": table.title,
                "agency": table.agency,
                "updated": table.updated,
                "state": table.state,
                "reason": table.reason,
                "received": table.received,
            }
            for table in catalogue.tables
        ],
        "not_recorded": [{"table": table, "what": what} for table, what in catalogue.not_recorded],
        "goals": _goals(catalogue),
        "indicators": [
            _indicator(
                item,
                told[item.indicator],
                {kind: _file(path, root) for kind, path in files.get(item.indicator, {}).items()},
            )
            for item in catalogue.indicators
        ],
        "workbook": _file(workbook, root) if workbook else None,
        "open_data": [_file(path, root) for path in open_data],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _goals(catalogue: Catalogue) -> list[dict[str, Any]]:
    """The goals that indicators name, in the order of the page: by strategy, what has no area first, then by area."""
    named = {goal for item in catalogue.indicators for goal in item.goals}
    found = []
    for strategy in catalogue.strategies:
        areas = [area for area in catalogue.areas if area.strategy_id == strategy.strategy_id]
        order = {area.goal_id: at for at, area in enumerate(areas)}
        own = [*areas, *(goal for goal in catalogue.goals if goal.strategy_id == strategy.strategy_id)]
        found += [
            {"id": goal.goal_id, "name": catalogue.goal_names[goal.goal_id], "strategy": strategy.title}
            for goal in sorted(own, key=lambda goal: order.get(goal.area_id or "", -1))
            if goal.goal_id in named
        ]
    return found


def _indicator(item: Indicator, told: Sentence, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    extent = item.extent if files else None
    return {
        "id": item.indicator,
        "title": item.title,
        "theme": item.theme,
        "definition": item.definition,
        "goals": item.goals,
        "unit": item.unit,
        "decimals": item.decimals,
        "measure": item.measure,
        "polarity": item.polarity,
        "period_type": item.period_type,
        "derived": item.derived,
        "tables": item.tables,
        "state": item.state,
        "reason": item.reason,
        "warnings": item.warnings,
        "run_id": item.run_id,
        "published_at": item.published_at,
        "rows": extent.rows if extent else 0,
        "first_period": extent.first_period if extent else None,
        "last_period": extent.last_period if extent else None,
        "sentence": told.text,
        "sentence_reason": told.reason,
        "files": files,
    }


def _file(path: Path, root: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(root).as_posix(), "sha256": digest, "bytes": path.stat().st_size}
