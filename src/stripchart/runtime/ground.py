"""Ground: what all other parts stand on, opened in the order of the data flow."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stripchart.auth.doors import DoorOptions, Doors, open_doors
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.catalog.roster import Roster
from stripchart.drivers.modbus.links import Links
from stripchart.history.care.restore import finish_restore
from stripchart.history.opening import Kept, open_history
from stripchart.model.time import Clock
from stripchart.pipeline.pipeline import Pipeline
from stripchart.profiles.library import ProfileLibrary
from stripchart.runtime.bus import open_bus
from stripchart.runtime.drivers import DriverFactory
from stripchart.runtime.sharing import Sharing, sharing_of
from stripchart.settings import Settings

if TYPE_CHECKING:
    from stripchart.bus.connection import Connection

Prepare = Callable[[Catalog], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ground:
    """`bus` is None without Redis."""

    settings: Settings
    clock: Clock
    library: ProfileLibrary
    kept: Kept
    catalog: Catalog
    doors: Doors
    bus: "Connection | None"
    sharing: Sharing
    pipeline: Pipeline
    drivers: DriverFactory
    roster: Roster


@contextlib.asynccontextmanager
async def opened_ground(settings: Settings, clock: Clock, prepare: Prepare | None) -> AsyncIterator[Ground]:
    """`prepare` may change the catalog once the data folder is this process's alone."""
    finish_restore(settings.data_dir)
    async with contextlib.AsyncExitStack() as parts:
        library = ProfileLibrary(settings.profiles_folder, settings.polling.pacing)
        kept = await parts.enter_async_context(open_history(settings.history_place, settings.history, settings.spool))
        catalog = await parts.enter_async_context(_catalog(settings))
        doors = await parts.enter_async_context(_doors(catalog, settings, clock))
        if prepare:
            await prepare(catalog)
        bus = await parts.enter_async_context(open_bus(settings.redis_url))
        sharing = sharing_of(settings.role, bus, is_shared=settings.is_shared)
        pipeline = Pipeline(kept.historian, settings.pipeline, clock)
        await parts.enter_async_context(pipeline.running())
        learned = await parts.enter_async_context(catalog.learned.remembered())
        drivers = DriverFactory(Links(may_use=sharing.may_use), clock, learned, 1 + settings.live_reads.retries)
        parts.push_async_callback(drivers.links.aclose)
        roster = Roster(catalog, library)
        yield Ground(settings, clock, library, kept, catalog, doors, bus, sharing, pipeline, drivers, roster)


def _doors(catalog: Catalog, settings: Settings, clock: Clock) -> contextlib.AbstractAsyncContextManager[Doors]:
    secret = settings.signing_secret
    options = DoorOptions(
        stream_is_public=settings.stream_is_public,
        socket_is_public=settings.socket_is_public,
        metrics_are_public=settings.metrics_are_public,
        host_names=settings.host_names,
        signing_secret=secret.get_secret_value().encode() if secret else None,
        access_s=60 * settings.access_token_minutes,
    )
    return open_doors(catalog.accounts, settings.secret_file, clock, options)


def _catalog(settings: Settings) -> contextlib.AbstractAsyncContextManager[Catalog]:
    return open_catalog(settings.catalog_url, pool_size=settings.catalog_pool_size)
