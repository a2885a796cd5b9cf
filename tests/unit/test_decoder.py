"""Every cell gets the codes, the value and the symbol that the source gave it, or the answer is refused."""

import gzip
import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.decoder import Dataset, column, decode, parse
from sources.errors import ContractError

Json = dict[str, Any]
SYMBOLS = ("..", ".", "-", "...")


def dimension(codes: Sequence[str], labels: Sequence[str] | None = None, **category: Any) -> Json:
    texts = labels or [f"label {code}" for code in codes]
    index = {code: at for at, code in enumerate(codes)}
    return {"category": {"index": index, "label": dict(zip(codes, texts, strict=True))} | category}


def document(dimensions: Mapping[str, Json], value: Any = None, **fields: Any) -> Json:
    """A json-stat2 dataset whose values are the flat index, unless given."""
    size = [len(part["category"].get("index") or part["category"]["label"]) for part in dimensions.values()]
    return {
        "class": "dataset",
        "version": "2.0",
        "updated": "2026-01-01T07:00:00Z",
        "id": list(dimensions),
        "size": size,
        "role": {},
        "dimension": dict(dimensions),
        "value": list(range(math.prod(size))) if value is None else value,
    } | fields


SMALL = {"Region": dimension(["19", "20", "21"]), "Kon": dimension(["1", "2"])}


def read(source: Json | bytes) -> pa.RecordBatch:
    return decode(parse(source if isinstance(source, bytes) else orjson.dumps(source)))


def rows(batch: pa.RecordBatch, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(batch[name].to_pylist() for name in names or batch.schema.names[:-1]), strict=True))


# --- where the cells belong


def test_a_plain_table_with_nulls_is_exact() -> None:
    value = [None if at % 3 == 2 else at + 0.5 for at in range(6)]
    batch = read(document(SMALL, value, status={"2": "..", "5": "-"}))
    assert batch.schema.names == ["Region", "Kon", "value", "status", "cell"]
    assert rows(batch) == [
        ("19", "1", 0.5, None),
        ("19", "2", 1.5, None),
        ("20", "1", None, ".."),
        ("20", "2", 3.5, None),
        ("21", "1", 4.5, None),
        ("21", "2", None, "-"),
    ]


def test_codes_go_by_position_not_by_the_order_of_keys() -> None:
    shuffled = {"category": {"index": {"c": 2, "a": 0, "b": 1}, "label": {"c": "C", "a": "A", "b": "B"}}}
    assert rows(read(document({"X": shuffled})), "X", "value") == [("a", 0), ("b", 1), ("c", 2)]


def test_index_may_be_an_array() -> None:
    listed = {"category": {"index": ["b", "a"], "label": {"a": "A", "b": "B"}}}
    assert rows(read(document({"X": listed})), "X", "value") == [("b", 0), ("a", 1)]


def test_index_may_be_absent_for_one_category() -> None:
    single = {"category": {"label": {"only": "the only one"}}}
    batch = read(document({"X": single, "Kon": dimension(["1", "2"])}))
    assert rows(batch, "X", "Kon", "value") == [("only", "1", 0), ("only", "2", 1)]


def test_two_codes_with_one_label_stay_apart() -> None:
    heby = dimension(["1917", "0331"], ["Heby", "Heby"])
    batch = read(document({"Region": heby, "Tid": dimension(["2006", "2007"])}))
    assert rows(batch, "Region", "Tid", "value") == [
        ("1917", "2006", 0),
        ("1917", "2007", 1),
        ("0331", "2006", 2),
        ("0331", "2007", 3),
    ]


def test_two_dimensions_with_one_label_are_two_columns() -> None:
    land = {"Fodelseland": dimension(["SE", "FI"]), "Medborgarskap": dimension(["SE", "FI"])}
    for part in land.values():
        part["label"] = "land"
    assert rows(read(document(land)), "Fodelseland", "Medborgarskap", "value") == [
        ("SE", "SE", 0),
        ("SE", "FI", 1),
        ("FI", "SE", 2),
        ("FI", "FI", 3),
    ]


def test_a_dimension_labelled_value_is_a_dimension() -> None:
    labelled = dimension(["a", "b"]) | {"label": "value"}
    assert rows(read(document({"Varde": labelled})), "Varde", "value") == [("a", 0), ("b", 1)]


@pytest.mark.parametrize("name", ["value", "status", "cell", "Value", "STATUS"])
def test_a_variable_coded_like_one_of_our_columns_gets_a_suffix(name: str) -> None:
    batch = read(document({name: dimension(["a", "b"])}))
    assert batch.schema.names == [f"{name}_", "value", "status", "cell"]
    assert rows(batch, f"{name}_", "value") == [("a", 0), ("b", 1)]


def test_variables_that_would_share_a_column_are_refused() -> None:
    with pytest.raises(ContractError, match="distinct columns"):
        read(document({"value": dimension(["a"]), "value_": dimension(["b"])}))


def test_the_order_of_the_answer_decides() -> None:
    swapped = {"Tid": dimension(["2024", "2023"]), "Region": dimension(["20", "19"])}
    assert rows(read(document(swapped)), "Region", "Tid", "value") == [
        ("20", "2024", 0),
        ("19", "2024", 1),
        ("20", "2023", 2),
        ("19", "2023", 3),
    ]


def test_contents_time_and_units_come_from_the_roles() -> None:
    unit = {"andel": {"base": "procent", "decimals": 1}}
    parts = {"Innehall": dimension(["andel"], unit=unit), "Ar": dimension(["2024"])}
    head = parse(orjson.dumps(document(parts, role={"metric": ["Innehall"], "time": ["Ar"]})))
    assert (head.contents, head.time, head.units) == ("Innehall", "Ar", {"andel": ("procent", 1)})


def test_labels_stand_beside_codes_when_asked_for() -> None:
    batch = decode(parse(orjson.dumps(document(SMALL))), labels=True)
    assert batch.schema.names[:4] == ["Region", "Region_label", "Kon", "Kon_label"]
    assert rows(batch, "Region", "Region_label")[0] == ("19", "label 19")


def test_every_row_carries_the_fetch_and_the_place_of_its_value() -> None:
    batch = decode(parse(orjson.dumps(document(SMALL))), 7)
    assert batch["cell"].to_pylist() == [7 * 2**32 + at for at in range(6)]


# --- values


def test_a_chunk_of_whole_numbers_is_float_too() -> None:
    assert read(document(SMALL)).schema.field("value").type == pa.float64()
    assert read(document(SMALL, [None] * 6)).schema.field("value").type == pa.float64()
    assert read(document(SMALL, [1, 2, 3, 4, 5, 311.7]))["value"].to_pylist()[-1] == 311.7


def test_sparse_values_are_null_where_absent() -> None:
    batch = read(document(SMALL, {"5": 50, "1": 10.5}, status={"0": ".."}))
    assert batch["value"].to_pylist() == [None, 10.5, None, None, None, 50]
    assert batch["status"].to_pylist() == ["..", None, None, None, None, None]


def test_sparse_values_may_be_complete_in_any_order() -> None:
    batch = read(document(SMALL, {str(at): at for at in reversed(range(6))}))
    assert batch["value"].to_pylist() == [0, 1, 2, 3, 4, 5]


def test_values_of_a_noisy_table_are_kept_as_published() -> None:
    parts = {"Kon": dimension(["TotSa", "1", "2"])}
    assert read(document(parts, [26980, 13933, 13048]))["value"].to_pylist() == [26980, 13933, 13048]


def raw_value(text: str) -> bytes:
    return orjson.dumps(document(SMALL, [0, 1, 2, 3, 4, "@"])).replace(b'"@"', text.encode())


@pytest.mark.parametrize(
    "text",
    [
        *('"1"', "true", "false", "NaN", "Infinity", "-Infinity", "1e400", "[1]", "{}"),
        *("9007199254740993", "-9007199254740993", "18446744073709551616", "1e300", '"."'),
    ],
)
@pytest.mark.parametrize("other", ["0", "0.5", "null"])
def test_what_is_not_a_plain_number_is_refused(text: str, other: str) -> None:
    body = raw_value(text)
    assert b"[0,1,2" in body
    with pytest.raises(ContractError):
        read(body.replace(b"[0,1,2", f"[{other},1,2".encode()))


@pytest.mark.parametrize("values", [[True] * 6, ["1"] * 6, [None, None, None, None, None, True]])
def test_what_is_wrong_throughout_is_refused_too(values: list[Any]) -> None:
    with pytest.raises(ContractError):
        read(document(SMALL, values))
    with pytest.raises(ContractError):
        read(document(SMALL, {str(at): value for at, value in enumerate(values)}))


def test_the_largest_exact_whole_number_passes() -> None:
    assert read(raw_value(str(2**53)))["value"].to_pylist()[-1] == 2**53


@pytest.mark.parametrize("value", ["1,2,3", 5, None, True])
def test_value_is_a_list_or_an_object(value: Any) -> None:
    broken = document(SMALL)
    broken["value"] = value
    with pytest.raises(ContractError, match="`value` is"):
        read(broken)


@pytest.mark.parametrize("values", [range(5), range(7), []])
def test_a_short_or_long_value_is_refused(values: Sequence[int]) -> None:
    with pytest.raises(ContractError, match=f"holds {len(values)} values where its dimensions span 6"):
        read(document(SMALL, list(values)))


@pytest.mark.parametrize("key", ["6", "-1", "x", "1.0", "", str(10**30)])
def test_a_cell_index_that_does_not_exist_is_refused(key: str) -> None:
    with pytest.raises(ContractError, match="cell index"):
        read(document(SMALL, {"0": 1, key: 2}))
    with pytest.raises(ContractError, match="cell index"):
        read(document(SMALL, status={key: ".."}))


def test_one_cell_given_twice_is_refused() -> None:
    with pytest.raises(ContractError, match="twice"):
        read(document(SMALL, {"1": 1, "01": 2}))


# --- status


def test_status_may_be_an_object_an_array_or_one_string() -> None:
    value = [0, None, 2, None, 4, 5]
    as_object = read(document(SMALL, value, status={"3": ".", "1": ".."}))
    as_array = read(document(SMALL, value, status=[None, "..", None, ".", None, None]))
    assert as_object["status"].to_pylist() == [None, "..", None, ".", None, None]
    assert as_object.equals(as_array)
    assert read(document(SMALL, [None] * 6, status=".."))["status"].to_pylist() == [".."] * 6


@pytest.mark.parametrize("status", [None, {}])
def test_no_status_is_no_symbol(status: Any) -> None:
    batch = read(document(SMALL, status=status))
    assert batch["status"].to_pylist() == [None] * 6
    assert batch.schema.equals(read(document(SMALL, status={"0": ".."})).schema)


def test_a_status_beside_a_value_keeps_both() -> None:
    assert rows(read(document(SMALL, status={"1": "p"})), "value", "status")[1] == (1, "p")


def test_a_null_without_status_stays_null() -> None:
    assert rows(read(document(SMALL, [None, *range(5)])), "value", "status")[0] == (None, None)


def test_symbols_are_data_whatever_they_are() -> None:
    assert read(document(SMALL, status={"0": "¤", "1": "....."}))["status"].to_pylist()[:2] == ["¤", "....."]


@pytest.mark.parametrize("status", [{"0": 1}, {"0": None}, {"0": ["."]}, ["."], [1] * 6, 3, True])
def test_a_status_that_is_no_symbol_is_refused(status: Any) -> None:
    with pytest.raises(ContractError, match="status"):
        read(document(SMALL, status=status))


def test_more_texts_than_symbols_can_be_are_refused() -> None:
    many = {"X": dimension([str(at) for at in range(200)])}
    with pytest.raises(ContractError, match="200 different texts"):
        read(document(many, status={str(at): f"s{at}" for at in range(200)}))


# --- shape


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"size": [3, 3]}, "does not match the categories"),
        ({"size": [3]}, "does not match the categories"),
        ({"size": None}, "does not match the categories"),
        ({"id": ["Region", "Kon", "Kon"], "size": [3, 2, 2]}, "does not match the categories"),
        ({"id": ["Region", "Alder"]}, "lacks 'Alder'"),
        ({"id": None}, "not built as json-stat"),
        ({"class": "collection"}, "not a json-stat 2.0 dataset"),
        ({"version": "1.0"}, "not a json-stat 2.0 dataset"),
        ({"dimension": []}, "not built as json-stat"),
        ({"role": ["metric"]}, "not built as json-stat"),
        ({"dimension": SMALL | {"Kon": {"category": {"index": {"1": 0, "2": 0}}}}}, "do not run 0, 1, 2"),
        ({"dimension": SMALL | {"Kon": {"category": {"index": {"1": 1, "2": 2}}}}}, "do not run 0, 1, 2"),
        ({"dimension": SMALL | {"Kon": {"category": {"index": {"1": "0", "2": 1}}}}}, "not built as json-stat"),
        ({"dimension": SMALL | {"Kon": {"category": {"index": ["1", "1"]}}}}, "comes twice"),
        ({"dimension": SMALL | {"Kon": {"category": {"index": [1, 2]}}}}, "not text"),
        ({"dimension": SMALL | {"Kon": {"category": {"label": {"1": "a", "2": "b"}}}}}, "without an index"),
        ({"dimension": SMALL | {"Kon": {"category": {}}}}, "lacks 'label'"),
        ({"dimension": SMALL | {"Kon": {"category": {"index": ["1", "2"], "label": "x"}}}}, "not built as json-stat"),
    ],
)
def test_a_dataset_that_contradicts_itself_is_refused(change: Json, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        read(document(SMALL) | change)


@pytest.mark.parametrize("cut", [0, 1, 40, -1])
def test_a_truncated_body_is_not_json(cut: int) -> None:
    with pytest.raises(ContractError, match="not JSON"):
        parse(orjson.dumps(document(SMALL))[:cut])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"type":"Parameter error","title":"Non-existent table","status":400}', "Non-existent table"),
        (b"[]", "list"),
        (b'"text"', "str"),
        (b"null", "NoneType"),
        (b"<!DOCTYPE html>", "not JSON"),
        (b'"Region","Kon","2024"\r\n', "not JSON"),
    ],
)
def test_other_bodies_are_refused_with_their_own_words(body: bytes, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        parse(body)


# --- against a row loop


@st.composite
def datasets(draw: st.DrawFn) -> Json:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    parts = {}
    for number, size in enumerate(sizes):
        codes = draw(st.permutations([f"{number}{code}" for code in range(size)]))
        part = dimension(codes)
        keys = draw(st.permutations(codes))
        part["category"]["index"] = {code: part["category"]["index"][code] for code in keys}
        if draw(st.booleans()):
            part["category"]["index"] = list(codes)
        parts[f"V{number}"] = part
    total = math.prod(sizes)
    numbers = st.none() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15)
    value: Any = draw(st.lists(numbers, min_size=total, max_size=total))
    status: Any = draw(st.dictionaries(st.integers(0, total - 1).map(str), st.sampled_from(SYMBOLS)))
    if draw(st.booleans()):
        status = [status.get(str(at)) for at in range(total)]
    if draw(st.booleans()):
        value = {str(at): number for at, number in enumerate(value) if number is not None}
    return document(parts, value, status=status)


def row_loop(source: Json) -> Iterator[tuple[Any, ...]]:
    """The same answer read as slowly and plainly as can be."""
    codes = []
    for name in source["id"]:
        index = source["dimension"][name]["category"]["index"]
        by_position = {index[code]: code for code in index} if isinstance(index, dict) else dict(enumerate(index))
        codes.append([by_position[at] for at in range(len(by_position))])
    for at, key in enumerate(itertools.product(*codes)):
        value, status = source["value"], source["status"]
        number = value.get(str(at)) if isinstance(value, dict) else value[at]
        symbol = status.get(str(at)) if isinstance(status, dict) else status[at]
        yield (*key, None if number is None else float(number), symbol)


@settings(deadline=None)
@given(datasets())
def test_any_dataset_is_read_as_by_a_row_loop(source: Json) -> None:
    assert rows(read(source)) == list(row_loop(source))


# --- real answers


def figures(batch: pa.RecordBatch, **codes: str) -> list[float | None]:
    """The values of the cells with these codes."""
    keep = np.ones(batch.num_rows, bool)
    for name, code in codes.items():
        keep &= pc.equal(batch[name].dictionary_decode(), code).to_numpy(zero_copy_only=False)
    return list(batch.filter(pa.array(keep))["value"].to_pylist())


def recorded(shared: Path, name: str) -> pa.RecordBatch:
    return read((shared / "recordings" / name).read_bytes())


def test_the_population_of_vastmanland_is_as_published(shared: Path) -> None:
    batch = recorded(shared, "TAB6471/data.json")
    assert batch.num_rows == 2772
    assert batch["value"].null_count == 0
    child = {"Region": "19", "Alder": "0-9", "Tid": "2026M01"}
    by_sex = [figures(batch, **child, Kon=sex) for sex in ("TotSa", "1", "2")]
    assert by_sex == [[26980], [13933], [13048]]
    for month, total, men, women in [("2026M01", 280653, 141364, 139289), ("2026M04", 280649, 141294, 139338)]:
        for sex, expected in [("TotSa", total), ("1", men), ("2", women)]:
            assert sum(value or 0 for value in figures(batch, Region="19", Tid=month, Kon=sex)) == expected


def test_the_occupations_of_vastmanland_are_as_published(shared: Path) -> None:
    batch = recorded(shared, "TAB4396/data.json")
    assert (batch.num_rows, pc.sum(batch["value"]).as_py()) == (26224, 17392969)
    for sex, expected in [("1", [55283, 55711, 56158, 57202]), ("2", [51455, 52298, 53491, 53949])]:
        found = [sum(figures(batch, Region="19", Kon=sex, Tid=str(year))) for year in range(2014, 2018)]  # type: ignore[arg-type]
        assert found == expected
    assert sum(figures(batch, Kon="1", Tid="2017")) == 2294994  # type: ignore[arg-type]
    assert sum(figures(batch, Kon="2", Tid="2017")) == 2186033  # type: ignore[arg-type]
    for occupation, men, women in [("221", 399, 457), ("532", 409, 5015), ("112", 381, 63), ("0002", 2870, 1734)]:
        cell = {"Region": "19", "Yrke2012": occupation, "Tid": "2017"}
        assert [figures(batch, **cell, Kon=sex) for sex in ("1", "2")] == [[men], [women]]


def test_the_labour_market_table_keeps_its_two_missing_cells(shared: Path) -> None:
    batch = recorded(shared, "TAB3200/data.json")
    assert batch.num_rows == 36
    missing = [at for at, value in enumerate(batch["value"].to_pylist()) if value is None]
    assert missing == [13, 31]
    assert [at for at, symbol in enumerate(batch["status"].to_pylist()) if symbol] == missing
    assert set(batch["status"].to_pylist()) == {None, ".."}
    employed = {"Alder": "20-24", "ContentsCode": "000002NT"}
    assert [figures(batch, **employed, Kon=sex) for sex in ("1", "2")] == [[192915], [178886]]


# --- the published server's answers: each figure of a generated table is its flat index

WITH_DECIMALS = {"TAB9001", "TAB9003", "TAB9005"}
GENERATED = {*WITH_DECIMALS, "TAB9002", "TAB9004", "TAB9006", "TAB9007", "TAB9011", "MATRIX9009"}
MISSING = (".", "..", "...", "-", "....")
MALFORMED = {114, 115, 171, 228, 247, 477, 478, 479, 480, 506}
"""A `value` that does not match `size`, with status 200."""


def whole_tables(shared: Path) -> dict[tuple[str, str], Dataset]:
    found = {}
    for path in sorted((shared / "recordings" / "pxwebapi" / "tables").glob("*/data*.json*")):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found[path.parent.name, "en" if ".en." in path.name else "sv"] = parse(body)
    return found


def test_whole_tables_of_the_published_server_hold_their_flat_index(shared: Path) -> None:
    tables = whole_tables(shared)
    assert {name for name, _ in tables} >= GENERATED
    for (name, _), head in tables.items():
        batch = decode(head)
        assert batch.num_rows == head.size
        if name not in GENERATED:
            continue
        at = np.arange(head.size)
        missing = at % 50 == 49
        stored = at + np.where(at % 3 == 0, 0.5, 0.0) if name in WITH_DECIMALS else at * 1.0
        decimals = np.array([head.units[code][1] for code in batch[head.contents].dictionary_decode().to_pylist()])
        expected = np.where(decimals == 0, np.round(stored), stored)
        assert batch["value"].equals(pa.array(expected, mask=missing)), name
        symbols = [MISSING[cell // 50 % 5] if cell % 50 == 49 else None for cell in at.tolist()]
        assert batch["status"].to_pylist() == symbols, name


def flat_index(whole: Dataset, batch: pa.RecordBatch) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Where each cell of an answer stands in the whole table."""
    at = np.zeros(batch.num_rows, np.int64)
    for variable, codes in whole.dimensions.items():
        position = {code: place for place, code in enumerate(codes)}
        cells = batch[column(variable)]
        known = np.array([position[code] for code in cells.dictionary.to_pylist()], np.int64)
        at = at * len(codes) + known[cells.indices.to_numpy()]
    return at


def exchanges(shared: Path) -> Iterator[tuple[int, Json]]:
    for path in sorted((shared / "recordings" / "pxwebapi" / "exchanges").glob("*.json")):
        exchange = json.loads(path.read_text())
        if (exchange["response"] or {}).get("status") == 200:
            yield int(path.name[:3]), exchange


def is_dataset(body: str) -> bool:
    return body.startswith("{") and '"class":"dataset"' in body


def test_answers_of_the_published_server_agree_with_the_whole_tables(shared: Path) -> None:
    tables = whole_tables(shared)
    decoded = {key: decode(head) for key, head in tables.items()}
    compared = refused = metadata = 0
    for number, exchange in exchanges(shared):
        body = exchange["response"].get("body") or ""
        if not is_dataset(body):
            continue
        head = parse(body.encode())
        if not head.body["value"]:
            metadata += 1
            continue
        if number in MALFORMED:
            with pytest.raises(ContractError, match=r"holds \d+ values where its dimensions span \d+"):
                decode(head)
            refused += 1
            continue
        batch = decode(head)
        key = (head.body["extension"]["px"].get("tableid", "BE0101A1"), head.body["extension"]["px"]["language"])
        whole = tables.get(key)
        known = whole and all(
            set(head.dimensions.get(name, ["eliminated"])) <= set(codes) for name, codes in whole.dimensions.items()
        )
        if not known or 434 <= number <= 452:  # in those the file was changed meanwhile
            continue
        at = pa.array(flat_index(tables[key], batch))
        assert batch["value"].equals(decoded[key]["value"].take(at)), number
        assert batch["status"].to_pylist() == decoded[key]["status"].take(at).to_pylist(), number
        compared += 1
    assert compared >= 100
    assert refused >= 9
    assert metadata >= 15


def test_a_recorded_answer_that_breaks_off_is_refused(shared: Path) -> None:
    cut = [
        exchange["response"]["body_first"] for _, exchange in exchanges(shared) if "body_first" in exchange["response"]
    ]
    assert len(cut) >= 5
    for body in cut:
        with pytest.raises(ContractError, match="not JSON"):
            parse(body.encode())
