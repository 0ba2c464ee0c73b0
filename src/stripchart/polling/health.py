"""What polling knows of a device: its status, since when, and how its polls went."""

from dataclasses import dataclass

from stripchart.drivers.base import BadReplyError, Poll, RefusedError
from stripchart.model.device import DeviceStatus

FAILURES_UNTIL_OFFLINE = 3


@dataclass(slots=True)
class DeviceHealth:
    """Status of a device and counters of its polls. Times are UTC milliseconds.

    `failures` counts silent polls in a row; `missed_slots` those the device was too slow for.
    """

    since_ms: int
    status: DeviceStatus = DeviceStatus.UNKNOWN
    last_reading_ms: int | None = None
    error: str | None = None
    failures: int = 0
    polls: int = 0
    failed_polls: int = 0
    missed_slots: int = 0
    last_duration_s: float = 0.0

    def note(self, poll: Poll, now_ms: int) -> DeviceStatus | None:
        """Take in a poll. Returns the status the device had until now when it changes, else None."""
        self.polls += 1
        if not poll.blocks_read and poll.error is None:
            return None  # Nothing was due, so nothing was learned.
        self.error = str(poll.error) if poll.error else None
        if poll.blocks_read:
            self.failures, self.last_reading_ms = 0, now_ms
        else:
            self.failures += 1
            self.failed_polls += 1
        return self._turn(self._judge(poll), now_ms)

    def break_down(self, error: str, now_ms: int) -> None:
        """Polling itself failed: the device cannot be set up, or there is a bug."""
        self.error = error
        self._turn(DeviceStatus.ERROR, now_ms)

    def _judge(self, poll: Poll) -> DeviceStatus:
        """Data means online; a refusal or nonsense is an error at once; silence is offline when it lasts."""
        if poll.blocks_read:
            return DeviceStatus.ONLINE
        if isinstance(poll.error, RefusedError | BadReplyError):
            return DeviceStatus.ERROR
        return DeviceStatus.OFFLINE if self.failures >= FAILURES_UNTIL_OFFLINE else self.status

    def _turn(self, status: DeviceStatus, now_ms: int) -> DeviceStatus | None:
        if status is self.status:
            return None
        was, self.status, self.since_ms = self.status, status, now_ms
        return was
