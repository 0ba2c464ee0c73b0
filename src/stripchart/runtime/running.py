"""The composition root: builds every part, in the order of the data flow; closes in reverse."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from stripchart.api.parts import DataParts, Parts
from stripchart.auth.doors import DoorOptions, Doors, open_doors
from stripchart.backups.keeper import BackupKeeper
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.catalog.roster import Roster
from stripchart.drivers.modbus.board import ModbusBoard
from stripchart.drivers.modbus.links import Links
from stripchart.history.care.restore import finish_restore
from stripchart.history.opening import open_history
from stripchart.live.feed import MetricsFeed
from stripchart.model.configuration import Configuration
from stripchart.model.time import Clock, SystemClock
from stripchart.notifications.critical_watch import CriticalWatch, watching_levels
from stripchart.notifications.watch import OutageWatch, watching_outages
from stripchart.pipeline.eviction import Eviction
from stripchart.pipeline.pipeline import Pipeline
from stripchart.pipeline.retention import Retention
from stripchart.pipeline.trend_logs import Collection, TrendLogRecorder
from stripchart.polling.collector import Collector
from stripchart.polling.commands import Commands
from stripchart.polling.garbage import without_long_collections
from stripchart.polling.live_reads import LiveReads
from stripchart.polling.supervisor import Supervisor
from stripchart.profiles.library import ProfileLibrary
from stripchart.runtime.bus import open_bus
from stripchart.runtime.drivers import DriverFactory
from stripchart.runtime.keeping import Keeping
from stripchart.runtime.plant import Plant
from stripchart.runtime.profile_files import following_profiles
from stripchart.settings import Settings

Prepare = Callable[[Catalog], Awaitable[None]]


@contextlib.asynccontextmanager
async def running(
    settings: Settings, clock: Clock | None = None, prepare: Prepare | None = None
) -> AsyncIterator[Parts]:
    """The whole program but its HTTP server. Polling starts last and stops first, so that what was read is kept.

    `prepare` may change the catalog once the data folder is this process's alone and before anything is polled.
    """
    clock = clock or SystemClock()
    finish_restore(settings.data_dir)
    async with contextlib.AsyncExitStack() as parts:
        library = ProfileLibrary(settings.profiles_folder, settings.polling.pacing)
        kept = await parts.enter_async_context(open_history(settings.history_place, settings.history, settings.spool))
        retention = Retention(historian := kept.historian, settings.history, clock)
        catalog = await parts.enter_async_context(_catalog(settings))
        doors = await parts.enter_async_context(_doors(catalog, settings, clock))
        if prepare:
            await prepare(catalog)
        pipeline = Pipeline(historian, settings.pipeline, clock)
        await _enter(parts, open_bus(settings.redis_url), pipeline.running())
        learned = await parts.enter_async_context(catalog.learned.remembered())
        drivers = DriverFactory(Links(), clock, learned, 1 + settings.live_reads.retries)
        parts.push_async_callback(drivers.links.aclose)
        watching = _watching(catalog, roster := Roster(catalog, library), pipeline, clock, settings.notification_days)
        watch, levels = await parts.enter_async_context(watching)
        supervisor = await parts.enter_async_context(Supervisor(drivers.open, pipeline.accept, clock, watch.note))
        backups = BackupKeeper(catalog, settings.data_dir, clock, watch.board.alert, _why_no_backups(settings))
        await _obey(catalog, retention, doors, backups)
        commands = await parts.enter_async_context(Commands(drivers.open_writer, pipeline.accept, catalog.writes))
        data = _data(settings, drivers, pipeline, catalog, retention, clock)
        await parts.enter_async_context(_kept_fresh(data))
        recorder = TrendLogRecorder(pipeline.latest, pipeline.accept, historian, clock, _collection(data))
        keeping = Keeping(catalog, retention, recorder, levels, kept.server)
        plant = Plant(roster, drivers, pipeline, supervisor, keeping)
        await plant.refresh()
        metrics = await parts.enter_async_context(_metrics(roster, pipeline, supervisor, clock))
        await _enter(parts, _in_the_background(retention, recorder, backups), _undisturbed(library, plant))
        yield Parts(
            catalog=catalog,
            roster=plant.roster,
            profiles=library,
            historian=historian,
            pipeline=pipeline,
            supervisor=supervisor,
            clock=clock,
            started_ms=clock.now_ms(),
            changed=plant.refresh,
            feasibility=plant.feasibility,
            probe=drivers.probe,
            preview=drivers.preview,
            doors=doors,
            links=ModbusBoard(drivers.links),
            plans=drivers.plans,
            commands=commands,
            allow_writes=settings.allow_writes,
            backups=backups,
            notifications=watch.board,
            data=data,
            metrics=metrics,
            server=kept.server,
        )


async def _enter(parts: contextlib.AsyncExitStack, *opened: contextlib.AbstractAsyncContextManager[object]) -> None:
    for each in opened:
        await parts.enter_async_context(each)


@contextlib.asynccontextmanager
async def _watching(
    catalog: Catalog, roster: Roster, pipeline: Pipeline, clock: Clock, keep_days: int
) -> AsyncIterator[tuple[OutageWatch, CriticalWatch]]:
    """Those who see to it that owner and admins are told of devices that are gone, and of critical ones."""
    async with (
        watching_outages(catalog, roster, clock, keep_days) as watch,
        watching_levels(catalog, roster, pipeline.alarms, watch.board, clock) as levels,
    ):
        pipeline.follow_levels(levels.note)
        yield watch, levels


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


async def _obey(catalog: Catalog, retention: Retention, doors: Doors, backups: BackupKeeper) -> None:
    """Put what the owner has set into effect, now and at each change."""

    def in_effect(now: Configuration) -> None:
        retention.default_to(now.default_retention_days)
        doors.authenticator.limit(session_s=60 * now.session_timeout_minutes, attempts=now.max_login_attempts)
        backups.configure(now)

    await catalog.configuration.load()
    catalog.configuration.subscribe(in_effect)


def _collection(data: DataParts) -> Collection | None:
    """How trend logs have read what is too old for them."""
    options = data.collector.options
    return Collection(data.collector.collect, data.cache.duration_s, options.retry_s) if options.enabled else None


def _data(
    settings: Settings,
    drivers: DriverFactory,
    pipeline: Pipeline,
    catalog: Catalog,
    retention: Retention,
    clock: Clock,
) -> DataParts:
    reads = LiveReads(drivers.read_now, pipeline.show, clock, settings.live_reads)
    return DataParts(
        cache=settings.cache,
        api=settings.api,
        reads=reads,
        collector=Collector(reads, clock, settings.collection),
        eviction=Eviction(pipeline.latest, catalog.living, clock, settings.cache),
        kept_from_ms=retention.kept_from_ms,
    )


def _why_no_backups(settings: Settings) -> str | None:
    if settings.database_url is None:
        return None
    return "catalog and history are kept in PostgreSQL: have its own tools back them up, such as pg_dump"


@contextlib.asynccontextmanager
async def _kept_fresh(data: DataParts) -> AsyncIterator[None]:
    """While this is open, points can be read in between polls, and those that are gone are forgotten."""
    async with data.reads.running(), data.eviction.running():
        yield


def _catalog(settings: Settings) -> contextlib.AbstractAsyncContextManager[Catalog]:
    return open_catalog(settings.catalog_url, pool_size=settings.catalog_pool_size)


@contextlib.asynccontextmanager
async def _metrics(
    roster: Roster, pipeline: Pipeline, supervisor: Supervisor, clock: Clock
) -> AsyncIterator[MetricsFeed]:
    """What devices say now, for all who follow."""
    feed = MetricsFeed(roster, pipeline.latest, supervisor, clock)
    async with feed.running():
        yield feed


@contextlib.asynccontextmanager
async def _undisturbed(library: ProfileLibrary, plant: Plant) -> AsyncIterator[None]:
    """While this is open, profiles are followed, and rubbish is collected in short turns."""
    async with following_profiles(library, plant), without_long_collections():
        yield


@contextlib.asynccontextmanager
async def _in_the_background(
    retention: Retention, recorder: TrendLogRecorder, backups: BackupKeeper
) -> AsyncIterator[None]:
    async with retention.running(), recorder.running(retention), backups.running():
        yield
