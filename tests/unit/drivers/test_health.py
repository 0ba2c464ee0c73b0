"""When a link gives up, tries again, and distrusts its connection."""

import pytest

from stripchart.drivers.modbus.health import LinkHealth
from stripchart.model.cause import Cause
from stripchart.model.link import LinkOptions


def test_the_wait_between_attempts_doubles_up_to_the_longest() -> None:
    health = LinkHealth(LinkOptions(retry_first_s=1.0, retry_longest_s=30.0))
    now_s, waits = 100.0, []
    for _ in range(8):
        health.failed("connection refused", Cause(), now_s)
        waits.append(health.wait_s(now_s))
        now_s += waits[-1]
        assert health.wait_s(now_s) == pytest.approx(0.0)
    for wait_s, longest_s in zip(waits, [1, 2, 4, 8, 16, 30, 30, 30], strict=True):
        assert longest_s / 2 <= wait_s <= longest_s


def test_a_reply_ends_the_trouble_and_the_next_one_starts_with_the_first_wait() -> None:
    health = LinkHealth(LinkOptions())
    for _ in range(5):
        health.failed("connection refused", Cause(), 0.0)
    assert health.trouble == "connection refused"
    assert health.replied(1.0)
    assert health.trouble == ""
    assert health.wait_s(1.0) == 0.0
    assert not health.replied(2.0)
    health.failed("connection refused", Cause(), 3.0)
    assert health.wait_s(3.0) <= 1.0


def test_a_connection_alone_does_not_end_the_trouble() -> None:
    health = LinkHealth(LinkOptions())
    health.failed("connection refused", Cause(), 0.0)
    health.connected(1.0)
    assert health.lost("closed at once", Cause(), 1.0)
    assert health.trouble == "closed at once"
    assert health.wait_s(1.0) >= 1.0


def test_a_connection_that_brought_replies_may_be_made_again_at_once() -> None:
    health = LinkHealth(LinkOptions())
    health.connected(0.0)
    health.replied(0.5)
    assert not health.lost("reset by peer", Cause(), 60.0)
    assert health.wait_s(60.0) == 0.0


def test_a_connection_is_distrusted_after_long_silence_and_several_requests_in_vain() -> None:
    health = LinkHealth(LinkOptions(silence_limit_s=30.0))
    health.connected(0.0)
    assert [health.silent(now_s) for now_s in (10.0, 20.0, 29.0, 30.0)] == [False, False, False, True]
    health.connected(31.0)
    assert [health.silent(now_s) for now_s in (62.0, 64.0, 66.0)] == [False, False, True]
    health.replied(67.0)
    assert not health.silent(200.0)
