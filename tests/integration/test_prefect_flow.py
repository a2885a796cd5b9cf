"""The refresh as scheduled: deployed to a real Prefect server, run by a real worker, equal to `jamstat refresh`."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows import project, settings
from sources.errors import ContractError, Unreachable
from tests.integration.conftest import already_drawn, small_checkout

RECORDED, NOT_RECORDED = "TAB6471", "TAB1830"
TABLES = (RECORDED, NOT_RECORDED, "TAB3119", "TAB4396", "TAB4434")
INDICATORS = (
    "balanced_occupations_share", "occupation_known_share", "occupation_segregation_index", "occupation_women_share",
    "population_monthly", "women_share_ict_occupations", "women_share_managers",
)  # fmt: skip
SECONDS_TO_START = 90
POOL = "jamstat"

pytestmark = pytest.mark.timeout(400)

Api = Callable[..., Any]
"""Posts to the server's API and gives the answer."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that declares what the recorded answers give, and a table that they lack."""
    joined = ("occupations",)
    folder = small_checkout(tmp_path_factory.mktemp("checkout"), TABLES, INDICATORS, joined)
    shutil.copy(project.ROOT / "prefect.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, recorded: Path) -> Path:
    folder = tmp_path_factory.mktemp("prefect")
    already_drawn(recorded, folder)
    return folder


@pytest.fixture(scope="module")
def environment(home: Path, checkout: Path) -> dict[str, str]:
    """That of the server and the worker: a port of their own, and nothing of whoever runs the tests."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JAMSTAT_", "PREFECT_"))}
    return inherited | {
        "PYTHONPATH": str(checkout),
        "JAMSTAT_DATA_DIR": str(home / "data"),
        "JAMSTAT_BUILD_DIR": str(home / "build"),
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


def run(environment: Mapping[str, str], *command: str) -> str:
    """The output of a command of our own environment; fails with its words."""
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [program, *command[1:]],
        cwd=environment["PYTHONPATH"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def plain(recorded: Path) -> Path:
    """The release of `jamstat refresh` in folders of its own."""
    return recorded / "build" / "latest"


@pytest.fixture(scope="module")
def api(environment: dict[str, str], home: Path) -> Iterator[Api]:
    base, port = environment["PREFECT_API_URL"], environment["PREFECT_API_URL"].split(":")[2].split("/")[0]
    command = [str(Path(sys.executable).with_name("prefect")), "server", "start", "--host", "127.0.0.1", "--port", port]
    with (home / "server.log").open("wb") as log, httpx.Client(base_url=base, timeout=30, trust_env=False) as client:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(lambda: _healthy(client, server, home / "server.log"), SECONDS_TO_START)

            def post(path: str, **content: Any) -> Any:
                answer = client.post(path, json=content)
                answer.raise_for_status()
                return answer.json()

            yield post
        finally:
            server.terminate()
            server.wait(30)


def _healthy(client: httpx.Client, server: subprocess.Popen[bytes], log: Path) -> bool:
    assert server.poll() is None, f"the Prefect server has ended: {log.read_text()[-3000:]}"
    try:
        return client.get("/health").status_code == 200
    except httpx.TransportError:
        return False


def wait_for(condition: Callable[[], Any], seconds: float) -> Any:
    """What the condition gives once it gives something."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.3)
    return found


@pytest.fixture(scope="module")
def deployments(api: Api, environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What `prefect deploy --all` makes of prefect.yaml."""
    api("/work_pools/", name=POOL, type="process")
    run(environment, "prefect", "--no-prompt", "deploy", "--all")
    return {deployment["name"]: deployment for deployment in api("/deployments/filter")}


@pytest.fixture(scope="module")
def scheduled(
    api: Api, deployments: dict[str, dict[str, Any]], environment: dict[str, str], shared: Path
) -> dict[str, Any]:
    """The flow run of the weekday check, on recorded answers, as a worker ended it."""
    path = f"/deployments/{deployments['weekday-check']['id']}/create_flow_run"
    parameters = {"source": "recorded", "recordings": str(shared / "recordings")}
    created = api(path, parameters=parameters, state={"type": "SCHEDULED"})
    run(environment, "prefect", "--no-prompt", "worker", "start", "--pool", POOL, "--run-once")
    (ended,) = api("/flow_runs/filter", flow_runs={"id": {"any_": [created["id"]]}})
    return dict(ended)


def tasks(api: Api, flow_run_id: str, expected: int) -> dict[str, dict[str, Any]]:
    """The task runs of a flow run by name; the server writes them down a little later."""
    query = {"flow_runs": {"id": {"any_": [flow_run_id]}}, "task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}

    def written() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = api("/task_runs/filter", **query)
        return found if len(found) >= expected else []

    return {one["name"]: one for one in wait_for(written, 30)}


def test_the_schedules_are_as_agreed(deployments: dict[str, dict[str, Any]]) -> None:
    seen = {
        name: (
            deployment["parameters"],
            [(one["schedule"]["cron"], one["schedule"]["timezone"]) for one in deployment["schedules"]],
        )
        for name, deployment in deployments.items()
    }
    assert seen == {
        "weekday-check": ({"source": "scb"}, [("15 8 * * 1-5", "Europe/Stockholm")]),
        "quarterly-full": ({"source": "scb", "full": True}, [("0 12 2 1,4,7,10 *", "Europe/Stockholm")]),
        "report": ({"source": "scb", "refetch": False}, []),
    }


def test_the_deployments_send_no_telemetry(deployments: dict[str, dict[str, Any]]) -> None:
    for deployment in deployments.values():
        given = deployment["job_variables"]["env"]
        assert given.items() <= settings.PREFECT_DEFAULTS.items()
        assert {"DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED"} <= set(given)


def test_a_deployment_refuses_an_unknown_source(api: Api, deployments: dict[str, dict[str, Any]]) -> None:
    path = f"/deployments/{deployments['weekday-check']['id']}/create_flow_run"
    with pytest.raises(httpx.HTTPStatusError, match="409"):
        api(path, parameters={"source": "elsewhere"}, enforce_parameter_schema=True)


def test_every_table_is_a_task_and_publishing_is_one(api: Api, scheduled: dict[str, Any], checkout: Path) -> None:
    assert (scheduled["state"]["type"], scheduled["state"]["name"]) == ("COMPLETED", "Completed")
    declared = project.load(checkout).tables
    found = tasks(api, scheduled["id"], len(declared) + 1)
    assert set(found) == {f"fetch {table_id}" for table_id in declared} | {"build, check, publish"}
    assert {one["run_count"] for one in found.values()} == {1}
    assert found[f"fetch {RECORDED}"]["state"]["name"] == "Completed"
    assert found[f"fetch {NOT_RECORDED}"]["state"]["name"] == "NotRecorded"


def test_the_flow_publishes_what_the_command_publishes(
    scheduled: dict[str, Any], plain: Path, environment: dict[str, str]
) -> None:
    assert scheduled["state"]["type"] == "COMPLETED"
    latest = Path(environment["JAMSTAT_BUILD_DIR"]) / "latest"
    tables = sorted(path.name for path in (plain / "tables").glob("*.csv"))
    assert "occupation_segregation_index.csv" in tables
    assert tables == sorted(path.name for path in (latest / "tables").glob("*.csv"))
    for name in tables:
        assert (latest / "tables" / name).read_bytes() == (plain / "tables" / name).read_bytes(), name


def test_the_states_of_the_indicators_are_an_artifact(api: Api, scheduled: dict[str, Any]) -> None:
    query = {"artifacts": {"key": {"any_": ["indicators"]}}, "flow_runs": {"id": {"any_": [scheduled["id"]]}}}
    (artifact,) = api("/artifacts/filter", **query)
    assert '"indicator": "population_monthly", "state": "published"' in artifact["data"]


SCRIPT = """
import sys
from flows.prefect_flow import refresh

first = refresh(source="recorded", recordings=sys.argv[1], return_state=True)
print("ended:", first.name, first.type.value, first.message)
second = refresh(source="recorded", refetch=False, return_state=True)
print("ended:", second.name, second.type.value, second.message)
third = refresh(source="recorded", recordings=sys.argv[1] + "/nothing-here", return_state=True)
print("ended:", third.name, third.type.value, third.message)
"""


def test_a_held_back_indicator_is_seen_and_a_failed_run_leaves_the_release(
    api: Api, scheduled: dict[str, Any], environment: dict[str, str], shared: Path, home: Path
) -> None:
    assert scheduled["state"]["type"] == "COMPLETED"
    lacking = shutil.copytree(shared / "recordings", home / "lacking", ignore=shutil.ignore_patterns(RECORDED, "px*"))
    output = run(environment, "python", "-c", SCRIPT, str(lacking))
    held_back, from_stored, failed = (
        line.removeprefix("ended: ") for line in output.splitlines() if line.startswith("ended: ")
    )
    assert held_back.startswith("HeldBack COMPLETED ")
    assert held_back.endswith("; held back: population_monthly")
    assert from_stored.startswith("Completed COMPLETED ")
    assert failed.startswith("Failed FAILED ")
    assert "nothing-here" in failed
    newest = Path(environment["JAMSTAT_BUILD_DIR"], "latest").resolve().name
    assert f"published by run {newest}" in from_stored

    of_failed, of_stored = api("/flow_runs/filter", sort="START_TIME_DESC", limit=2)
    assert of_failed["state"]["type"] == "FAILED"
    assert set(tasks(api, of_stored["id"], 1)) == {"build, check, publish"}


def test_only_what_the_client_has_not_retried_is_retried() -> None:
    from prefect.states import Failed

    from flows.prefect_flow import _not_retried_yet

    assert not _not_retried_yet(None, None, Failed(data=Unreachable("no answer after 6 attempts")))
    assert not _not_retried_yet(None, None, Failed(data=ContractError("not what was asked for")))
    assert _not_retried_yet(None, None, Failed(data=OSError("stale file handle")))
