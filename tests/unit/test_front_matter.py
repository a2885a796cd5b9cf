"""An indicator file is read and understood without running it, and a wrong one is refused in one helpful line."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from transforms import declarations
from transforms.declarations import (
    DeclarationError,
    Indicator,
    is_derived,
    load_indicators,
    measures,
    operand_names,
    operands_sql,
    output_columns,
    tables,
)

GOALS = frozenset({"rus-2030.sysselsatta", "rus-2030.kollektivtrafik", "jamstalldhetspolitiken.ekonomisk-jamstalldhet"})

FRONT = {
    "title": "Andel företagare av de sysselsatta",
    "theme": "foretagande",
    "definition": "Företagare delat med sysselsatta.",
    "unit": "percent",
    "measure": "level",
    "polarity": "gap",
    "goals": ["rus-2030.sysselsatta"],
    "period": "year",
}

OPERANDS = """operands as (
    select region_code, period, sex, 'owners' as operand, value, status, cell
    from staged.TAB3205 where occupational_status in ('EGAB (eget)', 'EGFOR')
    union all
    select s.region_code, s.period, s.sex, 'employed' as operand, s.value, s.status, s.cell
    from staged.TAB3200 as s join reference.region as r using (region_code)
)"""

RATIO = f"""with {OPERANDS},
parts as (
    select region_code, period, sex,
        case when count(value) = count(*) then sum(value) filter (where operand = 'owners') end as owners,
        max(value) filter (where operand = 'employed') as employed,
        joined_status(status) as status
    from operands group by all
)
select region_code, period, sex, 'all' as category, percent_of(owners, employed) as value,
    owners as numerator, employed as denominator, status
from parts
"""

PUBLISHED = """with operands as (
    select region_code, period, sex, 'rate' as operand, value, status, cell from staged.TAB3200 where measure = 'rate'
),
one as (
    select region_code, period, sex, any_value(value) as figure, joined_status(status) as status
    from operands where operand = 'rate' group by all
)
select region_code, period, sex, 'all' as category, cast(figure as double) as value,
    null as numerator, null as denominator, status
from one
"""


def write(folder: Path, sql: str = RATIO, name: str = "owner_share", **front: object) -> Path:
    fields = {key: value for key, value in (FRONT | front).items() if value is not None}
    folder.mkdir(exist_ok=True)
    text = f"/*---\n{yaml.safe_dump(fields, allow_unicode=True)}---*/\n{sql}"
    (folder / f"{name}.sql").write_text(text, encoding="utf-8")
    return folder


def one(folder: Path) -> Indicator:
    (indicator,) = load_indicators(folder, GOALS).values()
    return indicator


def refusal(folder: Path) -> str:
    with pytest.raises(DeclarationError) as caught:
        load_indicators(folder, GOALS)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("owner_share.sql: ")
    return message


def test_an_indicator_is_its_file_name_its_front_matter_and_its_sql(tmp_path: Path) -> None:
    indicator = one(write(tmp_path))
    assert indicator.id == "owner_share"
    assert indicator.front.title == "Andel företagare av de sysselsatta"
    assert indicator.sql.startswith("with operands as")
    with pytest.raises(ValidationError, match="frozen"):
        indicator.front.title = "another"  # type: ignore[misc]


def test_what_an_indicator_reads_is_known_from_its_sql(tmp_path: Path) -> None:
    indicator = one(write(tmp_path))
    assert tables(indicator) == ("TAB3200", "TAB3205")
    assert operand_names(indicator) == {"owners", "employed"}
    assert output_columns(indicator)[-3:] == ("numerator", "denominator", "status")


def test_a_reference_month_is_a_month_of_a_monthly_indicator(tmp_path: Path) -> None:
    assert one(write(tmp_path, period="month", reference_month="11")).front.reference_month == 11
    assert "period month, this is year" in refusal(write(tmp_path, period="year", reference_month="11"))
    assert "reference_month" in refusal(write(tmp_path, period="month", reference_month="13"))


def test_the_contents_that_an_indicator_reads_are_those_that_its_operands_compare(tmp_path: Path) -> None:
    indicator = one(write(tmp_path, PUBLISHED))
    assert measures(indicator) == {"rate"}
    elsewhere = PUBLISHED.replace("from one", "from one where 'other' = 'measure'")
    assert measures(one(write(tmp_path, elsewhere))) == {"rate"}


def test_the_operands_are_given_back_as_written_so_that_trace_can_run_them_alone(tmp_path: Path) -> None:
    query = operands_sql(one(write(tmp_path)))
    assert f"operands as (\n    {query}\n)" == OPERANDS


def test_a_ratio_is_derived_and_a_figure_that_only_passes_through_is_not(tmp_path: Path) -> None:
    assert is_derived(one(write(tmp_path, RATIO)))
    assert not is_derived(one(write(tmp_path, PUBLISHED)))


def test_an_indicator_that_names_an_unknown_goal_is_held_back_where_the_others_are_to_be_built(tmp_path: Path) -> None:
    write(tmp_path, name="sound", title="Annan andel")
    write(tmp_path, goals=["rus-2030.sysselsata", "rus-2030.kollektivtrafik"], measures=["rus-2030.sysselsata"])
    held: dict[str, str] = {}
    found = load_indicators(tmp_path, GOALS, held)
    assert {name: (one.front.goals, one.front.measures) for name, one in found.items()} == {
        "owner_share": (("rus-2030.kollektivtrafik",), ()),
        "sound": (("rus-2030.sysselsatta",), ()),
    }
    assert list(held) == ["owner_share"]
    assert held["owner_share"].startswith(
        "owner_share.sql: goals: unknown goal 'rus-2030.sysselsata'; closest match: rus-2030.sysselsatta"
    )


@pytest.mark.parametrize(
    ("value", "derived"),
    [
        ("figure", False),
        ("case when figure > 0 then figure end", False),
        ("paired(figure, figure, sex, (region_code, period))", False),
        ("paired(2 * figure, figure, sex, (region_code, period))", True),
        ("100 * figure", True),
        ("-figure", True),
        ("round(figure, 1)", True),
        ("percent_of(figure, 2)", True),
        ("sum(figure) over ()", True),
        ("greatest(figure, 3)", True),
    ],
)
def test_any_arithmetic_or_function_makes_a_value_derived(tmp_path: Path, value: str, derived: bool) -> None:
    assert (
        is_derived(one(write(tmp_path, PUBLISHED.replace("cast(figure as double) as value", f"{value} as value"))))
        is derived
    )


def test_arithmetic_beside_the_value_does_not_make_it_derived(tmp_path: Path) -> None:
    sql = PUBLISHED.replace("'all' as category", "'n:' || count(*) over () as category")
    assert not is_derived(one(write(tmp_path, sql)))


def test_the_operands_may_be_compared_in_any_usual_way(tmp_path: Path) -> None:
    sql = RATIO.replace("operand = 'owners'", "operand in ('owners')").replace(
        "max(value) filter (where operand = 'employed')", "max(case operand when 'employed' then value end)"
    )
    assert operand_names(one(write(tmp_path, sql))) == {"owners", "employed"}


def test_a_formula_that_compares_no_operand_takes_what_is_offered(tmp_path: Path) -> None:
    assert operand_names(one(write(tmp_path, PUBLISHED.replace("where operand = 'rate' ", "")))) == {"rate"}


def test_an_operand_named_by_a_case_is_known_too(tmp_path: Path) -> None:
    sql = PUBLISHED.replace("'rate' as operand", "case when sex = 'men' then 'rate' else 'level' end as operand")
    assert operand_names(one(write(tmp_path, sql))) == {"rate"}
    assert "closest match: level" in refusal(
        write(tmp_path, sql.replace("where operand = 'rate'", "where operand = 'levels'"))
    )


def test_codes_of_a_dimension_stay_text_as_written(tmp_path: Path) -> None:
    text = write(tmp_path).joinpath("owner_share.sql").read_text(encoding="utf-8")
    text = text.replace(
        "---*/",
        "dimensions: {education: {020: Grundskola, NO: Uppgift saknas}, industry: sni, group: TAB708.BakgrVar}\n---*/",
    )
    (tmp_path / "owner_share.sql").write_text(text, encoding="utf-8")
    assert one(tmp_path).front.dimensions == {
        "education": {"020": "Grundskola", "NO": "Uppgift saknas"},
        "industry": "sni",
        "group": "TAB708.BakgrVar",
    }


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ({"titel": "x"}, ["titel", "unknown field", "closest match: title", "remove or rename"]),
        ({"unit": "procent"}, ["unit", "'procent'", "closest match: percent", "sek_thousands"]),
        ({"measure": "levels"}, ["measure", "closest match: level"]),
        ({"polarity": None}, ["polarity", "missing", "add it"]),
        ({"dimensions": {"background": "TAB708"}}, ["dimensions.background"]),
        ({"period": "years"}, ["period", "closest match: year"]),
        ({"theme": "företagande"}, ["theme", "closest match: foretagande", "pendling"]),
        ({"goals": ["rus-2030.syselsatta"]}, ["goals", "closest match: rus-2030.sysselsatta"]),
        ({"polarity": None, "polarty": "gap"}, ["polarty: unknown field", "closest match: polarity"]),
        ({"measures": ["rus-2030.kollektivtrafik"]}, ["measures: 'rus-2030.kollektivtrafik' is not one of its goals"]),
        ({"goals": []}, ["goals: must be not empty; write at least one"]),
        ({"goals": "rus-2030.sysselsatta"}, ["goals: must be a list; write [a, b]"]),
        (
            {"goals": ["rus-2030.sysselsatta"] * 2},
            ["goals: 'rus-2030.sysselsatta' stands twice; allowed: each goal once"],
        ),
        ({"phrase": "andelen sysselsatta"}, ["phrase", "begins with a capital letter"]),
        ({"phrase": "Andelen sysselsatta."}, ["phrase", "ends without a sign"]),
        ({"dimensions": "sni"}, ["dimensions: must be names and values"]),
        ({"dimensions": {"age": ["20-64"]}}, ["dimensions.age: ", "allowed: sni, ssyk, or codes with their labels"]),
        ({"definition": "FYLL_I"}, ["definition: is not filled in yet"]),
        ({"unit": "sek_thousands"}, ["prices", "current or fixed for sek_thousands", "required"]),
        ({"prices": "fixed"}, ["prices", "only there"]),
        ({"decimals": "-1"}, ["decimals"]),
        ({"title": ""}, ["title: must be a text, and it is empty; write it"]),
        ({"dimensions": {"industry": "snj"}}, ["dimensions.industry"]),
        ({"dimensions": {"Ålder": {"1": "x"}}}, ["dimensions", "rename"]),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(
    tmp_path: Path, front: dict[str, object], words: list[str]
) -> None:
    message = refusal(write(tmp_path, **front))
    assert [word for word in words if word not in message] == []
    assert not [word for word in ("Value error", "Tuple", "tuple", "pattern", "dict", "Input") if word in message]


@pytest.mark.parametrize(("encoding", "byte"), [("latin-1", "0xf6"), ("utf-16", "0xff")])
def test_a_file_in_another_encoding_is_named_with_the_byte(tmp_path: Path, encoding: str, byte: str) -> None:
    file = write(tmp_path) / "owner_share.sql"
    file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    message = refusal(tmp_path)
    assert f"not UTF-8 (byte {byte} at position " in message
    assert message.endswith("; save it as UTF-8")


def test_a_mark_before_the_text_is_no_mistake(tmp_path: Path) -> None:
    file = write(tmp_path) / "owner_share.sql"
    file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert one(tmp_path).id == "owner_share"


def test_a_folder_named_as_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "owner_share.sql").mkdir()
    assert "is a folder where a file is expected" in refusal(tmp_path)


def test_a_joined_query_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declarations, "JOINED", tmp_path)
    (tmp_path / "TAB3205.sql").write_text("selct 1", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"^TAB3205.sql: sql: cannot be read"):
        tables(one(write(tmp_path / "indicators")))


def test_themes_that_are_not_there_are_no_fault_of_an_indicator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "indicators")
    monkeypatch.setattr(declarations, "REFERENCE", tmp_path)
    for text in ("", "theme,title,sort\n", "theme,title\narbete,Arbete\n"):
        (tmp_path / "theme.csv").write_text(text, encoding="utf-8")
        with pytest.raises(DeclarationError, match=r"^theme.csv: names no theme"):
            load_indicators(tmp_path / "indicators", GOALS)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("delete from staged.TAB3205", ["delete", "exactly one select"]),
        ("create table x as select 1", ["create", "exactly one select"]),
        ("copy staged.TAB3205 to 'x.csv'", ["copy", "exactly one select"]),
        ("attach 'x.db'", ["exactly one select"]),
        (RATIO + "; drop table staged.TAB3205", ["2 statements", "remove"]),
        ("", ["0 statements"]),
        ("selct 1", ["cannot be read", "Line 1"]),
        ("with operands as (select 1", ["cannot be read"]),
        ("select region_code from staged.TAB3205", ["operands", "with operands as"]),
        (RATIO.replace("with operands", "with before as (select 1 as x), operands"), ["found 'before'"]),
        (RATIO.replace("from parts", "from parts, staged.TAB708"), ["staged.TAB708", "outside operands"]),
        (RATIO.replace("staged.TAB3205", "raw.TAB3205"), ["raw.TAB3205", "not allowed"]),
        (RATIO.replace("from parts", "from parts, indicators.other"), ["indicators.other", "not allowed"]),
        (RATIO.replace("from parts", "from part"), ["'part'", "closest match: parts"]),
        (RATIO.replace("from parts", "from 'x.csv'"), ["x.csv"]),
        (RATIO.replace("from parts", "from read_csv('x.csv')"), ["not allowed"]),
        (RATIO.replace("from parts", "from query('select 1')"), ["not allowed"]),
        (RATIO.replace("from parts", "from other.staged.TAB3205"), ["not allowed"]),
        (
            RATIO.replace(", status, cell", ", status").replace(", s.status, s.cell", ", s.status"),
            ["'cell' is missing"],
        ),
        (RATIO.replace("'owners' as operand, value", "'owners' as operand, sum(value) as value"), ["traced"]),
        (RATIO.replace("'EGFOR')\n", "'EGFOR') group by all\n"), ["traced"]),
        (RATIO.replace("select s.region_code, s.period", "select distinct s.region_code, s.period"), ["traced"]),
        (RATIO.replace("denominator, status\nfrom", "denominator\nfrom"), ["'status' is missing", "required"]),
        (
            RATIO.replace("status\nfrom parts", "status, 1 as partner\nfrom parts"),
            ["'partner'", "closest match: partner_code"],
        ),
        (RATIO.replace("status\nfrom parts", "status, status\nfrom parts"), ["twice"]),
        (RATIO.replace("status\nfrom parts", "status, *\nfrom parts"), ["name every column"]),
        (RATIO.replace("operand = 'owners'", "operand = 'owner'"), ["'owner'", "closest match: owners"]),
    ],
)
def test_sql_outside_the_contract_is_refused_with_the_reason(tmp_path: Path, sql: str, words: list[str]) -> None:
    message = refusal(write(tmp_path, sql))
    assert [word for word in words if word not in message] == []


def test_a_file_without_front_matter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "owner_share.sql").write_text(RATIO, encoding="utf-8")
    assert "begin the file with /*---" in refusal(tmp_path)


def test_a_field_given_twice_is_refused(tmp_path: Path) -> None:
    text = write(tmp_path).joinpath("owner_share.sql").read_text(encoding="utf-8")
    (tmp_path / "owner_share.sql").write_text(text.replace("---*/", "unit: years\n---*/"), encoding="utf-8")
    assert "'unit' is given twice" in refusal(tmp_path)


def test_front_matter_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "owner_share.sql").write_text(f"/*---\ntitle: [x\n---*/\n{RATIO}", encoding="utf-8")
    assert "cannot be read as YAML" in refusal(tmp_path)


def test_a_file_name_that_cannot_be_an_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"Owner-share\.sql: file name"):
        load_indicators(write(tmp_path, name="Owner-share"), GOALS)


def test_two_indicators_never_share_a_title(tmp_path: Path) -> None:
    write(tmp_path, name="one")
    write(tmp_path, name="two", title="andel företagare av de sysselsatta")
    with pytest.raises(DeclarationError) as caught:
        load_indicators(tmp_path, GOALS)
    assert str(caught.value).startswith(
        "two.sql: title: 'andel företagare av de sysselsatta' is the title of one.sql too"
    )
    for spaced in ("Andel  företagare\u00a020–64 år", "Andel företagare 20-64 år"):
        write(tmp_path, name=f"t{len(spaced)}", title=spaced)
    with pytest.raises(DeclarationError, match=r"is the title of t25\.sql too"):
        load_indicators(tmp_path, GOALS)
    for written in tmp_path.glob("t2*.sql"):
        written.unlink()
    write(tmp_path, name="two", title="Andel företagare av de sysselsatta efter ålder")
    assert set(load_indicators(tmp_path, GOALS)) == {"one", "two"}
