"""The rate limit of the embedded server, on a clock of its own."""

import pytest

from sources.demo.errors import RefusedError
from sources.demo.limiter import RateLimiter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def status(limiter: RateLimiter, client: str = "a") -> int:
    try:
        limiter.admit(client)
    except RefusedError as refused:
        return refused.status
    return 200


def test_window_is_fixed_from_the_first_call_and_refused_calls_do_not_prolong_it() -> None:
    clock = Clock()
    limiter = RateLimiter(3, 10, clock)
    assert [status(limiter) for _ in range(5)] == [200, 200, 200, 429, 429]
    clock.now = 109.9
    assert status(limiter) == 429
    clock.now = 110.0
    assert [status(limiter) for _ in range(4)] == [200, 200, 200, 429]


def test_each_client_has_its_own_window() -> None:
    limiter = RateLimiter(1, 10, Clock())
    assert [status(limiter, "a"), status(limiter, "b"), status(limiter, "a")] == [200, 200, 429]


@pytest.mark.parametrize(("waited", "told"), [(0.0, "10"), (0.5, "9"), (9.6, "1")])
def test_retry_after_is_rounded_down(waited: float, told: str) -> None:
    clock = Clock()
    limiter = RateLimiter(1, 10, clock)
    limiter.admit("a")
    clock.now += waited
    with pytest.raises(RefusedError) as refused:
        limiter.admit("a")
    assert dict(refused.value.headers) == {"Retry-After": told}
    assert refused.value.body == b"API calls quota exceeded! maximum admitted 1 per 10s."
    assert refused.value.media_type == "text/plain"
