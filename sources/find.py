"""The table behind a declaration whose id is not established: the one in the catalogue that has what is declared."""

from typing import Any

import orjson

from sources.client import Client
from sources.declarations import Find, TableDeclaration
from sources.errors import Refused, SelectionError
from sources.selection import normal

PAGE = 500


def source_id(client: Client, table: TableDeclaration, locked: str | None = None) -> str:
    """SCB's id of a table: as declared, or the only entry of the catalogue that fits `find`.

    Args:
        client: where to ask.
        table: the declaration.
        locked: the id that an earlier run found; it is held to the same conditions, and another is never taken.

    Raises:
        SelectionError: none or several tables fit, or the locked one no longer does.
    """
    if table.find is None:
        return table.id
    if locked is not None:
        return _confirmed(client, table, table.find, locked)
    entries = _entries(client, table.find)
    fitting = [entry["id"] for entry in entries if not _unlike(table.find, entry)]
    if len(fitting) != 1:
        what = f"{len(fitting)} tables fit ({', '.join(fitting)})" if fitting else "no table fits"
        raise _refusal(table, f"{what} among {len(entries)} titled like {' '.join(table.find.title_contains)!r}")
    return str(fitting[0])


def _confirmed(client: Client, table: TableDeclaration, find: Find, locked: str) -> str:
    try:
        unlike = _unlike(find, orjson.loads(client.table(locked).body))
    except Refused as error:
        raise _refusal(table, f"it was {locked!r}, which is gone ({error}); review the lock") from error
    if unlike:
        raise _refusal(table, f"it was {locked!r}, which now differs in {', '.join(unlike)}; review the lock")
    return locked


def _entries(client: Client, find: Find) -> list[dict[str, Any]]:
    """Every entry of the catalogue that the search gives, stopped tables too."""
    entries: list[dict[str, Any]] = []
    number, pages = 1, 1
    while number <= pages:
        words = " ".join(find.title_contains)
        answer = client.tables(query=words, pageSize=PAGE, pageNumber=number, includeDiscontinued="true")
        page = orjson.loads(answer.body)
        entries += page["tables"]
        number, pages = number + 1, page["page"]["totalPages"]
    return entries


def _unlike(find: Find, entry: dict[str, Any]) -> list[str]:
    """What of an entry differs from what is declared."""
    folders = {step["id"] for path in entry.get("paths") or () for step in path}
    variables = {normal(name) for name in entry.get("variableNames") or ()}
    title = normal(entry.get("label") or "")
    agreed = {
        "folder": find.folder in folders,
        "variables": all(normal(name) in variables for name in find.variables),
        "time_unit": entry.get("timeUnit") == find.time_unit,
        "first_period": entry.get("firstPeriod") == find.first_period,
        "title_contains": all(normal(word) in title for word in find.title_contains),
    }
    return [name for name, holds in agreed.items() if not holds]


def _refusal(table: TableDeclaration, what: str) -> SelectionError:
    return SelectionError(f"{table.id}: its id is not established: {what}; see find in sources/tables/{table.id}.yml")
