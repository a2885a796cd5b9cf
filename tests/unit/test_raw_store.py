"""What the source sent is kept byte for byte, found again, and never half written."""

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from sources.client import Answer
from sources.errors import ContractError
from sources.raw_store import FetchRecord, RawStore

ROOT = Path(__file__).resolve().parent.parent.parent
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
BODY = b'{"class":"dataset","label":"K\xc3\xb6n"}' * 100
UPDATED = "2026-01-01T07:00:00Z"


def answer(
    body: bytes = BODY, request: bytes = b'{"selection":[]}', minute: int = 0, url: str = "http://x/tables/TAB1/data"
) -> Answer:
    received = NOON + dt.timedelta(minutes=minute)
    return Answer("POST", url, request, body, received - dt.timedelta(seconds=1), received, 2)


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


def objects(store: RawStore) -> list[Path]:
    return sorted(path for path in (store.folder / "objects").rglob("*") if path.is_file())


def test_a_body_comes_back_byte_for_byte(store: RawStore) -> None:
    record = store.put(answer(), "TAB1", UPDATED, "run1")
    assert store.body(record) == BODY
    assert (record.bytes, record.attempts, record.table_updated, record.run_id) == (len(BODY), 2, UPDATED, "run1")
    assert store.records("TAB1").all == (record,)


def test_an_object_is_named_by_its_hash_compressed_and_kept_once(store: RawStore) -> None:
    first = store.put(answer(), "TAB1", UPDATED, "run1")
    again = store.put(answer(minute=1), "TAB2", UPDATED, "run2")
    (path,) = objects(store)
    assert path.name == f"{first.sha256}.zst"
    assert path.parent.name == first.sha256[:2]
    assert path.stat().st_size < len(BODY) / 10
    assert first.sha256 == again.sha256
    assert first.fetch_id != again.fetch_id


def test_an_empty_store_knows_nothing(store: RawStore) -> None:
    records = store.records("TAB1")
    assert records.all == ()
    assert records.find(b"{}", UPDATED) is None
    assert store.load_set("home-19", "TAB1") is None


def test_an_answer_is_found_by_request_and_edition(store: RawStore) -> None:
    old = store.put(answer(b'{"a":1}', b"q1"), "TAB1", "2025", "run1")
    newer = store.put(answer(b'{"a":2}', b"q1", minute=5), "TAB1", "2025", "run2")
    other = store.put(answer(b'{"a":3}', b"q2"), "TAB1", "2025", "run1")
    known = store.records("TAB1")
    assert old in known.all
    assert known.find(b"q1", "2025") == newer
    assert known.find(b"q2", "2025") == other
    assert known.find(b"q1", "2026") is None
    assert store.records("TAB2").find(b"q1", "2025") is None


def test_an_altered_object_is_detected(store: RawStore) -> None:
    record = store.put(answer(), "TAB1", UPDATED, "run1")
    (path,) = objects(store)
    path.write_bytes(pa.compress(BODY.replace(b"dataset", b"dataseT"), codec="zstd", asbytes=True))
    with pytest.raises(ContractError, match="has been altered; remove it and fetch the table anew"):
        store.body(record)


@pytest.mark.parametrize("content", [b"", b"not compressed", "half", "longer", "shorter"])
def test_a_damaged_object_is_an_error_that_says_what_to_do(store: RawStore, content: bytes | str) -> None:
    record = store.put(answer(), "TAB1", UPDATED, "run1")
    (path,) = objects(store)
    match content:
        case "half":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        case "longer":
            path.write_bytes(pa.compress(BODY + b" ", codec="zstd", asbytes=True))
        case "shorter":
            path.write_bytes(pa.compress(BODY[:-1], codec="zstd", asbytes=True))
        case bytes():
            path.write_bytes(content)
    with pytest.raises(ContractError, match="fetch the table anew"):
        store.body(record)


def test_a_lost_object_is_noticed(store: RawStore) -> None:
    record = store.put(answer(), "TAB1", UPDATED, "run1")
    assert store.holds(record)
    objects(store)[0].unlink()
    assert not store.holds(record)
    with pytest.raises(ContractError, match="fetch the table anew"):
        store.body(record)


def test_a_rejected_record_is_set_aside_with_its_body(store: RawStore) -> None:
    record = store.put(answer(), "TAB1", UPDATED, "run1")
    store.reject(record)
    assert store.records("TAB1").all == ()
    assert [path.name for path in store.folder.rglob("rejected/*")] == [f"{record.fetch_id}.json"]
    assert store.body(record) == BODY


# --- sets


def test_a_complete_download_is_found_again_in_its_order(store: RawStore) -> None:
    head = store.put(answer(b"{}", b"", url="http://x/metadata"), "TAB1", UPDATED, "run1")
    parts = [store.put(answer(b'{"n":%d}' % n, b"q%d" % n, minute=9 - n), "TAB1", UPDATED, "run1") for n in range(3)]
    store.save_set("home-19", "TAB1", head, parts, "all")
    assert store.load_set("home-19", "TAB1") == (head, tuple(parts), "all")
    assert store.load_set("national-19", "TAB1") is None
    store.save_set("home-19", "TAB1", head, parts[:1], "some")
    assert store.load_set("home-19", "TAB1") == (head, (parts[0],), "some")


def test_a_set_whose_record_is_gone_is_not_loaded_in_part(store: RawStore) -> None:
    head = store.put(answer(b"{}", b"", url="http://x/metadata"), "TAB1", UPDATED, "run1")
    part = store.put(answer(), "TAB1", UPDATED, "run1")
    store.save_set("home-19", "TAB1", head, [part], "all")
    store.reject(part)
    with pytest.raises(KeyError):
        store.load_set("home-19", "TAB1")


# --- a full disk

FILL = """
import datetime as dt, os, resource, sys
from pathlib import Path
from sources.client import Answer
from sources.raw_store import RawStore

store = RawStore(Path(sys.argv[1]))
now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
small = Answer("POST", "http://x/data", b"q", b"{}", now, now, 1)
store.put(small, "TAB1", "u", "run1")
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
large = Answer("POST", "http://x/data", b"q2", os.urandom(100_000), now, now, 1)
try:
    store.put(large, "TAB1", "u", "run1")
except OSError as error:
    print(type(error).__name__, error.errno)
"""


@pytest.mark.parametrize("room", [50_000, 0])
def test_a_full_disk_leaves_nothing_partial(tmp_path: Path, room: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path), str(room)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ended.stdout.startswith("OSError 27")  # EFBIG: the file may not grow
    store = RawStore(tmp_path)
    (kept,) = store.records("TAB1").all
    assert store.body(kept) == b"{}"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2  # the first answer's object and record


def test_a_disk_that_fails_at_the_last_moment_leaves_nothing_partial(
    store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = store.put(answer(), "TAB1", UPDATED, "run1")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(answer(b"{}", minute=1), "TAB1", UPDATED, "run2")
    assert store.records("TAB1").all == (record,)
    assert [path.name for path in store.folder.rglob(".*")] == []


def test_records_are_kept_word_for_word(store: RawStore) -> None:
    record = store.put(answer(request='{"Kön":"1+2"}'.encode()), "TAB1", UPDATED, "run1")
    (read,) = store.records("TAB1").all
    assert read == record
    assert isinstance(read, FetchRecord)
    assert replace(read, request="") != record
