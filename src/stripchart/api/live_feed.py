"""The live stream: each device is encoded once a moment, whoever looks, and a large plant in slices."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from stripchart.api.live_view import Values, latest_of
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry

_MOMENT_NS = 250_000_000
"""What was encoded so lately is sent again: ages in it are off by less than that."""

_SLICE_NS = 2_000_000
"""How long encoding may keep the event loop from polling."""

_EVENTS_KEPT = 64

_Key = tuple[tuple[int, ...], Values]
_Stamp = tuple[object, ...]


@dataclass(slots=True)
class Seen:
    """What one client was sent: of each device the stamp of its newest samples and status."""

    stamps: dict[int, _Stamp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A device as JSON: when that was made, and a stamp that is another one when more than ages changed."""

    device: int
    at_ns: int
    stamp: _Stamp
    data: bytes


class LiveFeed:
    """Encodes devices for streams."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._devices: dict[tuple[int, Values], _Encoded] = {}
        self._events: dict[_Key, tuple[int, bytes]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def event(self, devices: tuple[int, ...], values: Values) -> bytes:
        """An event with the latest of these devices (of all when none is named); NaN becomes null."""
        async with self._one_at_a_time:
            now_ns = self._parts.clock.monotonic_ns()
            known = self._events.get((devices, values))
            if known is not None and now_ns - known[0] < _MOMENT_NS:
                return known[1]
            event = _event(await self._encoded(devices, values))
            self._events = {key: each for key, each in self._events.items() if now_ns - each[0] < _MOMENT_NS}
            if len(self._events) < _EVENTS_KEPT:
                self._events[devices, values] = (now_ns, event)
            return event

    async def changes(self, devices: tuple[int, ...], values: Values, seen: Seen) -> bytes:
        """An event with those devices that have new samples or another status since the client saw them last."""
        async with self._one_at_a_time:
            encoded = await self._encoded(devices, values)
        fresh = [each for each in encoded if seen.stamps.get(each.device) != each.stamp]
        seen.stamps = {each.device: each.stamp for each in encoded}
        return _event(fresh)

    async def _encoded(self, devices: tuple[int, ...], values: Values) -> list[_Encoded]:
        """The devices, each encoded anew when that was not done a moment ago; others get their turn in between."""
        chosen = self._chosen(devices)
        encoded = []
        slice_ns = time.monotonic_ns()
        for entry in chosen:
            encoded.append(self._device(entry, values))
            if time.monotonic_ns() - slice_ns > _SLICE_NS:
                await asyncio.sleep(0)
                slice_ns = time.monotonic_ns()
        return encoded

    def _chosen(self, devices: tuple[int, ...]) -> Sequence[RosterEntry]:
        everyone = self._parts.roster.all()
        if len(self._devices) > 2 * len(everyone) * len(Values):
            self._devices.clear()
        return [entry for entry in everyone if entry.device.id in devices] if devices else everyone

    def _device(self, entry: RosterEntry, values: Values) -> _Encoded:
        now_ns = self._parts.clock.monotonic_ns()
        known = self._devices.get((entry.device.id, values))
        if known is not None and now_ns - known.at_ns < _MOMENT_NS:
            return known
        latest = latest_of(self._parts, entry, values, self._parts.clock.now_ms())
        encoded = _Encoded(entry.device.id, now_ns, self._stamp(entry), orjson.dumps(latest))
        self._devices[entry.device.id, values] = encoded
        return encoded

    def _stamp(self, entry: RosterEntry) -> _Stamp:
        """Changes with every sample, with the status, and when values grow stale."""
        columns = self._parts.pipeline.latest.values(entry.point_ids, self._parts.clock.now_ms())
        health = self._parts.supervisor.health(entry.device.id)
        known = (health.status, health.since_ms, health.error, health.last_reading_ms) if health else None
        levels = self._parts.pipeline.alarms.levels(entry.point_ids).tobytes()
        return (entry.device.name, entry.problem, known, columns.at_ms.tobytes(), columns.quality.tobytes(), levels)


def _event(encoded: Sequence[_Encoded]) -> bytes:
    return b"data: [" + b",".join(each.data for each in encoded) + b"]\n\n"
