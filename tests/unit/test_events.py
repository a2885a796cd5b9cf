"""A run as OpenLineage events: what the standard requires is there, and nothing that did not happen."""

import datetime as dt
import enum
import importlib
import json
import os
import pkgutil
import types
import typing
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attr
import pytest
from openlineage.client import generated
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent

from flows import events
from tests import openlineage
from tests.warehouses import small

SPEC = "JAMSTAT_OPENLINEAGE_SPEC"
NOW = dt.datetime(2026, 2, 3, 23, 30, tzinfo=dt.UTC)


# The library calls its own classes after those of the standard that it was generated from, and keeps their types.
MODULES = [
    importlib.import_module(f"{generated.__name__}.{one.name}") for one in pkgutil.iter_modules(generated.__path__)
]
FACETS = {
    kind._get_schema().rpartition("/")[2]: kind
    for module in MODULES
    for kind in vars(module).values()
    if attr.has(kind) and hasattr(kind, "_get_schema")
}


def wrong(value: Any, kind: Any, at: str) -> Iterator[str]:
    """A line for everything in which the value is not what the standard's class of that name has."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        yield from min((list(wrong(value, one, at)) for one in inner), key=len)
    elif origin is list:
        yield from of_list(value, inner[0], at)
    elif origin is dict:
        yield from of_object(value, inner[1], at)
    elif attr.has(kind):
        yield from of_class(value, kind, at)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        if value not in {one.value for one in kind}:
            yield f"{at}: {value!r} is none of {[one.value for one in kind]}"
    elif isinstance(kind, type) and (not isinstance(value, kind) or isinstance(value, bool) > (kind is bool)):
        yield f"{at}: {value!r} is no {kind.__name__}"
    if at.endswith(("producer", "schemaURL")) and not urlsplit(str(value)).scheme:
        yield f"{at}: {value!r} is no URI"


def of_list(value: Any, kind: Any, at: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{at}: no list"
        return
    for number, one in enumerate(value):
        yield from wrong(one, kind, f"{at}[{number}]")


def of_object(value: Any, kind: Any, at: str) -> Iterator[str]:
    """An object with names of ours; a facet says itself of which class it is."""
    if not isinstance(value, dict):
        yield f"{at}: no object"
        return
    for name, one in value.items():
        said = one.get("_schemaURL") if isinstance(one, dict) else None
        yield from wrong(one, FACETS.get(str(said).rpartition("/")[2], kind), f"{at}.{name}")


def of_class(value: Any, kind: Any, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: no object"
        return
    hints = typing.get_type_hints(kind)
    fields = {one.name: one for one in attr.fields(kind)}
    for name, field in fields.items():
        if name in value:
            yield from wrong(value[name], hints.get(name, Any), f"{at}.{name}")
        elif field.default is attr.NOTHING and field.init:
            yield f"{at}.{name}: is missing"
    yield from (f"{at}.{name}: is unknown" for name in value.keys() - fields.keys())


def event_wrong(event: dict[str, Any]) -> list[str]:
    hints = {"run": Run, "job": Job, "inputs": list[InputDataset], "outputs": list[OutputDataset]}
    found = list(wrong({name: one for name, one in event.items() if name not in hints}, RunEvent, "event"))
    return [one for one in found if one.split(":")[0].rpartition(".")[2] not in hints] + [
        line for name, kind in hints.items() if name in event for line in wrong(event[name], kind, f"event.{name}")
    ]


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
        start, complete = lines(events.of_run(con))
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


def full() -> list[dict[str, Any]]:
    with small() as con:
        con.execute("insert into provenance.query values ('indicators.employment_rate', 'f', 's', 'o', 'h')")
        con.execute("update provenance.fetch set sha256 = 'h'")
        con.execute("""
            insert into checks.result (rule, subject, severity, success, message)
            select 'r', min(table_id), 'warning', false, 'm' from provenance.fetch
        """)
        con.execute("insert into provenance.software values ('r', 'c', false, 'h', 'h', 'h', '3.11', 'l')")
        con.execute("""
            insert into provenance.edge values
            ('indicators.employment_rate', 'value', 'staged.TAB3200', 'value', 'DIRECT')
        """)
        return lines(events.of_run(con))


def test_every_event_is_what_the_classes_of_the_standard_say() -> None:
    told = [*full(), *lines(events.of_failure("r1", "demo", NOW, ValueError("no room")))]
    assert [event_wrong(one) for one in told] == [[]] * 4
    facets = {name for one in told for part in (one["run"], one["job"]) for name in part.get("facets", {})}
    assert facets == {"processing_engine", "jobType", "sourceCodeLocation", "errorMessage"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("eventTime", None), ("eventType", "DONE"), ("producer", "jamstat"), ("run.runId", 1), ("job.name", None),
        ("job.facets.jobType.processingType", 1), ("inputs.0.name", None), ("inputs.0.facets.schema.fields", {}),
        ("inputs.0.facets.schema._schemaURL", "x"),
        ("outputs.0.facets.columnLineage.fields.value.inputFields.0.name", 1),
        ("inputs.0.inputFacets.dataQualityAssertions.assertions.0.success", "yes"), ("outputs.0.owner", "x"),
    ],
)  # fmt: skip
def test_an_event_that_is_not_is_found(path: str, value: object) -> None:
    event = full()[1]
    *way, last = path.split(".")
    part: Any = event
    for name in way:
        part = part[int(name)] if name.isdigit() else part[name]
    part[last] = value
    assert event_wrong(event)


@pytest.mark.skipif(SPEC not in os.environ, reason=f"{SPEC} names no folder with the schemas of the standard")
def test_every_event_is_valid_against_the_schemas_of_the_standard() -> None:
    spec = openlineage.Spec(Path(os.environ[SPEC]))
    start, complete = full()
    for event in (start, complete, *lines(events.of_failure("r1", "demo", NOW, ValueError("no room")))):
        assert spec.wrong(event) == []
    complete["inputs"][0]["facets"]["documentation"]["description"] = 1
    complete["eventTime"], complete["run"]["runId"], complete["producer"] = "i dag", "r1", "jamstat 1"
    assert len(spec.wrong(complete)) == 4


def test_every_facet_names_its_schema_and_who_made_it() -> None:
    with small() as con:
        complete = lines(events.of_run(con))[1]
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
