"""How many calls a national refresh plans, against the lower bound and against pxwebpy's way of splitting."""

from typing import Any

LIMIT = 150_000


def measure() -> list[dict[str, Any]]:
    """Sums over the declared tables at national scope, with the embedded server's metadata."""
    from pxweb._internal.functions import split_value_codes

    from flows import embedded, project
    from flows.settings import Settings
    from sources import planner
    from sources.client import Client
    from sources.decoder import parse
    from sources.errors import Refused
    from sources.selection import resolve

    declared = project.load()
    regions = project.regions(Settings(), "national")
    planned = bound = peer = 0
    with embedded.server() as url, Client(url) as client:
        client.config()
        for table_id, table in declared.tables.items():
            try:
                dataset = parse(client.metadata(table_id).body)
            except Refused:  # declared, but its id is not established or the embedded server leaves it out
                continue
            for grid in resolve(table, dataset, regions).grids:
                plan = planner.plan(grid, LIMIT, dataset.time)
                planned += len(plan.chunks)
                bound += plan.lower_bound
                codes = {variable: list(chosen) for variable, chosen in grid.items()}
                peer += len(list(split_value_codes(codes, LIMIT))) if planner.cells(grid) > LIMIT else 1
    share = planned / bound
    return [
        {"name": "national calls: planned / lower bound", "value": share, "bound": 1.03, "holds": share <= 1.03},
        {"name": "national calls: planned", "value": planned, "bound": None, "holds": True},
        {"name": "national calls: pxwebpy", "value": peer, "bound": None, "holds": True},
    ]
