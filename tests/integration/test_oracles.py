"""Two independent readers of PxWebApi get the values that our client gets, for a slice of every declared table.

Neither reads `status`, and pxwebpy names columns by label; both read every slice that the embedded server serves.
"""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sources.client import Client
from sources.declarations import load_tables
from sources.decoder import Dataset, decode, parse
from sources.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
SERVED_AS = {"lfs_quarter": "DEMO0001"}
NOT_SERVED = {
    "TAB5461": "no contents code of it is known, so the embedded server leaves it out",
    "life_expectancy_county": "its id is not established, and the embedded server has no table that fits",
}
DECLARED = sorted(load_tables(ROOT / "sources" / "tables"))
TABLES = [SERVED_AS.get(name, name) for name in DECLARED if name not in NOT_SERVED]

Selection = dict[str, tuple[str, ...]]
Values = dict[tuple[str, ...], float | None]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    command = [sys.executable, "-m", "sources.demo", "--port", "0", "--no-limit"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    with Client(url) as client:
        client.config()
        yield client


@pytest.fixture(scope="module")
def pxwebpy(url: str) -> Any:
    from pxweb import PxApi

    return PxApi(url, language="sv", disable_cache=True)


def slice_of(metadata: Dataset) -> Selection:
    """A few codes of every variable: both ends, one in the middle, and all of what is short."""
    return {
        name: codes
        if len(codes) <= 4
        else tuple(dict.fromkeys((codes[0], codes[1], codes[len(codes) // 2], codes[-1])))
        for name, codes in metadata.dimensions.items()
    }


def ours(answer: Dataset) -> Values:
    batch = decode(answer)
    keys = zip(*(batch.column(at).to_pylist() for at in range(len(answer.dimensions))), strict=True)
    return dict(zip(keys, batch["value"].to_pylist(), strict=True))


def by_pxwebpy(api: Any, table_id: str, selection: Selection, metadata: Dataset) -> Values:
    """What pxwebpy reads over HTTP; it names columns by label."""
    labels = [metadata.body["dimension"][name]["label"] for name in metadata.dimensions]
    rows = api.get_table_data(table_id, {name: list(codes) for name, codes in selection.items()}, show="code")
    found = {tuple(row[label] for label in labels): row["value"] for row in rows}
    assert len(found) == len(rows)
    return found


def by_pyjstat(body: bytes, names: list[str]) -> Values:
    """What pyjstat reads in the stored body."""
    from pyjstat.pyjstat import Dataset as Pyjstat  # type: ignore[import-untyped]

    frame = Pyjstat.read(body.decode()).write("dataframe", naming="id")
    values = (None if value != value else value for value in frame["value"].tolist())
    found = dict(zip(zip(*(frame[name] for name in names), strict=True), values, strict=True))
    assert len(found) == len(frame)
    return found


@pytest.mark.filterwarnings("ignore:Shouldn't use this function anymore:DeprecationWarning:pyjstat")
@pytest.mark.parametrize("table_id", TABLES)
def test_independent_readers_get_our_values(client: Client, pxwebpy: Any, table_id: str) -> None:
    metadata = parse(client.metadata(table_id).body)
    selection = slice_of(metadata)
    answer = client.data(table_id, selection)
    values = ours(parse(answer.body))
    assert set(values) == set(itertools.product(*selection.values()))
    assert any(value is not None for value in values.values())
    assert by_pxwebpy(pxwebpy, table_id, selection, metadata) == values
    assert by_pyjstat(answer.body, list(metadata.dimensions)) == values


@pytest.mark.parametrize("table_id", NOT_SERVED)
def test_what_is_excluded_is_not_served(client: Client, table_id: str) -> None:
    with pytest.raises(Refused, match="Non-existent table"):
        client.table(table_id)
