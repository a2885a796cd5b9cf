"""The embedded PxWebApi v2 server as a process of its own on loopback."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sources.errors import Unreachable

SECONDS_TO_STOP = 5


@contextmanager
def server(recordings: Path | None = None, *arguments: str) -> Iterator[str]:
    """The base URL of a running server: synthetic tables, or recorded answers from a folder.

    Raises:
        Unreachable: the server did not start; carries its own words.
    """
    command = [sys.executable, "-m", "sources.demo", "--port", "0", "--no-limit", "--until-stdin-closes", *arguments]
    if recordings is not None:
        command += ["--recordings", str(recordings)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)  # noqa: S603
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url.startswith("http"):
            _, words = process.communicate()
            last = (words.strip().splitlines() or ["no message"])[-1]
            raise Unreachable(f"the embedded server did not start: {last}")
        yield url
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
