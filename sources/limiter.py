"""The pace of calls: at most n in any window, counted where the server counts them."""

import heapq
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Limiter:
    """Slots for calls, shared by all threads of a process.

    A slot is freed one window after the *response*. Call k arrives at the server before its response, and call
    k + n is sent at least one window after that response, so no window holds more than n arrivals, however slow
    the network is. A window counted from sending does not have that property.
    """

    def __init__(self, calls: int, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Args: calls per window; window in seconds; a clock for tests."""
        self.calls = calls
        self.window = window
        self._clock = clock
        self._free_from = [float("-inf")] * calls
        self._paused_until = float("-inf")
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """A slot, held from before the request until the response or the failure."""
        with self._changed:
            while (wait := self._wait()) > 0:
                self._changed.wait(None if wait == float("inf") else wait)
            heapq.heappop(self._free_from)
        try:
            yield
        finally:
            with self._changed:
                heapq.heappush(self._free_from, self._clock() + self.window)
                self._changed.notify_all()

    def pause(self, seconds: float) -> None:
        """Closes the gate for every thread for that long (after a 429)."""
        with self._changed:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _wait(self) -> float:
        if not self._free_from:
            return float("inf")
        return max(self._free_from[0], self._paused_until) - self._clock()
