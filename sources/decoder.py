"""json-stat2 to Arrow, by position and without a row loop."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from sources.errors import ContractError

RESERVED = {"value", "status", "cell"}
EXACT = 2**53


@dataclass(frozen=True)
class Dataset:
    """The head of a json-stat2 dataset.

    Attributes:
        dimensions: codes by position for each variable code, in the answer's order.
        labels: label per code for each variable code.
        units: unit base and decimals per contents code.
        updated: as the source wrote it, UTC.
        body: the parsed document.
    """

    dimensions: dict[str, tuple[str, ...]]
    labels: dict[str, dict[str, str]]
    units: dict[str, tuple[str, int | None]]
    updated: str
    label: str
    time: str | None
    contents: str | None
    body: dict[str, Any]

    @property
    def size(self) -> int:
        """The number of cells that the dimensions span."""
        return math.prod(len(codes) for codes in self.dimensions.values())

    def elimination(self, variable: str) -> bool:
        """Whether the variable may be left out; true to SCB in metadata only, not in data answers."""
        return bool(self.body["dimension"][variable].get("extension", {}).get("elimination"))


def column(variable: str) -> str:
    """The column name of a variable: its code, with `_` after it where our own columns have that name.

    Upper and lower case are alike: they name the same column in SQL.
    """
    return f"{variable}_" if variable.casefold() in RESERVED else variable


def parse(body: bytes) -> Dataset:
    """The head of a json-stat2 body, checked for shape.

    Raises:
        ContractError: not JSON, not a json-stat 2.0 dataset, or dimensions that contradict `id` and `size`.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ContractError(f"the answer is not JSON ({error}); it begins {body[:80]!r}") from error
    if not isinstance(document, dict) or document.get("class") != "dataset" or document.get("version") != "2.0":
        found = document.get("title", sorted(document)[:6]) if isinstance(document, dict) else type(document).__name__
        raise ContractError(f"the answer is not a json-stat 2.0 dataset but {found!r}")
    try:
        names, sizes, role = document["id"], document["size"], document.get("role") or {}
        categories = {name: document["dimension"][name]["category"] for name in names}
        dimensions = {name: _codes(name, category) for name, category in categories.items()}
        contents = next(iter(role.get("metric") or ()), None)
        units = categories[contents].get("unit") or {} if contents in categories else {}
        dataset = Dataset(
            dimensions,
            {name: dict(category.get("label") or {}) for name, category in categories.items()},
            {code: (unit.get("base") or "", unit.get("decimals")) for code, unit in units.items()},
            document.get("updated") or "",
            document.get("label") or "",
            next(iter(role.get("time") or ()), None),
            contents,
            document,
        )
    except KeyError as error:
        raise ContractError(f"the dataset lacks {error}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise ContractError(f"the dataset is not built as json-stat ({error})") from error
    if len(dimensions) != len(names) or [len(codes) for codes in dimensions.values()] != sizes:
        found = {name: len(codes) for name, codes in dimensions.items()}
        raise ContractError(f"size {sizes} of {names} does not match the categories {found}")
    return dataset


def _codes(name: str, category: Mapping[str, Any]) -> tuple[str, ...]:
    index = category.get("index")
    if index is None:
        codes = tuple(category["label"])
        if len(codes) != 1:
            raise ContractError(f"{name}: {len(codes)} categories without an index; their order is not told")
    elif isinstance(index, list):
        codes = tuple(index)
    else:
        codes = tuple(sorted(index, key=index.__getitem__))
        if [index[code] for code in codes] != list(range(len(codes))):
            raise ContractError(f"{name}: category positions do not run 0, 1, 2 …")
    if not all(isinstance(code, str) for code in codes):
        raise ContractError(f"{name}: a code is not text")
    if len(set(codes)) != len(codes):
        raise ContractError(f"{name}: a code comes twice among its {len(codes)}")
    return codes


def decode(dataset: Dataset, fetch_number: int = 0, *, labels: bool = False) -> pa.RecordBatch:
    """One row per cell: a dictionary column per variable code, `value` float64, `status` text, `cell` uint64.

    `cell` is the fetch number in the upper 32 bits and the flat index of the value in that answer in the lower.
    With `labels`, a column `<code>_label` stands after each code column.

    Raises:
        ContractError: values or statuses that contradict the dimensions or are not plain numbers.
    """
    total = dataset.size
    names = [column(name) for name in dataset.dimensions]
    names += [f"{name}_label" for name in dataset.dimensions if labels]
    if len({name.casefold() for name in names}) != len(names):
        raise ContractError(f"the variables {', '.join(dataset.dimensions)} do not give distinct columns")
    columns: dict[str, pa.Array] = {}
    inner = total
    outer = 1
    for name, codes in dataset.dimensions.items():
        inner //= max(len(codes), 1)
        index = pa.array(np.tile(np.repeat(np.arange(len(codes), dtype=np.int32), inner), outer))
        outer *= len(codes)
        columns[column(name)] = pa.DictionaryArray.from_arrays(index, pa.array(codes, pa.string()))
        if labels:
            texts = pa.array([dataset.labels[name].get(code) for code in codes], pa.string())
            columns[f"{name}_label"] = pa.DictionaryArray.from_arrays(index, texts)
    columns["value"] = _values(dataset.body.get("value"), total)
    columns["status"] = _statuses(dataset.body.get("status"), total)
    columns["cell"] = pa.array(np.arange(total, dtype=np.uint64) + np.uint64(fetch_number << 32))
    return pa.RecordBatch.from_pydict(columns)


def _values(value: object, total: int) -> pa.Array:
    if isinstance(value, dict):
        dense: list[object] = [None] * total
        for at, number in zip(_positions(value, total).tolist(), value.values(), strict=True):
            dense[at] = number
        value = dense
    if not isinstance(value, list):
        raise ContractError(f"`value` is {type(value).__name__}, neither a list nor an object")
    if len(value) != total:
        raise ContractError(f"the answer holds {len(value)} values where its dimensions span {total}")
    return _plain_numbers(value)


def _plain_numbers(values: list[Any]) -> pa.Array:
    """The values as float64. Arrow refuses what numpy would make a number of, except true beside a fraction."""
    try:
        inferred = pa.array(values)
        if not (pa.types.is_integer(inferred.type) or pa.types.is_floating(inferred.type)):
            if inferred.null_count < len(values):
                raise ContractError(f"`value` holds {inferred.type}, not numbers")
            return pa.nulls(len(values), pa.float64())
        array = inferred.cast(pa.float64())
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise ContractError(f"`value` holds something else than plain numbers: {error}") from error
    numbers = array.to_numpy(zero_copy_only=False)
    suspects = np.flatnonzero((numbers == 0) | (numbers == 1)) if pa.types.is_floating(inferred.type) else ()
    if any(isinstance(values[at], bool) for at in suspects):
        raise ContractError("`value` holds true or false, not only numbers")
    if (np.abs(numbers) > EXACT).any():
        raise ContractError("`value` holds an infinity or a number beyond 2^53")
    return array


def _positions(flat: Mapping[str, object], total: int) -> npt.NDArray[np.int64]:
    """The cell indices that the keys of a sparse object are."""
    try:
        at = np.array([int(key) for key in flat], dtype=np.int64)
    except (ValueError, OverflowError) as error:
        raise ContractError(f"a cell index is not a number: {error}") from error
    if at.size and (at.min() < 0 or at.max() >= total):
        raise ContractError(f"a cell index lies outside 0 … {total - 1}")
    if np.unique(at).size != at.size:
        raise ContractError("a cell index comes twice")
    return at


def _statuses(status: object, total: int) -> pa.Array:
    if isinstance(status, str):
        status = [status] * total
    if isinstance(status, list):
        if len(status) != total:
            raise ContractError(f"`status` holds {len(status)} symbols for {total} cells")
        status = {str(at): symbol for at, symbol in enumerate(status) if symbol is not None}
    if status is None:
        status = {}
    if not isinstance(status, dict):
        raise ContractError(f"`status` is {type(status).__name__}, not an object, list or string")
    if odd := set(map(type, status.values())) - {str}:
        raise ContractError(f"`status` holds {', '.join(sorted(kind.__name__ for kind in odd))}, not only symbols")
    symbols = sorted(set(status.values()))
    if len(symbols) > np.iinfo(np.int8).max:
        raise ContractError(f"`status` holds {len(symbols)} different texts; those are no symbols")
    number = {symbol: at for at, symbol in enumerate(symbols)}
    codes = np.full(total, -1, dtype=np.int8)
    codes[_positions(status, total)] = [number[symbol] for symbol in status.values()]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(symbols, pa.string()))
