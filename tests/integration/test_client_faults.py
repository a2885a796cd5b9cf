"""Whatever network, front and publisher do, a download is whole and right, or says in one line why not."""

import itertools
import logging
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from sources.client import Client
from sources.decoder import Dataset, decode, parse
from sources.errors import (
    ContractError,
    PublishedDuringDownload,
    Refused,
    ServerFailure,
    SourceError,
    TooManyCells,
    Unreachable,
)
from sources.fetch import Fetched, fetch_table, metadata
from sources.raw_store import RawStore

ROOT = Path(__file__).resolve().parents[2]
TABLE = "TAB6471"
SELECTION = {
    "Region": ("00", "01", "19", "1907", "1980"),
    "Alder": ("0-9", "10-19", "20-29", "30-39"),
    "Kon": ("1", "2", "TotSa"),
    "ContentsCode": ("000007SF",),
    "Tid": ("2025M01", "2025M02", "2025M03", "2025M04"),
}
LIMIT = 60
CHUNKS = 4
DATA = {"method": "POST"}

Rule = dict[str, Any]
Cells = dict[tuple[str, ...], tuple[float | None, str | None]]


@contextmanager
def serving(command: Sequence[str]) -> Iterator[str]:
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


class Embedded:
    """The embedded server with its switches."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._control = url.removesuffix("/api/v2") + "/control"

    def reset(self) -> None:
        assert httpx.delete(f"{self._control}/faults").status_code == 204

    def faults(self, *rules: Rule) -> None:
        answer = httpx.put(f"{self._control}/faults", json=rules)
        assert answer.status_code == 204, answer.text

    def log(self, method: str = "") -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = httpx.get(f"{self._control}/log").json()
        return [call for call in calls if call["method"].startswith(method)]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(["-m", "sources.demo", "--port", "0", "--no-limit", "--control"]) as url:
        yield url


@pytest.fixture
def embedded(url: str) -> Iterator[Embedded]:
    server = Embedded(url)
    server.reset()
    yield server
    server.reset()


@pytest.fixture
def client(embedded: Embedded) -> Iterator[Client]:
    with Client(embedded.url, read_timeout=0.5, backoff=0.01, ceiling=20) as client:
        yield client


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


def download(client: Client, store: RawStore, *, limit: int | None = LIMIT, **options: Any) -> Fetched:
    config = client.config()
    if limit:
        config = replace(config, max_cells=limit)
    edition = metadata(client, store, TABLE, "run1")
    return fetch_table(client, store, config, edition, lambda _: [SELECTION], run_id="run1", **options)


def heads(store: RawStore, fetched: Fetched) -> list[Dataset]:
    return [parse(store.body(record)) for record in fetched.records]


def cells(store: RawStore, fetched: Fetched) -> Cells:
    """Every cell of a download; none may come twice."""
    found: Cells = {}
    for head in heads(store, fetched):
        batch = decode(head)
        columns = [batch[name].to_pylist() for name in (*SELECTION, "value", "status")]
        for *key, value, status in zip(*columns, strict=True):
            assert tuple(key) not in found
            found[tuple(key)] = (value, status)
    return found


@pytest.fixture(scope="module")
def truth(url: str, tmp_path_factory: pytest.TempPathFactory) -> Cells:
    """The whole selection, asked for in one call of a server without faults."""
    server, store = Embedded(url), RawStore(tmp_path_factory.mktemp("truth"))
    server.reset()
    with Client(url) as client:
        whole = cells(store, download(client, store, limit=None))
    assert set(whole) == set(itertools.product(*SELECTION.values()))
    return whole


def rejected(store: RawStore) -> int:
    return len(list(store.folder.rglob("rejected/*.json")))


def test_a_download_in_chunks_is_the_whole(client: Client, store: RawStore, truth: Cells) -> None:
    fetched = download(client, store)
    assert (len(fetched.records), fetched.calls) == (CHUNKS, CHUNKS)
    assert cells(store, fetched) == truth


# --- the network and what stands before the server


@pytest.mark.parametrize(
    "rule",
    [
        *({"fault": status} for status in ("500", "502", "503", "504")),
        *({"fault": fault} for fault in ("reset", "reset_body", "truncate", "html200", "csv200")),
        {"fault": "hang", "seconds": 60},
        {"fault": "429", "retry_after": 0},
        {"fault": "429"},
    ],
    ids=lambda rule: "-".join(map(str, rule.values())),
)
def test_a_passing_fault_costs_one_more_call(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells, rule: Rule
) -> None:
    embedded.faults(rule | {"match": DATA | {"nth": 2}})
    fetched = download(client, store)
    assert len(embedded.log("POST")) == CHUNKS + 1
    assert max(record.attempts for record in fetched.records) == 2
    assert cells(store, fetched) == truth


@pytest.mark.parametrize(
    "rule",
    [
        *({"fault": fault} for fault in ("chunked", "gzip", "sparse_full", "status_array", "order_changed")),
        {"fault": "latency", "seconds": 0.2},
        {"fault": "order_changed", "variable": "Tid"},
    ],
    ids=lambda rule: "-".join(map(str, rule.values())),
)
def test_another_way_to_send_the_same_is_read_the_same(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells, rule: Rule
) -> None:
    embedded.faults(rule | {"times": None, "match": DATA})
    fetched = download(client, store)
    assert len(embedded.log("POST")) == CHUNKS
    assert cells(store, fetched) == truth


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("502", "502 .*Bad Gateway"),
        ("503", "503 .*Service Unavailable"),
        ("504", "504 .*Gateway Timeout"),
        ("reset", "ReadError|RemoteProtocolError|ConnectError"),
        ("reset_body", "ReadError|RemoteProtocolError"),
        ("truncate", "RemoteProtocolError"),
        ("html200", "200 with text/html"),
        ("csv200", "200 with text/csv"),
    ],
)
def test_a_lasting_fault_is_unreachable_after_six_attempts(
    embedded: Embedded, client: Client, store: RawStore, fault: str, words: str
) -> None:
    embedded.faults({"fault": fault, "times": None, "match": {"path": "metadata"}})
    with pytest.raises(Unreachable, match=rf"({words}).*\(6 attempts\); try again later") as caught:
        download(client, store, limit=None)
    assert "\n" not in str(caught.value)
    assert len([call for call in embedded.log() if call["fault"] == fault]) == 6


@pytest.mark.parametrize(("match", "asked"), [({"path": "config"}, 6), (DATA, 6 * CHUNKS)], ids=["config", "data"])
def test_a_lasting_fault_ends_the_download_wherever_it_strikes(
    embedded: Embedded,
    client: Client,
    store: RawStore,
    caplog: pytest.LogCaptureFixture,
    match: Rule,
    asked: int,
) -> None:
    embedded.faults({"fault": "503", "times": None, "match": match})
    with pytest.raises(Unreachable, match=r"503 .*Service Unavailable"):
        download(client, store)
    assert 6 <= len([call for call in embedded.log() if call["fault"] == "503"]) <= asked
    assert "Service Unavailable" in caplog.text
    assert "asking again" in caplog.text
    assert not list(store.folder.rglob("records/*/*")) or match == DATA


@pytest.mark.parametrize(
    "rule", [{"fault": "hang", "seconds": 60}, {"fault": "drip", "seconds": 0.1}], ids=["hang", "drip"]
)
def test_a_server_that_never_finishes_is_left_at_the_ceiling(embedded: Embedded, rule: Rule) -> None:
    """Neither silence nor a byte now and then, which no read time-out notices, holds a call for long."""
    embedded.faults(rule | {"times": None})
    begin = time.monotonic()
    with (
        Client(embedded.url, read_timeout=0.3, backoff=0.01, ceiling=1) as client,
        pytest.raises(Unreachable) as caught,
    ):
        client.metadata(TABLE)
    assert "ReadTimeout" in str(caught.value)
    assert time.monotonic() - begin < 30


def test_nobody_there_is_unreachable() -> None:
    with Client("http://127.0.0.1:9/api/v2", backoff=0.001) as client, pytest.raises(Unreachable, match="ConnectError"):
        client.config()
    with Client("statistikdatabasen.scb.se/api/v2") as client, pytest.raises(Unreachable, match="begins with https"):
        client.config()


def test_a_redirect_is_refused(embedded: Embedded, client: Client) -> None:
    embedded.faults({"fault": "redirect"})
    with pytest.raises(Refused, match=r"302 redirected to http://other\.invalid/.*; we follow no redirects"):
        client.config()


def test_a_problem_with_status_200_is_no_data(embedded: Embedded, client: Client, store: RawStore) -> None:
    embedded.faults({"fault": "problem200", "match": DATA})
    with pytest.raises(ContractError, match=r"not a json-stat 2\.0 dataset but 'Non-existent table'"):
        download(client, store)
    assert rejected(store) == 1


def test_metadata_that_is_none_is_kept_for_who_looks_into_it(
    embedded: Embedded, client: Client, store: RawStore
) -> None:
    embedded.faults({"fault": "problem200", "match": {"path": "metadata"}})
    with pytest.raises(ContractError, match=rf"{TABLE}: .*Non-existent table.*object [0-9a-f]+ kept"):
        download(client, store)
    assert rejected(store) == 1
    assert store.records(TABLE).all == ()


# --- the server fails on size


def test_a_chunk_that_the_server_fails_on_is_halved(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells, caplog: pytest.LogCaptureFixture
) -> None:
    embedded.faults({"fault": "500", "times": None, "match": DATA | {"cells_above": 40}})
    fetched = download(client, store)
    assert cells(store, fetched) == truth
    assert len(fetched.records) == 2 * CHUNKS
    assert "the server fails on a chunk of 60 cells; halved" in caplog.text
    failed = [call for call in embedded.log("POST") if call["status"] == 500]
    assert len(failed) == 2 * CHUNKS  # each asked for twice

    embedded.reset()
    again = download(client, store)
    assert (again.calls, again.records) == (0, fetched.records)
    assert embedded.log("POST") == []


def test_halves_that_were_fetched_are_not_fetched_again(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    large = {"fault": "500", "times": None, "match": DATA | {"cells_above": 40}}
    embedded.faults(large, {"fault": "503", "times": None, "match": DATA | {"cells_above": 0, "nth": 4}})
    with pytest.raises(Unreachable):
        download(client, store)
    fetched_before = len([call for call in embedded.log("POST") if call["status"] == 200])
    assert 0 < fetched_before < 2 * CHUNKS
    embedded.reset()
    embedded.faults(large)
    assert cells(store, download(client, store)) == truth
    asked = [call for call in embedded.log("POST") if call["status"] == 200]
    assert len(asked) == 2 * CHUNKS - fetched_before


def test_a_failure_on_a_single_cell_is_an_error(embedded: Embedded, client: Client, store: RawStore) -> None:
    embedded.faults({"fault": "500", "times": None, "match": DATA})
    with pytest.raises(ServerFailure, match=r"500 with an empty body \(2 attempts\)"):
        download(client, store)


# --- limits


def test_a_lower_limit_midway_is_planned_anew(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    embedded.faults({"fault": "lower_limit", "cells": LIMIT, "match": DATA})
    fetched = download(client, store, limit=None)
    assert len(fetched.records) == CHUNKS
    assert cells(store, fetched) == truth
    assert [call["fault"] for call in embedded.log("POST")] == ["lower_limit"] + [None] * CHUNKS
    assert len([call for call in embedded.log() if call["path"].endswith("/config")]) == 2


def test_a_server_that_counts_otherwise_than_it_says_is_not_asked_for_ever(
    embedded: Embedded, client: Client, store: RawStore
) -> None:
    embedded.faults({"fault": "problem", "title": "Too many cells selected", "times": None, "match": DATA})
    with pytest.raises(TooManyCells, match="Too many cells selected"):
        download(client, store, limit=None)
    assert len(embedded.log("POST")) == 1


def test_a_rate_that_is_not_told_is_two_a_second(embedded: Embedded, store: RawStore, truth: Cells) -> None:
    embedded.faults({"fault": "zero_limits", "match": {"path": "config"}})
    with Client(embedded.url) as client:
        assert cells(store, download(client, store, limit=None)) == truth
    arrivals = [call["arrived"] for call in embedded.log()]
    assert len(arrivals) == 4
    assert fullest(arrivals, 1.0) <= 2


def test_an_api_without_json_stat_is_refused(embedded: Embedded, client: Client) -> None:
    embedded.faults({"fault": "no_jsonstat", "match": {"path": "config"}})
    with pytest.raises(ContractError, match="offers csv, px, xlsx but not json-stat2"):
        client.config()


def fullest(arrivals: Sequence[float], window: float) -> int:
    return max(sum(1 for at in arrivals if start <= at < start + window) for start in arrivals)


THIRTY_A_SECOND = """
from sources.demo.faults import Faults
from sources.demo.server import Application, Server
from sources.demo.synthetic import open_catalogue

catalogue = open_catalogue(drift=False)
catalogue.config = catalogue.config | {"maxCallsPerTimeWindow": 30, "timeWindow": 1}
application = Application(catalogue)
server = Server(application, Faults(application, control=True), 0)
print(server.base_url, flush=True)
server.serve_forever()
"""


def test_sixteen_threads_never_meet_a_429() -> None:
    with serving(["-c", THIRTY_A_SECOND]) as url:
        with Client(url) as client:
            assert client.config().calls == 30
            with ThreadPoolExecutor(16) as pool:
                attempts = [answer.attempts for answer in pool.map(client.table, [TABLE] * 103)]
        calls = Embedded(url).log()
    assert [call["status"] for call in calls] == [200] * 104
    assert attempts == [1] * 103
    assert fullest([call["arrived"] for call in calls], 1.0) <= 30


# --- the table changes


def test_a_table_published_midway_is_fetched_anew_and_never_mixed(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    later = "2099-01-01T07:00:00Z"
    embedded.faults({"fault": "updated", "updated": later, "times": None, "match": {"path": TABLE, "nth": 4}})
    fetched = download(client, store)
    assert fetched.edition.dataset.updated == later
    assert {head.updated for head in heads(store, fetched)} == {later}
    assert {record.table_updated for record in fetched.records} == {later}
    assert cells(store, fetched) == truth
    assert len(embedded.log("POST")) > CHUNKS


def test_a_table_whose_data_did_not_move_is_still_asked_for_anew(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    """Only the metadata told of it, after the last chunk."""
    embedded.faults(
        {"fault": "updated", "updated": "2099-01-01T07:00:00Z", "times": None, "match": {"path": "metadata", "nth": 2}}
    )
    fetched = download(client, store)
    assert cells(store, fetched) == truth
    assert len(embedded.log("POST")) == 2 * CHUNKS


def test_a_table_that_is_published_again_and_again_is_given_up(
    embedded: Embedded, client: Client, store: RawStore
) -> None:
    embedded.faults(
        *(
            {"fault": "updated", "updated": f"2099-01-{day:02}T07:00:00Z", "match": {"path": "metadata"}}
            for day in range(1, 20)
        )
    )
    with pytest.raises(PublishedDuringDownload, match="during 3 downloads in a row; run again later"):
        download(client, store)
    assert len(embedded.log("POST")) == 3 * CHUNKS


def test_one_stale_answer_among_fresh_ones_is_asked_for_again(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    embedded.faults({"fault": "updated", "updated": "2000-01-01T07:00:00Z", "match": DATA | {"nth": 2}})
    fetched = download(client, store)
    assert len({head.updated for head in heads(store, fetched)}) == 1
    assert len(embedded.log("POST")) == CHUNKS + 1
    assert rejected(store) == 1
    assert cells(store, fetched) == truth


def test_a_stale_answer_beside_stored_ones_is_noticed(embedded: Embedded, client: Client, store: RawStore) -> None:
    embedded.faults({"fault": "503", "times": None, "match": DATA | {"nth": 3}})
    with pytest.raises(Unreachable):
        download(client, store)
    embedded.reset()
    embedded.faults({"fault": "updated", "updated": "2000-01-01T07:00:00Z", "times": None, "match": DATA})
    with pytest.raises(PublishedDuringDownload, match="during 3 downloads"):
        download(client, store)


def test_answers_that_are_all_stale_are_the_unchanged_table(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    embedded.faults({"fault": "updated", "updated": "2000-01-01T07:00:00Z", "times": None})
    assert cells(store, download(client, store)) == truth
    assert len(embedded.log("POST")) == CHUNKS


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            {"fault": "drop_dimension"},
            "asked for the variables .*Kon.*, the answer has Alder, ContentsCode, Region, Tid",
        ),
        (
            {"fault": "codes_changed", "variable": "Kon", "code": "1"},
            r"Kon: .*lacking \['1'\], not asked for \['NYKOD'\]",
        ),
        ({"fault": "codes_added", "variable": "Region"}, r"Region: .*not asked for \['NYKOD'\]"),
        ({"fault": "codes_removed", "variable": "Kon", "code": "2"}, r"Kon: asked for 3 codes, got 2; lacking \['2'\]"),
        ({"fault": "missing_region"}, "Region: asked for .* lacking"),
        (
            {"fault": "labels_changed", "variable": "Kon"},
            r"Kon 1: labelled '.* \(ny\)' in the data, .* in the metadata",
        ),
        ({"fault": "sex_swapped"}, "Kon 1: labelled 'kvinnor' in the data, 'män' in the metadata"),
        ({"fault": "unit_changed"}, r"000007SF: unit and decimals are \('tusental', 0\) in the data, \('antal', 0\)"),
        ({"fault": "duplicate_codes", "variable": "Kon"}, "Kon: category positions do not run 0, 1, 2"),
        ({"fault": "short_value"}, "holds 59 values where its dimensions span 60"),
        ({"fault": "long_value"}, "holds 61 values where its dimensions span 60"),
        ({"fault": "wrong_size"}, "does not match the categories"),
        ({"fault": "nan"}, "not JSON"),
        ({"fault": "infinity"}, "not JSON"),
        ({"fault": "huge"}, "not JSON"),
        ({"fault": "string"}, "`value` holds something else than plain numbers"),
        ({"fault": "boolean"}, "`value` holds"),
        ({"fault": "bad_status_index"}, "cell index lies outside 0 … 59"),
        ({"fault": "unknown_symbol", "content": 7}, "`status` holds int, not only symbols"),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else "",
)
def test_an_answer_that_is_not_what_was_asked_for_is_refused_and_set_aside(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells, rule: Rule, words: str
) -> None:
    embedded.faults(rule | {"match": DATA | {"nth": 2}})
    with pytest.raises(ContractError, match=rf"^{TABLE}.*({words}).*\(object [0-9a-f]+ kept\)") as caught:
        download(client, store)
    assert "\n" not in str(caught.value)
    assert str(caught.value).count(TABLE) == 1
    assert rejected(store) == 1
    assert cells(store, download(client, store)) == truth  # once the source is right again, the rest is reused
    assert len(embedded.log("POST")) == CHUNKS + 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("null_without_status", "1 missing values without a status symbol"),
        ("unknown_symbol", "status symbols that are not PxWebApi's own: ¤"),
        ("status_without_null", None),
    ],
)
def test_what_is_odd_is_kept_as_it_came_and_logged(
    embedded: Embedded,
    client: Client,
    store: RawStore,
    truth: Cells,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    words: str | None,
) -> None:
    caplog.set_level(logging.WARNING, "sources")
    embedded.faults({"fault": fault, "match": DATA})
    found = cells(store, download(client, store))
    different = [(found[key], truth[key]) for key in truth if found[key] != truth[key]]
    assert len(different) == 1
    assert words is None or words in caplog.text
    ((value, status), (true_value, _)) = different[0]
    expected = {"null_without_status": (None, None), "unknown_symbol": (true_value, "¤")}
    assert (value, status) == expected.get(fault, (true_value, ".."))


# --- what is stored is not asked for again


def test_an_unchanged_table_costs_one_call(embedded: Embedded, client: Client, store: RawStore, truth: Cells) -> None:
    first = download(client, store)
    embedded.reset()
    config = replace(client.config(), max_cells=LIMIT)
    edition = metadata(client, store, TABLE, "run2")
    other: list[object] = []
    again = fetch_table(
        client,
        store,
        config,
        edition,
        lambda _: [SELECTION],
        run_id="run2",
        # Another table's call on the same client is none of this table's.
        progress=lambda _done, _planned: other.append(client.table("TAB3200")),
    )
    assert (again.calls, again.records) == (0, first.records)
    own = [call["path"].partition("?")[0] for call in embedded.log() if TABLE in call["path"]]
    assert own == [f"/api/v2/tables/{TABLE}/metadata"]
    assert cells(store, again) == truth


def test_all_is_asked_for_again_when_history_is_read_anew(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    download(client, store)
    embedded.reset()
    again = download(client, store, anew=True)
    assert again.calls == len(embedded.log("POST")) == CHUNKS
    assert cells(store, again) == truth


def test_an_interrupted_download_goes_on_where_it_stopped(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    embedded.faults({"fault": "503", "times": None, "match": DATA | {"nth": 3}})
    with pytest.raises(Unreachable):
        download(client, store)
    embedded.reset()
    assert cells(store, download(client, store)) == truth
    assert len(embedded.log("POST")) == CHUNKS - 2


def test_ctrl_c_loses_nothing_that_came(embedded: Embedded, client: Client, store: RawStore, truth: Cells) -> None:
    def stop(done: int, planned: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(client, store, progress=stop)
    before = len(embedded.log("POST"))
    fetched = download(client, store)
    assert len(embedded.log("POST")) == CHUNKS
    assert fetched.calls == CHUNKS - before
    assert cells(store, fetched) == truth


def test_an_answer_whose_body_was_lost_is_asked_for_again(
    embedded: Embedded, client: Client, store: RawStore, truth: Cells
) -> None:
    lost = download(client, store).records[1]
    next(store.folder.rglob(f"{lost.sha256}.zst")).unlink()
    embedded.reset()
    fetched = download(client, store)
    assert len(embedded.log("POST")) == fetched.calls == 1
    assert cells(store, fetched) == truth


def test_progress_tells_chunks_done_and_planned(client: Client, store: RawStore) -> None:
    told: list[tuple[int, int]] = []
    download(client, store, progress=lambda done, planned: told.append((done, planned)))
    assert told == [(done, CHUNKS) for done in range(1, CHUNKS + 1)]


def test_every_error_of_a_source_is_one_family() -> None:
    assert issubclass(Unreachable, SourceError)
    assert issubclass(Refused, SourceError)
    assert issubclass(ContractError, SourceError)
