"""`python -m sources.demo`: starts the server and prints its base URL on the first line."""

import argparse
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from sources.demo.faults import Faults
from sources.demo.recorded import RecordedCatalogue, RecordingError
from sources.demo.server import Application, listen
from sources.demo.store import Catalogue


def main() -> int:
    """The exit status: 0 after an orderly end, 2 when there is nothing to serve."""
    parser = argparse.ArgumentParser(prog="python -m sources.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--backend", choices=("cnmm", "px"), default="cnmm", help="whose habits to follow")
    parser.add_argument("--recordings", type=Path, help="serve recorded answers instead of synthetic tables")
    parser.add_argument("--no-limit", action="store_true", help="never answer 429")
    parser.add_argument("--drift", action="store_true", help="synthetic tables as after a change at SCB")
    parser.add_argument("--control", action="store_true", help="let tests switch faults on")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when whoever started it is gone")
    arguments = parser.parse_args()
    try:
        catalogue = _catalogue(arguments.backend, arguments.recordings, drift=arguments.drift)
    except RecordingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    application = Application(catalogue, limited=not arguments.no_limit)
    try:
        server = listen(application, Faults(application, control=arguments.control), arguments.port)
    except OSError as error:
        sys.stderr.write(f"--port {arguments.port}: {error.strerror}; choose another or 0 for a free one\n")
        return 2
    sys.stdout.write(f"{server.base_url}\n")
    sys.stdout.flush()
    if arguments.until_stdin_closes:
        threading.Thread(target=_stop_with_stdin, args=(server.shutdown,), daemon=True).start()
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
    return 0


def _stop_with_stdin(stop: Callable[[], None]) -> None:
    sys.stdin.read()
    stop()


def _catalogue(backend: str, recordings: Path | None, *, drift: bool) -> Catalogue:
    if backend == "px":
        if recordings is None:
            raise RecordingError("--backend px serves PX files: name their folder with --recordings DIR")
        from sources.demo.px import PxCatalogue

        return PxCatalogue(recordings)
    if recordings is not None:
        return RecordedCatalogue(recordings)
    from sources.demo.synthetic import open_catalogue

    return open_catalogue(drift=drift)


if __name__ == "__main__":
    sys.exit(main())
