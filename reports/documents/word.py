"""Documents as DOCX to write in: real headings, header rows that repeat, text alternatives, language; equal bytes."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from transforms.written import CONTROL

from reports.charts import Chart
from reports.documents.model import (
    Document,
    Figure,
    Finding,
    Heading,
    Links,
    Paragraph,
    Part,
    Row,
    Space,
    Table,
    each_text,
)

FONT = "Arial"
LANGUAGE = "sv-SE"
EPOCH = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""No clock: the file is the same whenever it is made. The first day that a ZIP file can tell."""

STYLES = {"Normal": 10, "Heading 1": 22, "Heading 2": 15, "Heading 3": 12, "Heading 4": 10.5, "Caption": 9}
LISTED = (2, 3)
"""The levels of the headings that the list of contents has."""
CONTENTS, MARK = "Innehåll", "_Toc"
INK2, RULE, DEMO = "5B5463", "8A8290", "FFE08A"


def docx(document: Document, charts: Mapping[str, Chart], site_url: str = "") -> bytes:
    """The document as DOCX; between its parts are places for the region's own text.

    Args:
        document: its texts and tables.
        charts: its pictures by name.
        site_url: where the site lies, for its links; without it there are none.
    """
    document = each_text(document, lambda text: CONTROL.sub("", text))
    writer = _Writer(document, charts, site_url)
    for part in document.parts:
        writer.write(part)
    return writer.bytes()


class _Writer:
    """The file while it is written."""

    def __init__(self, document: Document, charts: Mapping[str, Chart], site_url: str) -> None:
        import docx as python_docx
        from docx.shared import Mm, Pt, RGBColor

        self._told, self._charts, self._site_url = document, charts, site_url
        self._made = python_docx.Document()
        self._ids = 0
        section = self._made.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin, section.bottom_margin = Mm(24), Mm(18)
        self._width = 210 - 2 * 18
        for name, size in STYLES.items():
            style = self._made.styles[name]
            style.font.name, style.font.size, style.font.italic = FONT, Pt(size), False
            style.font.color.rgb = RGBColor.from_string("201A26")
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(_w(theme), None)
            for script in ("ascii", "hAnsi", "eastAsia", "cs"):
                fonts.set(_w(script), FONT)
            if name != "Normal":
                style.font.bold = True
        self._language()
        self._properties()
        if document.watermark:
            self._mark(section, document.watermark)
        self._made.add_paragraph(document.eyebrow).runs[0].font.color.rgb = RGBColor.from_string(INK2)
        self._made.add_heading(document.title, 1)
        if document.address:
            self._linked(self._made.add_paragraph(), document.address, document.address)
        self._marks = 0
        self._contents([part for part in document.parts if _is_listed(part)])

    def write(self, part: Part) -> None:
        """Nothing; the part stands at the end of the file."""
        if isinstance(part, Heading):
            self._mark_place(self._made.add_heading(part.text, part.level), part)
        elif isinstance(part, Paragraph):
            self._paragraph(part)
        elif isinstance(part, Finding):
            heading = self._made.add_heading("", part.level)
            self._linked(heading, part.text, self._address(part.href))
            self._mark_place(heading, part)
            self._made.add_paragraph(part.lead)
        elif isinstance(part, Figure):
            self._figure(self._charts[part.name])
        elif isinstance(part, Table):
            self._table(part)
        elif isinstance(part, Links):
            for link in part.links:
                self._linked(self._made.add_paragraph(style="List Bullet"), link.text, self._address(link.href))
        else:
            self._space(part)

    def bytes(self) -> bytes:
        """The finished file, without the time of its making."""
        buffer, told = io.BytesIO(), io.BytesIO()
        self._made.save(buffer)
        with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as kept:
            for name in made.namelist():
                info = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
                info.compress_type = zipfile.ZIP_DEFLATED
                kept.writestr(info, made.read(name))
        return told.getvalue()

    def _contents(self, listed: Sequence[Heading | Finding]) -> None:
        """A list of the headings that Word updates, with page numbers; until then it has links only."""
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Mm, Pt

        if not listed:
            return
        self._made.add_paragraph().add_run(CONTENTS).bold = True
        for level in LISTED:
            style = self._made.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
            style.base_style = self._made.styles["Normal"]
            style.paragraph_format.left_indent = Mm(6 * (level - LISTED[0]))
            style.paragraph_format.space_after = Pt(2)
        for at, part in enumerate(listed, 1):
            paragraph = self._made.add_paragraph(style=f"toc {part.level}")
            if at == 1:
                for step in ("begin", "instruction", "separate"):
                    _field(paragraph, step)
            link = _new("w:hyperlink", anchor=f"{MARK}{at}", history="1")
            link.append(paragraph.add_run(part.text)._r)
            paragraph._p.append(link)
            if at == len(listed):
                _field(paragraph, "end")

    def _mark_place(self, heading: Any, part: Heading | Finding) -> None:
        """Nothing; the heading is where the list of contents leads."""
        if not _is_listed(part):
            return
        self._marks += 1
        start = _new("w:bookmarkStart", id=str(self._marks), name=f"{MARK}{self._marks}")
        properties = heading._p.pPr
        properties.addnext(start)
        heading._p.append(_new("w:bookmarkEnd", id=str(self._marks)))

    def _properties(self) -> None:
        core, told = self._made.core_properties, self._told
        core.title, core.author, core.language = told.name, told.organisation, LANGUAGE
        core.subject = core.keywords = told.watermark or ""
        core.comments, core.last_modified_by, core.revision = "", told.organisation, 1
        core.created = core.modified = EPOCH.replace(tzinfo=None)

    def _language(self) -> None:
        defaults = self._made.styles.element.find(f"{_w('docDefaults')}/{_w('rPrDefault')}/{_w('rPr')}")
        language = defaults.find(_w("lang"))
        for name in ("val", "eastAsia"):
            language.set(_w(name), LANGUAGE)

    def _mark(self, section: Any, words: str) -> None:
        """What must not be missed, in a band at the head and the foot of every page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.shared import Pt

        for band in (section.header.paragraphs[0], section.footer.paragraphs[0]):
            band.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = band.add_run(words)
            run.bold, run.font.size = True, Pt(12)
            shade = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", DEMO)):
                shade.set(_w(name), value)
            band._p.get_or_add_pPr().insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")

    def _paragraph(self, part: Paragraph) -> None:
        from docx.shared import Pt, RGBColor

        run = self._made.add_paragraph().add_run(part.text)
        if part.role == "lead":
            run.font.size = Pt(12)
        elif part.role == "status":
            run.bold = True
        elif part.role == "small":
            run.font.size, run.font.color.rgb = Pt(8.5), RGBColor.from_string(INK2)

    def _figure(self, chart: Chart) -> None:
        from docx.shared import Mm

        named = self._made.add_paragraph()
        named.add_run(chart.title).bold = True
        named.add_run(f"\n{chart.subtitle}")
        named.paragraph_format.keep_with_next = True
        picture = self._made.add_picture(io.BytesIO(chart.plain_png()), width=Mm(self._width))
        self._ids += 1
        properties = picture._inline.docPr
        properties.set("descr", chart.alt)
        properties.set("name", chart.title)
        self._paragraph(Paragraph(" ".join((*chart.notes, chart.source)), "small"))

    def _table(self, part: Table) -> None:
        from docx.shared import Mm, Pt

        caption = self._made.add_paragraph(style="Caption")
        caption.add_run(part.caption)
        if part.sub:
            caption.add_run(f"\n{part.sub}").bold = False
        caption.paragraph_format.keep_with_next = True
        table = self._made.add_table(rows=1, cols=len(part.heads))
        table.autofit = False
        _describe(table, part.caption)
        widths = [Mm(self._width * width / sum(part.widths)) for width in part.widths]
        for at, head in enumerate(part.heads):
            self._fill(table.rows[0].cells[at], head.text, head.unit, bold=True, left=part.lefts[at])
        _repeat(table.rows[0])
        for row in part.rows:
            self._row(table, row)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            _whole(row)
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
        after = self._made.add_paragraph()
        after.paragraph_format.space_after = Pt(0)

    def _row(self, table: Any, row: Row) -> None:
        made = table.add_row()
        cells = made.cells
        self._fill(cells[0], row.label, row.note, bold=True, left=True, href=row.href)
        at = 1
        for cell in row.cells:
            held = cells[at] if cell.span == 1 else cells[at].merge(cells[at + cell.span - 1])
            self._fill(held, cell.text, cell.note, left=cell.words)
            at += cell.span

    def _fill(
        self, cell: Any, text: str, note: str, *, bold: bool = False, left: bool = False, href: str | None = None
    ) -> None:  # fmt: skip
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt, RGBColor

        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_after = Pt(2)
        self._linked(paragraph, text, self._address(href) if href else None)
        for run in paragraph.runs:
            run.bold, run.font.size = bold, Pt(8.5)
        if note:
            under = paragraph.add_run(f"\n{note}")
            under.font.size, under.font.color.rgb = Pt(7.5), RGBColor.from_string(INK2)

    def _address(self, href: str) -> str | None:
        return self._site_url + href if self._site_url else None

    def _linked(self, paragraph: Any, text: str, address: str | None) -> None:
        """Nothing; the text stands in the paragraph, as a link where there is an address."""
        run = paragraph.add_run(text)
        if address is None:
            return
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement

        run.underline = True
        link = OxmlElement("w:hyperlink")
        link.set(
            "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
            self._made.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
        )
        run._r.addprevious(link)
        link.append(run._r)

    def _space(self, part: Space) -> None:
        """A place to write: Word takes its words away when somebody begins."""
        from docx.oxml import parse_xml

        self._ids += 1
        made = parse_xml(_SPACE)
        made.find(f"{_w('sdtPr')}/{_w('id')}").set(_w("val"), str(self._ids))
        made.find(f".//{_w('t')}").text = part.text
        self._made.element.body.insert(len(self._made.element.body) - 1, made)


_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = f"""
<w:sdt xmlns:w="{_NS}"><w:sdtPr><w:alias w:val="Egen text"/><w:id w:val="0"/><w:showingPlcHdr/></w:sdtPr>
<w:sdtContent><w:p><w:pPr><w:spacing w:before="120" w:after="120"/></w:pPr>
<w:r><w:rPr><w:color w:val="{INK2}"/></w:rPr><w:t/></w:r></w:p></w:sdtContent></w:sdt>"""


def _is_listed(part: Part) -> TypeGuard[Heading | Finding]:
    return isinstance(part, Heading | Finding) and part.level in LISTED


def _new(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(_w(name), value)
    return made


def _field(paragraph: Any, step: str) -> None:
    """Nothing; the paragraph has that step of the field that lists the headings."""
    run = paragraph.add_run()._r
    if step == "instruction":
        told = _new("w:instrText")
        told.text = f'TOC \\o "{LISTED[0]}-{LISTED[-1]}" \\h \\z \\u'
        run.append(told)
    else:
        run.append(_new("w:fldChar", fldCharType=step, **({"dirty": "true"} if step == "begin" else {})))


def _w(name: str) -> str:
    return f"{{{_NS}}}{name}"


def _repeat(row: Any) -> None:
    """Nothing; the row is the table's header, on every page that the table reaches."""
    from docx.oxml import OxmlElement

    mark = OxmlElement("w:tblHeader")
    mark.set(_w("val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _whole(row: Any) -> None:
    """Nothing; the row is not split between pages, and has a line under it."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.insert(0, OxmlElement("w:cantSplit"))
    for cell in row.cells:
        held = cell._tc.get_or_add_tcPr()
        if held.find(_w("tcBorders")) is None:
            borders, line = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
            for name, value in (("val", "single"), ("sz", "4"), ("color", RULE)):
                line.set(_w(name), value)
            borders.append(line)
            held.append(borders)


def _describe(table: Any, caption: str) -> None:
    """Nothing; the table has its caption as title, and its first row and column are headers."""
    from docx.oxml import OxmlElement

    properties = table._tbl.tblPr
    look = properties.find(_w("tblLook"))
    for name, value in (("firstRow", "1"), ("firstColumn", "1"), ("noHBand", "1"), ("noVBand", "1")):
        look.set(_w(name), value)
    title = OxmlElement("w:tblCaption")
    title.set(_w("val"), caption)
    properties.append(title)
