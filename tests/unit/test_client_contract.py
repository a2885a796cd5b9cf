"""The client understands what the published server says: its errors, limits and metadata, as recorded."""

import datetime as dt
import email.utils
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sources import client as client_module
from sources import planner
from sources.client import Client, request_body
from sources.decoder import parse
from sources.errors import ContractError, Refused, ServerFailure, TooManyCells, Unreachable
from sources.selection import expand

CONFIG = {"maxDataCells": 10_000, "maxCallsPerTimeWindow": 10_000, "timeWindow": 1, "dataFormats": ["json-stat2"]}
SELECTION = {"Region": ["00"], "Kon": ["1"], "ContentsCode": ["TAB9001A"], "Tid": ["2024"]}
JSON = "application/json; charset=utf-8"


@dataclass
class Reply:
    """What the server is to say next."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A server on loopback that says what it is told to, in that order, and the last thing ever after."""

    url: str
    replies: list[Reply] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def say(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.arrivals.clear()
        self.requests.clear()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                told.arrivals.append(time.monotonic())
                told.requests.append((self.command, self.path, dict(self.headers), body))
                reply = told.replies.pop(0) if len(told.replies) > 1 else told.replies[0]
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *args: object) -> None:
            """The test has its own log."""

    lock = threading.Lock()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        told = Server(f"http://127.0.0.1:{http.server_port}/api/v2")
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        yield told
        http.shutdown()
        thread.join()


def reply(body: object = None, status: int = 200, content_type: str = JSON, **headers: str) -> Reply:
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, named | ({"Content-Type": content_type} if content_type else {}), content)


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """A client that was told it may call as often as it likes, and waits briefly where it backs off."""
    server.say(reply(CONFIG))
    with Client(server.url, backoff=0.001) as client:
        client.config()
        yield client


Exchange = dict[str, Any]


def exchanges(shared: Path, wanted: Callable[[int, Exchange], bool]) -> Iterator[tuple[int, Exchange]]:
    for path in sorted((shared / "recordings" / "pxwebapi" / "exchanges").glob("*.json")):
        exchange = json.loads(path.read_text())
        if exchange["response"] is not None and wanted(int(path.name[:3]), exchange):
            yield int(path.name[:3]), exchange


def recorded(exchange: Exchange) -> Reply:
    """A recorded answer, to be sent anew."""
    response = exchange["response"]
    headers = {
        name: value
        for name, value in response["headers"]
        if name not in ("Transfer-Encoding", "Content-Length", "Date", "Server", "Connection")
    }
    return Reply(response["status"], headers, (response.get("body") or "").encode())


def one(shared: Path, number: int) -> Exchange:
    return next(exchange for _, exchange in exchanges(shared, lambda found, _: found == number))


# --- errors


def test_each_recorded_refusal_keeps_the_servers_own_title(shared: Path, server: Server, client: Client) -> None:
    refused = 0
    for number, exchange in exchanges(shared, lambda _, x: 400 <= x["response"]["status"] < 500):
        status, body = exchange["response"]["status"], exchange["response"].get("body")
        if status == 429:
            continue
        server.say(recorded(exchange))
        with pytest.raises(Refused) as caught:
            client.data("TAB9001", SELECTION)
        title = json.loads(body)["title"] if body else "with an empty body"
        assert caught.value.title.startswith(title), number
        assert caught.value.status == status, number
        assert isinstance(caught.value, TooManyCells) == (title == "Too many cells selected"), number
        assert f"{status} {title}" in str(caught.value), number
        assert "\n" not in str(caught.value), number
        assert len(server.requests) == 1, number
        refused += 1
    assert refused >= 90


def test_each_recorded_failure_is_asked_again_once(shared: Path, server: Server, client: Client) -> None:
    failed = 0
    for number, exchange in exchanges(shared, lambda _, x: x["response"]["status"] == 500):
        server.say(recorded(exchange))
        with pytest.raises(ServerFailure, match="500 with an empty body"):
            client.data("TAB9001", SELECTION)
        assert len(server.requests) == 2, number
        failed += 1
    assert failed >= 4


def test_a_validation_error_tells_what_was_wrong(shared: Path, server: Server, client: Client) -> None:
    server.say(recorded(one(shared, 194)))
    with pytest.raises(Refused, match=r"One or more validation errors occurred\..*The Selection field is required"):
        client.data("TAB9001", SELECTION)


def test_the_status_of_the_answer_counts_not_that_in_its_body(shared: Path, server: Server, client: Client) -> None:
    server.say(recorded(one(shared, 215)))
    with pytest.raises(Refused, match="Non-existent table") as caught:
        client.data("TAB0000", SELECTION)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe not text", b"[1]", b'{"errors": ["a", "b"]}', b'{"title": null}', b"{"]
)
@pytest.mark.parametrize(
    "content_type", ["application/problem+json; charset=utf-8", "APPLICATION/JSON", "", "text/html"]
)
def test_any_error_body_becomes_our_error(server: Server, client: Client, body: bytes, content_type: str) -> None:
    server.say(reply(body, 403, content_type))
    with pytest.raises(Refused, match="403"):
        client.data("TAB9001", SELECTION)


@pytest.mark.parametrize("body", [b"", b'{"value":[1,2', b'{"value":[1,2]\n', b"Service is starting"])
def test_a_body_that_breaks_off_is_asked_for_again(server: Server, client: Client, body: bytes) -> None:
    """Though it is as long as its head says, as after a front that lost the rest."""
    server.say(reply(body), reply(b'{"value":[1,2]}\r\n'))
    answer = client.data("TAB9001", SELECTION)
    assert (answer.body, answer.attempts) == (b'{"value":[1,2]}\r\n', 2)


def test_no_proxy_stands_before_this_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.say(reply(CONFIG))
    with Client(server.url, backoff=0.001) as client:
        assert client.config().max_cells == 10_000


def test_titles_are_read_from_both_media_types_with_parameters(server: Server, client: Client) -> None:
    problem = {"type": "Parameter error", "title": "Too many cells selected", "status": 403}
    for content_type in ("application/problem+json; charset=utf-8", "Application/Problem+JSON", "application/json"):
        server.say(reply(problem, 403, content_type))
        with pytest.raises(TooManyCells):
            client.data("TAB9001", SELECTION)


def test_an_html_error_is_told_by_its_first_words(server: Server, client: Client) -> None:
    server.say(reply(b"<html>\n<title>404 - File or directory\n not found.</title>" + b"x" * 1000, 404, "text/html"))
    with pytest.raises(Refused) as caught:
        client.table("TAB9001")
    assert caught.value.title.startswith("<html> <title>404 - File or directory not found.")
    assert len(str(caught.value)) < 400


def test_metadata_that_fails_for_a_listed_table_is_a_server_failure(
    shared: Path, server: Server, client: Client
) -> None:
    failure, listed = recorded(one(shared, 63)), recorded(one(shared, 42))
    server.say(failure, listed, failure)
    with pytest.raises(ServerFailure, match="though the catalogue lists TAB9042"):
        client.metadata("TAB9042")
    assert [path.partition("?")[0].removeprefix("/api/v2") for _, path, _, _ in server.requests] == [
        "/tables/TAB9042/metadata",
        "/tables/TAB9042",
        "/tables/TAB9042/metadata",
    ]


def test_metadata_that_fails_once_is_read(shared: Path, server: Server, client: Client) -> None:
    metadata = recorded(one(shared, 51))
    server.say(recorded(one(shared, 63)), recorded(one(shared, 42)), metadata)
    assert client.metadata("TAB9001").body == metadata.body


def test_metadata_of_a_table_that_is_not_listed_is_refused(shared: Path, server: Server, client: Client) -> None:
    server.say(recorded(one(shared, 68)), recorded(one(shared, 45)))
    with pytest.raises(Refused, match="Non-existent table") as caught:
        client.metadata("TAB0000")
    assert caught.value.status == 404
    assert len(server.requests) == 2


# --- limits


@pytest.mark.parametrize(("number", "cells", "calls", "window"), [(1, 10_000, 30, 10.0), (453, 150_000, 3, 1.0)])
def test_recorded_configurations_are_read(
    shared: Path, server: Server, number: int, cells: int, calls: int, window: float
) -> None:
    server.say(recorded(one(shared, number)))
    with Client(server.url) as client:
        config = client.config()
    assert (config.max_cells, config.calls, config.window) == (cells, calls, window)
    assert "json-stat2" in config.formats
    assert config.api_version == "2.3.2"
    assert config.licence.startswith("https://creativecommons.org/")


def test_the_live_services_recorded_configuration_is_read(shared: Path, server: Server) -> None:
    server.say(reply((shared / "recordings" / "config.json").read_bytes()))
    with Client(server.url) as client:
        config = client.config()
    assert (config.max_cells, config.calls, config.window) == (150_000, 3, 1.0)


def fullest(arrivals: Sequence[float], window: float) -> int:
    return max(sum(1 for at in arrivals if start <= at < start + window) for start in arrivals)


def test_a_recorded_limit_is_kept_to_from_the_first_call(shared: Path, server: Server) -> None:
    """Three calls a second, /config itself among them."""
    server.say(recorded(one(shared, 453)), recorded(one(shared, 412)))
    with Client(server.url) as client:
        client.config()
        threads = [threading.Thread(target=client.table, args=("TAB9001",)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.arrivals) == 6
    assert fullest(server.arrivals, 1.0) <= 3


def test_a_limit_that_is_not_told_is_not_unlimited(server: Server) -> None:
    server.say(reply(CONFIG | {"maxCallsPerTimeWindow": 0, "timeWindow": 0}), reply({}))
    with Client(server.url) as client:
        client.config()
        for _ in range(2):
            client.table("TAB9001")
    assert fullest(server.arrivals, 1.0) <= 2


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (CONFIG | {"dataFormats": ["csv", "px"]}, "offers csv, px but not json-stat2"),
        (CONFIG | {"maxDataCells": 0}, "maxDataCells is 0"),
        (CONFIG | {"maxDataCells": "many"}, "not PxWebApi v2's configuration"),
        (CONFIG | {"dataFormats": None}, "not PxWebApi v2's configuration"),
        ({"maxDataCells": 10}, "not PxWebApi v2's configuration"),
        (b"{oops}", "not PxWebApi v2's configuration"),
    ],
)
def test_a_configuration_that_cannot_be_used_stops_the_run(server: Server, config: Any, words: str) -> None:
    server.say(reply(config))
    with Client(server.url) as client, pytest.raises(ContractError, match=words):
        client.config()


def test_after_a_recorded_429_the_pause_is_a_second_longer_than_told(
    shared: Path, server: Server, client: Client
) -> None:
    """The server rounds its `Retry-After: 1` down: to wait just that long met a 429 again."""
    server.say(recorded(one(shared, 458)), recorded(one(shared, 412)))
    assert client.table("TAB9001").attempts == 2
    assert server.arrivals[1] - server.arrivals[0] >= 2.0


def test_a_429_without_retry_after_waits_one_window(server: Server) -> None:
    server.say(reply(CONFIG | {"timeWindow": 0.3}), reply(b"quota exceeded", 429, "text/plain"), reply({}))
    with Client(server.url) as client:
        client.config()
        client.table("TAB9001")
    assert server.arrivals[2] - server.arrivals[1] >= 0.3


def test_a_429_for_ever_ends_with_the_servers_words(server: Server) -> None:
    server.say(reply(CONFIG | {"timeWindow": 0.01}), reply(b"API calls quota exceeded!", 429, "text/plain"))
    with Client(server.url) as client:
        client.config()
        with pytest.raises(Unreachable, match=r"429 API calls quota exceeded! \(6 attempts\)"):
            client.table("TAB9001")


def test_a_pause_beyond_our_patience_is_told_at_once(server: Server, client: Client) -> None:
    server.say(reply(b"come back later", 429, "text/plain", Retry_After="3600"))
    with pytest.raises(Unreachable, match="run again in 3601 seconds"):
        client.table("TAB9001")
    server.say(reply({}))
    client.table("TAB9001")  # the gate stays open for the other calls


def test_retry_after_is_read_in_both_forms() -> None:
    assert client_module._retry_after("10") == 11
    assert client_module._retry_after("0") == 1
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
    for text in (email.utils.format_datetime(soon, usegmt=True), soon.strftime("%a, %d %b %Y %H:%M:%S -0000")):
        assert 29 <= (client_module._retry_after(text) or 0) <= 31
    assert client_module._retry_after("Tue, 24 Nov 2015 19:26:59 GMT") == 1
    for unusable in (None, "", "soon", "-5", "1.5", "²"):
        assert client_module._retry_after(unusable) is None


def test_rate_headers_on_a_success_change_nothing(shared: Path, server: Server, client: Client) -> None:
    answer = recorded(one(shared, 412))
    assert "X-Rate-Limit-Remaining" in answer.headers
    server.say(answer)
    assert client.table("TAB9001").body == answer.body


# --- requests and plans


def test_a_request_names_every_code_in_the_recorded_form(shared: Path, server: Server, client: Client) -> None:
    exchange = one(shared, 99)
    selection = {
        part["variableCode"]: part["valueCodes"] for part in json.loads(exchange["request"]["body"])["selection"]
    }
    server.say(recorded(exchange))
    answer = client.data("TAB9001", selection)
    method, path, headers, body = server.requests[0]
    assert method == "POST"
    assert path == "/api/v2/tables/TAB9001/data?lang=sv&outputFormat=json-stat2"
    assert headers["Content-Type"] == "application/json"
    assert "jamstat" in headers["User-Agent"]
    assert json.loads(body) == json.loads(exchange["request"]["body"])
    assert answer.request == body == request_body(selection)
    assert parse(answer.body).dimensions["Region"] == ("00", "01", "19", "20")


def test_the_plan_counts_cells_as_the_server_does(shared: Path) -> None:
    """Just the limit passes and one more is refused, there as here."""
    metadata = parse((shared / "recordings/pxwebapi/tables/TAB9002/metadata.json").read_bytes())
    for number, limit, passed in [
        (281, 10_000, True),
        (282, 10_000, False),
        (455, 150_000, True),
        (456, 150_000, False),
    ]:
        exchange = one(shared, number)
        assert (exchange["response"]["status"] == 200) == passed
        selection = {
            part["variableCode"]: expand(
                part["valueCodes"], metadata.dimensions[part["variableCode"]], time=part["variableCode"] == "Tid"
            )
            for part in json.loads(exchange["request"]["body"])["selection"]
        }
        assert (len(planner.plan(selection, limit, metadata.time).chunks) == 1) == passed


def test_recorded_metadata_is_planned_under_the_recorded_limit(shared: Path) -> None:
    metadata = parse((shared / "recordings/TAB6471/metadata.json").read_bytes())
    plan = planner.plan(metadata.dimensions, 150_000, metadata.time)
    assert (plan.cells, len(plan.chunks)) == (2_006_784, 14)
