"""A PxWebApi v2 client: paced, retried, and strict about what comes back."""

import datetime as dt
import email.utils
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

SCB = "https://statistikdatabasen.scb.se/api/v2"
LANGUAGE = "sv"
ATTEMPTS = 6
CEILING = 120.0
"""Seconds that one call may take, all attempts and waits together."""
UNTOLD_RATE = (20, 10.0)
"""Calls and window when /config tells no rate: at most two a second."""


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
        self._limiter = Limiter(1, 0.0)
        self._http = httpx.Client(
            timeout=httpx.Timeout(read_timeout, connect=5.0),
            headers={"User-Agent": user_agent, "Accept": "application/json"},
            limits=httpx.Limits(max_connections=16),
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
            formats = tuple(document["dataFormats"])
            calls, window = int(document["maxCallsPerTimeWindow"]), float(document["timeWindow"])
            config = Config(
                int(document["maxDataCells"]),
                calls,
                window,
                formats,
                document.get("license", ""),
                document.get("apiVersion", ""),
                answer,
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise ContractError(f"{answer.url}: not PxWebApi v2's configuration ({error})") from error
        if "json-stat2" not in formats:
            raise ContractError(f"{answer.url}: the API offers {', '.join(formats)} but not json-stat2")
        # 0/0 means "not told", never "unlimited".
        self._keep_to(*((calls, window) if calls > 0 and window > 0 else UNTOLD_RATE))
        return config

    def _keep_to(self, calls: int, window: float) -> None:
        if (calls, window) == (self._limiter.calls, self._limiter.window):
            return
        self._limiter = Limiter(calls, window)
        with self._limiter.slot():
            """The call to /config itself counted: its slot is taken for one window."""

    def table(self, table_id: str) -> Answer:
        """The catalogue entry of a table."""
        return self._call("GET", f"/tables/{table_id}", {"lang": LANGUAGE})

    def tables(self, **query: str | int) -> Answer:
        """One page of the catalogue; query as in PxWebApi (`query`, `pastDays`, `pageSize`, `pageNumber` …)."""
        return self._call("GET", "/tables", {"lang": LANGUAGE, **query})

    def metadata(self, table_id: str) -> Answer:
        """A table's metadata: a json-stat2 dataset with every code and no values."""
        try:
            return self._call("GET", f"/tables/{table_id}/metadata", {"lang": LANGUAGE})
        except Refused as error:
            if error.status != 404:
                raise
            self.table(table_id)  # a table that the catalogue has is asked for once more: 404 can be a server failure
            return self._call("GET", f"/tables/{table_id}/metadata", {"lang": LANGUAGE})

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
        url = str(httpx.URL(self.base_url + path, params=query or {}))
        deadline = time.monotonic() + self._ceiling
        failures = 0
        attempt_number = 0

        def wait(error: Exception) -> bool | float:
            nonlocal failures
            if not isinstance(error, _Again):
                return False
            if error.status == 500:
                failures += 1
                if failures > 1:
                    return False
            return True if error.wait is None else error.wait

        try:
            for attempt in stamina.retry_context(
                on=wait,
                attempts=ATTEMPTS,
                timeout=self._ceiling,
                wait_initial=self._backoff,
                wait_max=20.0,
                wait_jitter=self._backoff,
            ):
                with attempt:
                    attempt_number = attempt.num
                    return self._attempt(method, url, body, deadline, attempt.num)
        except _Again as error:
            kind = ServerFailure if error.status == 500 else Unreachable
            raise kind(f"{method} {url}: {error} ({attempt_number} attempts); try again later") from error
        raise AssertionError  # stamina either returns or raises

    def _attempt(self, method: str, url: str, body: bytes, deadline: float, number: int) -> Answer:
        with self._count:
            self.calls += 1
        headers = {"Content-Type": "application/json"} if body else {}
        with self._limiter.slot():
            requested_at = dt.datetime.now(dt.UTC)
            try:
                with self._http.stream(method, url, content=body or None, headers=headers) as response:
                    content = _read(response, deadline)
            except httpx.TransportError as error:
                raise _Again(f"{type(error).__name__}: {error or 'no answer'}") from error
        received_at = dt.datetime.now(dt.UTC)
        if response.status_code != 200:
            self._refuse(response, content, f"{method} {url}")
        media = response.headers.get("content-type", "")
        if _media_type(media) != "application/json":
            raise _Again(f"200 with {media or 'no content type'} instead of application/json: {content[:80]!r}")
        return Answer(method, url, body, content, requested_at, received_at, number)

    def _refuse(self, response: httpx.Response, content: bytes, call: str) -> None:
        status = response.status_code
        title = _title(response.headers.get("content-type", ""), content)
        if status == 429:
            pause = _retry_after(response.headers.get("retry-after")) or self._limiter.window or UNTOLD_RATE[1]
            self._limiter.pause(pause)
            raise _Again(f"429 {title}", wait=pause, status=status)
        if status >= 500:
            raise _Again(f"{status} {title}", status=status)
        if title.startswith("Too many cells"):
            raise TooManyCells(f"{call}: {status} {title}", status=status, title=title)
        if 300 <= status < 400:
            title = f"redirected to {response.headers.get('location', 'nowhere')}; we follow no redirects"
        raise Refused(f"{call}: {status} {title}", status=status, title=title)


def request_body(selection: Mapping[str, Sequence[str]]) -> bytes:
    """The canonical POST body of a selection: equal selections give equal bytes."""
    return orjson.dumps(
        {"selection": [{"variableCode": name, "valueCodes": list(codes)} for name, codes in selection.items()]}
    )


def _read(response: httpx.Response, deadline: float) -> bytes:
    """The whole body; a server that drips bytes is cut off at the deadline."""
    parts = []
    for part in response.iter_bytes():
        parts.append(part)
        if time.monotonic() > deadline:
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
            texts += [f"{name}: {why}" for name, why in (document.get("errors") or {}).items()]
            return "; ".join(dict.fromkeys(texts)) or "without a title"
    return " ".join(content[:200].decode("utf-8", "replace").split()) or "with an empty body"


def _retry_after(header: str | None) -> float | None:
    """Seconds to wait, one more than told since the server rounds down; None when nothing usable was told."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header) + 1
    try:
        until = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds()) + 1
