"""Documents as tagged PDF (PDF/UA-1), set by typst with fonts from our lock; equal documents are equal bytes."""

import atexit
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import orjson
from transforms.written import CONTROL, UNSHOWN

from reports.charts import Chart
from reports.documents.model import Document, Table, each_text

TEMPLATE = "document.typ"
FONT = "Source Sans Pro"
LACKING = "could not be displayed"
"""What typst says of a character that the font lacks, which a tagged PDF may not have."""
FACES = ("Regular", "It", "Semibold", "Bold")


class DocumentError(Exception):
    """A document that could not be set."""


def told(document: Document, charts: Mapping[str, Chart], site_url: str = "") -> bytes:
    """Everything that the PDF of a document is set from.

    Args:
        document: its texts and tables.
        charts: its pictures by name.
        site_url: where the site lies, for its links; without it there are none.
    """
    figures = {name: _figure(chart) for name, chart in charts.items()}
    parts = [asdict(part) | ({"lefts": part.lefts} if isinstance(part, Table) else {}) for part in document.parts]
    content = asdict(document) | {"name": document.name, "parts": parts, "figures": figures, "site_url": site_url}
    return orjson.dumps(content | {"edition": None}, default=list, option=orjson.OPT_INDENT_2)


def of_release(content: bytes, standing: str, facts: Sequence[tuple[str, str]]) -> bytes:
    """What the PDF is set from in a release: its foot says which, its end how to refer to it."""
    edition = {"standing": f"Utgåva {standing}", "facts": [f"{name}: {text}" for name, text in facts]}
    return orjson.dumps(orjson.loads(content) | {"edition": edition}, option=orjson.OPT_INDENT_2)


def printed(content: bytes) -> bytes:
    """The PDF of what is told of a document.

    Raises:
        DocumentError: typst cannot set it.
    """
    import typst

    document = orjson.loads(content)
    try:
        try:
            made, warnings = _set(document)
        except typst.TypstError as error:
            if LACKING not in error.message:
                raise
            made, warnings = _set(each_text(document, _with_glyphs))
    except typst.TypstError as error:
        raise DocumentError(f"{document['name']}: {error.message}") from error
    for warning in warnings:
        raise DocumentError(f"{document['name']}: {warning.message}")
    return bytes(made)


def _set(told: dict[str, Any]) -> Any:
    return _compiler().compile_with_warnings(
        (resources("reports") / "templates" / TEMPLATE).read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=0,
        sys_inputs={"document": orjson.dumps(told, default=list).decode()},
    )


def _with_glyphs(text: str) -> str:
    """The text with a question mark for what the font lacks."""
    return UNSHOWN.sub("?", CONTROL.sub("", text))


def _figure(chart: Chart) -> dict[str, Any]:
    svg = re.sub(r'font-family="[^"]*"', f'font-family="{FONT}"', chart.bare())
    return {
        "svg": svg, "alt": chart.alt, "title": chart.title, "subtitle": chart.subtitle, "notes": chart.notes,
        "source": chart.source,
    }  # fmt: skip


_FONTS: list[Path] = []
"""The folder of fonts of this process, once made or told."""


def fonts() -> Path:
    """The folder of our fonts, for `prepare` in another process; it goes when this process does."""
    if not _FONTS:
        # typst takes folders only, and the package's has every face twice
        folder = Path(mkdtemp(prefix="jamstat-fonts-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        for face in FACES:
            name = f"SourceSansPro-{face}.ttf"
            (folder / name).write_bytes((resources("font_source_sans_pro") / "files" / name).read_bytes())
        _FONTS.append(folder)
    return _FONTS[0]


def prepare(folder: Path) -> None:
    """Nothing; this process sets with the fonts of another."""
    _FONTS[:] = [folder]


@cache
def _compiler() -> Any:
    """The compiler with only our fonts, so that every machine sets alike."""
    import typst

    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts())])
    found.fonts()
    return typst.Compiler(root=str(fonts()), font_paths=found)
