"""What devices say now, shown to all who follow: here, and over Redis."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from stripchart.background import in_background
from stripchart.bus.base import BusError, BusReport
from stripchart.catalog.chain import Head
from stripchart.catalog.errors import CatalogError
from stripchart.catalog.roster import RosterEntry
from stripchart.live.feed import MetricsFeed
from stripchart.live.packet import pack
from stripchart.live.publisher import Publisher
from stripchart.polling.health import HealthBoard
from stripchart.polling.leases import LeaseHealth
from stripchart.polling.supervisor import Supervisor
from stripchart.runtime.ground import Ground
from stripchart.runtime.plant import Plant

if TYPE_CHECKING:
    from stripchart.bus.connection import Connection

log = structlog.get_logger()

RELOAD = "poller:reload"
"""Channel: whoever hears something there looks at the catalog and the profiles again."""

_GATHER_S = 0.2
_LOOK_EVERY_S = 15.0
"""What is changed while nobody can be told is found so soon."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What devices say now, for who follows here; with a Redis, how it is doing. `changed`: the catalog was.

    `board`: how devices are, also those that other processes poll, where those are shown here.
    """

    feed: MetricsFeed
    board: HealthBoard
    sharing: Callable[[], LeaseHealth | None]
    report: Callable[[], BusReport] | None
    changed: Callable[[], Awaitable[None]]


@contextlib.asynccontextmanager
async def showing(ground: Ground, plant: Plant, supervisor: Supervisor) -> AsyncIterator[Shown]:
    """While this is open, who follows is told what is new: here, and with a Redis everybody else."""
    bus, pipeline, clock = ground.bus, ground.pipeline, ground.clock
    async with mirroring(ground, supervisor) as (board, sharing):
        feed = MetricsFeed(plant.roster, pipeline.latest, board, clock)
        if bus is None:
            async with feed.running():
                yield Shown(feed, board, sharing, None, plant.refresh)
            return
        from stripchart.bus.metrics import RedisMetrics

        def packed(entry: RosterEntry) -> bytes:
            return pack(entry, pipeline.latest, supervisor.health(entry.device.id), clock.now_ms())

        def is_ours(entry: RosterEntry) -> bool:
            return ground.sharing.polls(entry.device.link)

        publisher = Publisher(feed, RedisMetrics(bus), plant.roster, pipeline, packed, is_ours)
        bus.on_return(publisher.begin_anew)
        reload = Reload(bus, ground, plant)
        async with feed.running(), publisher.running(), reload.running():
            yield Shown(feed, board, sharing, partial(_report, bus, publisher), reload.changed)


@contextlib.asynccontextmanager
async def mirroring(
    ground: Ground, supervisor: Supervisor
) -> AsyncIterator[tuple[HealthBoard, Callable[[], LeaseHealth | None]]]:
    """While this is open, what other processes poll is shown here as well, where there can be any; and who polls."""
    bus, leases = ground.bus, ground.sharing.leases
    if bus is None or not ground.settings.is_shared:
        yield supervisor, lambda: None
        return
    from stripchart.bus.leases import RedisLeases
    from stripchart.bus.metrics import SAMPLES, RedisMetrics
    from stripchart.live.mirror import Mirror

    mirror = Mirror(ground.roster, ground.pipeline, supervisor, RedisMetrics(bus), RedisLeases(bus))
    bus.on_return(mirror.begin_anew)
    async with (
        in_background({"hear of devices": bus.listen({SAMPLES: mirror.hear})}),
        mirror.running(ground.catalog.levels, lambda entry: ground.sharing.polls(entry.device.link)),
    ):
        board = mirror if ground.settings.role.answers else supervisor
        yield board, mirror.sharing if leases is None else leases.health


def _report(bus: "Connection", publisher: Publisher) -> BusReport:
    figures = publisher.figures
    counts = figures.published, figures.replaced, publisher.waiting
    return BusReport(bus.health(), publisher.problem, *counts, publisher.cause)


class Reload:
    """Hears that somebody changed the catalog or the profiles, and says so when it was this process."""

    def __init__(self, bus: "Connection", ground: Ground, plant: Plant) -> None:
        self._bus, self._library, self._plant = bus, ground.library, plant
        self._catalog, self._is_shared = ground.catalog, ground.settings.is_shared
        self._head: Head | None = None
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
        async with in_background({"hear of changes": self._bus.listen({RELOAD: self._hear}), "reload": self._run()}):
            yield

    def _hear(self, message: bytes) -> None:
        if message != self._me:
            self._heard.set()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_S if self._is_shared else None):
                    await self._heard.wait()
                    await asyncio.sleep(_GATHER_S)
            try:
                if self._heard.is_set() or await self._has_changed():
                    self._heard.clear()
                    await self._look_again()
            except (CatalogError, OSError) as error:
                log.error("reload.not_in_effect", reason=str(error))

    async def _has_changed(self) -> bool:
        """Whether anything was changed since it was looked last, by what the audit ends with."""
        before, self._head = self._head, await self._catalog.audit.head()
        return self._head != before

    async def _look_again(self) -> None:
        await asyncio.to_thread(self._look_at_profiles)
        await self._catalog.configuration.load()
        await self._plant.refresh()

    def _look_at_profiles(self) -> None:
        self._library.refresh()
        self._library.load()
