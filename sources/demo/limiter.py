"""PxWebApi's rate limit: a fixed window per client that its first call opens; refused calls do not count."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sources.demo.errors import RefusedError


@dataclass
class _Window:
    opened: float
    calls: int


class RateLimiter:
    """Lets `calls` calls through per `seconds` for each client."""

    def __init__(self, calls: int, seconds: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.calls = calls
        self.seconds = seconds
        self._clock = clock
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()

    def admit(self, client: str) -> list[tuple[str, str]]:
        """The headers that a call's answer carries; raises the 429 of a call beyond the limit."""
        with self._lock:
            now = self._clock()
            window = self._windows.get(client)
            if window is None or now - window.opened >= self.seconds:
                window = self._windows[client] = _Window(now, 0)
            left = window.opened + self.seconds - now
            if window.calls >= self.calls:
                raise self.refusal(left)
            window.calls += 1
            remaining = self.calls - window.calls
        reset = datetime.now(UTC) + timedelta(seconds=left)
        return [
            ("X-Rate-Limit-Limit", f"{self.seconds}s"),
            ("X-Rate-Limit-Remaining", str(remaining)),
            ("X-Rate-Limit-Reset", reset.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")),
        ]

    def refusal(self, left: float) -> RefusedError:
        """The 429 answer; its `Retry-After` is rounded down, so that waiting just that long can be too short."""
        text = f"API calls quota exceeded! maximum admitted {self.calls} per {self.seconds}s."
        retry_after = str(max(math.floor(left), 1))
        return RefusedError(429, text.encode(), "text/plain", [("Retry-After", retry_after)])
