"""What a document consists of, before it is HTML, PDF or DOCX: plain records whose texts are finished.

A figure is named only; its picture is drawn when the document is made. Nothing here knows a run: equal figures give an
equal document.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

Sort = Literal["brief", "yearly"]


@dataclass(frozen=True)
class Heading:
    """A heading; the document's title is level 1, so that these begin at 2. `mark` is its id on a page."""

    text: str
    level: int
    mark: str
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Running text; `role` says how it stands: lead, plain, status or small (notes and sources)."""

    text: str
    role: Literal["lead", "plain", "status", "small"] = "plain"
    kind: str = "paragraph"


@dataclass(frozen=True)
class Finding:
    """What the figures show: the finding, place, period and figures under it, and the page it comes from."""

    text: str
    lead: str
    href: str
    level: int = 3
    kind: str = "finding"


@dataclass(frozen=True)
class Head:
    """What stands over a column, with its unit."""

    text: str
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell: its text, a second line, and over how many columns it reaches; `words` stand to the left."""

    text: str
    note: str = ""
    span: int = 1
    words: bool = False


@dataclass(frozen=True)
class Row:
    """A row: what it is of, and its cells."""

    label: str
    cells: tuple[Cell, ...]
    note: str = ""
    href: str | None = None


@dataclass(frozen=True)
class Table:
    """A table: what, where and when above it; `widths` share the page between the columns."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    sub: str = ""
    kind: str = "table"

    @property
    def lefts(self) -> tuple[bool, ...]:
        """For each column whether it stands to the left: names and words do, numbers do not."""
        full = [row.cells for row in self.rows if len(row.cells) == len(self.heads) - 1]
        columns = list(zip(*full, strict=True)) or [()] * (len(self.heads) - 1)
        return (True, *(all(cell.words for cell in column) for column in columns))


@dataclass(frozen=True)
class Figure:
    """A picture by the name of its indicator."""

    name: str
    kind: str = "figure"


@dataclass(frozen=True)
class Link:
    """A page of the site."""

    text: str
    href: str


@dataclass(frozen=True)
class Links:
    """Where more is to be read."""

    links: tuple[Link, ...]
    kind: str = "links"


@dataclass(frozen=True)
class Space:
    """A place for the region's own text; only a file to write in has it, with `text` to write over."""

    text: str
    kind: str = "space"


Part = Heading | Paragraph | Finding | Table | Figure | Links | Space


@dataclass(frozen=True)
class Document:
    """A document: what it is, whose, and its parts in order.

    Args:
        sort: a brief stands on one page, a yearly report on as many as it takes.
        eyebrow: what kind of document it is.
        title: what it is about.
        organisation: who publishes.
        parts: the contents.
        file: the name of its files, without ending.
        word: whether it is made as a file to write in too.
        watermark: what must stand on every page; null for figures of the source.
        address: where it is published, when that is known.
    """

    sort: Sort
    eyebrow: str
    title: str
    organisation: str
    parts: tuple[Part, ...]
    file: str
    word: bool = False
    watermark: str | None = None
    address: str | None = None

    @property
    def name(self) -> str:
        """The title of the file, with what must not be missed."""
        name = f"{self.eyebrow}: {self.title}"
        return f"{self.watermark}: {name}" if self.watermark else name

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files."""
        return (f"{self.file}.pdf", f"{self.file}.docx") if self.word else (f"{self.file}.pdf",)


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: each_text(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(each_text(one, change) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: each_text(getattr(value, one.name), change) for one in fields(value)})
    return value
