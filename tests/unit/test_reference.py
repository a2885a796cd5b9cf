"""The reference tables: the regions in force, Heby's move, and texts for every code that a reader can meet."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from transforms.declarations import DimensionTable, Unit, themes

FOLDER = Path(__file__).parents[2] / "transforms" / "reference"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REGIONS = {row["region_code"]: row for row in rows("regions")}


def in_force(day: str) -> set[str]:
    return {
        code
        for code, row in REGIONS.items()
        if (row["valid_from"] or day) <= day <= (row["valid_to"] or day) and row["type"] != "unknown"
    }


def test_today_there_are_312_regions() -> None:
    assert Counter(REGIONS[code]["type"] for code in in_force("2024-12-31")) == {
        "country": 1,
        "county": 21,
        "municipality": 290,
    }


def test_every_region_of_a_whole_recorded_table_is_known_by_its_name(shared: Path) -> None:
    recorded = json.loads((shared / "recordings" / "TAB6471" / "metadata.json").read_text(encoding="utf-8"))
    labels = recorded["dimension"]["Region"]["category"]["label"]
    assert {code: REGIONS[code]["name"] for code in in_force("2025-01-31")} == labels


def test_vastmanland_has_ten_municipalities() -> None:
    names = {
        REGIONS[code]["name"]
        for code in in_force("2024-12-31")
        if REGIONS[code]["type"] == "municipality" and REGIONS[code]["county_code"] == "19"
    }
    assert names == {
        "Skinnskatteberg", "Surahammar", "Kungsör", "Hallstahammar", "Norberg", "Västerås", "Sala", "Fagersta",
        "Köping", "Arboga",
    }  # fmt: skip


@pytest.mark.parametrize(("day", "code", "county"), [("2006-12-31", "1917", "19"), ("2007-01-01", "0331", "03")])
def test_heby_is_in_vastmanland_until_2006_and_in_uppsala_from_2007(day: str, code: str, county: str) -> None:
    heby = [known for known in in_force(day) if REGIONS[known]["name"] == "Heby"]
    assert heby == [code]
    assert REGIONS[code]["county_code"] == county


def test_knivsta_exists_from_2003_as_scbs_own_note_says() -> None:
    assert "0330" not in in_force("2002-12-31")
    assert "0330" in in_force("2003-01-01")


def test_municipalities_lie_in_the_county_of_their_first_two_digits_and_codes_are_text() -> None:
    assert [
        row
        for code, row in REGIONS.items()
        if row["type"] in {"county", "municipality"} and row["county_code"] != code[:2]
    ] == []
    assert len(REGIONS) == len(rows("regions"))
    assert REGIONS["99"] == {
        "region_code": "99", "name": "okänt län", "type": "unknown", "county_code": "", "valid_from": "",
        "valid_to": "",
    }  # fmt: skip


def test_occupations_are_those_of_the_recorded_table_with_their_major_group(shared: Path) -> None:
    recorded = json.loads((shared / "recordings" / "TAB4396" / "metadata.json").read_text(encoding="utf-8"))
    labels = recorded["dimension"]["Yrke2012"]["category"]["label"]
    assert {row["code"]: row["name"] for row in rows("ssyk")} == labels
    assert {row["major_group"] for row in rows("ssyk")} == {"", *"0123456789"}


def test_industries_are_the_twenty_one_sections_of_sni_2007() -> None:
    assert "".join(row["code"] for row in rows("sni")) == "ABCDEFGHIJKLMNOPQRSTU"


def test_every_reason_of_the_method_has_a_text(shared: Path) -> None:
    method = (shared / "reference" / "method.md").read_text(encoding="utf-8")
    listed = method.split("Reason codes: `")[1].split("`")[0].replace(" (flag only)", "")
    assert {row["reason"] for row in rows("reason")} == {*listed.split(", "), "own_sum"}


def test_every_unit_and_theme_that_an_indicator_may_name_has_a_text() -> None:
    assert {row["unit"] for row in rows("unit")} == set(get_args(Unit))
    assert all(row["decimals"].isdigit() for row in rows("unit"))
    assert set(themes()) == {row["theme"] for row in rows("theme")}
    assert all((FOLDER / f"{name}.csv").is_file() for name in get_args(DimensionTable))


@pytest.mark.parametrize("name", ["regions", "sni", "ssyk", "reason", "symbol", "unit", "theme"])
def test_codes_are_unique_and_every_one_has_words(name: str) -> None:
    table = rows(name)
    first, second = list(table[0])[:2]
    assert len({row[first] for row in table}) == len(table)
    assert all(row[first] and row[second] for row in table)


def test_symbols_tell_missing_from_nil() -> None:
    assert {row["symbol"]: row["is_missing"] for row in rows("symbol")}.items() >= {
        "..": "true",
        ".": "true",
        "-": "false",
    }.items()
