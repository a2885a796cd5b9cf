"""A table without an established id is found in the catalogue, once and for all, or it is not used."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from sources.client import Client
from sources.declarations import DeclarationError, TableDeclaration, load_table
from sources.errors import SelectionError
from sources.find import source_id

API = "http://127.0.0.1:1/api/v2"
ENTRY = {
    "id": "TAB7001",
    "label": "Befolkningen 15–74 år (AKU) efter region. Kvartal 2005K1–2025K4",
    "firstPeriod": "2005K1",
    "timeUnit": "Quarterly",
    "variableNames": ["Region", "arbetskraftstillhörighet", "kön", "tabellinnehåll", "kvartal"],
    "paths": [[{"id": "AM"}, {"id": "AM0401"}, {"id": "AM0401N"}]],
}
DECLARED = yaml.safe_load("""
id: lfs
find: {folder: AM0401N, variables: [region, kön], time_unit: Quarterly, first_period: 2005K1,
       title_contains: [befolkningen, "15-74"]}
v1: null
title: AKU
agency: SCB
licence: CC0
cadence: quarter
additivity: sample
certainty: S
variables:
  Region: {role: region, levels: [county]}
  ContentsCode: {role: contents}
  Tid: {role: period}
codes: {ContentsCode: {percent: {code: A1, unit: procent}}}
selections: [{Region: scope, ContentsCode: named, Tid: all}]
""")
TABLE = TableDeclaration.model_validate(DECLARED)


class Catalogue:
    """A catalogue in pages, and what was asked of it."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.pages = pages
        self.asked: list[httpx.URL] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        wanted = request.url.path.partition("/tables")[2].strip("/")
        if not wanted:
            page = self.pages[int(request.url.params["pageNumber"]) - 1]
            return httpx.Response(200, json={"tables": page, "page": {"totalPages": len(self.pages)}})
        found = [entry for page in self.pages for entry in page if entry["id"] == wanted]
        if not found:
            return httpx.Response(404, json={"title": "Non-existent table", "status": 404})
        return httpx.Response(200, json=found[0])

    @property
    def client(self) -> Client:
        """A client of this catalogue."""
        client = Client(API)
        client._http = httpx.Client(transport=httpx.MockTransport(self))
        client._limiter.keep_to(1000, 1.0)
        return client


def test_the_only_table_that_fits_is_taken_whichever_page_it_is_on() -> None:
    """Case and dashes of SCB's labels are no difference; stopped tables are searched too."""
    catalogue = Catalogue([ENTRY | {"id": "TAB1", "timeUnit": "Annual"}], [ENTRY])
    assert source_id(catalogue.client, TABLE) == "TAB7001"
    asked = catalogue.asked[0].params
    assert (asked["query"], asked["includeDiscontinued"]) == ("befolkningen 15-74", "true")
    assert [url.params["pageNumber"] for url in catalogue.asked] == ["1", "2"]


@pytest.mark.parametrize(
    "other",
    [
        {"paths": [[{"id": "AM0401A"}]]},
        {"variableNames": ["region", "månad"]},
        {"timeUnit": "Monthly"},
        {"firstPeriod": "2001K1"},
        {"label": "Sysselsatta 15–74 år"},
        {"paths": None, "variableNames": None},
    ],
)
def test_a_table_that_differs_in_one_thing_is_another_table(other: dict[str, Any]) -> None:
    client = Catalogue([ENTRY | other]).client
    with pytest.raises(SelectionError, match="lfs: its id is not established: no table fits among 1 titled like"):
        source_id(client, TABLE)


def test_the_first_of_several_is_never_taken() -> None:
    client = Catalogue([ENTRY, ENTRY | {"id": "TAB7002"}]).client
    with pytest.raises(SelectionError, match=r"2 tables fit \(TAB7001, TAB7002\).*see find in sources/tables/lfs.yml"):
        source_id(client, TABLE)


def test_what_was_found_is_held_to_what_is_declared_and_not_searched_for_again() -> None:
    catalogue = Catalogue([ENTRY, ENTRY | {"id": "TAB7003", "firstPeriod": "2010K1"}])
    assert source_id(catalogue.client, TABLE, "TAB7001") == "TAB7001"
    with pytest.raises(SelectionError, match="it was 'TAB7003', which now differs in first_period; review the lock"):
        source_id(catalogue.client, TABLE, "TAB7003")
    with pytest.raises(SelectionError, match="it was 'TAB7004', which is gone"):
        source_id(catalogue.client, TABLE, "TAB7004")
    assert all(not url.path.endswith("/tables") for url in catalogue.asked)


def test_an_established_id_costs_no_call() -> None:
    catalogue = Catalogue([])
    known = TableDeclaration.model_validate(DECLARED | {"id": "TAB1", "find": None})
    assert source_id(catalogue.client, known) == "TAB1"
    assert catalogue.asked == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"find": None}, "find: it is for a table whose id is not established, which is named without TAB"),
        ({"find": DECLARED["find"] | {"folders": "X"}}, "find.folders: unknown field; allowed: folder, variables"),
        ({"find": DECLARED["find"] | {"time_unit": "Quarter"}}, "find.time_unit: 'Quarter' is not allowed"),
        ({"region": "00"}, "region: it is for a table without a variable of regions"),
        ({"id": "Lfs"}, "id:"),
    ],
)
def test_a_mistake_in_what_to_find_names_file_and_field(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    path = tmp_path / f"{changed.get('id', 'lfs')}.yml"
    path.write_text(yaml.safe_dump(DECLARED | changed, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DeclarationError) as refusal:
        load_table(path)
    assert str(refusal.value).startswith(f"{path}: ")
    assert message in str(refusal.value)
