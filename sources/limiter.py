"""The pace of calls: at most n in any window, counted where the server counts them."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MOST = 10_000
"""No pace beyond this many calls in a window is kept track of."""


class Limiter:
    """Slots for calls, shared by all threads of a process.

    A slot is freed one window after the *response*. Call k arrives at the server before its response, and call
    k + n is sent at least one window after that response, so no window holds more than n arrivals, however slow
    the network is. A window counted from sending does not have that property.
    """

    def __init__(self, calls: int, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Args: calls per window; window in seconds; a clock for tests."""
        self.calls = min(calls, MOST)
        self.window = window
        self._clock = clock
        self._under_way = 0
        self._answered: deque[float] = deque(maxlen=MOST)
        self._paused_until = -math.inf
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """A slot, held from before the request until the response or the failure."""
        with self._changed:
            while (wait := self._wait()) > 0:
                self._changed.wait(None if wait == math.inf else wait)
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._answered.append(self._clock())
                self._changed.notify_all()

    def keep_to(self, calls: int, window: float) -> None:
        """Changes the pace; calls under way and calls already answered count on."""
        with self._changed:
            self.calls, self.window = min(calls, MOST), window
            self._changed.notify_all()

    def pause(self, seconds: float) -> None:
        """Closes the gate for every thread for that long (after a 429)."""
        with self._changed:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _wait(self) -> float:
        """Seconds until a slot is free: with n slots left over by calls under way, one window after the nth last."""
        left = self.calls - self._under_way
        if left <= 0:
            return math.inf
        free_from = self._answered[-left] + self.window if left <= len(self._answered) else -math.inf
        return max(free_from, self._paused_until) - self._clock()
