"""A PxWebApi v2 client: paced, retried, and strict about what comes back."""

import datetime as dt
import email.utils
import logging
import math
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx
import orjson
import stamina

from sources.errors import ContractError, Refused, ServerFailure, TooManyCells, Unreachable
from sources.limiter import Limiter

LOG = logging.getLogger(__name__)
# A retry is logged by us, with the address and the reason, and not by stamina without them.
stamina.instrumentation.set_on_retry_hooks([])

SCB = "https://statistikdatabasen.scb.se/api/v2"
LANGUAGE = "sv"
ATTEMPTS = 6
CEILING = 120.0
"""Seconds that one call may take, all attempts and waits together."""
CONNECT_TIMEOUT = 5.0
UNTOLD_RATE = (2, 1.0)
"""Calls and window as long as /config tells no rate."""
UNTOLD_PAUSE = 10.0
"""Seconds to wait after a 429 that does not say how long, as long as /config tells no window."""


@dataclass(frozen=True)
class Answer:
    """One body as the server sent it, with what was asked and when (UTC)."""

    method: str
    url: str
    request: bytes
    body: bytes
    requested_at: dt.datetime
    received_at: dt.datetime
    attempts: int


@dataclass(frozen=True)
class Config:
    """What the API says of itself and its limits (`/config`)."""

    max_cells: int
    calls: int
    window: float
    formats: tuple[str, ...]
    licence: str
    api_version: str
    answer: Answer = field(repr=False)


class _Again(Exception):
    """An attempt that may be repeated, after `wait` seconds where the server said so."""

    def __init__(self, message: str, wait: float | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.wait = wait
        self.status = status


@dataclass
class _Call:
    """One call with its attempts; the deadline is set when the first attempt is sent, not while it queues."""

    method: str
    url: str
    body: bytes
    attempts: int = 0
    deadline: float = math.inf
    failures: int = 0

    def again(self, error: Exception) -> bool | float:
        """Whether to try again, or the seconds to wait before that."""
        if not isinstance(error, _Again) or self.left <= 0:
            return False
        if error.status == 500:
            self.failures += 1
            if self.failures > 1:
                return False
        if self.attempts < ATTEMPTS:
            when = "" if error.wait is None else f" in {error.wait:g} seconds"
            LOG.warning("%s %s: %s; asking again%s", self.method, self.url, error, when)
        return True if error.wait is None else error.wait

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()


class Client:
    """PxWebApi v2 over HTTP. Safe to share between threads; one per process and server."""

    def __init__(
        self,
        base_url: str = SCB,
        *,
        user_agent: str = "jamstat (regional statistics of women and men)",
        read_timeout: float = 60.0,
        backoff: float = 0.5,
        ceiling: float = CEILING,
    ) -> None:
        """Args: base_url up to and including /api/v2; user_agent with a contact; times in seconds."""
        self.base_url = base_url.rstrip("/")
        self.calls = 0
        self._count = threading.Lock()
        self._backoff = backoff
        self._ceiling = ceiling
        self._read_timeout = read_timeout
        self._limiter = Limiter(*UNTOLD_RATE)
        self._pause = UNTOLD_PAUSE
        self._http = httpx.Client(
            headers={"User-Agent": user_agent, "Accept": "application/json"},
            limits=httpx.Limits(max_connections=16),
            mounts={"all://127.0.0.1": None, "all://localhost": None},  # no proxy stands before this machine
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def config(self) -> Config:
        """The API's limits; from now on the client keeps to them.

        Raises:
            ContractError: the API does not offer json-stat2, or the answer lacks a limit.
        """
        answer = self._call("GET", "/config")
        try:
            document = orjson.loads(answer.body)
            config = Config(
                int(document["maxDataCells"]),
                int(document["maxCallsPerTimeWindow"]),
                float(document["timeWindow"]),
                tuple(str(name) for name in document["dataFormats"]),
                document.get("license") or "",
                document.get("apiVersion") or "",
                answer,
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise ContractError(f"{answer.url}: not PxWebApi v2's configuration ({error!r})") from error
        if "json-stat2" not in config.formats:
            raise ContractError(f"{answer.url}: the API offers {', '.join(config.formats)} but not json-stat2")
        if config.max_cells < 1:
            raise ContractError(f"{answer.url}: maxDataCells is {config.max_cells}; a limit is at least 1")
        if config.calls > 0 and config.window > 0:
            self._limiter.keep_to(config.calls, config.window)
            self._pause = config.window
        else:  # 0/0 means "not told", never "unlimited"
            self._limiter.keep_to(*UNTOLD_RATE)
            self._pause = UNTOLD_PAUSE
        return config

    def table(self, table_id: str) -> Answer:
        """The catalogue entry of a table."""
        return self._call("GET", f"/tables/{table_id}", {"lang": LANGUAGE})

    def tables(self, **query: str | int) -> Answer:
        """One page of the catalogue; query as in PxWebApi (`query`, `pastDays`, `pageSize`, `pageNumber` …)."""
        return self._call("GET", "/tables", {"lang": LANGUAGE, **query})

    def metadata(self, table_id: str) -> Answer:
        """A table's metadata: a json-stat2 dataset with every code and no values.

        Raises:
            Refused: there is no such table.
            ServerFailure: the catalogue lists the table, yet its metadata is not found.
        """
        path, query = f"/tables/{table_id}/metadata", {"lang": LANGUAGE}
        try:
            return self._call("GET", path, query)
        except Refused as error:
            if error.status != 404:
                raise
        self.table(table_id)  # where the catalogue has the table, 404 is how the server reports a failure of its own
        try:
            return self._call("GET", path, query)
        except Refused as error:
            if error.status != 404:
                raise
            raise ServerFailure(f"{error}, though the catalogue lists {table_id}; try again later") from error

    def codelist(self, codelist_id: str) -> Answer:
        """A codelist with its values."""
        return self._call("GET", f"/codelists/{codelist_id}", {"lang": LANGUAGE})

    def data(self, table_id: str, selection: Mapping[str, Sequence[str]]) -> Answer:
        """The json-stat2 answer to a selection of explicit codes.

        Raises:
            TooManyCells: the API counts more cells than it admits.
            ServerFailure: 500 twice; asking for less may help.
        """
        query = {"lang": LANGUAGE, "outputFormat": "json-stat2"}
        return self._call("POST", f"/tables/{table_id}/data", query, request_body(selection))

    def _call(self, method: str, path: str, query: Mapping[str, str | int] | None = None, body: bytes = b"") -> Answer:
        call = _Call(method, str(httpx.URL(self.base_url + path, params=query or {})), body)
        try:
            for attempt in stamina.retry_context(
                on=call.again,
                attempts=ATTEMPTS,
                timeout=None,  # the call's own deadline counts from its first slot, not from the queue for it
                wait_initial=self._backoff,
                wait_max=20.0,
                wait_jitter=self._backoff,
            ):
                with attempt:
                    return self._attempt(call)
        except _Again as error:
            kind = ServerFailure if error.status == 500 else Unreachable
            raise kind(f"{method} {call.url}: {error} ({call.attempts} attempts); try again later") from error
        raise AssertionError  # stamina either returns or raises

    def _attempt(self, call: _Call) -> Answer:
        with self._count:
            self.calls += 1
        call.attempts += 1
        headers = {"Content-Type": "application/json"} if call.body else {}
        with self._limiter.slot():
            if call.attempts == 1:
                call.deadline = time.monotonic() + self._ceiling
            patience = max(min(self._read_timeout, call.left), 0.01)
            timeout = httpx.Timeout(patience, connect=min(patience, CONNECT_TIMEOUT))
            requested_at = dt.datetime.now(dt.UTC)
            try:
                with self._http.stream(
                    call.method, call.url, content=call.body or None, headers=headers, timeout=timeout
                ) as response:
                    content = _read(response, call)
            except httpx.UnsupportedProtocol as error:
                raise Unreachable(f"{call.url}: {error}; the base address begins with https://") from error
            except httpx.RequestError as error:
                raise _Again(f"{type(error).__name__}: {error or 'no answer'}") from error
        received_at = dt.datetime.now(dt.UTC)
        if response.status_code != 200:
            self._refuse(response, content, call)
        media = response.headers.get("content-type", "")
        if _media_type(media) != "application/json":
            raise _Again(f"200 with {media or 'no content type'} instead of application/json: {content[:200]!r}")
        if content.rstrip()[-1:] != b"}":  # every answer of the API is an object
            raise _Again(f"the answer breaks off after {len(content)} bytes")
        return Answer(call.method, call.url, call.body, content, requested_at, received_at, call.attempts)

    def _refuse(self, response: httpx.Response, content: bytes, call: _Call) -> None:
        status = response.status_code
        title = _title(response.headers.get("content-type", ""), content)
        where = f"{call.method} {call.url}"
        if status == 429:
            pause = _retry_after(response.headers.get("retry-after")) or self._pause
            if pause > call.left:
                raise Unreachable(
                    f"{where}: 429 {title} ({call.attempts} attempts); run again in {math.ceil(pause)} seconds"
                )
            self._limiter.pause(pause)
            raise _Again(f"429 {title}", wait=pause, status=status)
        if status >= 500:
            raise _Again(f"{status} {title}", status=status)
        if title.startswith("Too many cells"):
            raise TooManyCells(f"{where}: {status} {title}", status=status, title=title)
        if 300 <= status < 400:
            title = f"redirected to {response.headers.get('location', 'nowhere')}; we follow no redirects"
        raise Refused(f"{where}: {status} {title}", status=status, title=title)


def request_body(selection: Mapping[str, Sequence[str]]) -> bytes:
    """The canonical POST body of a selection: equal selections give equal bytes."""
    return orjson.dumps(
        {"selection": [{"variableCode": name, "valueCodes": list(codes)} for name, codes in selection.items()]}
    )


def _read(response: httpx.Response, call: _Call) -> bytes:
    """The whole body; a server that drips bytes is cut off at the deadline."""
    parts = []
    for part in response.iter_bytes():
        parts.append(part)
        if call.left < 0:
            raise httpx.ReadTimeout("the answer took too long", request=response.request)
    return b"".join(parts)


def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


def _title(content_type: str, content: bytes) -> str:
    """The API's own title of an error, or the first words of whatever else came."""
    if _media_type(content_type) in ("application/problem+json", "application/json"):
        try:
            document: Any = orjson.loads(content)
        except orjson.JSONDecodeError:
            document = None
        if isinstance(document, dict):
            texts = [str(document[key]) for key in ("title", "detail") if document.get(key)]
            if isinstance(errors := document.get("errors"), dict):
                texts += [f"{name}: {why}" for name, why in errors.items()]
            return "; ".join(dict.fromkeys(texts)) or "without a title"
    return " ".join(content[:200].decode("utf-8", "replace").split()) or "with an empty body"


def _retry_after(header: str | None) -> float | None:
    """Seconds to wait, one more than told since the server rounds down; None when nothing usable was told."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header) + 1
    try:
        until = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    if until.tzinfo is None:  # so a date in "-0000" is read
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds()) + 1
