"""The composition root: builds every part, in the order of the data flow; closes in reverse."""

import contextlib
from collections.abc import AsyncIterator

from stripchart.api.parts import DataParts, Parts
from stripchart.auth.doors import Doors
from stripchart.backups.keeper import BackupKeeper
from stripchart.catalog.repository import Catalog
from stripchart.drivers.base import Driver
from stripchart.model.cause import Cause, CauseCode, Why
from stripchart.model.configuration import Configuration
from stripchart.model.device import Device, DeviceId
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
from stripchart.polling.leased import LeasedDriver
from stripchart.polling.live_reads import LiveReads
from stripchart.polling.supervisor import OpenDriver, Supervisor
from stripchart.profiles.library import ProfileLibrary
from stripchart.runtime.chores import Chores
from stripchart.runtime.ground import Ground, Prepare, opened_ground
from stripchart.runtime.handover import Handover
from stripchart.runtime.keeping import Keeping
from stripchart.runtime.peering import reaching, serving_others
from stripchart.runtime.plant import Hands, Plant
from stripchart.runtime.profile_files import following_profiles
from stripchart.runtime.reach import Reach
from stripchart.runtime.showing import showing
from stripchart.settings import Settings


@contextlib.asynccontextmanager
async def running(
    settings: Settings, clock: Clock | None = None, prepare: Prepare | None = None
) -> AsyncIterator[Parts]:
    """The whole program but its HTTP server. Polling starts last and stops first, so that what was read is kept.

    `prepare` may change the catalog once the data folder is this process's alone and before anything is polled.
    """
    async with contextlib.AsyncExitStack() as parts:
        ground = await parts.enter_async_context(opened_ground(settings, clock or SystemClock(), prepare))
        clock, catalog, pipeline, drivers = ground.clock, ground.catalog, ground.pipeline, ground.drivers
        retention = Retention(historian := ground.kept.historian, settings.history, clock)
        watch, levels = await parts.enter_async_context(_watching(ground))
        supervisor = Supervisor(_leased(ground), pipeline.accept, clock, watch.note)
        await parts.enter_async_context(supervisor)
        backups = BackupKeeper(catalog, settings.data_dir, clock, watch.board.alert, _why_no_backups(settings))
        await _obey(catalog, retention, ground.doors, backups)
        reach = await parts.enter_async_context(reaching(ground))
        commands = await parts.enter_async_context(Commands(reach.open_writer, pipeline.accept, catalog.writes))
        data = _data(settings, reach, pipeline, catalog, retention, clock)
        await parts.enter_async_context(_kept_fresh(data))
        recorder = TrendLogRecorder(pipeline.latest, pipeline.accept, historian, clock, _collection(data))
        keeping = Keeping(catalog, retention, recorder, levels, ground.kept.server)
        chores = Chores(lambda: _in_the_background(retention, recorder, backups))
        parts.push_async_callback(chores.turn, on=False)
        handover = Handover(catalog, ground.roster, historian, pipeline, watch, levels)
        plant = Plant(drivers, pipeline, supervisor, keeping, Hands(ground.sharing, handover, chores))
        await plant.refresh()
        shown = await parts.enter_async_context(showing(ground, plant, supervisor))
        await _enter(parts, ground.sharing.running(plant.hold), serving_others(ground, plant))
        await parts.enter_async_context(_undisturbed(ground.library, plant))
        yield Parts(
            catalog=catalog,
            roster=plant.roster,
            profiles=ground.library,
            historian=historian,
            pipeline=pipeline,
            supervisor=shown.board,
            clock=clock,
            started_ms=clock.now_ms(),
            changed=shown.changed,
            feasibility=plant.feasibility,
            probe=reach.probe,
            preview=reach.preview,
            doors=ground.doors,
            links=reach,
            plans=reach,
            commands=commands,
            allow_writes=settings.allow_writes,
            backups=backups,
            notifications=watch.board,
            data=data,
            metrics=shown.feed,
            bus=shown.report,
            server=ground.kept.server,
            role=settings.role,
            sharing=shown.sharing,
        )


async def _enter(parts: contextlib.AsyncExitStack, *opened: contextlib.AbstractAsyncContextManager[object]) -> None:
    for each in opened:
        await parts.enter_async_context(each)


@contextlib.asynccontextmanager
async def _watching(ground: Ground) -> AsyncIterator[tuple[OutageWatch, CriticalWatch]]:
    """Those who see to it that owner and admins are told of devices that are gone, and of critical ones."""
    catalog, roster, pipeline, clock = ground.catalog, ground.roster, ground.pipeline, ground.clock

    def is_ours(device: DeviceId) -> bool:
        entry = roster.get(device)
        return entry is not None and ground.sharing.polls(entry.device.link)

    async with (
        watching_outages(catalog, roster, clock, ground.settings.notification_days) as watch,
        watching_levels(catalog, roster, pipeline.alarms, watch.board, clock, is_ours) as levels,
    ):
        pipeline.follow_levels(levels.note)
        sees_others = ground.settings.is_shared and ground.settings.role.answers
        async with watch.board.seeing_others() if sees_others else contextlib.nullcontext():
            yield watch, levels


def _leased(ground: Ground) -> OpenDriver:
    """Drivers that read only while this process may."""
    if ground.sharing.leases is None:
        return ground.drivers.open

    async def opened(device: Device) -> Driver:
        return LeasedDriver(await ground.drivers.open(device), lambda: ground.sharing.may_use(device.link))

    return opened


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
    reach: Reach,
    pipeline: Pipeline,
    catalog: Catalog,
    retention: Retention,
    clock: Clock,
) -> DataParts:
    reads = LiveReads(reach.read_now, pipeline.show, clock, settings.live_reads)
    return DataParts(
        cache=settings.cache,
        api=settings.api,
        reads=reads,
        collector=Collector(reads, clock, settings.collection),
        eviction=Eviction(pipeline.latest, catalog.living, clock, settings.cache),
        kept_from_ms=retention.kept_from_ms,
    )


def _why_no_backups(settings: Settings) -> Why | None:
    if settings.database_url is None:
        return None
    words = "catalog and history are kept in PostgreSQL: have its own tools back them up, such as pg_dump"
    return Why(words, Cause(CauseCode.BACKUPS_OF_SERVER))


@contextlib.asynccontextmanager
async def _kept_fresh(data: DataParts) -> AsyncIterator[None]:
    """While this is open, points can be read in between polls, and those that are gone are forgotten."""
    async with data.reads.running(), data.eviction.running():
        yield


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
