"""Known errors in what the source serves: declared, applied after staging, and refused once the source has changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from transforms.declarations import DeclarationError, Text, read_yaml

FILE = Path(__file__).parent / "corrections.yml"


class Correction(BaseModel):
    """One wrong cell: `expect` is what the source serves, `value` what is used instead (null: missing)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: Text
    cell: dict[str, str] = Field(min_length=1)
    expect: float | None
    value: float | None
    reason: Text
    reporter: Text
    reported: date
    status: Literal["reported", "confirmed"]


class Corrections(BaseModel):
    """The file of corrections."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corrections: tuple[Correction, ...]


def load_corrections(path: Path, variables: Mapping[str, Collection[str]]) -> tuple[Correction, ...]:
    """The corrections of a file, checked.

    Args:
        path: the file.
        variables: the variables of every declared table.

    Raises:
        DeclarationError: the file cannot be used; the message names the file, the entry and the field.
    """
    corrections = read_yaml(Corrections, path).corrections
    for number, one in enumerate(corrections):
        where = f"{path.name}: corrections.{number}"
        if one.table not in variables:
            raise DeclarationError(f"{where}.table: {one.table!r} is not declared in sources/tables/; correct the id")
        if set(one.cell) != set(variables[one.table]):
            raise DeclarationError(
                f"{where}.cell: names {', '.join(one.cell)}; allowed: one code for each of "
                f"{', '.join(variables[one.table])}"
            )
        if one.value == one.expect:
            raise DeclarationError(f"{where}.value: is what is expected of the source; a correction changes the value")
        if any((one.table, one.cell) == (other.table, other.cell) for other in corrections[:number]):
            raise DeclarationError(f"{where}.cell: is corrected twice; keep one")
    return corrections


def apply(con: duckdb.DuckDBPyConnection, corrections: Sequence[Correction]) -> None:
    """Nothing; staged cells have the corrected values, and reference.correction tells what became of each correction.

    A correction is applied only while the source serves what it expects; the check `correction_outdated` fails
    otherwise. A cell that this run did not ask for is left alone.
    """
    for one in corrections:
        where = " and ".join(f'"{variable}" = ?' for variable in one.cell)
        found = con.execute(f"select cell, value from raw.{one.table} where {where}", [*one.cell.values()]).fetchall()
        outcome = "not_fetched" if not found else "applied" if found[0][1] == one.expect else "outdated"
        if outcome == "applied":
            con.execute(f"update staged.{one.table} set value = ? where cell = ?", [one.value, found[0][0]])
        con.execute(
            "insert into reference.correction values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                one.table, found[0][0] if found else None, one.expect, found[0][1] if found else None, one.value,
                one.reason, one.reporter, one.reported, one.status, outcome,
            ],
        )  # fmt: skip
