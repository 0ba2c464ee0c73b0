"""Three attempts in vain are told once, not again within five minutes, and the way back with how long it took."""

from dataclasses import dataclass, field

import pytest

from stripchart.drivers.base import DriverError, LinkDownError, NoAnswerError, Poll, RefusedError, SilentUnitError
from stripchart.model.account import UserId
from stripchart.model.block import Block
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device, DeviceId, SiteId, parse_link
from stripchart.model.notification import (
    NewNotification,
    Notification,
    NotificationId,
    NotificationType,
    Severity,
)
from stripchart.model.point import Table
from stripchart.model.sample import SampleBatch
from stripchart.notifications.outages import AGAIN_AFTER_MS, Outages
from stripchart.polling.health import DeviceHealth

SILENT = NoAnswerError("no reply within 10 s", cause=Cause(CauseCode.NO_REPLY, {"limit_s": 10.0}))
REFUSED = RefusedError(1, Block(Table.HOLDING, 0, 1), 2)
BEGAN_MS = 1_780_000_000_000
GONE, BACK = NotificationType.DEVICE_DISCONNECT, NotificationType.DEVICE_RECONNECTED

PUMP = Device(
    id=DeviceId(7),
    site_id=SiteId(1),
    name="Pump",
    link=parse_link("tcp://10.0.0.7:502"),
    unit_id=3,
    profile="p",
    interval_s=1,
)


@dataclass
class Watched:
    """A device whose polls are noted one after another."""

    attempts: int = 3
    outages: Outages = field(default_factory=Outages)
    health: DeviceHealth = field(default_factory=lambda: DeviceHealth(BEGAN_MS))
    now_ms: int = BEGAN_MS

    def poll(self, error: DriverError | None = None, *, after_s: float = 1) -> NewNotification | None:
        self.now_ms += round(after_s * 1000)
        poll = Poll(SampleBatch.empty(), 0 if error else 1, error)
        self.health.note(poll, self.now_ms)
        return self.outages.note(PUMP, self.health, poll, attempts=self.attempts, now_ms=self.now_ms)


def test_one_poll_of_three_attempts_in_vain_is_told_with_the_facts() -> None:
    pump = Watched()
    assert pump.poll() is None
    told = pump.poll(SILENT)
    assert told is not None
    assert (told.type, told.severity, told.device_id) == (GONE, Severity.ERROR, 7)
    assert told.metadata["device_name"] == "Pump"
    assert (told.metadata["modbus_ip"], told.metadata["modbus_port"]) == ("10.0.0.7", 502)
    assert told.metadata["consecutive_failures"] == 3
    assert told.metadata["last_reading_at"] == "2026-05-28T20:26:41.000Z"
    assert "no reply within 10 s" in told.message
    assert (told.metadata["cause_code"], told.metadata["cause_limit_s"]) == ("no_reply", 10.0)


@pytest.mark.parametrize(
    ("error", "attempts", "polls"),
    [
        (SILENT, 1, 3),
        (SILENT, 2, 2),
        (SILENT, 11, 1),
        (REFUSED, 3, 3),
        (LinkDownError("connection refused"), 3, 3),
    ],
)
def test_every_attempt_counts_whether_of_one_poll_or_of_several(
    error: DriverError, attempts: int, polls: int
) -> None:
    pump = Watched(attempts)
    told = [pump.poll(error) for _ in range(polls + 3)]
    assert [each is not None for each in told] == [False] * (polls - 1) + [True] + [False] * 3


def test_attempts_that_were_not_made_do_not_count() -> None:
    pump = Watched(attempts=1)
    assert [pump.poll(SilentUnitError("silent")) for _ in range(9)] == [None] * 9


def test_an_answer_in_between_begins_the_count_anew() -> None:
    pump = Watched(attempts=1)
    assert [pump.poll(error) for error in (SILENT, SILENT, None, SILENT, SILENT)] == [None] * 5
    assert pump.poll(SILENT) is not None


def test_the_way_back_is_told_once_with_how_long_the_device_was_away() -> None:
    pump = Watched()
    pump.poll()
    pump.poll(SILENT)
    pump.poll(SILENT, after_s=60)
    back = pump.poll(after_s=30)
    assert back is not None
    assert (back.type, back.severity, back.answers_latest) == (BACK, Severity.INFO, GONE)
    assert back.metadata == {"device_name": "Pump", "downtime_duration_seconds": 90.0}
    assert back.message == "Pump is back online after 1.5 min."
    assert pump.poll() is None


def test_a_device_that_flaps_is_told_once_in_five_minutes_and_then_if_it_is_still_gone() -> None:
    pump = Watched()
    told = [pump.poll(SILENT), pump.poll(), pump.poll(SILENT), pump.poll(), pump.poll(SILENT)]
    assert [each.type if each else None for each in told] == [GONE, BACK, None, None, None]
    assert pump.poll(SILENT, after_s=60) is None
    again = pump.poll(SILENT, after_s=AGAIN_AFTER_MS / 1000 - 60)
    assert again is not None
    assert again.type is GONE


def told_last(last: NotificationType) -> Notification:
    return Notification(
        id=NotificationId(1),
        user_id=UserId(1),
        type=last,
        severity=Severity.ERROR,
        title="t",
        message="m",
        device_id=PUMP.id,
        metadata={"offline_since_ms": BEGAN_MS - 600_000},
        created_ms=BEGAN_MS - 570_000,
        delivered_ms=None,
        read_ms=None,
        dismissed_ms=None,
    )


@pytest.mark.parametrize("last", [GONE, BACK])
def test_after_a_restart_an_outage_is_not_told_again_and_its_end_is(last: NotificationType) -> None:
    told = told_last(last)
    pump = Watched(outages=Outages({PUMP.id: told}))
    found = [pump.poll(SILENT), pump.poll()]
    assert [each.type if each else None for each in found] == ([None, BACK] if last is GONE else [GONE, BACK])
    assert found[1] is not None
    assert found[1].metadata["downtime_duration_seconds"] == (602.0 if last is GONE else 1.0)


def test_nothing_is_kept_of_devices_that_are_gone_for_good() -> None:
    pump = Watched()
    pump.poll(SILENT)
    assert len(pump.outages) == 1
    pump.outages.forget_others([DeviceId(8)])
    assert len(pump.outages) == 0


def test_who_takes_a_device_over_tells_of_its_return_and_who_gave_it_away_does_not() -> None:
    giver, taker = Watched(), Watched()
    assert giver.poll(SILENT) is not None
    giver.outages.go_on_from([PUMP.id], {})
    taker.outages.go_on_from([PUMP.id], {PUMP.id: told_last(GONE)})
    assert giver.poll() is None
    told = taker.poll()
    assert told is not None
    assert told.type is BACK
