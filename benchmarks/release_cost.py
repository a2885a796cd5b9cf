"""What it costs to verify a release: its own build and comparison against the build of the run, in one go."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

BOUND = 1.5


def measure() -> list[dict[str, Any]]:
    """The time of `jamstat verify` as a multiple of the original build, on the synthetic tables at home scope."""
    from flows import embedded, releases
    from flows import refresh as work
    from flows.settings import Settings
    from sources.client import Client

    with TemporaryDirectory() as name, embedded.server() as url, Client(url) as client:
        settings = Settings(data_dir=Path(name) / "data", build_dir=Path(name) / "build")
        with work.opened(settings, "demo", url) as run:
            states = work.fetch_all(run, client, list(run.project.tables))
            work.lock_codes(run, states)
            start = time.perf_counter()
            work.build_and_publish(run, states)
            built = time.perf_counter() - start
        releases.make(settings, "bench")
        start = time.perf_counter()
        found = releases.verify(settings, "bench")
        verified = time.perf_counter() - start
    if found.problems:
        raise AssertionError(found.problems[0])
    ratio = verified / built
    return [{"name": "verify of a release: times its build", "value": ratio, "bound": BOUND, "holds": ratio <= BOUND}]
