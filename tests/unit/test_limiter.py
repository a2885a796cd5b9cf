"""No window ever holds more calls than the API admits, whatever threads and network do."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from sources.limiter import Limiter


def calls_through(
    limiter: Limiter, count: int, threads: int, latency: Callable[[], tuple[float, float]]
) -> list[float]:
    """The times at which calls arrived at a server that is some way off."""
    arrivals: list[float] = []

    def call(_: int) -> None:
        there, back = latency()
        with limiter.slot():
            time.sleep(there)
            arrivals.append(time.monotonic())
            time.sleep(back)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(call, range(count)))
    return sorted(arrivals)


def fullest_window(arrivals: Sequence[float], window: float) -> int:
    return max(sum(1 for at in arrivals if start <= at < start + window) for start in arrivals)


@pytest.mark.parametrize(("calls", "threads"), [(1, 4), (3, 8), (10, 4), (10, 16)])
def test_no_window_holds_more_calls_than_admitted(calls: int, threads: int) -> None:
    chance = random.Random(calls * 100 + threads)
    window = 0.06

    def latency() -> tuple[float, float]:
        # One call in six is slow on its way: stamped when sent, it would arrive in the next window.
        return (chance.choice([0, 0, 0, 0.002, 0.005, 0.05]), chance.choice([0, 0.001, 0.01]))

    arrivals = calls_through(Limiter(calls, window), 5 * calls + 3, threads, latency)
    assert len(arrivals) == 5 * calls + 3
    assert fullest_window(arrivals, window) <= calls


def test_a_failed_call_frees_its_slot_too() -> None:
    limiter = Limiter(1, 0.01)
    for _ in range(3):
        with pytest.raises(OSError, match="reset"), limiter.slot():
            raise OSError("reset")


def test_a_pause_closes_the_gate_for_every_thread() -> None:
    limiter = Limiter(100, 0.001)
    arrivals: list[float] = []
    begin = threading.Barrier(8)
    paused_at = []

    def call(number: int) -> None:
        if begin.wait() == 0:
            paused_at.append(time.monotonic())
            limiter.pause(0.15)
        begin.wait()
        with limiter.slot():
            arrivals.append(time.monotonic())

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(arrivals) == 8
    assert min(arrivals) >= paused_at[0] + 0.15


def test_a_shorter_pause_does_not_open_the_gate_early() -> None:
    limiter = Limiter(1, 0.0)
    begin = time.monotonic()
    limiter.pause(0.1)
    limiter.pause(0.0)
    with limiter.slot():
        assert time.monotonic() >= begin + 0.1


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def is_free(limiter: Limiter) -> bool:
    return limiter._wait() <= 0


def take(limiter: Limiter, times: int = 1) -> None:
    for _ in range(times):
        assert is_free(limiter)
        with limiter.slot():
            pass


def test_the_limit_is_used_in_full() -> None:
    clock = Clock()
    limiter = Limiter(5, 10.0, clock)
    take(limiter, 5)
    assert not is_free(limiter)
    clock.now += 10.0
    take(limiter, 5)
    assert not is_free(limiter)


def test_a_lower_limit_counts_what_was_sent_before() -> None:
    clock = Clock()
    limiter = Limiter(5, 10.0, clock)
    take(limiter, 3)
    limiter.keep_to(2, 10.0)
    assert not is_free(limiter)
    clock.now += 9.9
    assert not is_free(limiter)
    clock.now += 0.2
    take(limiter, 2)
    assert not is_free(limiter)


def test_a_longer_window_counts_what_was_sent_before() -> None:
    clock = Clock()
    limiter = Limiter(2, 1.0, clock)
    take(limiter, 2)
    clock.now += 2.0
    take(limiter, 2)
    limiter.keep_to(5, 10.0)
    take(limiter)
    assert not is_free(limiter)
    clock.now += 8.1  # ten seconds after the first two
    take(limiter, 2)
    assert not is_free(limiter)


def test_a_lower_limit_counts_calls_under_way() -> None:
    clock = Clock()
    limiter = Limiter(3, 1.0, clock)
    with limiter.slot(), limiter.slot():
        limiter.keep_to(1, 1.0)
        assert not is_free(limiter)
    assert not is_free(limiter)
    clock.now += 1.0
    assert is_free(limiter)


def test_a_higher_limit_lets_waiting_threads_go_at_once() -> None:
    limiter = Limiter(1, 60.0)
    take(limiter)
    done = threading.Event()

    def wait_for_slot() -> None:
        with limiter.slot():
            done.set()

    thread = threading.Thread(target=wait_for_slot)
    thread.start()
    limiter.keep_to(2, 60.0)
    assert done.wait(5)
    thread.join()
