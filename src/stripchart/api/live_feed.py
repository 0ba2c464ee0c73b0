"""The live stream: each device is encoded once a moment, whoever looks, and a large plant in slices."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from stripchart.api.live_view import Values, latest_of
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry

_MOMENT_NS = 250_000_000
"""What was encoded so lately is sent again: ages in it are off by less than that."""

_SLICE_NS = 2_000_000
"""How long encoding may keep the event loop from polling."""

_EVENTS_KEPT = 64

_ALWAYS = -1
"""In place of the number of a change: whatever changed."""

_Key = tuple[tuple[int, ...], Values, int]


@dataclass(slots=True)
class StreamFigures:
    """Since the start: events sent, and clients that took longer for one than there is between two."""

    sent: int = 0
    slow_clients: int = 0


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A device as JSON: when that was made, and behind which change of it."""

    at_ns: int
    number: int
    data: bytes


class LiveFeed:
    """Encodes devices for streams."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._devices: dict[tuple[int, Values], _Encoded] = {}
        self._events: dict[_Key, tuple[int, int, bytes]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._looked_ns: int | None = None
        self.figures = StreamFigures()

    async def event(self, devices: tuple[int, ...], values: Values) -> bytes:
        """An event with the latest of these devices (of all when none is named); NaN becomes null."""
        event, _ = await self._event(devices, values, _ALWAYS)
        return event

    async def changes(self, devices: tuple[int, ...], values: Values, since: int) -> tuple[bytes, int]:
        """An event with those devices of which something is new behind the change of that number, and its own number.

        Its id says the number, for a client that comes again.
        """
        return await self._event(devices, values, since)

    def since(self, event_id: str) -> int:
        """The number of the change that an event with this id told; 0, which is before all, of one of another run."""
        run, _, number = event_id.partition("-")
        is_ours = run == self._run and number.isascii() and number.isdigit() and len(number) <= 15
        return int(number) if is_ours and int(number) <= self._parts.metrics.changes.number else 0

    @property
    def _run(self) -> str:
        return f"{self._parts.started_ms:x}"

    async def _event(self, devices: tuple[int, ...], values: Values, since: int) -> tuple[bytes, int]:
        async with self._one_at_a_time:
            now_ns = self._look()
            known = self._events.get((devices, values, since))
            if known is not None and now_ns - known[0] < _MOMENT_NS:
                return known[2], known[1]
            number = self._parts.metrics.changes.number
            data = await self._encoded(self._chosen(devices, since), values)
            head = b"" if since == _ALWAYS else f"id: {self._run}-{number}\n".encode()
            event = head + b"data: [" + b",".join(data) + b"]\n\n"
            self._events = {key: each for key, each in self._events.items() if now_ns - each[0] < _MOMENT_NS}
            if len(self._events) < _EVENTS_KEPT:
                self._events[devices, values, since] = (now_ns, number, event)
            return event, number

    def _look(self) -> int:
        """See what changed, once a moment."""
        now_ns = self._parts.clock.monotonic_ns()
        if self._looked_ns is None or now_ns - self._looked_ns >= _MOMENT_NS:
            self._parts.metrics.changes.look()
            self._looked_ns = now_ns
        return now_ns

    async def _encoded(self, chosen: Sequence[RosterEntry], values: Values) -> list[bytes]:
        """The devices, each encoded anew when that was not done a moment ago; others get their turn in between."""
        encoded = []
        slice_ns = time.monotonic_ns()
        for entry in chosen:
            encoded.append(self._device(entry, values))
            if time.monotonic_ns() - slice_ns > _SLICE_NS:
                await asyncio.sleep(0)
                slice_ns = time.monotonic_ns()
        return encoded

    def _chosen(self, devices: tuple[int, ...], since: int) -> Sequence[RosterEntry]:
        everyone = self._parts.roster.all()
        if len(self._devices) > 2 * len(everyone) * len(Values):
            self._devices.clear()
        asked = everyone if since == _ALWAYS else self._parts.metrics.changes.since(since)
        return [entry for entry in asked if entry.device.id in devices] if devices else asked

    def _device(self, entry: RosterEntry, values: Values) -> bytes:
        now_ns, number = self._parts.clock.monotonic_ns(), self._parts.metrics.changes.number_of(entry.device.id)
        known = self._devices.get((entry.device.id, values))
        if known is not None and known.number == number and now_ns - known.at_ns < _MOMENT_NS:
            return known.data
        data = orjson.dumps(latest_of(self._parts, entry, values, self._parts.clock.now_ms()))
        self._devices[entry.device.id, values] = _Encoded(now_ns, number, data)
        return data
