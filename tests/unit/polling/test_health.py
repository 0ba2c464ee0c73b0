"""Silence is offline, a refusal is an error, data is online: each at once, after the attempts the driver made."""

import pytest

from stripchart.drivers.base import (
    BadReplyError,
    DriverError,
    LinkDownError,
    NoAnswerError,
    Poll,
    RefusedError,
)
from stripchart.model.block import Block
from stripchart.model.device import DeviceStatus, Trouble
from stripchart.model.point import Table
from stripchart.model.sample import SampleBatch
from stripchart.polling.health import Change, DeviceHealth

REFUSED = RefusedError(1, Block(Table.HOLDING, 0, 1), 2)
SILENT = NoAnswerError("no reply")


def a_poll(blocks_read: int, error: DriverError | None = None) -> Poll:
    return Poll(SampleBatch.empty(), blocks_read, error)


def test_the_first_data_turns_a_device_online() -> None:
    health = DeviceHealth(since_ms=1)
    assert health.note(a_poll(2), 50) == Change(DeviceStatus.UNKNOWN, 0.049, None)
    assert (health.status, health.since_ms, health.last_reading_ms) == (DeviceStatus.ONLINE, 50, 50)
    assert (health.trouble, health.error) == (None, None)


def test_a_silent_device_is_offline_and_keeps_its_last_reading_time() -> None:
    health = DeviceHealth(since_ms=1)
    health.note(a_poll(1), 10)
    changes = [health.note(a_poll(0, SILENT), at) for at in (1010, 1020, 1030)]
    assert changes == [Change(DeviceStatus.ONLINE, 1.0, None), None, None]
    assert (health.status, health.since_ms, health.last_reading_ms) == (DeviceStatus.OFFLINE, 1010, 10)
    assert (health.trouble, health.error, health.failures) == (Trouble.NO_ANSWER, "no reply", 3)


def test_a_device_that_is_back_says_how_long_it_was_away_whatever_happened_meanwhile() -> None:
    health = DeviceHealth(since_ms=0)
    health.note(a_poll(1), 1000)
    health.note(a_poll(0, SILENT), 2000)
    health.note(a_poll(0, REFUSED), 5000)
    assert health.note(a_poll(1), 9000) == Change(DeviceStatus.ERROR, 4.0, 7.0)
    assert (health.error, health.trouble, health.away_since_ms) == (None, None, None)


@pytest.mark.parametrize(
    ("error", "status", "trouble"),
    [
        (LinkDownError("refused"), DeviceStatus.OFFLINE, Trouble.LINK_DOWN),
        (SILENT, DeviceStatus.OFFLINE, Trouble.NO_ANSWER),
        (REFUSED, DeviceStatus.ERROR, Trouble.REFUSED),
        (BadReplyError("wrong CRC"), DeviceStatus.ERROR, Trouble.BAD_REPLY),
    ],
)
def test_what_fails_is_told_apart(error: DriverError, status: DeviceStatus, trouble: Trouble) -> None:
    health = DeviceHealth(since_ms=1)
    health.note(a_poll(0, error), 10)
    assert (health.status, health.trouble, health.error) == (status, trouble, str(error))


def test_a_device_that_refuses_one_block_is_online_and_says_what_it_refused() -> None:
    health = DeviceHealth(since_ms=1)
    health.note(a_poll(3, REFUSED), 10)
    assert (health.status, health.trouble) == (DeviceStatus.ONLINE, Trouble.SOME_POINTS)
    assert health.error == "unit 1, holding 0..0: exception 2 (illegal data address)"


def test_a_cycle_in_which_nothing_was_due_says_nothing_about_the_device() -> None:
    health = DeviceHealth(since_ms=1)
    health.note(a_poll(1), 10)
    assert [health.note(a_poll(0), at) for at in range(20, 60, 10)] == [None] * 4
    assert (health.status, health.failures, health.failed_polls) == (DeviceStatus.ONLINE, 0, 0)
    health.note(a_poll(0, SILENT), 80)
    health.note(a_poll(0), 90)
    assert (health.status, health.error) == (DeviceStatus.OFFLINE, "no reply")
