"""Whoever has a network records the API once, politely; the recordings are then served in its stead."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows import embedded, project
from sources.client import Client
from sources.declarations import TableDeclaration
from sources.decoder import parse
from sources.errors import ContractError, Unreachable
from sources.record import CELLS, TOO_MANY, record

AGENT = "jamstat tests (contact: nobody)"
CHOSEN = ("TAB638", "TAB1830", "TAB3200", "TAB4396", "TAB6471")
"""Codelists, two regions in one table, many contents, no total of sex, months."""


def declared(*table_ids: str) -> dict[str, TableDeclaration]:
    tables = project.load().tables
    return {table_id: tables[table_id] for table_id in table_ids}


def document(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_bytes())
    return loaded


@contextmanager
def limited_server() -> Iterator[str]:
    """An embedded server that counts calls, as the API does."""
    command = [sys.executable, "-m", "sources.demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    with embedded.server() as base_url:
        yield base_url


@pytest.fixture(scope="module")
def recorded(demo: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("recorded") / "recordings"
    return folder, record(demo, declared(*CHOSEN), folder, user_agent=AGENT)


def switch_on(base_url: str, rule: dict[str, Any]) -> None:
    httpx.put(f"{base_url.removesuffix('/api/v2')}/control/faults", json=[rule]).raise_for_status()


def facts(folder: Path) -> dict[str, dict[str, Any]]:
    return {fact["question"]: fact for fact in document(folder / "behaviour.json")["facts"]}


def test_every_table_is_recorded_whole(recorded: tuple[Path, list[str]]) -> None:
    folder, lines = recorded
    for table_id in CHOSEN:
        names = {path.name for path in (folder / table_id).iterdir()}
        assert names == {"entry.json", "metadata.json", "request.json", "data.json"}
        assert any(line.startswith(f"{table_id}: recorded") for line in lines)
    assert document(folder / "config.json")["dataFormats"]
    assert document(folder / "tables.json")["page"]["pageNumber"] == 1


@pytest.mark.parametrize("table_id", CHOSEN)
def test_bodies_are_byte_for_byte_what_the_api_sends(
    demo: str, recorded: tuple[Path, list[str]], table_id: str
) -> None:
    folder = recorded[0] / table_id
    answer = httpx.post(
        f"{demo}/tables/{table_id}/data?lang=sv&outputFormat=json-stat2",
        content=(folder / "request.json").read_bytes(),
        headers={"Content-Type": "application/json"},
    )
    assert (folder / "data.json").read_bytes() == answer.content
    assert (folder / "metadata.json").read_bytes() == httpx.get(f"{demo}/tables/{table_id}/metadata?lang=sv").content


@pytest.mark.parametrize("table_id", CHOSEN)
def test_a_slice_is_small_and_has_both_sexes(recorded: tuple[Path, list[str]], table_id: str) -> None:
    folder = recorded[0] / table_id
    data = parse((folder / "data.json").read_bytes())
    table = project.load().tables[table_id]
    assert 0 < len(data.body["value"]) <= CELLS
    assert set(table.sexes()) <= set(data.dimensions[table.variable("sex")])
    asked = {part["variableCode"] for part in document(folder / "request.json")["selection"]}
    assert asked == set(parse((folder / "metadata.json").read_bytes()).dimensions)


def test_a_slice_holds_riket_and_one_county(recorded: tuple[Path, list[str]]) -> None:
    data = parse((recorded[0] / "TAB3200" / "data.json").read_bytes())
    assert {"00", "19"} <= set(data.dimensions["Region"])


def test_a_table_of_kommuner_only_has_all_of_the_county(recorded: tuple[Path, list[str]]) -> None:
    data = parse((recorded[0] / "TAB1830" / "data.json").read_bytes())
    assert data.dimensions["Bostadskommun"] == data.dimensions["Arbetsstallekommun"]
    assert len(data.dimensions["Bostadskommun"]) == 10


def test_the_recordings_answer_the_recorded_requests(recorded: tuple[Path, list[str]]) -> None:
    folder = recorded[0]
    with embedded.server(folder) as base_url, Client(base_url, user_agent=AGENT) as client:
        client.config()
        for table_id in CHOSEN:
            selection = document(folder / table_id / "request.json")["selection"]
            asked = {part["variableCode"]: part["valueCodes"] for part in selection}
            served = parse(client.data(table_id, asked).body)
            held = parse((folder / table_id / "data.json").read_bytes())
            assert served.dimensions == held.dimensions
            assert served.body["value"] == held.body["value"]
            assert served.body.get("status") == held.body.get("status")


def test_what_is_not_established_is_written_down(recorded: tuple[Path, list[str]]) -> None:
    found = facts(recorded[0])
    seen = {question: fact.get("status") for question, fact in found.items()}
    assert seen["Status of a GET whose URL has 2000 characters"] == 200
    assert seen["Status of a GET whose URL has 2200 characters"] == 404
    assert seen["Status and body of a repeated explicit code"] == 500
    assert seen["HEAD of /config"] == 405
    assert seen["An unsupported language"] == 400
    assert seen["An unknown table on /data"] == 400
    assert seen["Compression, latency and cache headers of data, when gzip is accepted"] == 200
    for length in (2_000, 2_200):
        assert len(found[f"Status of a GET whose URL has {length} characters"]["request"]["url"]) == length
    for fact in found.values():
        if "status" in fact:
            assert {"request", "headers", "body_first", "seconds"} <= set(fact)
            assert all(isinstance(name, str) and isinstance(value, str) for name, value in fact["headers"])
        else:
            assert fact["not_probed"]


def test_no_429_is_provoked(recorded: tuple[Path, list[str]]) -> None:
    folder, lines = recorded
    assert facts(folder)[TOO_MANY]["not_probed"] == "none came, and none was provoked"
    assert f"not probed: {TOO_MANY}: none came, and none was provoked" in lines


def test_an_aggregation_is_kept_and_asked_for_by_its_groups(recorded: tuple[Path, list[str]]) -> None:
    folder = recorded[0]
    fact = facts(folder)["Data by the groups of an aggregation"]
    (listed,) = (folder / "codelists").glob("*.json")
    part = next(part for part in json.loads(fact["request"]["body"])["selection"] if "codelist" in part)
    assert listed.stem == part["codelist"]
    assert set(part["valueCodes"]) <= {value["code"] for value in document(listed)["values"]}
    assert fact["status"] == 200


def test_a_second_run_fetches_only_what_has_been_published_anew(demo: str, recorded: tuple[Path, list[str]]) -> None:
    folder = recorded[0]
    entry = document(folder / "TAB6471" / "entry.json")
    (folder / "TAB6471" / "entry.json").write_text(json.dumps(entry | {"updated": "2000-01-01T07:00:00Z"}))
    before = {path: path.stat().st_mtime_ns for path in folder.glob("TAB*/*.json")}
    lines = record(demo, declared(*CHOSEN), folder, user_agent=AGENT)
    touched = {path.parent.name for path, time in before.items() if path.stat().st_mtime_ns != time}
    assert touched == {"TAB6471"}
    assert any(line.startswith("TAB3200: already recorded") for line in lines)


def test_a_table_that_fails_is_named_and_does_not_stop_the_others(demo: str, tmp_path: Path) -> None:
    tables = declared("TAB3200", "TAB6471")
    gone = tables["TAB3200"].model_copy(update={"id": "TAB999999"})
    lines = record(demo, {"TAB999999": gone, "TAB6471": tables["TAB6471"]}, tmp_path, user_agent=AGENT)
    assert any(line.startswith("TAB999999: failed: ") and "404" in line for line in lines)
    assert (tmp_path / "TAB6471" / "data.json").exists()
    assert not (tmp_path / "TAB999999" / "data.json").exists()


def test_an_answer_that_breaks_the_contract_is_kept_aside_and_asked_for_again(tmp_path: Path) -> None:
    tables = declared("TAB4396")
    with embedded.server(None, "--control") as base_url:
        switch_on(base_url, {"fault": "short_value", "times": 1, "match": {"method": "POST"}})
        first = record(base_url, tables, tmp_path, user_agent=AGENT)
        held = {path.name for path in (tmp_path / "TAB4396").iterdir()}
        second = record(base_url, tables, tmp_path, user_agent=AGENT)
    assert first[0].startswith("TAB4396: failed: ")
    assert held == {"metadata.json", "rejected.json"}
    assert second[0].startswith("TAB4396: recorded")


def test_an_api_that_stops_answering_is_left_for_another_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.client.ATTEMPTS", 1)
    with embedded.server(None, "--control") as base_url:
        switch_on(base_url, {"fault": "503", "times": None, "match": {"path": "TAB"}})
        lines = record(base_url, declared(*CHOSEN), tmp_path, user_agent=AGENT)
    assert [line.partition(":")[0] for line in lines[:2]] == list(CHOSEN[:2])
    assert lines[2].startswith("the API has stopped answering")
    assert not any(line.startswith(CHOSEN[2]) for line in lines)


def test_answers_of_two_apis_are_not_mixed(demo: str, tmp_path: Path) -> None:
    (tmp_path / "behaviour.json").write_text('{"base_url": "https://statistics.example/api/v2", "facts": []}')
    with pytest.raises(ContractError, match=r"recordings of statistics\.example"):
        record(demo, declared("TAB6471"), tmp_path, user_agent=AGENT)
    assert [path.name for path in tmp_path.iterdir()] == ["behaviour.json"]


def test_a_429_that_comes_is_kept_for_later_runs_too(tmp_path: Path) -> None:
    rule = {"fault": "429", "times": 1, "match": {"path": "metadata"}, "retry_after": 1}
    with embedded.server(None, "--control") as base_url:
        switch_on(base_url, rule)
        lines = record(base_url, declared("TAB4396"), tmp_path, user_agent=AGENT)
        refused = facts(tmp_path)[TOO_MANY]
        record(base_url, declared("TAB4396"), tmp_path, user_agent=AGENT)
    assert lines[0].startswith("TAB4396: recorded")
    assert (refused["status"], refused["request"]["url"].rpartition("/")[2]) == (429, "metadata?lang=sv")
    assert ["Retry-After", "1"] in refused["headers"]
    assert facts(tmp_path)[TOO_MANY] == refused


def test_the_pace_of_the_api_is_kept_but_for_the_one_burst_that_was_asked_for(tmp_path: Path) -> None:
    with limited_server() as base_url:
        record(base_url, declared("TAB4396"), tmp_path, user_agent=AGENT, burst=True)
    seen = [fact for fact in document(tmp_path / "behaviour.json")["facts"] if fact["question"] == TOO_MANY]
    assert [fact["status"] for fact in seen] == [429]
    assert seen[0]["request"]["url"].endswith("/tables?pageSize=1")


def test_an_api_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.client.ATTEMPTS", 1)
    with pytest.raises(Unreachable):
        record("http://127.0.0.1:9/api/v2", declared("TAB6471"), tmp_path / "out", user_agent=AGENT)
    assert not (tmp_path / "out").exists()
