"""What polling knows of a device: its status, since when, and how its polls went."""

from dataclasses import dataclass, field
from typing import Protocol

from stripchart.drivers.base import (
    BadReplyError,
    DriverError,
    LinkDownError,
    NoAnswerError,
    Notice,
    Poll,
    RefusedError,
    SetupError,
)
from stripchart.model.cause import Cause
from stripchart.model.device import DeviceId, DeviceStatus, Trouble
from stripchart.model.recent import Recent
from stripchart.polling.rhythm import Rhythm

_AWAY = frozenset({DeviceStatus.OFFLINE, DeviceStatus.ERROR})

_ERRORS = frozenset({Trouble.REFUSED, Trouble.BAD_REPLY, Trouble.SETUP})

_TROUBLES: tuple[tuple[type[DriverError], Trouble], ...] = (
    (LinkDownError, Trouble.LINK_DOWN),
    (NoAnswerError, Trouble.NO_ANSWER),
    (RefusedError, Trouble.REFUSED),
    (BadReplyError, Trouble.BAD_REPLY),
    (SetupError, Trouble.SETUP),
)


class HealthBoard(Protocol):
    """How devices are, wherever they are polled."""

    @property
    def recent(self) -> Recent:
        """The polls of the last hour, of all devices polled in this process."""

    def health(self, device: DeviceId) -> "DeviceHealth | None":
        """What is known of the device; None when it is not polled."""


@dataclass(frozen=True, slots=True)
class Change:
    """A status that ended: which, how long it had lasted, and, of a device that is back, how long it was away."""

    was: DeviceStatus
    lasted_s: float
    away_s: float | None


@dataclass(slots=True)
class DeviceHealth:
    """Status of a device and counters of its polls. Times are UTC milliseconds.

    `trouble` says what fails, `error` how, in words, and `cause` by code; `away_since_ms`: when it was online last,
    None while it is. `failures` counts polls in vain in a row; `failed_by` those in vain since the start, by what
    failed; `missed_slots`: slots the device was too slow for. `notices`: what is not right though it can be read.
    `recent`: where its polls are counted with those of others.
    """

    since_ms: int
    status: DeviceStatus = DeviceStatus.UNKNOWN
    last_reading_ms: int | None = None
    trouble: Trouble | None = None
    error: str | None = None
    cause: Cause | None = None
    away_since_ms: int | None = None
    failures: int = 0
    polls: int = 0
    failed_polls: int = 0
    missed_slots: int = 0
    notices: tuple[Notice, ...] = ()
    failed_by: dict[Trouble, int] = field(default_factory=dict)
    rhythm: Rhythm = field(default_factory=Rhythm)
    recent: Recent | None = None

    def note(self, poll: Poll, now_ms: int) -> Change | None:
        """Take in a poll. Returns the change of status it made, if it made one."""
        self.polls += 1
        if not poll.blocks_read and poll.error is None:
            return None  # Nothing was due, so nothing was learned.
        self.error = str(poll.error) if poll.error else None
        self.cause = poll.error.cause if poll.error else None
        self.notices = poll.notices
        if poll.blocks_read:
            self.failures, self.last_reading_ms = 0, now_ms
            self.trouble = Trouble.SOME_POINTS if poll.error else None
            return self._turn(DeviceStatus.ONLINE, now_ms)
        self.failures += 1
        self.failed_polls += 1
        self.trouble = _trouble(poll.error)
        self.failed_by[self.trouble] = self.failed_by.get(self.trouble, 0) + 1
        return self._turn(_status(self.trouble), now_ms)

    def timed(self, poll: Poll, started_ns: int, ended_ns: int) -> None:
        """When the poll was made."""
        self.rhythm.note(started_ns, ended_ns)
        if self.recent is not None and (poll.blocks_read or poll.error):
            self.recent.note(ended_ns / 1e9, (ended_ns - started_ns) / 1e9, failed=not poll.blocks_read)

    def break_down(self, trouble: Trouble, error: str, cause: Cause, now_ms: int) -> None:
        """Polling itself failed: the device cannot be set up, or there is a bug."""
        self.trouble, self.error, self.cause = trouble, error, cause
        self._turn(DeviceStatus.ERROR, now_ms)

    def _turn(self, status: DeviceStatus, now_ms: int) -> Change | None:
        if status is self.status:
            return None
        change = Change(self.status, (now_ms - self.since_ms) / 1000, self._away_s(status, now_ms))
        self.status, self.since_ms = status, now_ms
        if status not in _AWAY:
            self.away_since_ms = None
        elif self.away_since_ms is None:
            self.away_since_ms = now_ms
        return change

    def _away_s(self, status: DeviceStatus, now_ms: int) -> float | None:
        if status in _AWAY or self.away_since_ms is None:
            return None
        return (now_ms - self.away_since_ms) / 1000


def _trouble(error: DriverError | None) -> Trouble:
    return next((trouble for kind, trouble in _TROUBLES if isinstance(error, kind)), Trouble.NO_ANSWER)


def _status(trouble: Trouble) -> DeviceStatus:
    """A refusal, nonsense or the wrong device is an error; silence, of it or its link, means that it is offline.

    The driver has made all its attempts by now: one such poll is enough.
    """
    return DeviceStatus.ERROR if trouble in _ERRORS else DeviceStatus.OFFLINE
