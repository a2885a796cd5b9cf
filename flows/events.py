"""What a run did, as OpenLineage events: START and COMPLETE, or FAIL, one JSON object a line. Nothing is sent."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, OutputDataset

PRODUCER = "urn:jamstat"
JOB = "refresh"
SOURCE = "scb"
"""The namespace of the source's tables; the warehouse's is that of the origin."""


def of_run(con: duckdb.DuckDBPyConnection) -> str:
    """The events of the run that built the warehouse, a line each."""
    from openlineage.client.event_v2 import Job, Run, RunEvent, RunState
    from openlineage.client.facet_v2 import (
        job_type_job,
        processing_engine_run,
        set_producer,
        source_code_location_job,
    )

    set_producer(PRODUCER)
    row = con.execute("select run_id, origin, started_at, finished_at from provenance.run").fetchall()[0]
    run_id, origin, started, ended = row
    commit = next((row[0] for row in con.execute("select git_commit from provenance.software").fetchall()), None)
    engine = processing_engine_run.ProcessingEngineRunFacet(version=duckdb.__version__, name="DuckDB")
    facets: dict[str, Any] = {
        "jobType": job_type_job.JobTypeJobFacet(processingType="BATCH", integration="JAMSTAT", jobType="JOB")
    }
    if commit:
        facets["sourceCodeLocation"] = source_code_location_job.SourceCodeLocationJobFacet(
            type="git", url="urn:jamstat:source", version=commit
        )
    run = Run(runId=identity(run_id), facets={"processing_engine": engine})
    job = Job(namespace=_namespace(origin), name=JOB, facets=facets)
    inputs, outputs = list(_inputs(con)), list(_outputs(con, _namespace(origin)))
    events = [
        RunEvent(
            eventType=RunState.START, eventTime=_time(started), run=run, job=job, producer=PRODUCER, inputs=inputs
        ),
        RunEvent(
            eventType=RunState.COMPLETE, eventTime=_time(ended), run=run, job=job, producer=PRODUCER, inputs=inputs,
            outputs=outputs,
        ),
    ]  # fmt: skip
    return _lines(events)


def of_failure(run_id: str, origin: str, started: dt.datetime, error: BaseException) -> str:
    """The events of a run that published nothing."""
    from openlineage.client.event_v2 import Job, Run, RunEvent, RunState
    from openlineage.client.facet_v2 import error_message_run, set_producer

    set_producer(PRODUCER)
    message = " ".join(str(error).split()) or type(error).__name__
    failed: dict[str, Any] = {
        "errorMessage": error_message_run.ErrorMessageRunFacet(message=message, programmingLanguage="python")
    }
    job = Job(namespace=_namespace(origin), name=JOB)
    return _lines([
        RunEvent(
            eventType=RunState.START, eventTime=_time(started), run=Run(runId=identity(run_id)), job=job,
            producer=PRODUCER,
        ),
        RunEvent(
            eventType=RunState.FAIL, eventTime=_time(dt.datetime.now(dt.UTC)), producer=PRODUCER,
            run=Run(runId=identity(run_id), facets=failed), job=job,
        ),
    ])  # fmt: skip


def identity(run_id: str) -> str:
    """The run's id as OpenLineage wants it: a UUID, the same for the same run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:jamstat:run:{run_id}"))


def _namespace(origin: str) -> str:
    return f"jamstat.{origin}"


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _lines(events: Iterable[Any]) -> str:
    from openlineage.client.serde import Serde

    return "".join(json.dumps(Serde.to_dict(event), ensure_ascii=False, sort_keys=True) + "\n" for event in events)


def _inputs(con: duckdb.DuckDBPyConnection) -> "Iterable[InputDataset]":
    """The tables of the source: their columns, what was asked for as the version, and the checks of each."""
    from openlineage.client.event_v2 import InputDataset
    from openlineage.client.facet_v2 import (
        data_quality_assertions_dataset,
        dataset_version_dataset,
        documentation_dataset,
        schema_dataset,
    )

    columns = _columns(con, "raw")
    versions = con.execute("""
        select table_id, md5(string_agg(sha256, ' ' order by fetch_number)), any_value(s.title)
        from provenance.fetch left join reference.source_table as s using (table_id)
        group by table_id order by table_id
    """).fetchall()
    for table, version, title in versions:
        fields = [
            schema_dataset.SchemaDatasetFacetFields(name=name, type=kind) for name, kind in columns.get(table, ())
        ]
        yield InputDataset(
            namespace=SOURCE,
            name=table,
            facets={
                "schema": schema_dataset.SchemaDatasetFacet(fields=fields),
                "version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=version),
                "documentation": documentation_dataset.DocumentationDatasetFacet(description=title or table),
            },
            inputFacets={
                "dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
                    assertions=_assertions(con, table)
                )
            },
        )


def _outputs(con: duckdb.DuckDBPyConnection, namespace: str) -> "Iterable[OutputDataset]":
    """The tables of the warehouse that a query makes, each with its columns and what these are made from."""
    from openlineage.client.event_v2 import OutputDataset
    from openlineage.client.facet_v2 import column_lineage_dataset, schema_dataset

    found: dict[str, dict[str, list[Any]]] = {}
    for output, field, name, column in con.execute(
        "select output, output_field, input, input_field from provenance.edge "
        "where output_field is not null and input_field is not null order by all"
    ).fetchall():
        space, table = (SOURCE, name.removeprefix("raw.")) if name.startswith("raw.") else (namespace, name)
        found.setdefault(output, {}).setdefault(field, []).append(
            column_lineage_dataset.InputField(
                namespace=space,
                name=table,
                field=column,
                transformations=[column_lineage_dataset.Transformation(type="DIRECT", subtype="TRANSFORMATION")],
            )
        )
    columns = {schema: _columns(con, schema) for schema in ("staged", "indicators", "analysis")}
    for (output,) in con.execute(
        "select output from provenance.query where output like '%.%' order by output"
    ).fetchall():
        schema, _, table = output.partition(".")
        fields = [
            schema_dataset.SchemaDatasetFacetFields(name=name, type=kind)
            for name, kind in columns[schema].get(table, ())
        ]
        lineage = {
            field: column_lineage_dataset.Fields(inputFields=inputs) for field, inputs in found.get(output, {}).items()
        }
        facets: dict[str, Any] = {"schema": schema_dataset.SchemaDatasetFacet(fields=fields)}
        if lineage:
            facets["columnLineage"] = column_lineage_dataset.ColumnLineageDatasetFacet(fields=lineage)
        if schema == "indicators" and (checks := _assertions(con, table)):
            facets["dataQualityAssertions"] = _quality(checks)
        yield OutputDataset(namespace=namespace, name=output, facets=facets)


def _quality(checks: list[Any]) -> Any:
    from openlineage.client.facet_v2 import data_quality_assertions_dataset

    return data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(assertions=checks)


def _assertions(con: duckdb.DuckDBPyConnection, subject: str) -> list[Any]:
    """The checks of a table or an indicator that ran; one that was skipped has no outcome to tell."""
    from openlineage.client.facet_v2 import data_quality_assertions_dataset

    return [
        data_quality_assertions_dataset.Assertion(
            assertion=rule,
            success=success,
            severity="error" if severity == "critical" else "warn",
            expected=expected,
            actual=observed,
            description=message,
        )
        for rule, success, severity, expected, observed, message in con.execute(
            "select rule, success, severity, expected, observed, message from checks.result "
            "where subject = ? and success is not null order by all",
            [subject],
        ).fetchall()
    ]


def _columns(con: duckdb.DuckDBPyConnection, schema: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for table, name, kind in con.execute(
        "select table_name, column_name, data_type from information_schema.columns where table_schema = ? "
        "order by table_name, ordinal_position",
        [schema],
    ).fetchall():
        found.setdefault(table, []).append((name, kind))
    return found
