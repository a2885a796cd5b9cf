"""The Excel workbook: a cover, a list of contents, and one sheet for each indicator with women and men side by side."""

import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from reports import pairs
from reports.catalogue import Catalogue, Indicator, Run
from reports.pairs import Figure, Pair
from reports.sentences import Sentence
from reports.wording import BANDS, GENDER_NOTE, ROUNDING_NOTE, heads, state

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NAME = "jamstat.xlsx"
COVER, CONTENTS = "Om arbetsboken", "Innehåll"
FONT = "Calibri"
RED = "#B00020"
MOST_ROWS = 1_000_000
_HEADER_ROW = 6

Cell = Figure | str | float | None


@dataclass(frozen=True)
class Column:
    """One column of an indicator's table: what it says on top, what it takes from a line, how it is shown."""

    header: str
    cell: Callable[[Pair], Cell]
    pattern: str = "@"
    width: float = 14


class Styles:
    """The cell formats of the workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[str, Format] = {}
        base = {"font_name": FONT, "valign": "top"}
        self.title = book.add_format(base | {"bold": True, "font_size": 16})
        self.bold = book.add_format(base | {"bold": True})
        self.text = book.add_format(base)
        self.wrapped = book.add_format(base | {"text_wrap": True})
        self.missing = book.add_format(base | {"align": "right"})
        self.header = book.add_format(base | {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2})
        self.link = book.add_format(base | {"underline": 1, "font_color": "#0B5A6B"})
        self.watermark = book.add_format(base | {"bold": True, "font_color": RED, "font_size": 14})
        self.large_watermark = book.add_format(base | {"bold": True, "font_color": RED, "font_size": 28})

    def number(self, pattern: str) -> "Format":
        """The format of a number pattern; Excel writes it with the reader's own decimal sign."""
        if pattern not in self._made:
            self._made[pattern] = self._book.add_format({"font_name": FONT, "valign": "top", "num_format": pattern})
        return self._made[pattern]


def render(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    told: Mapping[str, Sentence],
    written: Callable[[str], None] = lambda _: None,
) -> bytes:
    """The workbook as bytes; equal warehouses give equal bytes.

    Args:
        con: the warehouse, from which every figure is read.
        catalogue: what the warehouse says of itself.
        told: the sentence of each indicator in the home region.
        written: told the id of each indicator once its sheet is made.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    run = catalogue.run
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        properties(book, _title(run), run)
        styles = Styles(book)
        sheets = _sheet_names(item.indicator for item in catalogue.shown)
        _cover(book.add_worksheet(COVER), styles, catalogue)
        _contents(book.add_worksheet(CONTENTS), styles, catalogue, sheets, told)
        for item in catalogue.shown:
            lines = pairs.of_home(con, item, catalogue)
            _indicator(book.add_worksheet(sheets[item.indicator]), styles, item, run, lines)
            written(item.indicator)
    return buffer.getvalue()


def properties(book: "Workbook", title: str, run: Run) -> None:
    """Writes what the file says of itself; its time is that of the run."""
    book.set_properties(
        {
            "title": title,
            "author": run.organisation,
            "comments": f"{run.origin_label}. Körning {run.run_id}."
            + (f" Utgåva {run.edition.standing}." if run.edition else ""),
            "created": dt.datetime.fromisoformat(run.finished_at[:19]),
        }
    )


def reference(item: Indicator, run: Run) -> str:
    """What a reference to the figures of an indicator names, between the publisher and the release."""
    return f"{item.title}: kvinnor och män i {run.home_name}. {item.source}."


def _title(run: Run) -> str:
    return f"Indikatorer för kvinnor och män, {run.home_name}"


def _sheet_names(indicators: Iterable[str]) -> dict[str, str]:
    """A sheet name for each indicator: its id, at most 31 characters, unique in the workbook."""
    names: dict[str, str] = {}
    for indicator in indicators:
        name, number = indicator[:31], 2
        while name in names.values():
            ending = f"~{number}"
            name, number = indicator[: 31 - len(ending)] + ending, number + 1
        names[indicator] = name
    return names


def _cover(sheet: "Worksheet", styles: Styles, catalogue: Catalogue) -> None:
    run = catalogue.run
    facts = [
        ("Region", run.home_name),
        *_facts(catalogue),
        (
            "Så läser du",
            (
                "Varje indikator har ett eget blad med kvinnor och män sida vid sida. Bladet Innehåll länkar till dem. "
                "Regionen står först, sedan riket, kommunerna och de regioner som jämförs."
            ),
        ),
        (
            "Skillnad och kvot",
            (
                "Skillnad är kvinnors värde minus mäns: plus betyder att kvinnors värde är högre. Kvot är kvinnors "
                "värde delat med mäns: 1 betyder lika."
            ),
        ),
        *run.cited(f"{_title(run)}. Ursprung: {run.origin_label}."),
        *_reading(catalogue),
        ("Alla regioner", "Hela tabellerna, med alla hämtade regioner, ligger i mappen tables (CSV och Parquet)."),
    ]
    _facing(sheet, styles, run, _title(run), facts)
    sheet.write_url(3 + len(facts), 0, f"internal:'{CONTENTS}'!A1", styles.link, "Till innehållet")


def about(sheet: "Worksheet", styles: Styles, catalogue: Catalogue, item: Indicator) -> None:
    """Writes the sheet that says what one indicator's figures are and how they are read."""
    facts = [
        ("Definition", item.definition),
        ("Enhet", item.unit_text),
        ("Källa", item.source),
        ("Läge", state(item.state, item.why, item.published_day)),
        *(("Varning", warning) for warning in item.warnings),
        *_facts(catalogue),
        (
            "Så läser du",
            "Kvinnor står före män. Skillnad är kvinnors värde minus mäns: plus betyder att kvinnors är högre.",
        ),
        *catalogue.run.cited(reference(item, catalogue.run)),
        *_reading(catalogue),
    ]
    _facing(sheet, styles, catalogue.run, item.title, facts)


def _facing(sheet: "Worksheet", styles: Styles, run: Run, title: str, facts: Sequence[tuple[str, str]]) -> None:
    """Writes a sheet of facts: title, where the figures come from, and a line for each fact."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 96)
    sheet.write_string(0, 0, title, styles.title)
    sheet.write_string(1, 0, run.origin_label, styles.large_watermark if run.synthetic else styles.bold)
    for row, (name, text) in enumerate(facts, start=3):
        sheet.write_string(row, 0, name, styles.bold)
        sheet.write_string(row, 1, text, styles.wrapped)


def _facts(catalogue: Catalogue) -> list[tuple[str, str]]:
    run = catalogue.run
    return [
        ("Framtagen av", run.organisation),
        ("Ursprung", run.origin_label),
        ("Körning", f"{run.run_id} (jamstat {run.version})"),
        ("Datum", run.day),
    ]


def _reading(catalogue: Catalogue) -> list[tuple[str, str]]:
    signs = "; ".join(f"{sign} = {meaning}" for sign, meaning in catalogue.symbols.items())
    return [
        ("Avrundning", f"Cellerna har full precision och visas avrundade. {ROUNDING_NOTE}"),
        ("Uppgift saknas", f"Källans tecken står kvar: {signs}"),
        ("Jämn könsfördelning", "40–60 procent kvinnor. Över 60: kvinnodominerad. Under 40: mansdominerad."),
        ("Om kön", GENDER_NOTE),
    ]


def _contents(
    sheet: "Worksheet",
    styles: Styles,
    catalogue: Catalogue,
    sheets: Mapping[str, str],
    told: Mapping[str, Sentence],
) -> None:
    headers = ("Tema", "Blad", "Indikator", "Mål", "Enhet", "Senaste period", "Läge", "I korthet")
    sheet.write(0, 0, CONTENTS, styles.title)
    origin(sheet, styles, catalogue.run, row=1)
    top = 3
    for column, width in enumerate((24, 34, 52, 60, 16, 15, 44, 80)):
        sheet.set_column(column, column, width)
    if not catalogue.indicators:
        sheet.write(top, 0, "Körningen har inga indikatorer.", styles.text)
        return
    for row, item in enumerate(catalogue.indicators, start=top + 1):
        goals = "; ".join(catalogue.goal_names.get(goal, goal) for goal in item.goals)
        period = item.extent.last_period if item.extent else ""
        texts = (
            item.theme_title,
            item.indicator,
            item.title,
            goals,
            item.unit_text,
            period,
            state(item.state, item.why, item.published_day),
            told[item.indicator].text or "",
        )
        for column, text in enumerate(texts):
            sheet.write(row, column, text, styles.wrapped)
        if item.indicator in sheets:
            sheet.write_url(row, 1, f"internal:'{sheets[item.indicator]}'!A1", styles.link, item.indicator)
    named_table(sheet, styles, "innehall", (top, top + len(catalogue.indicators)), headers)
    sheet.freeze_panes(top + 1, 0)


def _indicator(sheet: "Worksheet", styles: Styles, item: Indicator, run: Run, lines: Sequence[Pair]) -> None:
    columns = _columns(item, lines)
    sheet.write(0, 0, item.title, styles.title)
    sheet.write(1, 0, item.definition, styles.text)
    sheet.write(2, 0, _scope(item, run, lines), styles.text)
    sheet.write(3, 0, item.source, styles.text)
    origin(sheet, styles, run, row=4)
    sheet.write_url(5, 0, f"internal:'{CONTENTS}'!A1", styles.link, "Till innehållet")
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    if not lines:
        sheet.write(_HEADER_ROW, 0, f"Inga uppgifter för {run.home_name}. Se tables/{item.indicator}.csv.", styles.text)
        return
    for row, line in enumerate(lines[:MOST_ROWS], start=_HEADER_ROW + 1):
        for place, column in enumerate(columns):
            _cell(sheet, styles, (row, place), column.cell(line), column.pattern)
    headers = [column.header for column in columns]
    last = _HEADER_ROW + min(len(lines), MOST_ROWS)
    named_table(sheet, styles, f"tabell_{item.indicator}", (_HEADER_ROW, last), headers)
    sheet.set_row(_HEADER_ROW, 48)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)


def _cell(sheet: "Worksheet", styles: Styles, at: tuple[int, int], found: Cell, pattern: str) -> None:
    row, place = at
    value = found.value if isinstance(found, Figure) else found
    if isinstance(value, float):
        sheet.write_number(row, place, value, styles.number(pattern))
    elif isinstance(value, str):
        sheet.write_string(row, place, value, styles.text)
    elif isinstance(found, Figure):
        sheet.write_string(row, place, found.missing, styles.missing)


def named_table(sheet: "Worksheet", styles: Styles, name: str, rows: tuple[int, int], headers: Sequence[str]) -> None:
    """Nothing; the cells from the header's row to the last row are a table that Excel knows by name."""
    top, last = rows
    sheet.add_table(
        top,
        0,
        last,
        len(headers) - 1,
        {
            "name": name,
            "style": "Table Style Light 1",
            "banded_rows": False,
            "columns": [{"header": header, "header_format": styles.header} for header in headers],
        },
    )


def origin(sheet: "Worksheet", styles: Styles, run: Run, row: int) -> None:
    """Writes where the figures come from; made-up figures in large red letters, on paper too."""
    sheet.write(
        row,
        0,
        run.origin_label if run.synthetic else f"Ursprung: {run.origin_label}",
        styles.watermark if run.synthetic else styles.text,
    )
    if run.synthetic:
        sheet.set_header(f'&C&"{FONT},Bold"&14&K{RED[1:]}{run.origin_label}')


def _scope(item: Indicator, run: Run, lines: Sequence[Pair]) -> str:
    """What the sheet holds, in one line."""
    if item.extent is not None and item.extent.relations:
        text = f"De {pairs.LARGEST} största relationerna till och från {run.home_name}"
        text += f", {lines[0].period}." if lines else "."
    else:
        text = f"{run.home_name}, dess kommuner och de regioner som jämförs."
    return scope(item, text, cut=len(lines) > MOST_ROWS)


def scope(item: Indicator, text: str, *, cut: bool) -> str:
    """What a sheet holds, how the indicator stands and what is warned of, in one line."""
    if cut:
        text += f" Bladet rymmer inte alla rader: hela tabellen finns i tables/{item.indicator}.csv."
    warned = "".join(f" {warning}." for warning in item.warnings)
    return f"{text} {state(item.state, item.why, item.published_day)}.{warned}"


def _columns(item: Indicator, lines: Sequence[Pair]) -> list[Column]:
    """The columns that the indicator's measure has; those with nothing to say are left out."""
    words = heads(item.unit)
    number = pattern(item.decimals)
    relations = item.extent is not None and item.extent.relations
    columns = [Column("Bostadsregion" if relations else "Region", lambda line: line.region, width=24)]
    if relations:
        columns.append(Column("Arbetsplatsregion", lambda line: line.partner, width=24))
    columns.append(Column("Period", lambda line: line.period, width=12))
    if any(line.category != "samtliga" for line in lines):
        columns.append(Column("Grupp", lambda line: line.category, width=34))
    if any(line.series for line in lines):
        columns.append(Column("Serie", lambda line: line.series, width=10))
    if item.measure == "level":
        columns += [
            Column(f"Kvinnor, {words.women}", lambda line: line.women, number),
            Column(f"Män, {words.men}", lambda line: line.men, number),
            Column(
                f"Skillnad (kvinnor − män), {words.difference}",
                lambda line: line.diff,
                f"+{number};-{number};{number}",
                19,
            ),
            Column("Kvot (kvinnor/män)", lambda line: line.ratio, "0.000"),
        ]
        if any(line.share_women.value is not None for line in lines):
            columns.append(Column("Andel kvinnor, % av kvinnor och män", lambda line: line.share_women, "0.0", 19))
        if any(_says(line.women_base) for line in lines):
            columns.append(Column("Nämnare, kvinnor", lambda line: line.women_base, "#,##0"))
            columns.append(Column("Nämnare, män", lambda line: line.men_base, "#,##0"))
    else:
        header = "Andel kvinnor, % av kvinnor och män" if item.is_share_of_women else f"Värde, {item.unit_text}"
        columns.append(Column(header, lambda line: line.total, number, 19))
        if any(_says(line.total_base) for line in lines):
            columns.append(Column("Nämnare", lambda line: line.total_base, "#,##0", 16))
    if any(line.band for line in lines):
        columns.append(Column("Könsfördelning", lambda line: BANDS.get(line.band or "", line.band), width=22))
    if any(_remark(line) for line in lines):
        columns.append(Column("Anmärkning", _remark, width=30))
    return columns


def _says(base: float | None) -> bool:
    """True for a denominator that tells a reader something: 1 is that of a difference or a sum."""
    return base is not None and base != 1


def _remark(line: Pair) -> str | None:
    parts = ("Preliminär" if line.preliminary else None, line.remark)
    return ". ".join(part for part in parts if part) or None


def pattern(decimals: int) -> str:
    """The number pattern of that many decimals."""
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"
