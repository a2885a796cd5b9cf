"""A refresh as a Prefect flow: one task per table, then one that builds, checks and publishes.

How a flow run ends says what came of it:

- `Completed`: everything that can be built is published;
- `HeldBack` (a completed run with that name): the rest is published, but a check or a table that failed holds some
  indicators on their last good figures. Filter runs or set an automation on this name. The run has done its work and
  is not repeated, so it is not `Failed`;
- `Failed`: nothing was published and what was published stands; the source did not answer, another refresh is
  running, or a declaration or a setting cannot be used.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows import embedded
from flows import refresh as work
from flows import settings as configured
from flows.refresh import Outcome, Run, TableState
from flows.settings import Origin, Scope, Settings, SettingsError
from sources.client import Client
from sources.errors import SourceError, Unreachable

configured.quiet_prefect()

# Prefect finds the flow in this module, and nothing else imports it: the command line does not wait for Prefect.
from prefect import flow, task  # noqa: E402, TID253
from prefect.artifacts import create_table_artifact  # noqa: E402, TID253
from prefect.cache_policies import NO_CACHE  # noqa: E402, TID253
from prefect.client.schemas.objects import State  # noqa: E402, TID253
from prefect.futures import wait  # noqa: E402, TID253
from prefect.states import Completed  # noqa: E402, TID253
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402, TID253

HELD_BACK = "HeldBack"
NOT_LOADED = {"not_recorded": "NotRecorded", "unresolved": "Unresolved", "failed": "NotFetched"}
"""How the task of a table ends that could not be loaded; the run goes on without it."""
STORED = "stored answers"
"""Where the answers of a run come from that asks no source."""


@flow(name="refresh", persist_result=False)
def refresh(
    source: Origin = "scb",
    recordings: Path | None = None,
    scope: Scope | None = None,
    full: bool = False,
    refetch: bool = True,
) -> "State[Outcome]":
    """How the refresh ended, with its outcome as the result.

    Args:
        source: scb, demo or recorded.
        recordings: folder of recorded answers; with source recorded only.
        scope: home or national; as in the settings when left out.
        full: fetch everything anew, also what has not changed.
        refetch: false publishes again from the stored answers, without asking the source.
    """
    settings = configured.load()
    with (
        _base_url(settings, source, recordings, refetch=refetch) as base_url,
        work.opened(settings, source, base_url, scope=scope, anew=full) as run,
    ):
        if refetch:
            states = _fetch(run)
        else:
            states = {table_id: work.stored_table(run, table_id) for table_id in run.project.tables}
        outcome = _publish(run, states)
    return _state(outcome)


@contextmanager
def _base_url(settings: Settings, source: Origin, recordings: Path | None, *, refetch: bool) -> Iterator[str]:
    """Where to ask, while a server that we start ourselves runs."""
    if recordings is not None and source != "recorded":
        raise SettingsError(f"recordings: {recordings} goes with source recorded, not {source}")
    if source == "scb":
        yield settings.base_url
    elif not refetch:
        yield STORED
    elif source == "recorded" and recordings is None:
        raise SettingsError("recordings: source recorded needs a folder of recorded answers")
    else:
        with embedded.server(recordings) as base_url:
            yield base_url


def _fetch(run: Run) -> dict[str, TableState]:
    """The state of every declared table, each from a task of its own.

    Raises:
        Unreachable: the source as a whole does not answer.
    """
    with work.failure_told(run), Client(run.base_url, user_agent=work.user_agent(run.settings)) as client:
        config = client.config()

        @task(
            name="fetch",
            task_run_name="fetch {table_id}",
            cache_policy=NO_CACHE,
            retries=2,
            retry_delay_seconds=10,
            retry_condition_fn=_not_retried_yet,
        )
        def fetch(table_id: str) -> Any:
            state = work.fetch_table(run, client, config, table_id)
            name = NOT_LOADED.get(state.state)
            return Completed(name=name, message=state.reason, data=state) if name else state

        tasks: ThreadPoolTaskRunner[TableState] = ThreadPoolTaskRunner(max_workers=run.settings.table_threads)
        with tasks as runner:
            futures = {one: runner.submit(fetch, {"table_id": one}) for one in run.project.tables}
            wait(list(futures.values()))
        states = {table_id: future.result() for table_id, future in futures.items()}
        if all(state.unreachable for state in states.values()):
            raise Unreachable(next(iter(states.values())).reason)
    return states


def _not_retried_yet(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Whether a failed task is worth another try: the client has already retried all that concerns the source."""
    return not isinstance(state.data, SourceError)


def _publish(run: Run, states: Mapping[str, TableState]) -> Outcome:
    """The outcome, from one task that builds, checks and publishes; it writes, so it is neither cached nor repeated."""

    @task(name="build, check, publish", task_run_name="build, check, publish", cache_policy=NO_CACHE)
    def publish() -> Outcome:
        work.lock_codes(run, states)
        return work.build_and_publish(run, states)

    outcome = publish()
    create_table_artifact(
        key="indicators",
        table=[
            {"indicator": indicator, "state": state, "why": outcome.held_back.get(indicator, "")}
            for indicator, state in outcome.states.items()
        ],
        description=f"Run {outcome.run_id} ({configured.ORIGIN_LABELS[run.origin]}): {outcome.release}\n\n"
        + "\n".join(f"- {text}" for text in (*outcome.missing, *outcome.follow_up)),
    )
    return outcome


def _state(outcome: Outcome) -> "State[Outcome]":
    published = sum(1 for state in outcome.states.values() if state == "published")
    told = f"{published} of {len(outcome.states)} indicators published by run {outcome.run_id}"
    if outcome.unchanged:
        told = f"nothing has changed: {told}"
    if outcome.held_back:
        message = f"{told}; held back: {', '.join(outcome.held_back)}"
        return Completed(name=HELD_BACK, message=message, data=outcome)
    return Completed(message=told, data=outcome)
