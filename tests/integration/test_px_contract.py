"""The embedded server over PX files against recorded exchanges with the published PxWebApi server."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXCEPTIONS = Path(__file__).with_name("replay_exceptions.yml")
OTHER_FORMATS = {"csv", "px", "xlsx", "html", "json-px", "parquet"}


@pytest.fixture(scope="module")
def server(shared: Path) -> Iterator[str]:
    tables = shared / "recordings" / "pxwebapi" / "tables"
    command = [sys.executable, "-m", "sources.demo", "--backend", "px", "--recordings", str(tables)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture(scope="module")
def exchanges(shared: Path) -> dict[int, dict[str, Any]]:
    """The exchanges that replay.py asks again, by number."""
    found = {}
    for path in sorted((shared / "recordings" / "pxwebapi" / "exchanges").glob("*.json")):
        exchange = json.loads(path.read_text())
        request, response = exchange["request"], exchange["response"]
        if not request or not response or "method" not in request or response.get("body_base64"):
            continue
        if any(key.startswith("body_") and key != "body_charset" for key in request):
            continue
        found[int(path.name[:3])] = exchange | {"name": path.stem}
    return found


@pytest.fixture(scope="module")
def unequal(server: str, shared: Path, exchanges: dict[int, dict[str, Any]]) -> dict[int, str]:
    """What replay.py finds different, by number."""
    folder = shared / "recordings" / "pxwebapi" / "exchanges"
    command = [sys.executable, str(shared / "tools" / "replay.py"), server, str(folder), "--show", "1000"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = {int(number): why for number, why in re.findall(r"^  (\d{3})-[^:]+: (.*)$", told, re.MULTILINE)}
    assert f"{len(exchanges) - len(found)} of {len(exchanges)} answers equal" in told
    return found


@pytest.fixture(scope="module")
def listed() -> dict[int, tuple[str, str]]:
    """Scope and reason of every listed exception."""
    groups = yaml.safe_load(EXCEPTIONS.read_text())
    return {number: (group["scope"], group["reason"]) for group in groups for number in group["exchanges"]}


def in_scope(exchange: dict[str, Any]) -> bool:
    """Whether the embedded server offers what this exchange is about."""
    name, request = exchange["name"], exchange["request"]
    formats = set(re.findall(r"outputformat=([\w-]+)", (request.get("query") or "").lower()))
    if formats & OTHER_FORMATS or "savedquer" in request["path"] or "savedquery" in name:
        return False
    return not re.match(r"\d{3}-(cors|accept|cache|if|range)-", name)


def test_differences_are_exactly_the_listed_ones(unequal: dict[int, str], listed: dict[int, tuple[str, str]]) -> None:
    assert {n: why for n, why in unequal.items() if n not in listed} == {}, "differ and are not listed"
    assert {n: listed[n] for n in listed if n not in unequal} == {}, "listed and yet equal: take them out"


def test_each_exception_says_scope_and_reason(
    exchanges: dict[int, dict[str, Any]], listed: dict[int, tuple[str, str]]
) -> None:
    for number, (scope, reason) in listed.items():
        assert (scope == "in") == in_scope(exchanges[number]), exchanges[number]["name"]
        assert len(reason) > 20, exchanges[number]["name"]


def test_nine_tenths_of_what_is_in_scope_are_equal(
    unequal: dict[int, str], exchanges: dict[int, dict[str, Any]]
) -> None:
    asked = [number for number, exchange in exchanges.items() if in_scope(exchange)]
    equal = [number for number in asked if number not in unequal]
    assert len(equal) >= 0.9 * len(asked), f"{len(equal)} of {len(asked)} in scope are equal"


def _get(path: str, times: int) -> list[tuple[str, str, Any]]:
    return [("GET", path, None)] * times


_TABLE = "/tables/TAB9001"
_LAST_PERIOD = {
    "selection": [
        {"variableCode": "Tid", "valueCodes": ["2024"]},
        {"variableCode": "ContentsCode", "valueCodes": ["*"]},
    ]
}
BURSTS = {
    414: _get(_TABLE, 30),
    415: _get(_TABLE, 31),
    416: _get(_TABLE, 32),
    417: _get(_TABLE, 33),
    419: _get("/config", 35),
    420: _get("/config", 36),
    421: _get("/tables/TAB0000", 30),
    422: _get("/nosuch", 30),
    423: [("OPTIONS", _TABLE, None)] * 30,
    424: _get("/healthz/live", 30),
    425: [("POST", f"{_TABLE}/data", _LAST_PERIOD)] * 30,
    430: _get(_TABLE, 50),
    514: _get(_TABLE, 30),
}


@pytest.mark.parametrize("number", BURSTS)
def test_refused_calls_are_equal_after_the_recorded_bursts(
    server: str, exchanges: dict[int, dict[str, Any]], number: int
) -> None:
    recorded, address = exchanges[number], {"X-Forwarded-For": f"203.0.113.{number - 400}"}
    with httpx.Client(base_url=server, headers=address) as client:
        for method, path, body in BURSTS[number]:
            client.request(method, path, json=body)
        request = recorded["request"]
        answer = client.request(
            request["method"],
            request["path"].removeprefix("/api/v2"),
            content=request.get("body"),
            headers={k: v for k, v in request["headers"].items() if k != "X-Forwarded-For"},
        )
    headers = {name.lower(): value for name, value in recorded["response"]["headers"]}
    assert (answer.status_code, answer.text) == (429, recorded["response"]["body"])
    assert answer.headers["content-type"] == headers["content-type"]
    assert 1 <= int(answer.headers["retry-after"]) <= 10
    assert not [name for name in answer.headers if name.startswith("x-rate-limit")]


def test_of_fifty_calls_at_once_thirty_pass(server: str) -> None:
    with httpx.Client(base_url=server, headers={"X-Forwarded-For": "203.0.113.200"}) as client:
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda _: client.get(_TABLE), range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] * 30 + [429] * 20
        passed = [answer for answer in answers if answer.status_code == 200]
        assert {answer.headers["x-rate-limit-limit"] for answer in passed} == {"10s"}
        assert sorted(int(a.headers["x-rate-limit-remaining"]) for a in passed) == list(range(30))


def test_own_machine_is_not_limited(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        assert {client.get(_TABLE).status_code for _ in range(40)} == {200}


@pytest.mark.parametrize(("repeats", "status"), [((1_000, 1), 200), ((10_001, 1), 400), ((65_536, 65_536), 500)])
def test_cells_are_counted_in_32_bits(server: str, repeats: tuple[int, int], status: int) -> None:
    """Exchange 287, whose own body is too long to be kept: 2^32 repeated codes pass the limit and then fail."""
    codes = {"Region": ["00"] * repeats[0], "Kon": ["1"] * repeats[1], "ContentsCode": ["TAB9001A"], "Tid": ["2024"]}
    selection = [{"variableCode": variable, "valueCodes": wanted} for variable, wanted in codes.items()]
    answer = httpx.post(f"{server}{_TABLE}/data", json={"selection": selection}, timeout=30)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["title"] == "Too many cells selected"


def test_address_beyond_the_request_line_is_414(server: str) -> None:
    """Exchange 394, whose own address is shortened in the recording."""
    answer = httpx.get(f"{server}/config?pad={'x' * 40_000}")
    assert (answer.status_code, answer.content) == (414, b"")
