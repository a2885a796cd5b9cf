"""Real answers of SCB served from files: each table just as large as what was recorded of it."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import orjson

from sources.demo.store import Cells, Document, Positions, Table, catalogue_entry

_SUFFIXES = {"sv": "", "en": ".en"}
_TIME_UNITS = {"Annual": 4, "Monthly": 7, "Quarterly": 6}


class RecordingError(Exception):
    """A folder of recordings that cannot be served."""


def read_document(path: Path) -> Document | None:
    """The JSON object in a file, or in the same file gzipped; None when there is neither."""
    packed = path.with_name(path.name + ".gz")
    if path.is_file():
        text = path.read_bytes()
    elif packed.is_file():
        text = gzip.decompress(packed.read_bytes())
    else:
        return None
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RecordingError(f"{path}: not JSON ({error}); fetch the recording again") from error
    if not isinstance(document, dict):
        raise RecordingError(f"{path}: a JSON object is needed, this is a {type(document).__name__}")
    return document


def by_language(folder: Path, name: str) -> dict[str, Document]:
    """A recording in the languages it was made in."""
    found = {lang: read_document(folder / f"{name}{suffix}.json") for lang, suffix in _SUFFIXES.items()}
    return {lang: document for lang, document in found.items() if document is not None}


def codes_of(document: Document, variable: str) -> list[str]:
    """The codes of a variable in the order of their positions."""
    index = document["dimension"][variable]["category"]["index"]
    return sorted(index, key=index.__getitem__) if isinstance(index, dict) else list(index)


def cells_of(document: Document) -> Cells:
    """All cells of a recorded answer."""
    values = np.array([np.nan if value is None else value for value in document["value"]], np.float64)
    given: dict[str, str] = document.get("status") or {}
    if not given:
        return Cells(values)
    symbols = tuple(sorted(set(given.values())))
    status = np.full(values.size, -1, np.int8)
    status[[int(at) for at in given]] = [symbols.index(symbol) for symbol in given.values()]
    return Cells(values, status, symbols)


class RecordedTable:
    """A table whose cells are those of a recorded data answer."""

    def __init__(self, folder: Path, listed: Mapping[str, Document]) -> None:
        data = by_language(folder, "data")
        if not data:
            raise RecordingError(f"{folder}: no data.json")
        whole = by_language(folder, "metadata")
        self.id = folder.name
        first = next(iter(data.values()))
        self._sizes = tuple(int(size) for size in first["size"])
        self._cells = cells_of(first)
        if self._cells.values.size != int(np.prod(self._sizes)):
            raise RecordingError(f"{folder}: {self._cells.values.size} values for the sizes {self._sizes}")
        self._metadata = {
            language: restricted(whole.get(language) or next(iter(whole.values()), first), first)
            for language in ({*data, *whole})
        }
        self._listed = listed
        self.totals = _totals(next(iter(whole.values()), first), first)

    def metadata(self, language: str) -> Document | None:
        """What was recorded, in the language asked for or, where there is but one, in that."""
        return self._metadata.get(language) or next(iter(self._metadata.values()))

    def entry(self, language: str) -> Document | None:
        """The recorded catalogue entry, or one made from the metadata."""
        if self.id in self._listed:
            return {key: value for key, value in self._listed[self.id].items() if key not in ("links", "language")}
        metadata = self.metadata(language)
        if metadata is None:
            return None
        time = (metadata["role"].get("time") or metadata["id"][-1:])[0]
        length = len(codes_of(metadata, time)[0])
        unit = next((unit for unit, size in _TIME_UNITS.items() if size == length), "Other")
        return catalogue_entry(self.id, metadata, time_unit=unit)

    def default_selection(self, language: str) -> Document | None:  # noqa: ARG002
        """None: a recording does not tell."""
        return None

    def values(self, positions: Sequence[Positions]) -> Cells:
        """The recorded cells at the positions."""
        grid = np.ix_(*positions)
        values = self._cells.values.reshape(self._sizes)[grid].ravel()
        if self._cells.status is None:
            return Cells(values)
        status = self._cells.status.reshape(self._sizes)[grid].ravel()
        return Cells(values, status, self._cells.symbols)


def _totals(whole: Document, data: Document) -> dict[str, str]:
    """The recorded total codes; "" for a variable that cannot be summed, because codes of it are not recorded."""
    totals = {}
    for variable in data["id"]:
        total = data["dimension"][variable]["extension"].get("eliminationValueCode")
        if total is not None:
            totals[variable] = total
        elif set(whole["dimension"][variable]["category"]["index"]) > set(codes_of(data, variable)):
            totals[variable] = ""
    return totals


def restricted(whole: Document, data: Document) -> Document:
    """Metadata of exactly the codes that `data` holds: texts from `whole` where it has the code, else from `data`."""
    dimensions: dict[str, Document] = {}
    for variable in data["id"]:
        codes = codes_of(data, variable)
        own = data["dimension"][variable]
        known = whole["dimension"].get(variable, own)
        dimensions[variable] = known | {
            "category": _category(codes, known["category"], own["category"]),
            "extension": _per_code(codes, known["extension"], own["extension"]),
        }
    return whole | {
        "updated": data["updated"],
        "id": list(data["id"]),
        "size": [len(codes_of(data, variable)) for variable in data["id"]],
        "role": data["role"],
        "dimension": dimensions,
        "value": [],
    }


def _category(codes: Sequence[str], known: Document, own: Document) -> Document:
    category: Document = {"index": {code: at for at, code in enumerate(codes)}}
    for key in dict.fromkeys((*known, *own)):
        if key == "index":
            continue
        texts = own.get(key, {}) | known.get(key, {})
        held = {code: texts[code] for code in codes if code in texts}
        if held:
            category[key] = held
    return category


def _per_code(codes: Sequence[str], known: Document, own: Document) -> Document:
    """The extension of a dimension; what it says per code is kept for the codes at hand."""
    wanted = set(codes)
    extension: Document = {}
    for key, value in known.items():
        if isinstance(value, dict) and key != "noteMandatory":
            both: dict[str, Any] = {**(own.get(key) or {}), **value}
            extension[key] = {code: text for code, text in both.items() if code in wanted}
        elif key != "eliminationValueCode" or value in wanted:
            extension[key] = value
    return {"codelists": []} | extension


class RecordedCatalogue:
    """All tables of a folder that have a recorded data answer; metadata alone is not served."""

    flavour: Literal["cnmm", "px"] = "cnmm"

    def __init__(self, folder: Path) -> None:
        config = read_document(folder / "config.json")
        if config is None:
            raise RecordingError(f"{folder}: no config.json; --recordings takes a folder of recorded answers")
        self.config = config
        listed = (read_document(folder / "tables.json") or {}).get("tables", [])
        entries = {entry["id"]: entry for entry in listed}
        folders = sorted({path.parent for path in folder.glob("*/data*.json*")})
        self._tables = {path.name.casefold(): RecordedTable(path, entries) for path in folders}
        if not self._tables:
            raise RecordingError(f"{folder}: no TABnnnn/data.json in it; nothing to serve")
        self._codelists = folder / "codelists"

    def tables(self) -> Sequence[Table]:
        """The recorded tables, by id."""
        return list(self._tables.values())

    def table(self, table_id: str) -> Table | None:
        """The recorded table with this id."""
        return self._tables.get(table_id.casefold())

    def codelist(self, codelist_id: str, language: str) -> Document | None:
        """The recorded codelist."""
        names = {path.name: path for path in self._codelists.glob("*.json")}
        for name in (f"{codelist_id}{_SUFFIXES.get(language, '')}.json", f"{codelist_id}.json"):
            if name in names:
                document = read_document(names[name])
                return None if document is None else {k: v for k, v in document.items() if k != "links"}
        return None
