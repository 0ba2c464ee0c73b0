"""Eviction: what is not there any more leaves the memory of newest samples."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from stripchart.background import in_background
from stripchart.model.recent import Recent
from stripchart.model.sample import PointId
from stripchart.model.time import Clock
from stripchart.pipeline.latest import Latest

log = structlog.get_logger()

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class CacheOptions:
    """`duration_s`: how old a sample may be before the device is asked again for whoever wants it.

    `cleanup_interval_minutes`: how often samples of points that are gone are let go.
    """

    duration_s: float = 60.0
    cleanup_interval_minutes: float = 5.0

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least, most in (("duration_s", 0, 86_400), ("cleanup_interval_minutes", 0.01, 1440)):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} {getattr(self, name)}: allowed are {least} to {most}")


class Eviction:
    """`recent`: what was let go in the last hour. `living` says which of the points are configured."""

    def __init__(
        self,
        latest: Latest,
        living: Callable[[Sequence[PointId]], Awaitable[set[PointId]]],
        clock: Clock,
        options: CacheOptions,
    ) -> None:
        self._latest, self._living, self._clock, self._options = latest, living, clock, options
        self._known: set[PointId] = set()
        self.recent = Recent(_HOUR_S)

    def know(self, points: set[PointId]) -> None:
        """These are configured: nobody has to be asked about them."""
        self._known = points

    async def clean(self) -> None:
        """Let go of what is not configured any more."""
        unknown = [PointId(point) for point in self._latest.seen().tolist() if point not in self._known]
        if not unknown:
            return
        living = await self._living(unknown)
        gone = [point for point in unknown if point not in living]
        if gone:
            self._latest.forget(np.array(gone, np.int32))
            self.recent.note(self._clock.monotonic_ns() / 1e9, times=len(gone))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, it is cleaned now and then."""
        async with in_background({"eviction": self._run()}):
            yield

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(60 * self._options.cleanup_interval_minutes)
            try:
                await self.clean()
            except Exception:
                log.exception("eviction.failed")
