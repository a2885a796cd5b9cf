"""The checks, run again on what was last built."""

import datetime as dt
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import typer

from expectations import datadocs, gate
from flows import query
from flows.settings import Settings
from warehouse import database, history


def rerun(settings: Settings, data_docs: Path | None = None) -> bool:
    """Whether a critical check fails on the latest build or an indicator was held back from it.

    Results are printed and added to history. Of an indicator that was held back the build has the last good figures,
    which pass: that it was held back is said beside.

    Args:
        settings: where the build lies.
        data_docs: a folder for the Data Docs of Great Expectations.
    """
    data = settings.data_dir / query.latest_origin(settings)
    database.connect(data / "warehouse.duckdb").close()
    with TemporaryDirectory(dir=data) as folder:
        copy = Path(folder) / "warehouse.duckdb"
        shutil.copyfile(data / "warehouse.duckdb", copy)
        with duckdb.connect(str(copy)) as con:
            verdict = gate.check(con)
            failed = [result for result in verdict.results if not result.success]
            lines = [f"{result.severity:<8} {gate.explain(con, result)}" for result in failed]
            label = con.execute("select origin_label from provenance.run").fetchall()[0][0]
            held_back = con.execute(
                "select indicator, reason from provenance.indicator_state where state = 'held_back' order by indicator"
            ).fetchall()
            run_id = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%fZ-check")
            history.append(con, data / "history", "check", run_id, "select * from checks.result")
            history.append(con, data / "history", "failing_cell", run_id, "select * from checks.failing_cell")
            history.append(con, data / "history", "skipped", run_id, "select * from checks.skipped")
    if data_docs is not None:
        pages = datadocs.write(verdict.engine, data_docs)
        typer.echo(f"{data_docs / datadocs.INDEX}: {pages} pages (a developer's aid)")
    for line in lines:
        typer.echo(line)
    for indicator, reason in held_back:
        typer.echo(f"critical {indicator}: held back: {reason}")
    if held_back:
        typer.echo(
            "of what is held back the checks here are of the last good figures, not of the newer ones that were "
            "stopped, so fewer may fail than in the run"
        )
    critical = [result for result in failed if result.severity == "critical"]
    typer.echo(
        f"{len(verdict.results)} checks: {len(critical)} critical and {len(failed) - len(critical)} warnings failed"
        + (f"; {len(held_back)} indicators held back" if held_back else "")
        + f" ({label})"
    )
    return bool(critical or held_back)
