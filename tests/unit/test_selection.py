"""A declaration becomes explicit codes, or the difference to the metadata is named."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from sources.declarations import TableDeclaration
from sources.decoder import Dataset, parse
from sources.errors import SelectionError
from sources.selection import Regions, Resolved, expand, normal, resolve

YEARS = ["2020", "2021", "2022", "2023", "2024"]
REGIONS = ["00", "01", "19", "1907", "1980", "20"]


# --- the grammar


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["TOP(2)"], ["2023", "2024"]),
        (["top(2,1)"], ["2022", "2023"]),
        (["BOTTOM(2)"], ["2020", "2021"]),
        (["Bottom(1,1)"], ["2021"]),
        (["TOP(99)"], YEARS),
        (["FROM(2023)"], ["2023", "2024"]),
        (["TO(2021)"], ["2020", "2021"]),
        (["RANGE(2021,2023)"], ["2021", "2022", "2023"]),
        (["RANGE(2023,2021)"], ["2021", "2022", "2023"]),
        (["range( 2021 , 2021 )"], ["2021"]),
        (["FROM(2023)", "TO(2020)"], ["2023", "2024", "2020"]),
        (["FROM(2021)", "TO(2023)"], ["2021", "2022", "2023", "2024", "2020"]),  # a union, not an interval
        (["2024", "TOP(1)", "*"], ["2024", "2020", "2021", "2022", "2023"]),
    ],
)
def test_expressions_on_time(values: Sequence[str], expected: Sequence[str]) -> None:
    assert expand(values, YEARS, time=True) == expected
    # Stored newest first, the server's TOP would give the oldest: we put periods in order ourselves.
    assert sorted(expand(values, YEARS[::-1], time=True)) == sorted(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["TOP(2)"], ["00", "01"]),
        (["TOP(2,1)"], ["01", "19"]),
        (["BOTTOM(2)"], ["1980", "20"]),
        (["FROM(1980)"], ["1980", "20"]),
        (["TO(01)"], ["00", "01"]),
        (["*"], REGIONS),
        (["19*"], ["19", "1907", "1980"]),
        (["*0"], ["00", "1980", "20"]),
        (["*90*"], ["1907"]),
        (["19??"], ["1907", "1980"]),
        (["??"], ["00", "01", "19", "20"]),
        (["*", "00"], REGIONS),
        (["19*", "1980"], ["19", "1907", "1980"]),
        (["1980", "00", "1980"], ["1980", "00"]),
    ],
)
def test_expressions_on_other_variables(values: Sequence[str], expected: Sequence[str]) -> None:
    assert expand(values, REGIONS, time=False) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("77*", "?????", "1*9", "1*?", "TOP(0)", "TOP(-1)", "TOP(x)", "TOP()", "TOP(2,x)", "TOP(2,99)", "FROM(99)"),
        *("FROM(00,01)", "RANGE(00)", "RANGE(00,99)", "RANGE(99,98)", "99", "", " 19", "NEWEST(1)"),
    ],
)
def test_what_picks_nothing_stays_to_be_refused(value: str) -> None:
    assert expand(["00", value], REGIONS, time=False) == ["00", value]


def test_codes_get_the_spelling_of_the_table() -> None:
    assert expand(["sys", "range(a-b,c)"], ["SYS", "A-b", "C"], time=False) == ["SYS", "A-b", "C"]


def test_a_code_is_matched_before_an_expression_and_exactly_before_by_case() -> None:
    assert expand(["TOP(1)"], ["a", "TOP(1)"], time=False) == ["TOP(1)"]
    assert expand(["a", "A"], ["A", "a"], time=False) == ["a", "A"]


def test_expressions_pick_what_the_published_server_picked(shared: Path) -> None:
    folder = shared / "recordings" / "pxwebapi"
    compared = 0
    for path in sorted((folder / "exchanges").glob("*-*.json")):
        exchange = json.loads(path.read_text())
        request, response = exchange["request"], exchange["response"]
        if not (116 <= int(path.name[:3]) <= 176) or not request["path"].endswith("/data"):
            continue
        metadata = parse((folder / "tables" / request["path"].split("/")[-2] / "metadata.json").read_bytes())
        spelled = {name.casefold(): name for name in metadata.dimensions}
        wanted = {}
        for part in json.loads(request["body"])["selection"]:
            name = spelled[part["variableCode"].casefold()]
            values = [str(value) for value in part["valueCodes"] if value is not None]
            wanted[name] = expand(values, metadata.dimensions[name], time=name == "Tid")
        known = {name: set(codes) <= set(metadata.dimensions[name]) for name, codes in wanted.items()}
        if response["status"] != 200:
            assert not all(known.values()) or not all(wanted.values()), path.name
        elif not all(known.values()) or not all(wanted.values()):
            # What we refuse before asking, the server answers without the variable.
            lacking = {name for name in wanted if not known[name] or not wanted[name]}
            assert lacking == set(wanted) - set(parse(response["body"].encode()).dimensions), path.name
        else:
            answer = parse(response["body"].encode()).dimensions
            assert {name: set(codes) for name, codes in answer.items()} == {
                name: set(codes) for name, codes in wanted.items()
            }, path.name
        compared += 1
    assert compared >= 40


# --- declarations


DECLARATION = """
id: TAB9999
v1: null
title: Prov
agency: SCB
licence: CC0
cadence: year
additivity: exact
certainty: V
variables:
  Region: {role: region, levels: [country, county, municipality]}
  Kon: {role: sex, women: "2", men: "1", total: "1+2"}
  ContentsCode: {role: contents}
  Tid: {role: period}
codes:
  ContentsCode:
    employed: {code: "E1", unit: antal, decimals: 0}
    rate: {label: "Andel 20-64 år, procent", unit: procent, decimals: 1, certainty: unknown}
selections:
  - {Region: scope, Kon: all, ContentsCode: named, Tid: ["from(2023)"]}
"""

LEVELS = {"country": ["00"], "county": ["01", "19", "20"], "municipality": ["1907", "1980"]}
HOME = Regions(LEVELS, ["1907", "1980"], national=False)
NATIONAL = Regions(LEVELS | {"municipality": ["0114", "1907", "1980"]}, ["1907", "1980"], national=True)

Json = dict[str, Any]


def declared(**changes: Any) -> TableDeclaration:
    return TableDeclaration.model_validate(yaml.safe_load(DECLARATION) | changes)


def category(labels: Mapping[str, str], **fields: Any) -> Json:
    return {"category": {"index": {code: at for at, code in enumerate(labels)}, "label": dict(labels)} | fields}


def described(changes: Mapping[str, Json] | None = None, *, without: Sequence[str] = ()) -> Dataset:
    dimensions = {
        "Region": category({code: f"region {code}" for code in ["00", "01", "0114", "19", "1907", "1980", "20"]}),
        "Kon": category({"1": "män", "2": "kvinnor", "1+2": "totalt"}),
        "ContentsCode": category(
            {"E1": "Sysselsatta", "R1": "Andel 20–64 år , procent"},
            unit={"E1": {"base": "antal", "decimals": 0}, "R1": {"base": "Procent", "decimals": 1}},
        ),
        "Tid": category({year: year for year in YEARS}),
    } | dict(changes or {})
    dimensions = {name: part for name, part in dimensions.items() if name not in without}
    return parse(
        orjson.dumps(
            {
                "class": "dataset",
                "version": "2.0",
                "updated": "2026-01-01T07:00:00Z",
                "id": list(dimensions),
                "size": [len(part["category"]["index"]) for part in dimensions.values()],
                "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
                "dimension": dimensions,
                "value": [],
            }
        )
    )


def found(table: TableDeclaration | None = None, metadata: Dataset | None = None, **options: Any) -> Resolved:
    return resolve(table or declared(), metadata or described(), options.pop("regions", HOME), **options)


def refusal(table: TableDeclaration | None = None, metadata: Dataset | None = None, **options: Any) -> str:
    with pytest.raises(SelectionError) as caught:
        found(table, metadata, **options)
    message = str(caught.value)
    assert message.startswith("TAB9999: ")
    assert message.endswith("in sources/tables/TAB9999.yml")
    assert "\n" not in message
    return message


def test_a_selection_becomes_explicit_codes_in_the_order_of_the_table() -> None:
    resolved = found()
    assert resolved.grids == (
        {
            "Region": ("00", "01", "19", "1907", "1980", "20"),
            "Kon": ("1", "2", "1+2"),
            "ContentsCode": ("E1", "R1"),
            "Tid": ("2023", "2024"),
        },
    )
    assert resolved.names == {"ContentsCode": {"employed": "E1", "rate": "R1"}}
    assert (resolved.missing, resolved.unresolved) == ((), ())


def test_the_whole_country_takes_every_kommun() -> None:
    assert "0114" in found(regions=NATIONAL).grids[0]["Region"]
    assert "0114" not in found().grids[0]["Region"]


def test_levels_restrict_the_regions() -> None:
    table = declared()
    variables = dict(table.variables) | {"Region": table.variables["Region"].model_copy(update={"levels": ("county",)})}
    assert found(table.model_copy(update={"variables": variables})).grids[0]["Region"] == ("01", "19", "20")


def test_home_is_the_home_county_and_in_national_scope_everything_once() -> None:
    matrix = ["home", "all"]
    selections = [{"Region": value, "Kon": ["1"], "ContentsCode": ["E1"], "Tid": ["2024"]} for value in matrix]
    table = declared(selections=selections)
    everything = ("00", "01", "0114", "19", "1907", "1980", "20")
    assert [grid["Region"] for grid in found(table).grids] == [("1907", "1980"), everything]
    assert [grid["Region"] for grid in found(table, regions=NATIONAL).grids] == [everything]


# --- what does not fit


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    table = declared(selections=[{"Region": ["1981"], "Kon": "all", "ContentsCode": ["E1"], "Tid": ["2024"]}])
    message = refusal(table)
    assert "Region has no code '1981'" in message
    assert "'1980' (region 1980)" in message


def test_an_expression_that_picks_nothing_is_refused() -> None:
    table = declared(selections=[{"Region": ["00"], "Kon": "all", "ContentsCode": ["E1"], "Tid": ["2024", "19*"]}])
    assert "Tid has no code '19*'" in refusal(table)


def test_a_region_of_the_scope_that_the_table_lacks_is_refused() -> None:
    lacking = described({"Region": category({code: code for code in ["00", "01", "19", "1907", "20"]})})
    assert "Region has no code '1980'" in refusal(metadata=lacking)


def test_a_missing_variable_is_refused_with_the_nearest() -> None:
    renamed = described({"Kön": category({"1": "män"})}, without=["Kon"])
    assert "has no variable 'Kon'; it has Kön" in refusal(metadata=renamed)


def test_an_extra_variable_is_refused() -> None:
    extra = described({"Bakgrund": category({"tot": "totalt"})})
    assert "has a variable 'Bakgrund' that the declaration does not select" in refusal(metadata=extra)


def test_a_sex_code_that_the_table_lacks_is_refused() -> None:
    other = described({"Kon": category({"1": "män", "2": "kvinnor", "4": "totalt"})})
    message = refusal(metadata=other)
    assert "Kon has no code '1+2' (total)" in message
    assert "'4' (totalt)" in message or "'1' (män)" in message


def test_another_unit_or_number_of_decimals_is_refused() -> None:
    labels = {"E1": "Sysselsatta", "R1": "Andel 20-64 år, procent"}
    units = {"E1": {"base": "tusental", "decimals": 0}, "R1": {"base": "procent", "decimals": 1}}
    assert "ContentsCode 'E1' is in 'tusental', declared in 'antal'" in refusal(
        metadata=described({"ContentsCode": category(labels, unit=units)})
    )
    units = {"E1": {"base": "antal", "decimals": 1}, "R1": {"base": "procent", "decimals": 1}}
    assert "ContentsCode 'E1' has 1 decimals, declared 0" in refusal(
        metadata=described({"ContentsCode": category(labels, unit=units)})
    )


def test_a_label_that_confirms_a_code_must_agree() -> None:
    codes = {"ContentsCode": {"employed": {"code": "E1", "label": "Arbetslösa", "unit": "antal"}}}
    assert "ContentsCode 'E1' is 'Sysselsatta', not 'Arbetslösa'" in refusal(declared(codes=codes))


# --- codes found by label


@pytest.mark.parametrize(
    "label",
    [
        "Andel 20–64 år, procent",
        "andel 20—64 ÅR ,  procent",
        "Andel\u00a020\u201164\u202får, procent ",
        "Andel 20-64 a\u030ar, procent",
    ],
)
def test_labels_are_compared_without_case_spaces_and_kinds_of_dashes(label: str) -> None:
    metadata = described({"ContentsCode": category({"E1": "Sysselsatta", "X9": label})})
    resolved = found(metadata=metadata)
    assert resolved.by_label == {"ContentsCode": {"rate": "X9"}}
    assert normal(label) == "andel 20-64 år, procent"


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"E1": "Sysselsatta", "R1": "Andel 20-65 år, procent"}, "no code is labelled"),
        ({"E1": "Andel 20-64 år, procent", "R1": "Andel 20–64 år, procent"}, "2 codes are labelled"),
    ],
)
def test_a_label_that_gives_no_single_code_leaves_the_name_open(labels: dict[str, str], words: str) -> None:
    resolved = found(metadata=described({"ContentsCode": category(labels)}))
    assert resolved.names == {"ContentsCode": {"employed": "E1"}}
    assert resolved.grids[0]["ContentsCode"] == ("E1",)
    assert words in resolved.unresolved[0]
    assert "'R1'" in resolved.unresolved[0]


def test_a_locked_code_that_is_found_again_passes() -> None:
    assert found(locked={"ContentsCode": {"rate": "R1"}}).names["ContentsCode"]["rate"] == "R1"


def test_a_locked_code_that_the_label_no_longer_gives_is_refused() -> None:
    locked = {"ContentsCode": {"rate": "R0"}}
    assert "ContentsCode rate was 'R0', the label now gives ['R1']; review the lock" in refusal(locked=locked)
    gone = described({"ContentsCode": category({"E1": "Sysselsatta"})})
    assert "the label now gives []" in refusal(metadata=gone, locked={"ContentsCode": {"rate": "R1"}})


def test_a_code_that_is_not_established_and_not_found_leaves_the_name_open() -> None:
    codes = {
        "ContentsCode": {
            "employed": {"code": "E1", "unit": "antal"},
            "guess": {"code": "G1", "unit": "antal", "certainty": "S"},
        }
    }
    resolved = found(declared(codes=codes))
    assert "guess: no code 'G1'" in resolved.unresolved[0]
    assert resolved.grids[0]["ContentsCode"] == ("E1",)


def test_a_selection_of_which_nothing_is_left_is_refused() -> None:
    codes = {"ContentsCode": {"rate": {"label": "finns inte", "unit": "procent", "certainty": "unknown"}}}
    assert "lists none of the 0 codes of ContentsCode" in refusal(declared(codes=codes))


# --- a source that holds a part


def test_what_a_partial_source_lacks_is_listed_and_not_asked_for() -> None:
    part = described(
        {
            "Region": category({"00": "riket", "19": "Västmanlands län"}),
            "Kon": category({"1": "män", "2": "kvinnor"}),
            "ContentsCode": category({"R1": "Andel 20-64 år, procent"}),
        }
    )
    resolved = found(metadata=part, partial=True)
    assert resolved.missing == (
        "Kon 1+2",
        "ContentsCode E1",
        "Region 01",
        "Region 20",
        "Region 1907",
        "Region 1980",
    )
    assert resolved.grids[0]["Region"] == ("00", "19")
    assert resolved.names == {"ContentsCode": {"rate": "R1"}}


def test_a_partial_source_without_any_selected_code_is_refused() -> None:
    part = described({"Region": category({"03": "Uppsala län"})})
    assert "lists none of the 6 codes of Region" in refusal(metadata=part, partial=True)
