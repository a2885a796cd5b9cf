"""PDF and DOCX read back: their texts, and what their structure says to those who listen."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pypdf

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Element:
    """An element of a PDF's structure tree: its role, its own attributes, and the marked contents right below it."""

    role: str
    alt: str | None
    scope: str | None
    marks: tuple[tuple[int, int], ...]
    inside: tuple["Element", ...]

    def all(self) -> Iterator["Element"]:
        yield self
        for one in self.inside:
            yield from one.all()


def structure(reader: pypdf.PdfReader) -> Element:
    """The structure tree; a mark is a page's number and the number of the content on it."""
    pages = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages)}  # type: ignore[union-attr]
    return _element(reader.trailer["/Root"]["/StructTreeRoot"], pages, None)  # type: ignore[index]


def _element(found: Any, pages: dict[int, int], page: int | None) -> Element:
    found = found.get_object()
    page = pages[found.raw_get("/Pg").idnum] if "/Pg" in found else page
    kids = found.get("/K", [])
    below = [one.get_object() for one in (kids if isinstance(kids, list) else [kids])]
    marks, inside = [], []
    for one in below:
        if isinstance(one, int):
            marks.append((page, one))
        elif one.get("/Type") == "/MCR":
            marks.append((pages[one.raw_get("/Pg").idnum] if "/Pg" in one else page, one["/MCID"]))
        elif "/S" in one:
            inside.append(_element(one, pages, page))
    attributes = found.get("/A") or []
    listed = attributes if isinstance(attributes, list) else [attributes]
    scope = next((str(one.get_object()["/Scope"]) for one in listed if "/Scope" in one.get_object()), None)
    alt = found.get("/Alt")
    return Element(str(found.get("/S", "")), str(alt) if alt is not None else None, scope, tuple(marks), tuple(inside))  # type: ignore[arg-type]


def text_of_pdf(path: Path) -> str:
    """The words of a PDF without those in pictures and those of every page's head and foot."""
    reader = pypdf.PdfReader(path)
    pictures = {
        mark for one in structure(reader).all() if one.role == "/Figure" for each in one.all() for mark in each.marks
    }
    text = "\n".join(_read(page, at, pictures) for at, page in enumerate(reader.pages))
    # The hyphen of a broken word and that of a date are one glyph; ActualText tells them apart, and is not read here.
    return re.sub(r"- *\n *(?=[a-zåäö])", "", text)


def _read(page: pypdf.PageObject, at: int, pictures: set[tuple[int, int]]) -> str:
    found, hidden = [], []

    def mark(operator: bytes, operands: Any, *_: Any) -> None:
        if operator in (b"BDC", b"BMC"):
            number = operands[1].get("/MCID") if operator == b"BDC" and isinstance(operands[1], dict) else None
            hidden.append(operands[0] == "/Artifact" or (at, number) in pictures)
        elif operator == b"EMC":
            hidden.pop()

    def read(text: str, *_: Any) -> None:
        if not any(hidden):
            found.append(text)

    page.extract_text(visitor_operand_before=mark, visitor_text=read)
    return "".join(found)


def text_of_docx(path: Path) -> str:
    """The words of a DOCX, paragraph by paragraph, tables and places to write in too."""
    body = docx.Document(io.BytesIO(path.read_bytes())).element.body
    return "\n".join(
        "".join("\n" if run.tag == f"{WORD}br" else run.text or "" for run in paragraph.iter(f"{WORD}t", f"{WORD}br"))
        for paragraph in body.iter(f"{WORD}p")
    )
