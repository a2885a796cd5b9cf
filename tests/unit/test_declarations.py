"""A table is declared in one file; a mistake in it is named with the file, the field and the closest match."""

from pathlib import Path

import pytest

from sources.declarations import DeclarationError, load_table, load_tables

TABLES = Path(__file__).resolve().parents[2] / "sources" / "tables"

GOOD = """
id: TAB1
v1: null
title: Sysselsatta
agency: SCB
licence: CC0
series: BAS
cadence: year
additivity: ckm
certainty: S
breaks:
  - {id: B24E, period: "2024", what: ny metod, line: false}
variables:
  Region: {role: region, levels: [country, county]}
  Kon: {role: sex, women: "2", men: "1", total: "1+2"}
  Sektor: {role: dimension}
  ContentsCode: {role: contents}
  Tid: {role: period}
codes:
  Sektor:
    public: {label: offentlig, certainty: S}
  ContentsCode:
    employed: {code: 000001AA, unit: antal, decimals: 0}
selections:
  - {Region: scope, Kon: all, Sektor: named, ContentsCode: named, Tid: ["from(2020)"]}
"""


def written(tmp_path: Path, text: str, name: str = "TAB1") -> Path:
    path = tmp_path / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    table = load_table(written(tmp_path, GOOD))
    assert table.sexes() == {"2": "women", "1": "men", "1+2": "total"}
    assert (table.variable("region"), table.variable("contents"), table.has("partner")) == (
        "Region",
        "ContentsCode",
        False,
    )
    assert table.codes["Sektor"]["public"].code is None
    assert table.codes["ContentsCode"]["employed"].certainty == "V"
    assert table.selections[0]["Tid"] == ("from(2020)",)
    assert table.preliminary == "none"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("additivity: ckm", "additivity: ckn", "allowed: exact, rounding, ckm, sample, none; closest match: ckm"),
        ("cadence: year", "cadense: year", "cadense: unknown field"),
        ("cadence: year", "cadense: year", "closest match: cadence"),
        ("role: sex,", "role: sexx,", "variables.Kon.role: 'sexx' is not allowed"),
        ("role: sex,", "role: sexx,", "closest match: sex"),
        ("role: sex, ", "", "variables.Kon.role: the field is missing"),
        ('women: "2"', 'woman: "2"', "variables.Kon.woman: unknown field; allowed: role, women, men, total"),
        ('women: "2"', "women: 2", "variables.Kon.women: 2 is not text; write it in quotes"),
        ("levels: [country, county]", "levels: [country, conty]", "variables.Region.levels.1: 'conty' is not allowed"),
        ("code: 000001AA", "kod: 000001AA", "codes.ContentsCode.employed.kod: unknown field"),
        ("code: 000001AA, unit: antal", "code: 000001AA", "employed.unit: a contents code needs its unit"),
        ("label: offentlig, certainty: S", "certainty: S", "codes.Sektor.public: give code, or label"),
        ("label: offentlig, certainty: S", "label: offentlig", "certainty V needs a code"),
        ("  Sektor:\n    public", "  Sektr:\n    public", "'Sektr' is no variable of the table; allowed: Region, Kon"),
        ("Sektor: named", "Sektr: named", "selections[0]: 'Sektr' is no variable of the table"),
        ("Sektor: named, ", "", "selections[0]: Sektor is missing; every variable is selected"),
        ("Region: scope", "Region: scop", "allowed: scope, home, all, named or a list of codes; closest match: scope"),
        ("Kon: all", "Kon: scope", "selections[0].Kon: scope is for regions, Kon is sex"),
        ("Kon: all", "Kon: named", "selections[0].Kon: named, but codes has no Kon"),
        ("Kon: all", "Kon: []", "selections[0].Kon: no code is selected"),
        ('["from(2020)"]', "[2020]", "Tid: codes are text, write them in quotes"),
        ("Sektor: {role: dimension}", "Sektor: {role: period}", "exactly one has role period; found Sektor, Tid"),
        ("title: Sysselsatta\n", "", "title: the field is missing"),
        ("agency: SCB", "id: TAB1", "'id' is given twice"),
        ("id: TAB1", "id: TAB2", "id: 'TAB2' differs from the file name; write id: TAB1"),
        ("v1: null", "v1: [", "not readable as YAML"),
        ("line: false}", "line: false, parts: some}", "parts: 'some' is not allowed; allowed: all, none, or names"),
        ("line: false}", "line: false, parts: [emploied]}", "parts: 'emploied' is no content; allowed: employed"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_in_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(DeclarationError) as refusal:
        load_tables(tmp_path)
    text = str(refusal.value)
    assert text.startswith(f"{path}: ")
    assert message in text
    assert "\n" not in text


def test_a_file_in_another_encoding_is_named_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "TAB1.yml"
    path.write_bytes(GOOD.replace("Sysselsatta", "Sysselsätta").encode("latin-1"))
    with pytest.raises(DeclarationError, match=r"TAB1.yml: not UTF-8 \(byte 0xe4 at position \d+\); save it as UTF-8"):
        load_tables(tmp_path)
    path.write_text(GOOD, encoding="utf-8-sig")
    assert set(load_tables(tmp_path)) == {"TAB1"}


def test_a_folder_without_declarations_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no table declaration"):
        load_tables(tmp_path)


def test_every_declared_table_is_read() -> None:
    tables = load_tables(TABLES)
    assert len(tables) == 46


def test_no_code_is_a_guess() -> None:
    """What scb.md does not establish has a label to find it by, and says how certain it is."""
    for table in load_tables(TABLES).values():
        for names in table.codes.values():
            for name, code in names.items():
                assert code.certainty != "unknown" or code.code is None, f"{table.id}.{name}"


def test_a_break_parts_every_content_unless_it_says_which(tmp_path: Path) -> None:
    """Entrepreneurs are classified anew from 2024: their figures are not compared across it, others are."""
    for written_as, parted in (("", None), (", parts: none", []), (", parts: [employed]", ["employed"])):
        table = load_table(written(tmp_path, GOOD.replace("line: false", f"line: false{written_as}")))
        assert table.breaks[0].parted() == parted
    tables = load_tables(TABLES)
    found = {table.id: one.parted() for table in tables.values() for one in table.breaks if one.id == "B24E"}
    entrepreneurs = ["entrepreneur_share", "entrepreneur_survival"]
    wanted: dict[str, list[str] | None] = {"TAB1828": [], "TAB1830": [], "TAB3205": None}
    assert found == wanted | dict.fromkeys(("TAB6379", "TAB6383", "TAB6384"), entrepreneurs)


def test_ages_are_never_selected_blindly() -> None:
    """Age lists mix overlapping groups and totals: only explicit codes are fetched."""
    for table in load_tables(TABLES).values():
        for selection in table.selections:
            assert selection.get("Alder") not in {"all", "scope"}, table.id
