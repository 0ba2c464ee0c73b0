"""What devices say now, shown to all who follow: here, and over Redis."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from stripchart.bus.base import BusError, BusReport
from stripchart.catalog.errors import CatalogError
from stripchart.catalog.roster import RosterEntry
from stripchart.live.feed import MetricsFeed
from stripchart.live.packet import pack
from stripchart.live.publisher import Publisher
from stripchart.polling.supervisor import Supervisor
from stripchart.profiles.library import ProfileLibrary
from stripchart.runtime.ground import Ground
from stripchart.runtime.plant import Plant

if TYPE_CHECKING:
    from stripchart.bus.connection import Connection

log = structlog.get_logger()

RELOAD = "poller:reload"
"""Channel: whoever hears something there looks at the catalog and the profiles again."""

_GATHER_S = 0.2


@dataclass(frozen=True, slots=True)
class Shown:
    """What devices say now, for who follows here; with a Redis, how it is doing. `changed`: the catalog was."""

    feed: MetricsFeed
    report: Callable[[], BusReport] | None
    changed: Callable[[], Awaitable[None]]


@contextlib.asynccontextmanager
async def showing(ground: Ground, plant: Plant, supervisor: Supervisor) -> AsyncIterator[Shown]:
    """While this is open, who follows is told what is new: here, and with a Redis everybody else."""
    bus, pipeline, clock = ground.bus, ground.pipeline, ground.clock
    feed = MetricsFeed(plant.roster, pipeline.latest, supervisor, clock)
    async with feed.running():
        if bus is None:
            yield Shown(feed, None, plant.refresh)
            return
        from stripchart.bus.metrics import RedisMetrics

        def packed(entry: RosterEntry) -> bytes:
            return pack(entry, pipeline.latest, supervisor.health(entry.device.id), clock.now_ms())

        def is_ours(entry: RosterEntry) -> bool:
            return ground.sharing.polls(entry.device.link)

        publisher = Publisher(feed, RedisMetrics(bus), plant.roster, pipeline, packed, is_ours)
        bus.on_return(publisher.begin_anew)
        reload = Reload(bus, ground.library, plant)
        async with publisher.running(), reload.running():
            yield Shown(feed, partial(_report, bus, publisher), reload.changed)


def _report(bus: "Connection", publisher: Publisher) -> BusReport:
    figures = publisher.figures
    return BusReport(bus.health(), figures.published, figures.replaced, publisher.waiting)


class Reload:
    """Hears that somebody changed the catalog or the profiles, and says so when it was this process."""

    def __init__(self, bus: "Connection", library: ProfileLibrary, plant: Plant) -> None:
        self._bus, self._library, self._plant = bus, library, plant
        self._me = secrets.token_hex(8).encode()
        self._heard = asyncio.Event()

    async def changed(self) -> None:
        """Put a change of this process's own into effect, and tell the others; those that miss it find it later."""
        await self._plant.refresh()
        with contextlib.suppress(BusError):
            await self._bus.ask(lambda redis: redis.publish(RELOAD, self._me))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, changes of others are put into effect."""
        tasks = [
            asyncio.create_task(self._bus.listen({RELOAD: self._hear}), name="hear of changes"),
            asyncio.create_task(self._run(), name="reload"),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _hear(self, message: bytes) -> None:
        if message != self._me:
            self._heard.set()

    async def _run(self) -> None:
        while True:
            await self._heard.wait()
            await asyncio.sleep(_GATHER_S)
            self._heard.clear()
            try:
                await asyncio.to_thread(self._look_at_profiles)
                await self._plant.refresh()
            except (CatalogError, OSError) as error:
                log.error("reload.not_in_effect", reason=str(error))

    def _look_at_profiles(self) -> None:
        self._library.refresh()
        self._library.load()
