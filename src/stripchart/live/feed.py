"""The feed of metrics: looks for news a few times a second, and gives what it encoded once to all who follow."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import structlog

from stripchart.background import in_background
from stripchart.catalog.roster import Roster, RosterEntry
from stripchart.live.changes import Changes
from stripchart.live.metrics import Layout, Metrics, own_words
from stripchart.model.device import DeviceId
from stripchart.model.time import Clock
from stripchart.pipeline.latest import Latest
from stripchart.polling.health import HealthBoard

log = structlog.get_logger()

LOOK_EVERY_S = 0.25

_SLICE_NS = 2_000_000
"""How long encoding may keep the event loop from polling."""

Told = Callable[[Sequence[Metrics]], None]
"""Takes devices of which something is new. Must be quick, and must not raise."""


class MetricsFeed:
    """Nobody follows: nothing is done. What is asked for in between is seen and encoded then."""

    def __init__(self, roster: Roster, latest: Latest, supervisor: HealthBoard, clock: Clock) -> None:
        self._roster, self._latest, self._supervisor, self._clock = roster, latest, supervisor, clock
        self._changes = Changes(roster, latest, supervisor, clock)
        self._encoded: dict[DeviceId, tuple[int, Metrics]] = {}
        self._layouts: dict[DeviceId, Layout] = {}
        self._followers: list[Told] = []
        self._followed = asyncio.Event()
        self.encoded = 0
        """How many times a device was encoded since the start."""

    @property
    def changes(self) -> Changes:
        """What the feed looks with."""
        return self._changes

    async def now(self, wanted: Callable[[RosterEntry], bool] = lambda _: True) -> list[Metrics]:
        """What the wanted devices say now, in the order of the roster."""
        self._changes.look()
        return [metrics async for metrics in self._metrics([each for each in self._roster.all() if wanted(each)])]

    @contextlib.contextmanager
    def followed(self, told: Told) -> Iterator[None]:
        """While this is open, news are told there."""
        self._followers.append(told)
        self._followed.set()
        try:
            yield
        finally:
            self._followers.remove(told)
            if not self._followers:
                self._followed.clear()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, those who follow are told."""
        async with in_background({"metrics feed": self._run()}):
            yield

    async def _run(self) -> None:
        while True:
            await self._followed.wait()
            self._changes.look()
            told = self._changes.number
            while self._followers:
                await asyncio.sleep(LOOK_EVERY_S)
                try:
                    told = await self._tell(told)
                except Exception:
                    log.exception("metrics.not_told")

    async def _tell(self, since: int) -> int:
        """Tell what is new behind that number; returns the number up to which it was told."""
        self._changes.look()
        number = self._changes.number
        news = [metrics async for metrics in self._metrics(self._changes.since(since))]
        if news:
            for told in tuple(self._followers):
                told(news)
        return number

    async def _metrics(self, entries: Sequence[RosterEntry]) -> AsyncIterator[Metrics]:
        """Each of them, encoded anew when it changed; others get their turn in between."""
        slice_ns = time.monotonic_ns()
        for entry in entries:
            yield self._of(entry)
            if time.monotonic_ns() - slice_ns > _SLICE_NS:
                await asyncio.sleep(0)
                slice_ns = time.monotonic_ns()

    def _of(self, entry: RosterEntry) -> Metrics:
        device = entry.device.id
        number = self._changes.number_of(device)
        known = self._encoded.get(device)
        if known is not None and known[0] == number:
            return known[1]
        metrics = self._encode(entry)
        self._encoded[device] = (number, metrics)
        self._let_go()
        return metrics

    def _encode(self, entry: RosterEntry) -> Metrics:
        self.encoded += 1
        device = entry.device
        layout = self._layouts.get(device.id)
        if layout is None or layout.entry is not entry:
            layout = self._layouts[device.id] = Layout(entry)
        health = self._supervisor.health(device.id)
        last_ms = (health.last_reading_ms if health else None) or self._latest.newest_value_ms(entry.point_ids)
        site = self._roster.sites.get(device.site_id)
        head = own_words(entry, site.code if site else "", health, last_ms)
        return layout.encode(head, self._latest, self._clock.now_ms())

    def _let_go(self) -> None:
        """Forget devices that are gone."""
        if len(self._encoded) > 2 * len(self._roster.all()):
            self._encoded.clear()
            self._layouts.clear()
