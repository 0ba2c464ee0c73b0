"""Guessing is slow, for each name from each address."""

import pytest

from stripchart.auth.errors import TooManyAttemptsError
from stripchart.auth.throttle import Throttle


def tried(throttle: Throttle, times: int, *, address: str = "10.0.0.1", now_s: float = 0) -> None:
    for _ in range(times):
        throttle.admit("Anna", address, now_s)


def test_the_sixth_attempt_in_a_quarter_of_an_hour_is_refused() -> None:
    throttle = Throttle()
    tried(throttle, 5)
    with pytest.raises(TooManyAttemptsError, match="15 min") as refused:
        throttle.admit("ANNA", "10.0.0.1", 1)
    assert refused.value.wait_s == 899


def test_an_attempt_that_was_refused_does_not_prolong_the_wait() -> None:
    throttle = Throttle()
    tried(throttle, 5)
    for second in range(1, 800, 100):
        with pytest.raises(TooManyAttemptsError):
            throttle.admit("anna", "10.0.0.1", second)
    throttle.admit("anna", "10.0.0.1", 900)


def test_another_address_and_another_name_have_attempts_of_their_own() -> None:
    throttle = Throttle()
    tried(throttle, 5)
    tried(throttle, 1, address="10.0.0.2")
    throttle.admit("boris", "10.0.0.1", 0)


def test_success_forgives_what_was_before() -> None:
    throttle = Throttle()
    tried(throttle, 4)
    throttle.succeeded("anna", "10.0.0.1")
    tried(throttle, 5)


def test_memory_is_bounded() -> None:
    throttle = Throttle()
    for number in range(20_000):
        throttle.admit(f"user{number}", "10.0.0.1", 0)
    assert len(throttle._failed) == 10_000
