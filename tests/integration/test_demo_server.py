"""The embedded server as its users meet it: a process, an address, recorded SCB answers, faults on demand."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
POPULATION = {
    "Region": ["19"],
    "Alder": ["0-9"],
    "Kon": ["2", "1", "TotSa"],
    "ContentsCode": ["000007SF"],
    "Tid": ["2026M01"],
}


@contextmanager
def serving(recordings: Path, *options: str) -> Iterator[httpx.Client]:
    command = [sys.executable, "-m", "sources.demo", "--recordings", str(recordings), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with httpx.Client(base_url=address, timeout=10) as client:
            yield client
        process.terminate()


@pytest.fixture(scope="module")
def recordings(shared: Path) -> Path:
    return shared / "recordings"


@pytest.fixture(scope="module")
def recorded(recordings: Path) -> Iterator[httpx.Client]:
    with serving(recordings, "--no-limit") as client:
        yield client


@pytest.fixture(scope="module")
def controlled(recordings: Path) -> Iterator[httpx.Client]:
    with serving(recordings, "--no-limit", "--control") as client:
        yield client


@pytest.fixture
def faulty(controlled: httpx.Client) -> Iterator[httpx.Client]:
    yield controlled
    assert controlled.delete(_control(controlled, "faults")).status_code == 204


def _control(client: httpx.Client, what: str) -> str:
    return str(client.base_url).removesuffix("/api/v2/") + f"/control/{what}"


def switch_on(client: httpx.Client, *rules: dict[str, Any]) -> None:
    answer = client.put(_control(client, "faults"), json=rules)
    assert answer.status_code == 204, answer.text


def ask(client: httpx.Client, table: str = "TAB6471", **codes: list[str]) -> httpx.Response:
    wanted = {**POPULATION, **codes} if table == "TAB6471" else codes
    selection = [{"variableCode": variable, "valueCodes": values} for variable, values in wanted.items()]
    return client.post(f"/tables/{table}/data", json={"selection": selection})


def codes(document: dict[str, Any], variable: str) -> list[str]:
    index = document["dimension"][variable]["category"]["index"]
    return sorted(index, key=index.__getitem__)


def of(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    return document


class TestRecordings:
    def test_only_tables_with_data_are_served(self, recorded: httpx.Client) -> None:
        listed = recorded.get("/tables").json()
        assert [table["id"] for table in listed["tables"]] == ["TAB3200", "TAB4396", "TAB6471"]
        for address in ("/tables/TAB5839", "/tables/TAB5839/metadata"):
            answer = recorded.get(address)
            assert (answer.status_code, answer.json()["title"]) == (404, "Non-existent table")
        assert ask(recorded, "TAB5839", Tid=["2021"]).status_code == 400

    @pytest.mark.parametrize("table", ["TAB3200", "TAB4396", "TAB6471"])
    def test_metadata_list_exactly_the_codes_of_the_data(
        self, recorded: httpx.Client, recordings: Path, table: str
    ) -> None:
        metadata = recorded.get(f"/tables/{table}/metadata").json()
        data, whole = of(recordings / table / "data.json"), of(recordings / table / "metadata.json")
        assert metadata["id"] == data["id"]
        assert metadata["size"] == data["size"]
        assert metadata["updated"] == data["updated"]
        assert metadata["value"] == []
        assert "status" not in metadata
        for variable in data["id"]:
            assert codes(metadata, variable) == codes(data, variable)
            ours, theirs = metadata["dimension"][variable], whole["dimension"][variable]
            for code in codes(data, variable):
                assert ours["category"]["label"][code] == theirs["category"]["label"][code]
            assert ours["extension"]["elimination"] == theirs["extension"]["elimination"]
            assert ours["extension"]["show"] == theirs["extension"]["show"]

    def test_whole_answer_of_scb_comes_back_as_it_was(self, recorded: httpx.Client, recordings: Path) -> None:
        data = of(recordings / "TAB6471" / "data.json")
        answer = ask(recorded, **{variable: codes(data, variable) for variable in data["id"]})
        assert answer.headers["content-type"] == "application/json; charset=UTF-8"
        assert answer.json() == data

    def test_values_come_in_requested_order(self, recorded: httpx.Client) -> None:
        answer = ask(recorded).json()
        assert codes(answer, "Kon") == ["2", "1", "TotSa"]
        assert answer["value"] == [13048, 13933, 26980]

    def test_missing_figures_keep_their_symbol(self, recorded: httpx.Client, recordings: Path) -> None:
        data = of(recordings / "TAB3200" / "data.json")
        wanted = {variable: codes(data, variable) for variable in data["id"]}
        answer = ask(recorded, "TAB3200", **(wanted | {"Alder": ["70-74"], "ContentsCode": ["000002NM"]})).json()
        assert (answer["value"], answer["status"]) == ([None, None], {"0": "..", "1": ".."})

    def test_repeated_code_breaks_the_server(self, recorded: httpx.Client) -> None:
        answer = ask(recorded, Region=["19", "19"])
        assert (answer.status_code, answer.content) == (500, b"")

    def test_variable_left_out_is_its_recorded_total(self, recorded: httpx.Client) -> None:
        selection = [{"variableCode": v, "valueCodes": c} for v, c in POPULATION.items() if v != "Kon"]
        answer = recorded.post("/tables/TAB6471/data", json={"selection": selection}).json()
        assert (answer["id"], answer["value"]) == (["Region", "Alder", "ContentsCode", "Tid"], [26980])

    def test_variable_that_is_recorded_in_part_cannot_be_left_out(self, recorded: httpx.Client) -> None:
        selection = [{"variableCode": v, "valueCodes": c} for v, c in POPULATION.items() if v != "Region"]
        answer = recorded.post("/tables/TAB6471/data", json={"selection": selection})
        assert answer.status_code == 400
        assert answer.json()["title"] == "Missing selection for mandantory variable"

    def test_no_selection_is_the_default_selection(self, recorded: httpx.Client) -> None:
        told = recorded.get("/tables/TAB4396/defaultselection").json()
        asked = recorded.post("/tables/TAB4396/data", json={k: told[k] for k in ("selection", "placement")})
        assert recorded.get("/tables/TAB4396/data").json() == asked.json()

    def test_codelist_as_recorded(self, recorded: httpx.Client, recordings: Path) -> None:
        ours = recorded.get("/codelists/agg_Ålder10årJ").json()
        theirs = of(recordings / "codelists" / "agg_Ålder10årJ.json")
        assert {**ours, "links": []} == {**theirs, "links": []}

    def test_config_as_recorded(self, recordings: Path) -> None:
        with serving(recordings) as client:
            assert client.get("/config").json() == of(recordings / "config.json")

    @pytest.mark.parametrize(
        ("method", "path", "status", "title"),
        [
            ("GET", "/tables/TAB6471?lang=de", 400, "Unsupported language"),
            ("GET", "/tables?pageNumber=9", 404, "Non-existent page"),
            ("GET", "/tables?pageNumber=x", 400, "One or more validation errors occurred."),
            ("GET", "/codelists/vs_nosuch", 404, "Non-existent codelist"),
            ("GET", "/savedqueries/1", 404, "Saved query not found"),
            ("GET", "/tables/TAB6471/data?valuecodes[Xyz]=1", 400, "Non-existent variable"),
            ("GET", "/tables/TAB6471/data?outputFormat=csv", 400, "Unsupported output format"),
            ("GET", "/tables/TAB6471/data?outputFormatParams=UseTexts", 400, "Unsupported output format"),
        ],
    )
    def test_refusals(self, recorded: httpx.Client, method: str, path: str, status: int, title: str) -> None:
        answer = recorded.request(method, path)
        assert (answer.status_code, answer.json()["title"]) == (status, title)

    def test_long_address_meets_the_front(self, recorded: httpx.Client) -> None:
        answer = recorded.get("/tables/TAB6471/data", params={"valuecodes[Region]": ",".join(["0114"] * 500)})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html")

    def test_pages_link_to_each_other(self, recorded: httpx.Client) -> None:
        first = recorded.get("/tables?pageSize=2").json()
        links = {link["rel"]: link["href"] for link in first["page"]["links"]}
        assert set(links) == {"next", "last"}
        second = recorded.get(links["next"]).json()
        assert [table["id"] for table in (*first["tables"], *second["tables"])] == ["TAB3200", "TAB4396", "TAB6471"]
        assert [link["rel"] for link in second["page"]["links"]] == ["previous"]

    def test_head_and_other_methods_are_refused(self, recorded: httpx.Client) -> None:
        assert recorded.head("/config").status_code == 405
        assert recorded.put("/tables").status_code == 405
        assert recorded.get("/navigation").status_code == 404

    def test_too_many_cells(self, recordings: Path) -> None:
        with serving(recordings, "--no-limit", "--control") as client:
            switch_on(client, {"fault": "lower_limit", "cells": 2, "match": {"path": "/config"}})
            assert client.get("/config").json()["maxDataCells"] == 2
            answer = ask(client)
        title = "Too many cells selected"
        assert (answer.status_code, answer.json()["title"], answer.json()["detail"]) == (400, title, title)


class TestLimit:
    def test_recorded_limit_holds(self, recordings: Path) -> None:
        with serving(recordings) as client:
            answers = [client.get("/config") for _ in range(4)]
            assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
            assert answers[0].headers["x-rate-limit-limit"] == "1s"
            assert answers[3].text == "API calls quota exceeded! maximum admitted 3 per 1s."

    def test_no_limit_is_announced(self, recorded: httpx.Client) -> None:
        config = recorded.get("/config").json()
        assert (config["maxCallsPerTimeWindow"], config["timeWindow"]) == (10_000, 1)
        assert {recorded.get("/config").status_code for _ in range(50)} == {200}


class TestFaults:
    @pytest.mark.parametrize("status", [429, 502, 503, 504, 500])
    def test_status_strikes_once_then_never(self, faulty: httpx.Client, status: int) -> None:
        switch_on(faulty, {"fault": str(status), "retry_after": 7})
        answer = ask(faulty)
        assert answer.status_code == status
        assert answer.headers.get("retry-after") == (None if status == 500 else "7")
        assert ask(faulty).status_code == 200

    def test_nth_matching_call(self, faulty: httpx.Client) -> None:
        rule = {"fault": "503", "times": 2, "match": {"method": "POST", "path": "TAB6471", "nth": 2, "every": 2}}
        switch_on(faulty, rule)
        statuses = [ask(faulty).status_code for _ in range(6)]
        assert faulty.get("/tables/TAB6471").status_code == 200
        assert statuses == [200, 503, 200, 503, 200, 200]

    def test_only_above_a_size(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "500", "times": None, "match": {"cells_above": 2}})
        assert ask(faulty).status_code == 500
        assert ask(faulty, Kon=["1", "2"]).status_code == 200

    @pytest.mark.parametrize("fault", ["reset", "reset_body", "truncate"])
    def test_broken_transport(self, faulty: httpx.Client, fault: str) -> None:
        switch_on(faulty, {"fault": fault})
        with pytest.raises(httpx.TransportError):
            ask(faulty)
        assert ask(faulty).json()["value"] == [13048, 13933, 26980]

    def test_hang(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "hang"})
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{faulty.base_url}config", timeout=0.2)
        assert faulty.get("/config").status_code == 200

    def test_drip(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "drip", "bytes": 50, "seconds": 0.05})
        began = time.monotonic()
        assert faulty.get("/config").json()["maxDataCells"] == 150_000
        assert time.monotonic() - began > 0.3

    def test_latency(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "latency", "seconds": 0.2})
        began = time.monotonic()
        assert faulty.get("/config").status_code == 200
        assert time.monotonic() - began >= 0.2

    @pytest.mark.parametrize(
        ("fault", "media_type"),
        [("html200", "text/html"), ("csv200", "text/csv"), ("problem200", "application/json")],
    )
    def test_wrong_content_with_200(self, faulty: httpx.Client, fault: str, media_type: str) -> None:
        switch_on(faulty, {"fault": fault})
        answer = ask(faulty)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media_type)
        assert answer.text.find('"value"') < 0

    def test_chunked_transfer_is_the_same_answer(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "chunked"})
        answer = ask(faulty)
        assert answer.headers["transfer-encoding"] == "chunked"
        assert answer.json() == ask(faulty).json()

    def test_compressed_answer_is_the_same_answer(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "gzip"})
        answer = ask(faulty)
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.json() == ask(faulty).json()

    def test_refusal_with_any_status(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "problem", "status": 403, "title": "Too many cells selected"})
        answer = ask(faulty)
        assert (answer.status_code, answer.json()["title"]) == (403, "Too many cells selected")

    def test_redirect_to_another_host(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "redirect"})
        answer = faulty.get("/config")
        assert (answer.status_code, answer.headers["location"]) == (302, "http://other.invalid/api/v2/config")

    @pytest.mark.parametrize(("fault", "token"), [("nan", "NaN"), ("infinity", "Infinity"), ("huge", "1e400")])
    def test_number_that_json_lacks(self, faulty: httpx.Client, fault: str, token: str) -> None:
        switch_on(faulty, {"fault": fault})
        assert f'"value":[{token},13933,26980]' in ask(faulty).text

    @pytest.mark.parametrize(
        ("fault", "value"),
        [
            ("string", ["1", 13933, 26980]),
            ("boolean", [True, 13933, 26980]),
            ("short_value", [13048, 13933]),
            ("long_value", [13048, 13933, 26980, 0]),
            ("sparse", {"0": 13048, "1": 13933, "2": 26980}),
            ("null_without_status", [None, 13933, 26980]),
            ("status_string", [None, None, None]),
        ],
    )
    def test_changed_values(self, faulty: httpx.Client, fault: str, value: object) -> None:
        switch_on(faulty, {"fault": fault})
        assert ask(faulty).json()["value"] == value

    @pytest.mark.parametrize(
        ("fault", "status"),
        [
            ("bad_status_index", {"3": ".."}),
            ("unknown_symbol", {"0": "¤"}),
            ("status_without_null", {"0": ".."}),
            ("status_array", [None, None, None]),
            ("status_string", ".."),
        ],
    )
    def test_changed_statuses(self, faulty: httpx.Client, fault: str, status: object) -> None:
        switch_on(faulty, {"fault": fault})
        assert ask(faulty).json()["status"] == status

    def test_dropped_dimension(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "drop_dimension"})
        answer = ask(faulty).json()
        assert "Kon" not in answer["id"]
        assert answer["value"] == [13048]

    def test_missing_region(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "missing_region", "code": "19"})
        answer = ask(faulty, Region=["18", "19", "20"]).json()
        assert codes(answer, "Region") == ["18", "20"]
        assert answer["value"] == ask(faulty, Region=["18", "20"]).json()["value"]

    def test_swapped_labels_of_sex(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "sex_swapped", "times": None})
        for answer in (ask(faulty), faulty.get("/tables/TAB6471/metadata")):
            labels = answer.json()["dimension"]["Kon"]["category"]["label"]
            assert (labels["1"], labels["2"]) == ("kvinnor", "män")

    @pytest.mark.parametrize(
        ("fault", "index"),
        [
            ("order_changed", {"TotSa": 0, "1": 1, "2": 2}),
            ("codes_changed", {"2": 0, "1": 1, "NYKOD": 2}),
            ("codes_removed", {"2": 0, "1": 1}),
            ("codes_added", {"2": 0, "1": 1, "TotSa": 2, "NYKOD": 3}),
            ("duplicate_codes", {"2": 0, "1": 1, "TotSa": 0}),
        ],
    )
    def test_changed_codes(self, faulty: httpx.Client, fault: str, index: dict[str, int]) -> None:
        switch_on(faulty, {"fault": fault, "variable": "Kon"})
        answer = ask(faulty).json()
        assert answer["dimension"]["Kon"]["category"]["index"] == index
        assert answer["size"][answer["id"].index("Kon")] == len(answer["value"])

    def test_changed_texts(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "labels_changed", "variable": "Kon"}, {"fault": "unit_changed"})
        assert ask(faulty).json()["dimension"]["Kon"]["category"]["label"]["1"] == "män (ny)"
        unit = ask(faulty).json()["dimension"]["ContentsCode"]["category"]["unit"]
        assert unit["000007SF"]["base"] == "tusental"

    def test_published_midway(self, faulty: httpx.Client) -> None:
        switch_on(faulty, {"fault": "updated", "times": None, "updated": "2026-12-01T07:00:00Z", "match": {"nth": 2}})
        answers = [ask(faulty).json()["updated"] for _ in range(3)]
        assert answers == ["2026-06-08T06:00:00Z", "2026-12-01T07:00:00Z", "2026-12-01T07:00:00Z"]

    @pytest.mark.parametrize(
        ("fault", "key", "told"),
        [
            ("lower_limit", "maxDataCells", 75_000),
            ("zero_limits", "maxCallsPerTimeWindow", 0),
            ("no_jsonstat", "dataFormats", ["csv", "px", "xlsx"]),
        ],
    )
    def test_other_config(self, faulty: httpx.Client, fault: str, key: str, told: object) -> None:
        usual = faulty.get("/config").json()
        switch_on(faulty, {"fault": fault})
        assert faulty.get("/config").json()[key] == told
        assert faulty.get("/config").json()[key] == told
        faulty.delete(_control(faulty, "faults"))
        assert faulty.get("/config").json() == usual

    def test_log_of_arrivals(self, faulty: httpx.Client) -> None:
        faulty.delete(_control(faulty, "faults"))
        switch_on(faulty, {"fault": "503"})
        ask(faulty)
        ask(faulty)
        log = faulty.get(_control(faulty, "log")).json()
        assert [(call["method"], call["status"], call["fault"], call["cells"]) for call in log] == [
            ("POST", 503, "503", 3),
            ("POST", 200, None, 3),
        ]
        assert log[0]["arrived"] < log[1]["arrived"]
        assert log[0]["path"] == "/api/v2/tables/TAB6471/data"

    def test_unknown_fault_is_refused_with_the_known_ones(self, faulty: httpx.Client) -> None:
        answer = faulty.put(_control(faulty, "faults"), json=[{"fault": "nosuch"}])
        assert answer.status_code == 400
        assert "truncate" in answer.text

    def test_control_is_closed_unless_asked_for(self, recorded: httpx.Client) -> None:
        assert recorded.put(_control(recorded, "faults"), json=[]).status_code == 404


class TestStart:
    def test_folder_without_recordings(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "sources.demo", "--recordings", str(tmp_path)]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert told.returncode == 2
        assert "no config.json" in told.stderr
        assert told.stdout == ""

    def test_px_needs_a_folder(self) -> None:
        command = [sys.executable, "-m", "sources.demo", "--backend", "px"]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (told.returncode, "--recordings DIR" in told.stderr) == (2, True)
