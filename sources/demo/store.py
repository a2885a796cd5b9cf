"""What a table backend of the embedded server offers: a catalogue of tables that answer cells by position.

The HTTP layer does everything else: selection grammar, elimination, codelists, rounding to presentation
decimals, json-stat2 encoding, cell limit, errors. A backend gives documents in PxWebApi's own shape and numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Document = dict[str, Any]
"""A parsed JSON object in PxWebApi's shape. Backends share theirs: the server never changes one in place."""

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a grid, flat and row-major over the positions asked for."""

    values: NDArray[np.float64]
    """Unrounded figures; NaN is null. The server rounds to the decimals of each contents."""
    status: NDArray[np.int8] | None = None
    """For each cell its index in `symbols`, -1 where it has none; None when no cell has one."""
    symbols: tuple[str, ...] = ()
    """The symbols themselves, for example `(".", "..")`. One may stand beside a value that is not null."""


class Table(Protocol):
    """One table."""

    @property
    def id(self) -> str:
        """The id in the address, for example `TAB6471`."""

    @property
    def totals(self) -> Mapping[str, str]:
        """Eliminable variable -> the code that stands for it when it is left out of a selection.

        An eliminable variable that is not named here is summed over all its codes when it is left out; one with
        a code that the table lacks cannot be left out.
        """

    def metadata(self, language: str) -> Document | None:
        """The whole answer of `/tables/{id}/metadata`, `value: []` included; None in a language the table lacks.

        Codes, `id`, `size` and `category.index` are equal in all languages. `extension.codelists` of a dimension
        names the codelists that may be used with it. `links` and the addresses in it are set by the server.
        """

    def entry(self, language: str) -> Document | None:
        """The catalogue entry of `/tables/{id}` without `links` and `language`; see `catalogue_entry`."""

    def default_selection(self, language: str) -> Document | None:
        """`{"selection": [{"variableCode", "valueCodes"[, "codelist"]}], "placement": {"heading", "stub"}}`.

        None leaves the choice to the server's general rule.
        """

    def values(self, positions: Sequence[Positions]) -> Cells:
        """The cells at the product of the given positions, one array per dimension in the order of `id`.

        Positions are those of `category.index`; they come in any order. One call may ask for millions of cells.
        """


class Catalogue(Protocol):
    """All tables of a backend."""

    @property
    def flavour(self) -> Literal["cnmm", "px"]:
        """Which data source of PxWebApi the answers follow: SCB's database (`cnmm`) or PX files (`px`)."""

    @property
    def config(self) -> Document:
        """The answer of `/config`. The server overwrites the limits with those it enforces."""

    def tables(self) -> Sequence[Table]:
        """All tables, in the order of the catalogue."""

    def table(self, table_id: str) -> Table | None:
        """The table with this id, letter case apart."""

    def codelist(self, codelist_id: str, language: str) -> Document | None:
        """The answer of `/codelists/{id}` without `links`; `values` have `code`, `label` and `valueMap`."""


def catalogue_entry(
    table_id: str,
    metadata: Document,
    *,
    time_unit: str = "Other",
    category: str = "public",
    paths: Sequence[Sequence[Document]] = (),
) -> Document:
    """A catalogue entry made from the table's metadata: label, periods, names, source, subject."""
    time = (metadata.get("role", {}).get("time") or [metadata["id"][-1]])[0]
    periods = list(metadata["dimension"][time]["category"]["index"])
    return {
        "id": table_id,
        "label": metadata["label"],
        "description": "",
        "sortCode": table_id,
        "updated": metadata["updated"],
        "firstPeriod": min(periods, default=""),
        "lastPeriod": max(periods, default=""),
        "category": category,
        "variableNames": [metadata["dimension"][code]["label"] for code in metadata["id"]],
        "source": metadata["source"],
        "subjectCode": metadata["extension"]["px"].get("subject-code", ""),
        "timeUnit": time_unit,
        "paths": [list(path) for path in paths],
    }
