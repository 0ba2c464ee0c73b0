"""How long what is kept: says to the historian, day by day, from when on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

import structlog

from stripchart.background import in_background
from stripchart.history.base import Historian, HistoryError
from stripchart.history.horizons import DAY_MS, EVER_MS, KEEP_ALL, Horizon, Horizons
from stripchart.history.options import HistoryOptions
from stripchart.model.sample import PointId, PointIds, Times
from stripchart.model.time import Clock

log = structlog.get_logger()

_LOOK_AGAIN_S = 600.0


class Retention:
    """Knows the default, the days of points that have their own, and series of which only the newest are kept."""

    def __init__(self, historian: Historian, options: HistoryOptions, clock: Clock) -> None:
        self._historian, self._options, self._clock = historian, options, clock
        self._default_days = options.raw_days
        self._days: Mapping[PointId, int] = {}
        self._kept_from: dict[PointId, int] = {}
        self._changed = asyncio.Event()
        self._believed = clock.now_ms(), clock.monotonic_ns()
        self._leapt = False
        self._in_force: Horizons | None = None

    def declare(self, days: Mapping[PointId, int]) -> None:
        """Samples of these points are kept so many days, of all others as the default says."""
        if days != self._days:
            self._days = days
            self._changed.set()

    def default_to(self, days: int | None) -> None:
        """Samples of which nobody else says it are kept so many days; None: as the options say."""
        days = self._options.raw_days if days is None else days
        if days != self._default_days:
            self._default_days = days
            self._changed.set()

    def keep_from(self, points: Mapping[PointId, int]) -> None:
        """Of these series nothing before the time (UTC milliseconds) is kept, whatever the days say."""
        self._kept_from.update(points)
        self._changed.set()

    def kept_from_ms(self, points: PointIds) -> Times:
        """From when on samples of the points are kept now, in their order."""
        in_force = self.horizons(self._believed_ms()) if self._in_force is None else self._in_force
        return in_force.raw_of(points)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, the horizons follow the clock."""
        async with in_background({"retention": self._follow()}):
            yield

    async def apply(self) -> None:
        """Tell the historian what is kept now."""
        self._in_force = self.horizons(self._believed_ms())
        await self._historian.retain(self._in_force)

    def _believed_ms(self) -> int:
        """The time, unless the clock leapt ahead: what is dropped by a wrong clock does not come back.

        The leap is believed after the next start.
        """
        at_ms, at_ns = self._believed
        now_ms, passed_ms = self._clock.now_ms(), (self._clock.monotonic_ns() - at_ns) // 1_000_000
        if now_ms <= at_ms + passed_ms + DAY_MS:
            return now_ms
        if not self._leapt:
            log.warning("retention.clock_leapt", days=(now_ms - at_ms - passed_ms) // DAY_MS)
        self._leapt = True
        return at_ms + passed_ms

    def horizons(self, now_ms: int) -> Horizons:
        """What is kept now; each horizon is the beginning of a UTC day, so that no roll-up is cut."""
        kept_from = {point: Horizon(at_ms, at_ms, at_ms) for point, at_ms in self._kept_from.items()}
        if not self._options.drop_expired:
            return Horizons.of(KEEP_ALL, kept_from.items())
        own = {point: _horizon(self._options, days, now_ms) for point, days in self._days.items()} | kept_from
        return Horizons.of(_horizon(self._options, self._default_days, now_ms), own.items())

    async def _follow(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self.apply()
            except HistoryError as error:
                log.error("retention.not_in_effect", reason=str(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_S):
                    await self._changed.wait()


def _horizon(options: HistoryOptions, raw_days: int | None, now_ms: int) -> Horizon:
    """Roll-ups are kept at least as long as the samples, also when those are kept longer than the default."""
    raw_ms = _days_before(raw_days, now_ms)
    rollup_ms = min(raw_ms, _days_before(options.rollup_days, now_ms))
    minute_ms = rollup_ms if options.minute_days is None else min(raw_ms, _days_before(options.minute_days, now_ms))
    return Horizon(raw_ms, max(minute_ms, rollup_ms), rollup_ms)


def _days_before(days: int | None, now_ms: int) -> int:
    return EVER_MS if days is None else (now_ms // DAY_MS - days) * DAY_MS
