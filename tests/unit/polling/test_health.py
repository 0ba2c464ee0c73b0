"""Silence is offline when it lasts; a refusal is an error at once; data is online at once."""

from stripchart.drivers.base import DriverError, NoAnswerError, Poll, RefusedError
from stripchart.model.block import Block
from stripchart.model.device import DeviceStatus
from stripchart.model.point import Table
from stripchart.model.sample import SampleBatch
from stripchart.polling.health import DeviceHealth

REFUSED = RefusedError(1, Block(Table.HOLDING, 0, 1), 2)


def a_poll(blocks_read: int, error: DriverError | None = None) -> Poll:
    return Poll(SampleBatch.empty(), blocks_read, error)


def test_the_first_data_turns_a_device_online() -> None:
    health = DeviceHealth(since_ms=1)
    assert health.note(a_poll(2), 50) is DeviceStatus.UNKNOWN
    assert (health.status, health.since_ms, health.last_reading_ms) == (DeviceStatus.ONLINE, 50, 50)


def test_a_device_is_offline_after_three_silent_polls_and_keeps_its_last_reading_time() -> None:
    health = DeviceHealth(since_ms=1)
    health.note(a_poll(1), 10)
    silent = a_poll(0, NoAnswerError("no reply"))
    assert [health.note(silent, at) for at in (20, 30, 40)] == [None, None, DeviceStatus.ONLINE]
    assert (health.status, health.since_ms, health.last_reading_ms) == (DeviceStatus.OFFLINE, 40, 10)
    assert health.error == "no reply"
    assert health.note(a_poll(1), 50) is DeviceStatus.OFFLINE
    assert health.error is None


def test_a_device_that_refuses_everything_is_in_error_at_once() -> None:
    health = DeviceHealth(since_ms=1)
    health.note(a_poll(0, REFUSED), 10)
    assert health.status is DeviceStatus.ERROR


def test_a_device_that_refuses_one_block_is_online_and_says_what_it_refused() -> None:
    health = DeviceHealth(since_ms=1)
    health.note(a_poll(3, REFUSED), 10)
    assert health.status is DeviceStatus.ONLINE
    assert health.error == "unit 1, holding 0..0: exception 2 (illegal data address)"


def test_a_cycle_in_which_nothing_was_due_says_nothing_about_the_device() -> None:
    health = DeviceHealth(since_ms=1)
    health.note(a_poll(1), 10)
    assert [health.note(a_poll(0), at) for at in range(20, 60, 10)] == [None] * 4
    assert (health.status, health.failures, health.failed_polls) == (DeviceStatus.ONLINE, 0, 0)
    for at in (60, 70, 80):
        health.note(a_poll(0, NoAnswerError("no reply")), at)
    health.note(a_poll(0), 90)
    assert (health.status, health.error) == (DeviceStatus.OFFLINE, "no reply")
