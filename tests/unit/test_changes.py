"""What differs between two releases: each cell in its class, from tables written by hand."""

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.changes import CELLS, Changes, Side, compare

ROW = pa.schema(
    [
        (name, pa.string())
        for name in ("indicator", "region_code", "region", "partner_code", "period", "sex", "category")
    ]
    + [("series", pa.string())]
    + [(name, pa.float64()) for name in ("value", "numerator", "denominator", "margin")]
    + [("status", pa.string()), ("reason", pa.string()), ("is_preliminary", pa.bool_())]
)
SOURCE = pa.schema([("indicator", pa.string()), ("region_code", pa.string()), ("period", pa.string()),
                    ("cells", pa.int64()), ("hash", pa.string())])  # fmt: skip
MEN = {"2022": 50.0, "2023": 51.0}


def side(
    folder: Path,
    figures: dict[str, Any],
    sources: dict[str, str] | None,
    *,
    formula: str = "a",
    updated: str = "1",
    **told: Any,
) -> Side:
    """A release of one indicator: women's figures by period, the men's always the same, and hashes by period."""
    rows = []
    for period, figure in figures.items():
        value, status = figure if isinstance(figure, tuple) else (figure, None)
        for sex, one in (("women", value), ("men", MEN.get(period, 1.0))):
            rows.append(
                {"indicator": "x", "region_code": "19", "region": "Västmanland", "period": period, "sex": sex,
                 "category": "all", "value": one, "status": status if sex == "women" else None}
            )  # fmt: skip
    (folder / "tables").mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, ROW), folder / "tables" / "x.parquet")
    if sources is not None:
        known = [
            {"indicator": "x", "region_code": "19", "period": period, "cells": 2, "hash": one}
            for period, one in sources.items()
        ]
        pq.write_table(pa.Table.from_pylist(known, SOURCE), folder / CELLS)
    manifest = {
        "run_id": folder.name,
        "tables": [{"id": "TAB1", "updated": updated}],
        "indicators": [{"id": "x", "title": "X", "definition": "d", "unit": "percent", "tables": ["TAB1"], **told}],
        "release": {"id": folder.name, "formulas": {"x": formula}},
    }
    return Side(manifest, folder / "tables", folder / CELLS)


def cells(found: Changes) -> dict[tuple[str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(found.csv.decode()))
    return {(row["period"], row["sex"]): row for row in rows}


SAME = {"2022": "p", "2023": "q"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": 1.0, "2023": 2.0}, SAME, {}),
         {("2023", "women"): "new", ("2023", "men"): "new"}),
        (({"2022": 1.0, "2023": 2.0}, SAME, {}), ({"2022": 1.0}, {"2022": "p"}, {}),
         {("2023", "women"): "removed", ("2023", "men"): "removed"}),
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": 1.5}, {"2022": "r"}, {}), {("2022", "women"): "revised"}),
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": 1.5}, {"2022": "r"}, {"formula": "b"}),
         {("2022", "women"): "revised"}),
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": 1.5}, {"2022": "p"}, {}), {("2022", "women"): "corrected"}),
        (({"2022": 1.0, "2023": 2.0}, SAME, {}), ({"2022": 1.5, "2023": 2.0}, {"2022": "p", "2023": "r"}, {}),
         {("2022", "women"): "revised"}),
        (({"2022": 1.0, "2023": 2.0}, SAME, {}),
         ({"2022": 1.5, "2023": 2.0}, {"2022": "p", "2023": "r"}, {"formula": "b"}), {("2022", "women"): "corrected"}),
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": 1.5}, {"2022": "p"}, {"definition": "e"}),
         {("2022", "women"): "definition"}),
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": 1.5}, {"2022": "r"}, {"definition": "e"}),
         {("2022", "women"): "revised"}),
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": 1.5}, {"2022": "r"}, {"definition": "e", "formula": "b"}),
         {("2022", "women"): "definition"}),
        (({"2022": (None, "..")}, {"2022": "p"}, {}), ({"2022": (None, ".")}, {"2022": "r"}, {}),
         {("2022", "women"): "status"}),
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": (None, "..")}, {"2022": "r"}, {}),
         {("2022", "women"): "revised"}),
        (({"2022": 1.0}, None, {}), ({"2022": 1.5}, None, {"updated": "2"}), {("2022", "women"): "revised"}),
        (({"2022": 1.0}, None, {}), ({"2022": 1.5}, None, {}), {("2022", "women"): "corrected"}),
        (({"2022": 1.0}, {"2022": "p"}, {}), ({"2022": 1.0}, {"2022": "p"}, {}), {}),
    ],
)  # fmt: skip
def test_every_changed_cell_has_its_class(
    tmp_path: Path, old: tuple[Any, ...], new: tuple[Any, ...], expected: dict[tuple[str, str], str]
) -> None:
    before = side(tmp_path / "old", old[0], old[1], **old[2])
    found = compare(before, side(tmp_path / "new", new[0], new[1], **new[2]))
    assert {key: row["class"] for key, row in cells(found).items()} == expected
    assert sum(found.summary["counts"].values()) == len(expected)
    told = [one for item in found.summary["indicators"] for kinds in item["periods"].values() for one in kinds]
    assert set(told) == {period for period, _ in expected}


def test_sizes_are_absolute_and_relative_and_null_is_not_zero(tmp_path: Path) -> None:
    before = side(tmp_path / "old", {"2022": -2.0, "2023": 0.0, "2024": 1.0}, None)
    after = side(tmp_path / "new", {"2022": -1.0, "2023": 3.0, "2024": (None, "..")}, None)
    found = cells(compare(before, after))
    sizes = {period: (row["difference"], row["percent"]) for (period, _), row in found.items()}
    assert sizes == {"2022": ("1", "50"), "2023": ("3", ""), "2024": ("", "")}


def test_the_hash_is_of_what_differs_and_of_nothing_else(tmp_path: Path) -> None:
    before = side(tmp_path / "old", {"2022": 1.0}, None)
    one = compare(before, side(tmp_path / "one", {"2022": 2.0}, None))
    same = compare(before, side(tmp_path / "same", {"2022": 2.0}, None))
    other = compare(before, side(tmp_path / "other", {"2022": 3.0}, None))
    defined = compare(before, side(tmp_path / "defined", {"2022": 1.0}, None, definition="e"))
    nothing = compare(before, before)
    assert one.diff_hash == same.diff_hash
    assert len({one.diff_hash, other.diff_hash, defined.diff_hash, nothing.diff_hash}) == 4
    assert defined.summary["definitions"] == [{"indicator": "x", "field": "definition", "old": "d", "new": "e"}]


def test_a_first_release_has_nothing_to_compare_with(tmp_path: Path) -> None:
    found = compare(None, side(tmp_path / "new", {"2022": 1.0}, None))
    assert found.summary["against"] is None
    assert not cells(found)
