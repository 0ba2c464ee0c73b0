"""Flight recorder: the last raw frames of a link, and what surrounded its last faults.

On the hot path a frame is some bytes behind others; tuples, words and files are made of them when somebody asks.
"""

import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from stripchart.model.cause import Cause

_HEAD = struct.Struct("<q?I")
"""Before the bytes of a frame: when, whether from us, how many."""
_FRAMES_BEFORE = 12
_FRAMES_AFTER = 6
_FAULTS = 16
_FAULTS_OF_A_KIND = 3
"""Of one kind and unit; a unit that fails all the time does not push out the others."""


class Frame(NamedTuple):
    """Bytes as they went over the link at once: `at_ns` is UTC, `sent` is from us."""

    at_ns: int
    sent: bool
    data: bytes


class FaultKind(StrEnum):
    TIMEOUT = "timeout"
    BAD_REPLY = "bad_reply"
    REFUSED = "refused"
    LINK_DOWN = "link_down"


@dataclass(slots=True)
class Fault:
    """Something that went wrong, the `number`-th, and the frames around it. `unit_id` 0: the whole link."""

    number: int
    at_ns: int
    kind: FaultKind
    unit_id: int
    reason: str
    frames: list[Frame] = field(default_factory=list)
    awaited: int = _FRAMES_AFTER
    """How many of the frames after it are still to come."""
    cause: Cause = field(default_factory=Cause)
    """The same as `reason`, by code."""


class FlightRecorder:
    """A ring of frames, bounded in bytes; the oldest go. `faults` holds the last ones, the oldest first.

    Of each kind of fault and unit the last few are kept, so what is kept of faults is bounded, too.
    """

    def __init__(self, limit_bytes: int = 16_384, now_ns: Callable[[], int] = time.time_ns) -> None:
        self.faults: list[Fault] = []
        self._limit_bytes = limit_bytes
        self._now_ns = now_ns
        self._ring = bytearray()
        self._count = 0
        self._open: list[Fault] = []

    def sent(self, data: bytes) -> None:
        self._keep(data, True)

    def received(self, data: bytes) -> None:
        self._keep(data, False)

    def resize(self, limit_bytes: int) -> None:
        """Keep so much from now on; 0 keeps nothing."""
        self._limit_bytes = limit_bytes

    def freeze(self, kind: FaultKind, unit_id: int, reason: str, cause: Cause) -> None:
        """Something went wrong just now: keep what was before it and what comes after it."""
        if not self._limit_bytes:
            return
        before = self.frames()[-_FRAMES_BEFORE:]
        self._count += 1
        fault = Fault(self._count, self._now_ns(), kind, unit_id, reason, before, cause=cause)
        alike = [each for each in self.faults if (each.kind, each.unit_id) == (kind, unit_id)]
        if len(alike) >= _FAULTS_OF_A_KIND:
            self.faults.remove(alike[0])
        elif len(self.faults) >= _FAULTS:
            del self.faults[0]
        self.faults.append(fault)
        self._open = [each for each in self._open if any(each is kept for kept in self.faults)] + [fault]

    def frames(self, after_ns: int = 0) -> list[Frame]:
        """What is in the ring, the oldest first; only what came after that moment."""
        return [frame for frame in self._kept() if frame.at_ns > after_ns]

    def _kept(self) -> Iterator[Frame]:
        ring, start = bytes(self._ring), 0
        while start < len(ring):
            at_ns, sent, length = _HEAD.unpack_from(ring, start)
            start += _HEAD.size + length
            yield Frame(at_ns, sent, ring[start - length : start])

    def _keep(self, data: bytes, sent: bool) -> None:
        ring, at_ns = self._ring, self._now_ns()
        ring += _HEAD.pack(at_ns, sent, len(data))
        ring += data
        while len(ring) > self._limit_bytes:
            del ring[: _HEAD.size + _HEAD.unpack_from(ring)[2]]
        if self._open:
            self._add_to_faults(Frame(at_ns, sent, data))

    def _add_to_faults(self, frame: Frame) -> None:
        for fault in self._open:
            fault.frames.append(frame)
            fault.awaited -= 1
        self._open = [fault for fault in self._open if fault.awaited]
