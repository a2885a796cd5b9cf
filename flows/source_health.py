"""The declarations against what the API serves: differences, and what a refresh would fetch."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows import project as projects
from flows import refresh as work
from flows.settings import Origin, Scope, Settings
from sources import planner
from sources.client import Client, request_body
from sources.decoder import parse
from sources.errors import SourceError, Unreachable
from sources.find import source_id
from sources.raw_store import Records


def compare(settings: Settings, origin: Origin, base_url: str) -> list[dict[str, Any]]:
    """One row per declared table: `agrees`, or what differs between the declaration and the metadata.

    Raises:
        Unreachable: the source does not answer.
    """
    return [
        {"table": row["table"], "updated": row["updated"], "result": "; ".join(row["differences"]) or "agrees"}
        for row in _inspect(settings, origin, base_url, settings.scope, list(projects.load().tables))
    ]


def plan(
    settings: Settings,
    origin: Origin,
    base_url: str,
    scope: Scope | None,
    table_ids: Sequence[str],
    *,
    anew: bool = False,
) -> list[dict[str, Any]]:
    """One row per table: calls and cells that a refresh would fetch now (all of them when anew), or why none."""
    rows = []
    for row in _inspect(settings, origin, base_url, scope or settings.scope, table_ids, anew=anew):
        calls = row["calls"]
        result = "; ".join(row["differences"]) or ("unchanged" if calls == 0 else "to be fetched")
        rows.append({**{name: row[name] for name in ("table", "updated", "calls", "cells")}, "result": result})
    return rows


def _inspect(
    settings: Settings, origin: Origin, base_url: str, scope: Scope, table_ids: Sequence[str], *, anew: bool = False
) -> list[dict[str, Any]]:
    """Metadata of the tables against their declarations; nothing is stored."""
    declared = projects.load()
    run = work.Run(
        "dry-run",
        origin,
        scope,
        settings,
        declared,
        projects.regions(settings, scope),
        dt.datetime.now(dt.UTC),
        base_url,
    )
    rows = []
    with Client(base_url, user_agent=work.user_agent(settings)) as client:
        config = client.config()
        for table_id in table_ids:
            row: dict[str, Any] = {"table": table_id, "updated": None, "calls": None, "cells": None, "differences": []}
            rows.append(row)
            try:
                table = declared.tables[table_id]
                found = source_id(client, table, run.paths.locked_id(table_id))
                dataset = parse(client.metadata(found).body)
                resolved = work.resolve_table(run, table, dataset)
            except Unreachable:
                raise
            except SourceError as error:
                row["differences"].append(str(error))
                continue
            known = Records([]) if anew else run.store.records(table_id)
            plans = [planner.plan(grid, config.max_cells, dataset.time) for grid in resolved.grids]
            chunks = [chunk for one in plans for chunk in one.chunks]
            lacking = [chunk for chunk in chunks if not known.find(request_body(chunk), dataset.updated)]
            row.update(
                updated=dataset.updated, calls=len(lacking), cells=sum(planner.cells(chunk) for chunk in lacking)
            )
            row["differences"] += [*resolved.unresolved, *(f"not recorded: {what}" for what in resolved.missing)]
    return rows


def record(settings: Settings, base_url: str, out: Path) -> list[str]:
    """What was recorded, line by line: metadata and a slice of every declared table, and how the API behaves."""
    from sources import record as recording

    # A table without an established id has no folder that recordings could be told apart by.
    known = {table_id: table for table_id, table in projects.load().tables.items() if table.find is None}
    return recording.record(base_url, known, out, user_agent=work.user_agent(settings))
