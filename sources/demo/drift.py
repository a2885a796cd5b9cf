"""The synthetic tables as after a change at the source: everything moved that a careful reader may not rely on.

Labels have en dashes, codes stand in another order, Region stands second, each table has one contents code more and
the cell limit is another. The figures behind each code are the same.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from sources.demo.hashing import key
from sources.demo.store import Catalogue, Cells, Document, Positions, Table

CELL_LIMIT = 90_000
EXTRA = "DEMO9999"
_KEPT_IN_ORDER = "Tid"


class DriftedTable:
    """A table over another one, with its codes permuted."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.id = table.id
        original = table.metadata("sv")
        if original is None:
            raise ValueError(f"{table.id}: no Swedish metadata")
        self._names = list(original["id"])
        moved = [name for name in self._names if name != "Region"]
        if "Region" in self._names:
            moved.insert(1, "Region")
        self._moved = moved
        self._order = {name: self._permuted(name, original) for name in self._names}

    def _permuted(self, variable: str, document: Document) -> list[int]:
        """For each new position the old one; -1 is the extra contents code."""
        index = document["dimension"][variable]["category"]["index"]
        codes = sorted(index, key=index.__getitem__)
        order = list(range(len(codes)))
        if variable != _KEPT_IN_ORDER:
            order.sort(key=lambda position: key("drift", self.id, variable, codes[position]))
        return [-1, *order] if variable == "ContentsCode" else order

    @property
    def totals(self) -> Mapping[str, str]:
        """As in the table underneath."""
        return self._table.totals

    def metadata(self, language: str) -> Document | None:
        """The metadata, changed."""
        original = self._table.metadata(language)
        if original is None:
            return None
        document = _dashed(copy.deepcopy(original))
        document["id"] = self._moved
        document["dimension"] = {name: self._dimension(name, original, document) for name in self._moved}
        document["size"] = [len(self._order[name]) for name in self._moved]
        layout = document["extension"]["px"]
        layout["stub"] = [name for name in self._moved if name not in layout["heading"]]
        return document

    def _dimension(self, name: str, original: Document, document: Document) -> Document:
        old = original["dimension"][name]["category"]["index"]
        codes = sorted(old, key=old.__getitem__)
        dimension: Document = document["dimension"][name]
        category = dimension["category"]
        first = codes[0]
        category["index"] = {
            (EXTRA if position < 0 else codes[position]): place for place, position in enumerate(self._order[name])
        }
        if name == "ContentsCode":
            category["label"][EXTRA] = "DEMO tillkommet tabellinnehåll"
            category["unit"][EXTRA] = dict(category["unit"][first])
            for texts in dimension["extension"].values():
                if isinstance(texts, dict) and first in texts:
                    texts[EXTRA] = texts[first]
        category["label"] = {code: category["label"][code] for code in category["index"]}
        return dimension

    def entry(self, language: str) -> Document | None:
        """The catalogue entry with the labels and names of the changed metadata."""
        entry, document = self._table.entry(language), self.metadata(language)
        if entry is None or document is None:
            return None
        names = [document["dimension"][name]["label"] for name in self._moved]
        return entry | {"label": document["label"], "variableNames": names}

    def default_selection(self, language: str) -> Document | None:
        """As in the table underneath."""
        return self._table.default_selection(language)

    def values(self, positions: Sequence[Positions]) -> Cells:
        """The figures of the same codes; the extra contents has those of the first one."""
        given = {
            name: np.maximum(np.array(self._order[name], dtype=np.int64)[axis], 0)
            for name, axis in zip(self._moved, positions, strict=True)
        }
        cells = self._table.values([given[name] for name in self._names])
        shape = [len(given[name]) for name in self._names]
        turn = [self._names.index(name) for name in self._moved]

        def turned(flat: Any) -> Any:
            return flat.reshape(shape).transpose(turn).reshape(-1)

        status = None if cells.status is None else turned(cells.status)
        return Cells(turned(cells.values), status, cells.symbols)


class DriftedCatalogue:
    """A catalogue after the change."""

    flavour: Literal["cnmm", "px"] = "cnmm"

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.config: Document = catalogue.config | {"maxDataCells": CELL_LIMIT}
        self._tables = {table.id: DriftedTable(table) for table in catalogue.tables()}

    def tables(self) -> Sequence[Table]:
        """All tables."""
        return list(self._tables.values())

    def table(self, table_id: str) -> Table | None:
        """The table with this id, letter case apart."""
        return self._tables.get(table_id.upper())

    def codelist(self, codelist_id: str, language: str) -> Document | None:
        """A codelist, with the labels changed."""
        found = self._catalogue.codelist(codelist_id, language)
        return None if found is None else _dashed(copy.deepcopy(found), only=("label",))


def _dashed(document: Document, only: Sequence[str] = ("label", "alternativeText")) -> Document:
    """The document with an en dash for each hyphen between figures in its labels."""

    def walk(value: Any, *, text: bool) -> Any:
        if isinstance(value, dict):
            return {name: walk(item, text=text or name in only) for name, item in value.items()}
        if isinstance(value, list):
            return [walk(item, text=text) for item in value]
        return _en_dash(value) if text and isinstance(value, str) else value

    made: Document = walk(document, text=False)
    return made


def _en_dash(text: str) -> str:
    parts = text.split("-")
    whole = parts[0]
    for part in parts[1:]:
        between = whole[-1:].isdigit() and part[:1].isdigit()
        whole += ("–" if between else "-") + part
    return whole
