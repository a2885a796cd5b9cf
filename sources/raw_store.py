"""What the source sent, byte for byte, with a record of each fetch."""

import datetime as dt
import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile

import orjson
import pyarrow as pa

from sources.client import Answer
from sources.errors import ContractError


@dataclass(frozen=True)
class FetchRecord:
    """One answered request: what was asked, when (UTC), and the object that holds the body.

    `table_updated` is the table's own time stamp in the metadata that the request was built on.
    """

    fetch_id: str
    table_id: str
    method: str
    url: str
    request: str
    sha256: str
    bytes: int
    requested_at: dt.datetime
    received_at: dt.datetime
    attempts: int
    table_updated: str
    run_id: str


class RawStore:
    """A folder of bodies named by their SHA-256 (`objects/`) and of fetch records (`records/<table>/`)."""

    def __init__(self, folder: Path) -> None:
        """Args: folder of the store; created when the first answer is put."""
        self.folder = folder

    def put(self, answer: Answer, table_id: str, table_updated: str, run_id: str) -> FetchRecord:
        """The record of an answer, after body and record are safely on disk.

        Raises:
            OSError: the disk is full or not writable; nothing partial is left behind.
        """
        sha256 = hashlib.sha256(answer.body).hexdigest()
        identity = f"{answer.url}\n{answer.request.decode()}\n{sha256}\n{answer.received_at.isoformat()}"
        record = FetchRecord(
            hashlib.sha256(identity.encode()).hexdigest()[:16],
            table_id,
            answer.method,
            answer.url,
            answer.request.decode(),
            sha256,
            len(answer.body),
            answer.requested_at,
            answer.received_at,
            answer.attempts,
            table_updated,
            run_id,
        )
        path, content = self._object(sha256), pa.compress(answer.body, codec="zstd", asbytes=True)
        if not path.exists() or path.read_bytes() != content:  # a damaged object is mended
            _write(path, content)
        _write(self._record(record), orjson.dumps(asdict(record)))
        return record

    def body(self, record: FetchRecord) -> bytes:
        """The body of a record.

        Raises:
            ContractError: the stored object is gone or no longer has its hash.
        """
        path = self._object(record.sha256)
        try:
            stored = path.read_bytes()
            body: bytes = pa.decompress(stored, decompressed_size=record.bytes, codec="zstd", asbytes=True)
        except (FileNotFoundError, OSError) as error:
            raise ContractError(f"{path}: the stored answer cannot be read ({error}); fetch the table anew") from error
        if hashlib.sha256(body).hexdigest() != record.sha256:
            raise ContractError(f"{path}: the stored answer has been altered; remove it and fetch the table anew")
        return body

    def holds(self, record: FetchRecord) -> bool:
        """Whether the body of a record is there."""
        return self._object(record.sha256).exists()

    def save_set(
        self, scope: str, table_id: str, metadata: FetchRecord, records: Sequence[FetchRecord], asked: str
    ) -> None:
        """Notes which records together are the table's newest complete download for a scope, and what it asked for."""
        fetch_ids = [record.fetch_id for record in records]
        content = {"metadata": metadata.fetch_id, "records": fetch_ids, "asked": asked}
        _write(self.folder / "sets" / scope / f"{table_id}.json", orjson.dumps(content))

    def load_set(self, scope: str, table_id: str) -> tuple[FetchRecord, tuple[FetchRecord, ...], str] | None:
        """Metadata record, data records and what was asked for in the newest complete download; None without one."""
        path = self.folder / "sets" / scope / f"{table_id}.json"
        if not path.exists():
            return None
        content = orjson.loads(path.read_bytes())
        known = {record.fetch_id: record for record in self.records(table_id).all}
        return known[content["metadata"]], tuple(known[fetch_id] for fetch_id in content["records"]), content["asked"]

    def export(self, scope: str, table_id: str, folder: Path) -> None:
        """Nothing; another store in the folder holds the table's newest complete download for the scope, as stored.

        Raises:
            ContractError: part of it is gone.
        """
        found = self.load_set(scope, table_id)
        if found is None:
            raise ContractError(f"{table_id}: there is no complete download for {scope}; fetch the table")
        metadata, records, asked = found
        other = RawStore(folder)
        for record in (metadata, *records):
            self.body(record)
            for path in (self._object(record.sha256), self._record(record)):
                _write(folder / path.relative_to(self.folder), path.read_bytes())
        other.save_set(scope, table_id, metadata, records, asked)

    def reject(self, record: FetchRecord) -> None:
        """Puts the record of an answer that broke the contract aside; its body stays for whoever looks into it."""
        path = self._record(record)
        aside = path.parent / "rejected" / path.name
        aside.parent.mkdir(exist_ok=True)
        path.replace(aside)

    def records(self, table_id: str) -> "Records":
        """All records of a table."""
        files = (self.folder / "records" / table_id).glob("*.json")
        return Records([_read_record(orjson.loads(file.read_bytes())) for file in files])

    def _record(self, record: FetchRecord) -> Path:
        return self.folder / "records" / record.table_id / f"{record.fetch_id}.json"

    def _object(self, sha256: str) -> Path:
        return self.folder / "objects" / sha256[:2] / f"{sha256}.zst"


class Records:
    """The fetch records of one table, oldest first."""

    def __init__(self, records: list[FetchRecord]) -> None:
        """Args: records in any order."""
        self.all = tuple(sorted(records, key=lambda record: (record.received_at, record.fetch_id)))

    @cached_property
    def _by_request(self) -> dict[tuple[str, str], FetchRecord]:
        return {(record.request, record.table_updated): record for record in self.all if record.request}

    def find(self, request: bytes, table_updated: str) -> FetchRecord | None:
        """The newest record of that request to that edition of the table, if there is one."""
        return self._by_request.get((request.decode(), table_updated))


def _read_record(fields: dict[str, object]) -> FetchRecord:
    times = {name: dt.datetime.fromisoformat(str(fields[name])) for name in ("requested_at", "received_at")}
    return FetchRecord(**{**fields, **times})  # type: ignore[arg-type]


def _write(path: Path, content: bytes) -> None:
    """Writes beside and renames, so that a reader or a crash never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
