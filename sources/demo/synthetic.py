"""The synthetic tables: SCB's ids, codes and labels over made-up figures. The server's embedded default.

Every table says **Syntetiska demodata – inte statistik** in its source and in its first, mandatory note. Codes that
are not known from SCB begin with DEMO.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from sources.demo import documents
from sources.demo.drift import DriftedCatalogue
from sources.demo.figures import Figures, Maker
from sources.demo.population import Population
from sources.demo.store import Catalogue, Cells, Document, Positions, Table, catalogue_entry

_TOTALS = {
    "Alder": ("tot", "tot16-74"),
    "ArbetsSektor": ("010",),
    "Fodelseregion": ("tot",),
    "Inkomstklass": ("TOT",),
    "Kon": ("1+2", "TotSa", "4"),
    "Region": ("00",),
    "SNI2007": ("A-U+US",),
    "Yrkesstallning": ("TOT",),
}
_CONFIG = {
    "apiVersion": "2.3.2",
    "appVersion": "1.0.0",
    "languages": [{"id": "en", "label": "English"}, {"id": "sv", "label": "Svenska"}],
    "defaultLanguage": "sv",
    "maxDataCells": 150000,
    "maxCallsPerTimeWindow": 30,
    "timeWindow": 10,
    "license": "https://creativecommons.org/share-your-work/public-domain/cc0/",
    "sourceReferences": [
        {"language": "en", "text": f"{documents.WATERMARK} (synthetic demo data, not statistics)"},
        {"language": "sv", "text": documents.WATERMARK},
    ],
    "defaultDataFormat": "json-stat2",
    "dataFormats": ["json-stat2"],
    "features": [{"id": "CORS", "params": [{"key": "enabled", "value": "True"}]}],
}


class SyntheticTable:
    """One table: documents from its metadata file, figures from the population."""

    def __init__(self, table_id: str, maker: Maker) -> None:
        self.id = table_id
        self._documents = documents.table_documents(table_id)
        document = self._documents["sv"]
        self._codes = {variable: tuple(documents.codes(document, variable)) for variable in document["id"]}
        self._maker = maker
        self._figures: Figures | None = None

    @property
    def totals(self) -> Mapping[str, str]:
        """Eliminable variable -> the code of its total, where it has one."""
        dimensions = self._documents["sv"]["dimension"]
        return {
            variable: code
            for variable, codes in self._codes.items()
            if dimensions[variable]["extension"]["elimination"]
            for code in _TOTALS.get(variable, ())
            if code in codes
        }

    def metadata(self, language: str) -> Document | None:
        """The whole metadata, Swedish or English."""
        return self._documents.get(language)

    def entry(self, language: str) -> Document | None:
        """The catalogue entry."""
        document = self._documents.get(language)
        if document is None:
            return None
        unit, folder = documents.catalogue_facts(self.id)
        return catalogue_entry(self.id, document, time_unit=unit, paths=[folder])

    def default_selection(self, language: str) -> Document | None:
        """None: the server's general rule."""
        del language
        return None

    def values(self, positions: Sequence[Positions]) -> Cells:
        """The figures of a grid, `..` where they are not shown."""
        if self._figures is None:
            self._figures = self._maker.figures(self.id, self._codes)
        values, hidden = self._figures([np.asarray(axis, dtype=np.int64) for axis in positions])
        flat, dark = values.reshape(-1).astype(np.float64), hidden.reshape(-1)
        if not dark.any():
            return Cells(flat)
        flat[dark] = np.nan
        return Cells(flat, np.where(dark, 0, -1).astype(np.int8), ("..",))


class SyntheticCatalogue:
    """All synthetic tables of one seed."""

    flavour: Literal["cnmm", "px"] = "cnmm"
    config: Document = _CONFIG

    def __init__(self, seed: int = 1) -> None:
        maker = Maker(Population(seed))
        self._tables = {table_id: SyntheticTable(table_id, maker) for table_id in documents.table_ids()}

    def tables(self) -> Sequence[Table]:
        """All tables by number."""
        return list(self._tables.values())

    def table(self, table_id: str) -> Table | None:
        """The table with this id, letter case apart."""
        return self._tables.get(table_id.upper())

    def codelist(self, codelist_id: str, language: str) -> Document | None:
        """A codelist of region or age codes."""
        return documents.codelist(codelist_id, language)


def open_catalogue(*, seed: int = 1, drift: bool = False) -> Catalogue:
    """The synthetic tables, or the same after a change at the source."""
    catalogue = SyntheticCatalogue(seed)
    return DriftedCatalogue(catalogue) if drift else catalogue
