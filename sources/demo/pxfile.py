"""A reader of PX files: the keywords that the figures need, and the figures."""

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from sources.demo.store import Cells

_KEYWORD = re.compile(r'\s*([A-Z][A-Z0-9-]*)(?:\[(\w+)\])?(?:\(((?:"[^"]*"\s*,?\s*)*)\))?\s*=', re.DOTALL)
_STRING = re.compile(r'"([^"]*)"')
_VALUE = re.compile(r'((?:"[^"]*"|[^";])*);', re.DOTALL)
_BETWEEN_PARTS = re.compile(r'"\s*\n\s*"')
_DATA = re.compile(rb"(?:^|\n)DATA=")
_DOTS = re.compile(r"\.{1,7}")


class PxFileError(Exception):
    """A PX file that cannot be read."""


@dataclass(frozen=True)
class _Keyword:
    name: str
    language: str
    arguments: tuple[str, ...]


class PxFile:
    """One PX file, plain or gzipped; its figures are read when they are first asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        start = _DATA.search(content)
        if start is None:
            raise PxFileError(f"{path}: no DATA in the file; a PX file is needed")
        codepage = re.search(rb'CODEPAGE="([\w-]+)"', content[: start.start()])
        self._encoding = codepage[1].decode() if codepage else "iso-8859-1"
        self._data = content[start.end() :]
        self._keywords = self._parse(content[: start.start()].decode(self._encoding).removeprefix("\ufeff"))

    def _parse(self, text: str) -> dict[_Keyword, list[str]]:
        keywords: dict[_Keyword, list[str]] = {}
        at = 0
        while match := _KEYWORD.match(text, at):
            value = _VALUE.match(text, match.end())
            if value is None:
                raise PxFileError(f"{self.path}: {match[1]} has no end")
            at = value.end()
            arguments = tuple(_STRING.findall(match[3] or ""))
            joined = value[1] if "," in value[1] else _BETWEEN_PARTS.sub("", value[1])
            strings = _STRING.findall(joined)
            keywords[_Keyword(match[1], match[2] or "", arguments)] = strings or [value[1].strip()]
        return keywords

    def listed(self, name: str, *arguments: str) -> list[str]:
        """The values of a keyword in the file's own language; none where it is not there."""
        return self._keywords.get(_Keyword(name, "", arguments), [])

    def text(self, name: str, *arguments: str, usual: str = "") -> str:
        """The value of a keyword."""
        return next(iter(self.listed(name, *arguments)), usual)

    @property
    def variables(self) -> list[str]:
        """The names of the variables in the order of the figures."""
        return self.listed("STUB") + self.listed("HEADING")

    def code(self, variable: str) -> str:
        """The code of a variable."""
        return self.text("VARIABLECODE", variable, usual=variable)

    def codes(self, variable: str) -> list[str]:
        """The codes of a variable's values; numbers from 0 for a time variable without, else the texts."""
        listed = self.listed("CODES", variable)
        return listed or [str(at) for at in range(len(self.listed("VALUES", variable)))]

    def language(self) -> str:
        """The file's own language."""
        return self.text("LANGUAGE")

    def updated(self, contents: str) -> datetime | None:
        """When the figures of one contents, by its text, were last updated."""
        stamp = self.text("LAST-UPDATED", contents) or self.text("LAST-UPDATED")
        return datetime.strptime(f"{stamp} +0000", "%Y%m%d %H:%M %z") if stamp else None

    def symbol(self, text: str) -> str:
        """How a missing symbol of the figures is shown."""
        if _DOTS.fullmatch(text):
            return self.text(f"DATASYMBOL{len(text)}", usual=text)
        return self.text("DATASYMBOLNIL", usual="-") if text == "-" else text

    @cached_property
    def cells(self) -> Cells:
        """All figures, in the order of the variables."""
        tokens = self._data.decode(self._encoding).rstrip().removesuffix(";").replace(",", " ").split()
        marked = [at for at, token in enumerate(tokens) if token[0] == '"']
        notes = self._notes()
        given = {at: self.symbol(tokens[at].strip('"')) for at in marked} | notes
        for at in marked:
            tokens[at] = "nan"
        values = np.array(tokens, np.float64)
        expected = int(np.prod([len(self.listed("VALUES", variable)) for variable in self.variables]))
        if values.size != expected:
            raise PxFileError(f"{self.path}: {values.size} figures where the variables make {expected}")
        symbols = tuple(dict.fromkeys(given.values()))
        status = np.full(values.size, -1, np.int8)
        for at, symbol in given.items():
            status[at] = symbols.index(symbol)
        return Cells(values, status, symbols)

    def _notes(self) -> dict[int, str]:
        """The data notes of single cells, by position."""
        values = [self.listed("VALUES", variable) for variable in self.variables]
        found: dict[int, str] = {}
        for keyword, note in self._keywords.items():
            if keyword.name == "DATANOTECELL" and not keyword.language:
                found[_flat(values, keyword.arguments)] = note[0]
        return found


def _flat(values: Sequence[Sequence[str]], texts: Sequence[str]) -> int:
    """The flat position of a cell named by the texts of its values."""
    at = 0
    for listed, text in zip(values, texts, strict=True):
        at = at * len(listed) + list(listed).index(text)
    return at
