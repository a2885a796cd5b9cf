"""A run as OpenLineage events: what the standard requires is there, and nothing that did not happen."""

import datetime as dt
import json
import uuid

import attr
from openlineage.client.event_v2 import RunEvent

from flows import events
from tests.warehouses import small

NOW = dt.datetime(2026, 2, 3, 23, 30, tzinfo=dt.UTC)


def lines(told: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in told.splitlines()]


def test_a_run_starts_and_completes_under_one_id() -> None:
    with small() as con:
        con.execute("insert into provenance.query values ('indicators.employment_rate', 'f', 's', 'o', 'h')")
        con.execute("create schema if not exists indicators")
        con.execute("""
            insert into provenance.edge values
            ('indicators.employment_rate', 'value', 'staged.TAB3200', 'value', 'DIRECT'),
            ('indicators.employment_rate', null, 'staged.TAB9', null, 'INDIRECT')
        """)
        start, complete = lines(events.of_run(con, ended=NOW))
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    for event in (start, complete):
        # Required by the standard of every run event.
        assert {"eventTime", "producer", "schemaURL", "run", "job"} <= set(event)
        assert uuid.UUID(event["run"]["runId"])  # type: ignore[index]
        assert dt.datetime.fromisoformat(str(event["eventTime"])).tzinfo is not None
        known = {field.name for field in attr.fields(RunEvent)}
        assert set(event) <= known
    assert start["run"] == complete["run"]
    output = complete["outputs"][0]  # type: ignore[index]
    assert output["name"] == "indicators.employment_rate"
    lineage = output["facets"]["columnLineage"]["fields"]
    assert lineage["value"]["inputFields"][0]["name"] == "staged.TAB3200"


def test_every_facet_names_its_schema_and_who_made_it() -> None:
    with small() as con:
        complete = lines(events.of_run(con, ended=NOW))[1]
    facets = [
        facet
        for dataset in complete["inputs"]  # type: ignore[attr-defined]
        for facet in (*dataset["facets"].values(), *dataset["inputFacets"].values())
    ]
    assert facets
    assert all(one["_producer"] == events.PRODUCER and one["_schemaURL"].startswith("https://") for one in facets)


def test_a_failed_run_says_why_in_one_line() -> None:
    told = lines(events.of_failure("r1", "demo", NOW, ValueError("no\nroom")))
    assert [one["eventType"] for one in told] == ["START", "FAIL"]
    facets = told[1]["run"]["facets"]  # type: ignore[index]
    assert facets["errorMessage"]["message"] == "no room"
    assert told[1]["run"]["runId"] == events.identity("r1")  # type: ignore[index]
