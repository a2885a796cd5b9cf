"""One Excel file for each indicator: every row of its CSV, women and men side by side, as a person reads them.

The book is made by xlsxwriter; only the cells of the large table are written here, into the finished sheet. A release
has two million of them, which xlsxwriter needs ten seconds for and this a fifth of that. Every text is an inline
string, never a formula, and nothing in the file tells when it was made.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.catalogue import Catalogue, Indicator
from reports.opendata import Names
from reports.wording import BANDS, heads
from reports.workbook import MOST_ROWS, Styles, about, origin, pattern, properties, scope

SHEET = "Om tabellen"
_TOP = 6
_PATTERNS = 2
_KEY = ("region_code", "partner_code", "period", "category", "series")
_SEXES = ("women", "men", "total")
_SHEET_FILE, _TABLE_FILE = "xl/worksheets/sheet2.xml", "xl/tables/table1.xml"
_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0d\\x0e-\\x1f\\ufffe\\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_REF = re.compile(rf'( ref="A\d+:[A-Z]+){_TOP + 1 + _PATTERNS}(")')
_LONGEST = 32_767

Values = Sequence[Any]


@dataclass(frozen=True)
class _Column:
    """A column: numbers with what stands where one is missing, or texts."""

    header: str
    values: Values
    format: str | None = None
    missing: Values = ()
    width: float = 14


def render(rows: pa.Table, item: Indicator, catalogue: Catalogue, names: Names) -> bytes:
    """The Excel file of an indicator as bytes; equal warehouses give equal bytes.

    Args:
        rows: the rows that the machine files are made of (`tables.rows`).
        item: whose figures they are.
        catalogue: what the warehouse says of itself.
        names: what regions and categories are called.
    """
    import xlsxwriter

    run = catalogue.run
    columns = _columns(rows, item, catalogue, names)
    count = min(len(columns[0].values), MOST_ROWS)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        properties(book, item.title, run)
        styles = Styles(book)
        about(book.add_worksheet(SHEET), styles, catalogue, item)
        sheet = book.add_worksheet(item.indicator[:31])
        sheet.activate()
        sheet.write_string(0, 0, item.title, styles.title)
        sheet.write_string(1, 0, item.definition, styles.text)
        sheet.write_string(2, 0, scope(item, "Alla hämtade regioner och perioder.", cut=len(columns[0].values) > count))
        sheet.write_string(3, 0, item.source, styles.text)
        origin(sheet, styles, run, row=4)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            # Two rows of empty cells say what the formats are called in the file; the table's own take their place.
            sheet.write_blank(_TOP + 1, place, None, styles.number(column.format) if column.format else styles.text)
            sheet.write_blank(_TOP + 2, place, None, styles.missing)
        sheet.add_table(
            _TOP,
            0,
            _TOP + _PATTERNS,
            len(columns) - 1,
            {
                "name": f"tabell_{item.indicator}",
                "style": "Table Style Light 1",
                "banded_rows": False,
                "columns": [{"header": column.header, "header_format": styles.header} for column in columns],
            },
        )
        sheet.set_row(_TOP, 48)
        sheet.freeze_panes(_TOP + 1, 2)
    return _filled(buffer.getvalue(), columns, count)


def _columns(rows: pa.Table, item: Indicator, catalogue: Catalogue, names: Names) -> list[_Column]:
    """What the file shows: where and when, women before men before both, what they rest on, and remarks."""
    first, at = _sides(rows)
    key = rows.select(_KEY).take(pa.array(first))
    words = heads(item.unit)
    relations = item.extent is not None and item.extent.relations
    regions = key["region_code"].to_pylist()
    place = "Bostadsregion" if relations else "Region"
    columns = [
        _Column(place, [names.regions.get(code) or code for code in regions], width=24),
        _Column("Regionkod" if not relations else "Bostadsregionens kod", regions, width=12),
    ]
    if relations:
        partners = key["partner_code"].to_pylist()
        columns.append(_Column("Arbetsplatsregion", [names.regions.get(code) or code for code in partners], width=24))
        columns.append(_Column("Arbetsplatsregionens kod", partners, width=12))
    columns.append(_Column("Period", key["period"].to_pylist(), width=12))
    categories = key["category"].to_pylist()
    if any(category != "all" for category in categories):
        labels = {code: names.categories.get(code, (code, 0))[0] for code in set(categories)} | {"all": "samtliga"}
        columns.append(_Column("Grupp", [labels[code] for code in categories], width=34))
    if key["series"].null_count < key.num_rows:
        columns.append(_Column("Serie", key["series"].to_pylist(), width=10))
    side = _Sides(rows, at, catalogue.reasons)
    number = pattern(item.decimals)
    titles = {"women": f"Kvinnor, {words.women}", "men": f"Män, {words.men}"}
    titles["total"] = f"Kvinnor och män, {item.unit_text}"
    if item.measure != "level":
        titles["total"] = "Andel kvinnor, % av kvinnor och män" if item.is_share_of_women else item.unit_text
    columns += [column for sex in _SEXES if (column := side.values(sex, "value", titles[sex], number))]
    gap = rows.select(["diff", "band"]).take(pa.array(first))
    if item.measure == "level":
        signed = f"+{number};-{number};{number}"
        missing = side.reasons(gap["diff"].to_pylist())
        header = f"Skillnad (kvinnor − män), {words.difference}"
        columns.append(_Column(header, gap["diff"].to_pylist(), signed, missing, 19))
    if gap["band"].null_count < gap.num_rows:
        columns.append(_Column("Könsfördelning", [BANDS.get(one, one) for one in gap["band"].to_pylist()], width=22))
    # A share has one value for women and men together: its columns need no name of a sex.
    whose = {"women": ", kvinnor", "men": ", män", "total": ", kvinnor och män" if item.measure == "level" else ""}
    for name, title in (("numerator", "Täljare"), ("denominator", "Nämnare"), ("margin", "Felmarginal")):
        shown = number if name == "margin" else None
        found = [side.values(sex, name, title + whose[sex], shown, symbols=False) for sex in _SEXES]
        columns += [column for column in found if column]
    for name, title in (("categories", "Antal kategorier bakom måttet"), ("coverage", "Täckning, procent")):
        columns += [column for column in [side.values("total", name, title, None, symbols=False)] if column]
    remarks = side.remarks()
    if any(remarks):
        columns.append(_Column("Anmärkning", remarks, width=30))
    return columns


def _sides(rows: pa.Table) -> tuple[Any, dict[str, Any]]:
    """The first row of each place, period and group, and by sex the row with its figure; -1 where there is none.

    Rows of the same place, period and group stand together: `tables.rows` orders them so.
    """
    new = np.zeros(rows.num_rows, dtype=bool)
    new[:1] = True
    for name in _KEY:
        codes = rows[name].combine_chunks().dictionary_encode(null_encoding="encode").indices.to_numpy()
        new[1:] |= codes[1:] != codes[:-1]
    group = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    at = {}
    for sex in _SEXES:
        found = np.flatnonzero(pc.fill_null(pc.equal(rows["sex"], sex), False).to_numpy())
        at[sex] = np.full(len(first), -1)
        at[sex][group[found]] = found
    return first, at


class _Sides:
    """The figures of each sex, row by row of the file."""

    def __init__(self, rows: pa.Table, at: Mapping[str, Any], words: Mapping[str, str]) -> None:
        self._rows = rows
        self._index = {sex: pa.array(places, mask=places < 0) for sex, places in at.items()}
        self._words = words
        marks = pc.coalesce(rows["status"], rows["reason"])
        self._marks = {sex: self._said(marks.take(index)) for sex, index in self._index.items()}

    def values(self, sex: str, name: str, header: str, shown: str | None, *, symbols: bool = True) -> _Column | None:
        """A column of a sex, null when none of its rows says anything; a missing value has its symbol or our reason.

        Without a pattern numbers are shown whole where all are, else with a decimal.
        """
        found = self._rows[name].take(self._index[sex])
        if found.null_count == len(found) and not (symbols and any(self._marks[sex])):
            return None
        values = found.to_pylist()
        if name == "denominator" and set(values) <= {None, 1.0}:
            return None
        whole = shown is None and pc.all(pc.equal(found, pc.trunc(found))).as_py()
        shown = shown or pattern(0 if whole else 1)
        missing = self._marks[sex] if symbols else ()
        return _Column(header, values, shown, missing, 16)

    def reasons(self, differences: Values) -> Values:
        """What stands where a difference is missing: what stands at women's value, or else at men's."""
        marks = zip(differences, self._marks["women"], self._marks["men"], strict=True)
        return [None if difference is not None else women or men for difference, women, men in marks]

    def remarks(self) -> Values:
        """What has to be known of a row that has figures: preliminary, or a reason that came with the value."""
        count = len(self._index["women"])
        found: list[dict[str, None]] = [{} for _ in range(count)]
        for sex in _SEXES:
            for name in ("is_preliminary", "reason"):
                column = self._rows[name]
                if column.null_count == len(column):
                    continue
                taken = column.take(self._index[sex]).to_pylist()
                values = self._rows["value"].take(self._index[sex]).to_pylist()
                for row, (said, value) in enumerate(zip(taken, values, strict=True)):
                    if said and name == "is_preliminary":
                        found[row]["Preliminär"] = None
                    elif said and value is not None:
                        found[row][self._words.get(said, said)] = None
        return [". ".join(one) or None for one in found]

    def _said(self, marks: pa.ChunkedArray) -> Values:
        words = {mark: self._word(mark) for mark in pc.unique(marks).to_pylist() if mark is not None}
        return [words.get(mark) for mark in marks.to_pylist()]

    def _word(self, mark: str) -> str:
        parts = mark.split()
        return ", ".join(self._words[part] for part in parts) if all(part in self._words for part in parts) else mark


def _filled(book: bytes, columns: Sequence[_Column], count: int) -> bytes:
    """The finished book with the cells of the table in its second sheet."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename in (_SHEET_FILE, _TABLE_FILE):
                text = content.decode("utf-8")
                text = _with_cells(text, columns, count) if entry.filename == _SHEET_FILE else text
                # The table and the sheet end where the last row does.
                text = _REF.sub(lambda found: f"{found[1]}{_TOP + 1 + count}{found[2]}", text)
                content = text.encode("utf-8")
            kept = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            kept.compress_type = zipfile.ZIP_DEFLATED
            kept.external_attr = entry.external_attr
            new.writestr(kept, content)
    return made.getvalue()


def _with_cells(sheet: str, columns: Sequence[_Column], count: int) -> str:
    start = sheet.index(f'<row r="{_TOP + 2}"')
    end = sheet.index("</sheetData>")
    formats = re.findall(r'<c r="([A-Z]+)(\d+)" s="(\d+)"/>', sheet[start:end])
    letters = [letter for letter, row, _ in formats if row == str(_TOP + 2)]
    number = [style for _, row, style in formats if row == str(_TOP + 2)]
    missing = [style for _, row, style in formats if row == str(_TOP + 3)]
    written = [
        list(_cells(column, letter, own, none, count))
        for column, letter, own, none in zip(columns, letters, number, missing, strict=True)
    ]
    rows = "".join(
        f'<row r="{row}">{"".join(cells)}</row>' for row, cells in enumerate(zip(*written, strict=True), start=_TOP + 2)
    )
    return sheet[:start] + rows + sheet[end:]


def _cells(column: _Column, letter: str, style: str, none: str, count: int) -> "Values":
    """The XML of each cell of a column; an empty cell is not written."""
    head, tail = f'<c r="{letter}', "</t></is></c>"
    numbered = enumerate(column.values[:count], start=_TOP + 2)
    if column.format is None:
        texts = _escaped(column.values)
        return [
            f'{head}{row}" s="{style}" t="inlineStr"><is><t>{texts[value]}{tail}' if value is not None else ""
            for row, value in numbered
        ]
    marks = column.missing or [None] * len(column.values)
    texts = _escaped(marks)
    return [
        f'{head}{row}" s="{style}"><v>{value!r}</v></c>'
        if value is not None
        else f'{head}{row}" s="{none}" t="inlineStr"><is><t>{texts[mark]}{tail}'
        if mark is not None
        else ""
        for (row, value), mark in zip(numbered, marks, strict=False)
    ]


def _escaped(values: Values) -> dict[str, str]:
    """Each text as it may stand in XML; a sign that XML forbids is written as Excel does."""
    found = {}
    for value in set(values) - {None}:
        text = value[:_LONGEST].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        found[value] = _FORBIDDEN.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text)
    return found
