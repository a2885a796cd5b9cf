"""PX files behind the published PxWebApi server: recorded metadata, figures from the files themselves."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import Literal

import numpy as np

from sources.demo.cells import SUM_SYMBOL
from sources.demo.pxfile import PxFile, PxFileError
from sources.demo.recorded import RecordingError, by_language, cells_of, codes_of, read_document
from sources.demo.store import Cells, Document, Positions, Table


class PxTable:
    """A table of recorded metadata whose figures come from a PX file, or lacking that from a recorded answer."""

    def __init__(self, table_id: str, folder: Path, entries: Mapping[str, Document], file: PxFile | None) -> None:
        self.id = table_id
        self.totals: Mapping[str, str] = {}  # PX metadata name the total themselves
        self._entries = entries
        self._metadata = by_language(folder, "metadata")
        self._file = file
        self._cells = cells_of(next(iter(by_language(folder, "data").values()))) if self._needs_answer(folder) else None

    def _needs_answer(self, folder: Path) -> bool:
        if self._file is not None or not self._metadata:
            return False
        if not by_language(folder, "data"):
            raise RecordingError(f"{folder}: neither a PX file nor data.json; put the database beside the tables")
        return True

    def metadata(self, language: str) -> Document | None:
        """The recorded metadata; none in a language the file lacks, or when the server could not make any."""
        return self._metadata.get(language)

    def entry(self, language: str) -> Document | None:
        """The recorded catalogue entry."""
        return self._entries.get(language)

    def default_selection(self, language: str) -> Document | None:  # noqa: ARG002
        """None: the general rule."""
        return None

    def sum_symbol(self, language: str) -> str:
        """The file's symbol for sums, which it declares for its own language only."""
        if self._file is None or language != self._file.language():
            return SUM_SYMBOL
        return self._file.text("DATASYMBOLSUM", usual=SUM_SYMBOL)

    def updated(self, contents: Sequence[str]) -> str:
        """The newest update of these contents."""
        metadata = next(iter(self._metadata.values()))
        name = self._file.text("CONTVARIABLE") if self._file else ""
        if self._file is None or not name:
            return str(metadata["updated"])
        texts = dict(zip(self._file.codes(name), self._file.listed("VALUES", name), strict=True))
        stamps = [stamp for code in contents if (stamp := self._file.updated(texts[code])) is not None]
        return max(stamps).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if stamps else str(metadata["updated"])

    def values(self, positions: Sequence[Positions]) -> Cells:
        """The figures at the positions."""
        metadata = next(iter(self._metadata.values()))
        sizes = tuple(len(codes_of(metadata, variable)) for variable in metadata["id"])
        if self._cells is None and self._file is not None:
            ours = [self._file.code(variable) for variable in self._file.variables]
            if ours != [code for code in metadata["id"] if code in ours]:
                raise PxFileError(f"{self._file.path}: variables {ours}, in the metadata {metadata['id']}")
            self._cells = self._file.cells
        if self._cells is None:
            raise RecordingError(f"{self.id}: no figures")
        grid = np.ix_(*positions)
        values = self._cells.values.reshape(sizes)[grid].ravel()
        if self._cells.status is None:
            return Cells(values)
        return Cells(values, self._cells.status.reshape(sizes)[grid].ravel(), self._cells.symbols)


class PxCatalogue:
    """All tables of a folder of recorded metadata, with the PX files found near it."""

    flavour: Literal["cnmm", "px"] = "px"

    def __init__(self, folder: Path) -> None:
        config = read_document(folder / "config.json")
        if config is None:
            raise RecordingError(f"{folder}: no config.json; --recordings takes a folder of recorded tables")
        self.config = config
        self._codelists = by_language_and_id(folder / "codelists")
        listed: dict[str, dict[str, Document]] = {}
        for language, document in by_language(folder, "tables").items():
            for entry in document["tables"]:
                shown = {key: value for key, value in entry.items() if key not in ("links", "language")}
                listed.setdefault(entry["id"], {})[language] = shown
        files = px_files(folder)
        self._tables = {
            table_id.casefold(): PxTable(table_id, folder / table_id, entries, files.get(table_id))
            for table_id, entries in listed.items()
        }

    def tables(self) -> Sequence[Table]:
        """The tables in the order of the catalogue."""
        return list(self._tables.values())

    def table(self, table_id: str) -> Table | None:
        """The table with this id."""
        return self._tables.get(table_id.casefold())

    def codelist(self, codelist_id: str, language: str) -> Document | None:
        """The recorded codelist; one of another language only says that it is of this one."""
        recorded = self._codelists.get(codelist_id, {})
        document = recorded.get(language) or next(iter(recorded.values()), None)
        if document is None:
            return None
        kept = {key: value for key, value in document.items() if key != "links"}
        return kept | {"language": language, "languages": [language]}


def by_language_and_id(folder: Path) -> dict[str, dict[str, Document]]:
    """The recorded codelists, by id and language."""
    found: dict[str, dict[str, Document]] = {}
    for path in sorted(folder.glob("*.json")):
        document = read_document(path)
        if document is not None:
            found.setdefault(document["id"], {})[document["language"]] = document
    return found


def px_files(folder: Path) -> dict[str, PxFile]:
    """The PX files in `database` beside the folder and in `px` beside its parent, by MATRIX, which is the id.

    Of two files with one MATRIX the one that is also named so counts.
    """
    places = (folder.parent / "database", folder.parent.parent / "px")
    paths = sorted(path for place in places for path in place.rglob("*.px*"))
    files: dict[str, PxFile] = {}
    for file in map(PxFile, paths):
        matrix = file.text("MATRIX")
        if matrix not in files or file.path.name.partition(".")[0] == matrix:
            files[matrix] = file
    return files
