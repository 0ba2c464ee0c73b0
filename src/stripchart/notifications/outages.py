"""When owner and admins are told that a device is gone, and that it is back.

An attempt is a request to the device, or to its link to connect. Polling makes several before it counts a poll as
failed (three, or what profile and settings say), so with the usual settings one failed poll is enough here; a device
that refuses is asked once a poll, and takes three.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stripchart.drivers.base import BadReplyError, DriverError, NoAnswerError, Poll, SilentUnitError
from stripchart.model.cause import Cause
from stripchart.model.device import Device, DeviceId, DeviceStatus
from stripchart.model.notification import NewNotification, Notification, NotificationType, Severity
from stripchart.model.time import to_iso
from stripchart.polling.health import DeviceHealth

OUTAGES = (NotificationType.DEVICE_DISCONNECT, NotificationType.DEVICE_RECONNECTED)
ATTEMPTS = 3
AGAIN_AFTER_MS = 5 * 60 * 1000


@dataclass(slots=True)
class _Outage:
    """`told_ms`: when it was last told that the device is gone; `is_open`: it is not told yet that it is back."""

    attempts: int = 0
    since_ms: int = 0
    told_ms: int | None = None
    is_open: bool = False


class Outages:
    """Decides; keeps a few numbers of each device that failed. Pure."""

    def __init__(self, told: Mapping[DeviceId, Notification] | None = None) -> None:
        """`told`: of each device the last of its going and coming that was told before."""
        self._outages = {device: _as_told(last) for device, last in (told or {}).items()}

    def go_on_from(self, devices: Iterable[DeviceId], told: Mapping[DeviceId, Notification]) -> None:
        """Somebody else has told of these devices until now."""
        for device in devices:
            self._outages.pop(device, None)
            if device in told:
                self._outages[device] = _as_told(told[device])

    def __len__(self) -> int:
        return len(self._outages)

    def forget_others(self, devices: Iterable[DeviceId]) -> None:
        """Keep nothing of devices but these."""
        kept = set(devices)
        self._outages = {device: outage for device, outage in self._outages.items() if device in kept}

    def note(
        self, device: Device, health: DeviceHealth, poll: Poll, *, attempts: int, now_ms: int
    ) -> NewNotification | None:
        """What is to be told after a poll, if anything. `attempts`: how often polling asks before it gives up."""
        if poll.blocks_read:
            return self._is_back(device, now_ms)
        if poll.error is None:
            return None
        outage = self._outages.setdefault(device.id, _Outage())
        outage.attempts += _attempts(poll.error, attempts)
        lately = outage.told_ms is not None and now_ms - outage.told_ms < AGAIN_AFTER_MS
        if outage.is_open or lately or outage.attempts < ATTEMPTS:
            return None
        outage.is_open, outage.told_ms = True, now_ms
        outage.since_ms = now_ms if health.away_since_ms is None else health.away_since_ms
        return _gone(device, health, outage)

    def _is_back(self, device: Device, now_ms: int) -> NewNotification | None:
        outage = self._outages.get(device.id)
        if outage is None:
            return None
        outage.attempts = 0
        if not outage.is_open:
            return None
        outage.is_open = False
        return _back(device, (now_ms - outage.since_ms) / 1000, now_ms)


def _as_told(last: Notification) -> _Outage:
    since_ms = last.metadata.get("offline_since_ms")
    is_gone = last.type is NotificationType.DEVICE_DISCONNECT
    return _Outage(
        since_ms=since_ms if isinstance(since_ms, int) else last.created_ms,
        told_ms=last.created_ms if is_gone else None,
        is_open=is_gone,
    )


def _attempts(error: DriverError, attempts: int) -> int:
    if isinstance(error, SilentUnitError):
        return 0  # It was not even asked.
    return attempts if isinstance(error, NoAnswerError | BadReplyError) else 1


def _gone(device: Device, health: DeviceHealth, outage: _Outage) -> NewNotification:
    last = None if health.last_reading_ms is None else to_iso(health.last_reading_ms)
    state = "refuses to be read" if health.status is DeviceStatus.ERROR else "does not answer"
    return NewNotification(
        type=NotificationType.DEVICE_DISCONNECT,
        severity=Severity.ERROR,
        title=f"{device.name} {state}",
        message=f"{device.name} ({device.link}, unit {device.unit_id}): {outage.attempts} attempts in a row failed: "
        f"{health.error}. Last reading: {last or 'none since the start'}.",
        created_ms=outage.told_ms or 0,
        device_id=device.id,
        metadata={
            "device_name": device.name,
            "status": health.status.value,
            "trouble": health.trouble.value if health.trouble else None,
            "link": str(device.link),
            "unit_id": device.unit_id,
            "modbus_ip": device.link.host or None,
            "modbus_port": None if device.link.framing.is_serial else device.link.port,
            "last_reading_at": last,
            "consecutive_failures": outage.attempts,
            "offline_since_ms": outage.since_ms,
            "error": health.error,
            **(health.cause or Cause()).beside(),
        },
    )


def _back(device: Device, downtime_s: float, now_ms: int) -> NewNotification:
    return NewNotification(
        type=NotificationType.DEVICE_RECONNECTED,
        severity=Severity.INFO,
        title=f"{device.name} is back online",
        message=f"{device.name} is back online after {_duration(downtime_s)}.",
        created_ms=now_ms,
        device_id=device.id,
        metadata={"device_name": device.name, "downtime_duration_seconds": round(max(downtime_s, 0.0), 1)},
        answers_latest=NotificationType.DEVICE_DISCONNECT,
    )


def _duration(seconds: float) -> str:
    for unit, length_s in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length_s:
            return f"{seconds / length_s:.1f} {unit}"
    return f"{max(seconds, 0.0):.0f} s"
