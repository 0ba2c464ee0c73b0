"""The latest of a device as bytes of an answer, made once for all who ask until there is something new."""

import gzip
from dataclasses import dataclass

import orjson

from stripchart.api.errors import ApiError
from stripchart.api.live_view import Values, latest_of
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.sample import PointId

_MOMENT_NS = 250_000_000
"""How far ages in an answer may be off."""

_SPARE = 64


@dataclass(slots=True)
class Answer:
    """`stamp` changes with whatever the answer tells, but for ages."""

    data: bytes
    stamp: tuple[object, ...]
    at_ns: int
    _packed: bytes | None = None

    @property
    def packed(self) -> bytes:
        """The same, compressed with gzip."""
        if self._packed is None:
            self._packed = gzip.compress(self.data, 1)
        return self._packed


class LatestAnswers:
    """Keeps one answer for each device that is asked for."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[DeviceId, tuple[RosterEntry, Answer]] = {}

    def of(self, entry: RosterEntry) -> Answer:
        """Raises ApiError 404 `no_readings` while none was ever read, or tried to be."""
        stamp, now_ns = self._stamp(entry), self._parts.clock.monotonic_ns()
        known = self._known.get(entry.device.id)
        if known is not None and known[0] is entry:
            answer = known[1]
            if answer.stamp == stamp and now_ns - answer.at_ns < _MOMENT_NS:
                return answer
        return self._made(entry, stamp, now_ns)

    def _made(self, entry: RosterEntry, stamp: tuple[object, ...], now_ns: int) -> Answer:
        if not self._has_readings(entry):
            raise ApiError(404, "no_readings", f"{entry.device.name} has no readings yet")
        latest = latest_of(self._parts, entry, Values.ALL, self._parts.clock.now_ms())
        answer = Answer(orjson.dumps(latest), stamp, now_ns)
        if len(self._known) > len(self._parts.roster.all()) + _SPARE:
            self._known.clear()  # devices that are gone
        self._known[entry.device.id] = (entry, answer)
        return answer

    def _stamp(self, entry: RosterEntry) -> tuple[object, ...]:
        """Samples come to the newest ones some times a second at most, so that it does not matter whose they are."""
        revision, health = self._parts.pipeline.latest.revision, self._parts.supervisor.health(entry.device.id)
        if health is None:
            return (revision,)
        return revision, health.status, health.since_ms, health.trouble, health.error, health.last_reading_ms

    def _has_readings(self, entry: RosterEntry) -> bool:
        latest, now_ms = self._parts.pipeline.latest, self._parts.clock.now_ms()
        if latest.values(entry.point_ids, now_ms).at_ms.any():
            return True
        return any(latest.text(PointId(point), now_ms) for point in entry.point_ids.tolist())
