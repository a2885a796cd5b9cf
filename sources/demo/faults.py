"""Faults that tests switch on: what networks, fronts and changing tables do to a client.

Only with `--control`. `PUT /control/faults` takes a JSON list of rules, `GET /control/log` gives the calls that
came in, `DELETE /control/faults` clears both. A rule:

    {"fault": "503", "times": 2, "match": {"method": "POST", "path": "TAB6471/data", "nth": 3}, "seconds": 1}

`times`: how often it strikes (default 1, null for ever). `match`: `method`; `path` and `body`, regular expressions
that are searched for; `nth`: from the nth matching call on; `every`: each such call; `cells_above`: only answers
of more cells. The first rule that fits strikes. What each fault does stands in `FAULTS`.
"""

import copy
import gzip
import math
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from sources.demo.messages import Options, Request, Response
from sources.demo.store import Document

_PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body>%s</body></html>"
_RAW = "@raw@"


class Connection(Protocol):
    """The client's end."""

    @property
    def socket(self) -> socket.socket:
        """The raw socket."""

    def send(self, data: bytes) -> None:
        """Bytes to the client."""

    def head(self, response: Response, length: int, *, close: bool = False) -> bytes:
        """The head of an answer."""

    def hang_up(self) -> None:
        """No further request on this connection."""


class Application(Protocol):
    """What answers requests when nothing is wrong."""

    options: Options

    def answer(self, request: Request) -> Response:
        """The right answer."""


@dataclass
class Rule:
    """A fault and the calls it strikes."""

    fault: str
    times: int | None = 1
    method: str | None = None
    path: str | None = None
    body: str | None = None
    nth: int = 1
    every: int = 1
    cells_above: int | None = None
    parameters: Document = field(default_factory=dict)
    seen: int = 0

    @classmethod
    def parse(cls, rule: Any) -> "Rule":
        """A rule from JSON; a ValueError says what is wrong with it."""
        if not isinstance(rule, dict) or rule.get("fault") not in FAULTS:
            raise ValueError(f"a rule needs one of these faults: {', '.join(sorted(FAULTS))}; got {rule!r}")
        match = dict(rule.get("match") or {})
        known = {"method", "path", "body", "nth", "every", "cells_above"}
        if unknown := set(match) - known:
            raise ValueError(f"match knows {sorted(known)}, not {sorted(unknown)}")
        parameters = {key: value for key, value in rule.items() if key not in ("fault", "times", "match")}
        return cls(rule["fault"], rule.get("times", 1), **match, parameters=parameters)

    def strikes(self, request: Request, response: Response) -> bool:
        """Whether this call is hit; counts the calls that match and the hits."""
        if self.times == 0 or (self.method and self.method != request.method):
            return False
        if self.path and not re.search(self.path, request.target):
            return False
        if self.body and not re.search(self.body, request.body.decode("utf-8", "replace")):
            return False
        if self.cells_above is not None and _cells(response) <= self.cells_above:
            return False
        self.seen += 1
        if self.seen < self.nth or (self.seen - self.nth) % self.every:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The rules in force and the log of calls."""

    def __init__(self, application: Application, *, control: bool) -> None:
        self._application = application
        self._control = control
        self._usual = copy.copy(application.options)
        self._rules: list[Rule] = []
        self._log: list[Document] = []
        self._lock = threading.Lock()

    def control(self, request: Request) -> Response | None:
        """The answer of a control address; None for any other request."""
        if not self._control or not request.path.startswith("/control/"):
            return None
        if request.path == "/control/log" and request.method == "GET":
            with self._lock:
                return Response(body=orjson.dumps(self._log), media_type="application/json")
        if request.path != "/control/faults" or request.method not in ("PUT", "DELETE"):
            return Response(404, body=b"control: PUT or DELETE /control/faults, GET /control/log\n")
        try:
            rules = [Rule.parse(rule) for rule in orjson.loads(request.body)] if request.method == "PUT" else []
        except (ValueError, TypeError) as error:
            return Response(400, body=f"/control/faults: {error}\n".encode(), media_type="text/plain")
        with self._lock:
            self._rules = rules
            if request.method == "DELETE":
                self._log.clear()
                vars(self._application.options).update(vars(self._usual))
        return Response(204)

    def serve(self, request: Request, connection: Connection) -> None:
        """Sends the answer to a request, or what a fault makes of it."""
        response = self._application.answer(request)
        with self._lock:
            rule = next((rule for rule in self._rules if rule.strikes(request, response)), None)
            entry: Document = {
                "arrived": request.arrived,
                "method": request.method,
                "path": request.target,
                "body": request.body.decode("utf-8", "replace"),
                "status": response.status,
                "cells": _cells(response),
                "fault": rule.fault if rule else None,
            }
            if self._control:
                self._log.append(entry)
        if rule is None:
            _send(response, connection)
            return
        kind = FAULTS[rule.fault]
        if isinstance(kind, _Change):
            if response.status == 200 and response.document is not None:
                response = _changed(response, kind, rule.parameters)
            _send(response, connection)
        elif isinstance(kind, _Setting):
            kind.change(self._application.options, rule.parameters)
            _send(self._application.answer(request), connection)
        elif isinstance(kind, _Answer):
            answer = kind.make(rule.parameters)
            entry["status"] = answer.status
            _send(answer, connection)
        else:
            kind.transmit(response, connection, rule.parameters)


def _cells(response: Response) -> int:
    return len(response.document.get("value", ())) if response.document else 0


def _send(response: Response, connection: Connection) -> None:
    body = response.encoded()
    connection.send(connection.head(response, len(body)) + body)


@dataclass(frozen=True)
class _Change:
    """Changes a document."""

    change: Callable[[Document, Document], None]


@dataclass(frozen=True)
class _Answer:
    """Answers something else."""

    make: Callable[[Document], Response]


@dataclass(frozen=True)
class _Setting:
    """Changes the limits from here on."""

    change: Callable[[Options, Document], None]


@dataclass(frozen=True)
class _Transport:
    """Spoils how the answer is sent."""

    transmit: Callable[[Response, Connection, Document], None]


def _changed(response: Response, kind: _Change, parameters: Document) -> Response:
    document = copy.deepcopy(response.document)
    if document is None:
        return response
    kind.change(document, parameters)
    raw = document.pop(_RAW, None)
    body = orjson.dumps(document)
    if raw is not None:
        body = body.replace(f'"{_RAW}"'.encode(), raw.encode(), 1)
    return Response(response.status, response.headers, body, response.media_type)


# --- faults of the connection


def _latency(response: Response, connection: Connection, parameters: Document) -> None:
    time.sleep(float(parameters.get("seconds", 1.0)))
    _send(response, connection)


def _reset(response: Response, connection: Connection, parameters: Document) -> None:  # noqa: ARG001
    _cut(connection)


def _reset_body(response: Response, connection: Connection, parameters: Document) -> None:  # noqa: ARG001
    body = response.encoded()
    connection.send(connection.head(response, len(body)) + body[: len(body) // 2])
    _cut(connection)


def _cut(connection: Connection) -> None:
    linger = struct.pack("ii", 1, 0)  # closing sends a reset instead of an orderly end
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.hang_up()


def _truncate(response: Response, connection: Connection, parameters: Document) -> None:  # noqa: ARG001
    body = response.encoded()
    connection.send(connection.head(response, len(body), close=True) + body[: len(body) // 2])
    connection.hang_up()


def _hang(response: Response, connection: Connection, parameters: Document) -> None:  # noqa: ARG001
    _wait_for_end(connection, float(parameters.get("seconds", 3600)))
    connection.hang_up()


def _drip(response: Response, connection: Connection, parameters: Document) -> None:
    body = response.encoded()
    connection.send(connection.head(response, len(body)))
    step, pause = int(parameters.get("bytes", 1)), float(parameters.get("seconds", 0.1))
    for at in range(0, len(body), step):
        connection.send(body[at : at + step])
        if _wait_for_end(connection, pause):
            break


def _wait_for_end(connection: Connection, seconds: float) -> bool:
    """Whether the client hung up within that time."""
    connection.socket.settimeout(seconds)
    try:
        return connection.socket.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    finally:
        connection.socket.settimeout(None)


def _chunked(response: Response, connection: Connection, parameters: Document) -> None:  # noqa: ARG001
    body = response.encoded()
    response.headers.append(("Transfer-Encoding", "chunked"))
    head = connection.head(response, 0).replace(b"Content-Length: 0\r\n", b"")
    half = len(body) // 2 or 1
    parts = [part for part in (body[:half], body[half:]) if part]
    connection.send(head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n")


def _gzip(response: Response, connection: Connection, parameters: Document) -> None:  # noqa: ARG001
    body = gzip.compress(response.encoded())
    response.headers.append(("Content-Encoding", "gzip"))
    connection.send(connection.head(response, len(body)) + body)


# --- other answers


def _status(status: int) -> _Answer:
    def make(parameters: Document) -> Response:
        headers = []
        if "retry_after" in parameters:
            headers.append(("Retry-After", str(parameters["retry_after"])))
        if status == 500:
            return Response(500)
        if status == 429:
            return Response(429, headers, b"API calls quota exceeded! maximum admitted 30 per 10s.", "text/plain")
        text = {502: b"Bad Gateway", 503: b"Service Unavailable", 504: b"Gateway Timeout"}[status]
        return Response(status, headers, _PAGE % (text, text), "text/html")

    return _Answer(make)


def _html200(parameters: Document) -> Response:  # noqa: ARG001
    return Response(body=_PAGE % (b"Underh\xc3\xa5ll", b"Maintenance"), media_type="text/html; charset=utf-8")


def _csv200(parameters: Document) -> Response:  # noqa: ARG001
    return Response(body=b'"Region","Kon","2024"\r\n"19","1",1\r\n', media_type="text/csv; charset=iso-8859-1")


def _problem(usual: int) -> _Answer:
    def make(parameters: Document) -> Response:
        title = parameters.get("title", "Non-existent table")
        problem = {"type": "Parameter error", "title": title, "status": 400}
        media_type = "application/json; charset=utf-8"
        return Response(int(parameters.get("status", usual)), [], orjson.dumps(problem), media_type)

    return _Answer(make)


def _redirect(parameters: Document) -> Response:
    return Response(302, [("Location", str(parameters.get("location", "http://other.invalid/api/v2/config")))])


# --- other limits


def _lower_limit(options: Options, parameters: Document) -> None:
    options.cell_limit = int(parameters.get("cells", max(options.cell_limit // 2, 1)))


def _zero_limits(options: Options, parameters: Document) -> None:  # noqa: ARG001
    options.calls = options.seconds = 0


def _no_jsonstat(options: Options, parameters: Document) -> None:  # noqa: ARG001
    options.formats = ["csv", "px", "xlsx"]


# --- changed documents


def _first_value(content: Any) -> _Change:
    def change(document: Document, parameters: Document) -> None:
        values = document.get("value") or []
        at = next((at for at, value in enumerate(values) if value is not None), None)
        if at is not None:
            values[at] = parameters.get("content", content)

    return _Change(change)


def _raw_value(text: str) -> _Change:
    def change(document: Document, parameters: Document) -> None:
        if document.get("value"):
            document["value"][0] = _RAW
            document[_RAW] = str(parameters.get("content", text))

    return _Change(change)


def _updated(document: Document, parameters: Document) -> None:
    later = str(parameters.get("updated", "2099-01-01T00:00:00Z"))
    for entry in (document, *document.get("tables", ())):
        if "updated" in entry:
            entry["updated"] = later


def _variable(document: Document, parameters: Document, usual: str = "") -> tuple[str, Document]:
    """The variable a change is about: the one named, else the usual one, else the first."""
    dimensions: dict[str, Document] = document["dimension"]
    name = parameters.get("variable") or (usual if usual in dimensions else document["id"][0])
    return name, dimensions[name]


def _keep(document: Document, variable: str, positions: list[int]) -> None:
    """Leaves only these positions of a variable, in this order, in codes, values and statuses."""
    at = document["id"].index(variable)
    sizes: list[int] = document["size"]
    category = document["dimension"][variable]["category"]
    codes = sorted(category["index"], key=category["index"].__getitem__)
    kept = [codes[position] for position in positions]
    category["index"] = {code: place for place, code in enumerate(kept)}
    category["label"] = {code: category["label"][code] for code in kept}
    values, status = document.get("value") or [], document.get("status") or {}
    inner = 1
    for size in sizes[at + 1 :]:
        inner *= size
    outer = len(values) // (inner * sizes[at]) if values else 0
    source = [
        (block * sizes[at] + position) * inner + cell
        for block in range(outer)
        for position in positions
        for cell in range(inner)
    ]
    sizes[at] = len(kept)
    document["value"] = [values[cell] for cell in source]
    moved = {str(new): status[str(old)] for new, old in enumerate(source) if str(old) in status}
    if "status" in document:
        document["status"] = moved


def _drop_dimension(document: Document, parameters: Document) -> None:
    variable, _ = _variable(document, parameters, "Kon")
    _keep(document, variable, [0])
    at = document["id"].index(variable)
    del document["id"][at], document["size"][at], document["dimension"][variable]


def _missing_region(document: Document, parameters: Document) -> None:
    variable, dimension = _variable(document, parameters, "Region")
    index: dict[str, int] = dimension["category"]["index"]
    gone = index.get(str(parameters.get("code")), len(index) - 1)
    _keep(document, variable, [at for at in range(len(index)) if at != gone])


def _order_changed(document: Document, parameters: Document) -> None:
    variable, dimension = _variable(document, parameters)
    _keep(document, variable, list(reversed(range(len(dimension["category"]["index"])))))


def _sex_swapped(document: Document, parameters: Document) -> None:
    """The labels of women and men change places, the codes do not."""
    _, dimension = _variable(document, parameters, "Kon")
    labels: dict[str, str] = dimension["category"]["label"]
    first, second = parameters.get("codes", ["1", "2"])
    if first in labels and second in labels:
        labels[first], labels[second] = labels[second], labels[first]


def _rename_code(old: str | None, new: str) -> _Change:
    def change(document: Document, parameters: Document) -> None:
        _, dimension = _variable(document, parameters)
        category: dict[str, dict[str, Any]] = dimension["category"]
        wanted = str(parameters.get("code", old or next(reversed(category["index"]))))
        spelled = str(parameters.get("new", new))
        for key, by_code in category.items():
            category[key] = {spelled if code == wanted else code: value for code, value in by_code.items()}

    return _Change(change)


def _codes_added(document: Document, parameters: Document) -> None:
    """One code more, with values of its own, at the end of a variable."""
    variable, dimension = _variable(document, parameters)
    count = len(dimension["category"]["index"])
    _keep(document, variable, [*range(count)])
    category = dimension["category"]
    last = next(reversed(category["index"]))
    spelled = str(parameters.get("new", "NYKOD"))
    category["index"][spelled] = count
    category["label"][spelled] = category["label"][last]
    at = document["id"].index(variable)
    inner = 1
    for size in document["size"][at + 1 :]:
        inner *= size
    values: list[Any] = document["value"]
    block = inner * count
    document["value"] = [
        value
        for begin in range(0, len(values), block)
        for value in (*values[begin : begin + block], *values[begin + block - inner : begin + block])
    ]
    document["size"][at] = count + 1


def _duplicate_codes(document: Document, parameters: Document) -> None:
    """Two codes at one position: the second code's index is that of the first."""
    _, dimension = _variable(document, parameters)
    index: dict[str, int] = dimension["category"]["index"]
    codes = list(index)
    index[codes[-1]] = index[codes[0]]


def _labels_changed(document: Document, parameters: Document) -> None:
    _, dimension = _variable(document, parameters)
    labels: dict[str, str] = dimension["category"]["label"]
    for code in labels:
        labels[code] += str(parameters.get("content", " (ny)"))


def _scaled(document: Document, parameters: Document) -> None:
    """The values of one code of a variable are so many times what they were."""
    variable, dimension = _variable(document, parameters, "Tid")
    at = document["id"].index(variable)
    place, inner = dimension["category"]["index"].get(str(parameters["code"])), math.prod(document["size"][at + 1 :])
    document["value"] = [
        value * parameters["factor"] if value is not None and cell // inner % document["size"][at] == place else value
        for cell, value in enumerate(document.get("value") or [])
    ]


def _unit_changed(document: Document, parameters: Document) -> None:
    for dimension in document["dimension"].values():
        for unit in dimension["category"].get("unit", {}).values():
            unit["base"] = str(parameters.get("content", "tusental"))


def _short_value(document: Document, parameters: Document) -> None:  # noqa: ARG001
    document["value"] = document["value"][:-1]


def _long_value(document: Document, parameters: Document) -> None:  # noqa: ARG001
    document["value"] = [*document["value"], 0]


def _wrong_size(document: Document, parameters: Document) -> None:  # noqa: ARG001
    document["size"] = [document["size"][0] + 1, *document["size"][1:]]


def _sparse(document: Document, parameters: Document) -> None:  # noqa: ARG001
    document["value"] = {str(at): value for at, value in enumerate(document["value"]) if value is not None}


def _sparse_full(document: Document, parameters: Document) -> None:  # noqa: ARG001
    document["value"] = {str(at): value for at, value in enumerate(document["value"])}


def _status_array(document: Document, parameters: Document) -> None:  # noqa: ARG001
    given = document.get("status", {})
    document["status"] = [given.get(str(at)) for at in range(len(document["value"]))]


def _status_string(document: Document, parameters: Document) -> None:
    document["status"] = str(parameters.get("content", ".."))
    document["value"] = [None] * len(document["value"])


def _set_status(at: int | None, symbol: str) -> _Change:
    """A status at a cell; None is a cell that does not exist."""

    def change(document: Document, parameters: Document) -> None:
        cell = len(document["value"]) if at is None else at
        document["status"] = document.get("status", {}) | {str(cell): parameters.get("content", symbol)}

    return _Change(change)


def _null_without_status(document: Document, parameters: Document) -> None:  # noqa: ARG001
    document["value"][0] = None
    status = document.get("status", {})
    status.pop("0", None)
    if not status:
        document.pop("status", None)


FAULTS: Mapping[str, _Change | _Answer | _Setting | _Transport] = {
    "latency": _Transport(_latency),  # seconds
    "reset": _Transport(_reset),
    "reset_body": _Transport(_reset_body),
    "truncate": _Transport(_truncate),
    "hang": _Transport(_hang),  # seconds
    "drip": _Transport(_drip),  # bytes each so many seconds
    "chunked": _Transport(_chunked),
    "gzip": _Transport(_gzip),
    "429": _status(429),  # retry_after
    "500": _status(500),  # empty body
    "502": _status(502),
    "503": _status(503),  # retry_after
    "504": _status(504),
    "html200": _Answer(_html200),
    "csv200": _Answer(_csv200),
    "problem": _problem(400),  # status, title
    "problem200": _problem(200),  # title
    "redirect": _Answer(_redirect),  # location
    "lower_limit": _Setting(_lower_limit),  # cells; stays
    "zero_limits": _Setting(_zero_limits),
    "no_jsonstat": _Setting(_no_jsonstat),
    "updated": _Change(_updated),  # updated
    "drop_dimension": _Change(_drop_dimension),  # variable
    "missing_region": _Change(_missing_region),  # variable, code
    "order_changed": _Change(_order_changed),  # variable
    "sex_swapped": _Change(_sex_swapped),  # variable, codes
    "codes_changed": _rename_code(None, "NYKOD"),  # variable, code, new
    "codes_added": _Change(_codes_added),  # variable, new
    "codes_removed": _Change(_missing_region),  # variable, code
    "duplicate_codes": _Change(_duplicate_codes),  # variable
    "labels_changed": _Change(_labels_changed),  # variable, content
    "scaled": _Change(_scaled),  # variable, code, factor
    "unit_changed": _Change(_unit_changed),  # content
    "nan": _raw_value("NaN"),
    "infinity": _raw_value("Infinity"),
    "huge": _raw_value("1e400"),
    "string": _first_value("1"),
    "boolean": _first_value(True),
    "short_value": _Change(_short_value),
    "long_value": _Change(_long_value),
    "wrong_size": _Change(_wrong_size),
    "sparse": _Change(_sparse),
    "sparse_full": _Change(_sparse_full),
    "status_array": _Change(_status_array),
    "status_string": _Change(_status_string),  # content
    "bad_status_index": _set_status(None, ".."),
    "unknown_symbol": _set_status(0, "¤"),
    "status_without_null": _set_status(0, ".."),
    "null_without_status": _Change(_null_without_status),
}
