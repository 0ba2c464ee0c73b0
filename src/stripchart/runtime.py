"""The composition root: builds every part, in the order of the data flow; closes in reverse."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

import numpy as np
import structlog

from stripchart.api.parts import DataParts, Parts
from stripchart.auth.doors import DoorOptions, Doors, open_doors
from stripchart.backups.keeper import BackupKeeper
from stripchart.catalog.errors import CatalogError
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.catalog.roster import Roster, RosterEntry
from stripchart.drivers.base import Driver, SetupError, Writer
from stripchart.drivers.modbus.board import ModbusBoard
from stripchart.drivers.modbus.compiled import CompiledProfile, compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.glance import OperatedUnit, look_at
from stripchart.drivers.modbus.links import Links
from stripchart.drivers.modbus.plans import Memory, ModbusPlans
from stripchart.drivers.modbus.preview import preview
from stripchart.drivers.modbus.probe import probe
from stripchart.drivers.modbus.writer import ModbusWriter
from stripchart.drivers.probe import Probe
from stripchart.history.base import HistoryError
from stripchart.history.care.restore import finish_restore
from stripchart.history.on_server import OnServer
from stripchart.history.opening import open_history
from stripchart.history.options import DAYS_MOST
from stripchart.history.registers import RegisterInfo
from stripchart.model.alarm import Thresholds
from stripchart.model.configuration import Configuration
from stripchart.model.device import Device, DeviceId
from stripchart.model.point import RecordRule, text_in
from stripchart.model.profile import Profile
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.time import Clock, SystemClock
from stripchart.model.trend_log import TrendLog
from stripchart.notifications.critical_watch import CriticalWatch, watching_levels
from stripchart.notifications.watch import OutageWatch, watching_outages
from stripchart.pipeline.eviction import Eviction
from stripchart.pipeline.pipeline import Pipeline
from stripchart.pipeline.retention import Retention
from stripchart.pipeline.trend_logs import Collection, Recording, TrendLogRecorder
from stripchart.polling.collector import Collector
from stripchart.polling.commands import Commands
from stripchart.polling.feasibility import Feasibility, Load, PlannedRead, judge, load_of
from stripchart.polling.garbage import without_long_collections
from stripchart.polling.live_reads import LiveReads
from stripchart.polling.supervisor import Job, Supervisor
from stripchart.profiles.library import ProfileLibrary
from stripchart.settings import Settings

log = structlog.get_logger()

_STALE_AFTER_PERIODS = 3
_STALE_AFTER_AT_LEAST_S = 5.0
_LOOK_AT_PROFILES_EVERY_S = 2.0
_PROBE_WITHIN_S = 10.0

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
        await parts.enter_async_context(pipeline.running())
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
        await parts.enter_async_context(_in_the_background(retention, recorder, backups))
        await parts.enter_async_context(_following_profiles(library, plant))
        await parts.enter_async_context(without_long_collections())
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
            server=kept.server,
        )


class DriverFactory:
    """Makes drivers. Devices of one profile share its compiled form; devices of one address share the link."""

    def __init__(self, links: Links, clock: Clock, memory: Memory, attempts: int) -> None:
        """`attempts`: how often what is read in between polls is asked for."""
        self.links, self._attempts = links, attempts
        self.plans = ModbusPlans(memory, self._compile)
        self._clock = clock
        self._entries: dict[int, RosterEntry] = {}
        self._compiled: dict[str, CompiledProfile] = {}

    def know(self, entries: dict[int, RosterEntry]) -> None:
        """The devices as they are configured now."""
        self._entries = entries
        for entry in entries.values():
            self.plans.change(entry.device)

    async def open(self, device: Device) -> Driver:
        """Raises SetupError when the device's profile cannot be used."""
        entry = self._entries.get(device.id)
        if entry is None or entry.profile is None:
            problem = entry.problem if entry else None
            raise SetupError(problem or f"profile {device.profile!r} cannot be used")
        compiled = self._compile(entry.profile)
        driver = ModbusDriver(
            self.links.acquire(device.link),
            device.unit_id,
            compiled,
            entry.point_ids,
            clock=self._clock,
            release=lambda: self._release(device),
        )
        self.plans.begin(device, driver)
        return driver

    async def open_writer(self, device: Device) -> Writer:
        """Raises SetupError when the device's profile cannot be used."""
        return ModbusWriter(self._operated(device), release=lambda: self._release_written(device))

    async def probe(self, device: Device) -> Probe:
        """One value of the device, read before its polls. Raises SetupError when its profile cannot be used."""
        unit = self._operated(device)
        try:
            return await probe(unit, _PROBE_WITHIN_S)
        finally:
            await self.links.release(device.link)

    async def preview(self, device: Device, profile: Profile) -> list[Probe]:
        """What a device that is not saved says, over a link that others may share."""
        link = self.links.acquire(device.link)
        try:
            ids = np.arange(len(profile.points), dtype=np.int32)
            return await preview(OperatedUnit(link, device.unit_id, profile, ids, self._clock), _PROBE_WITHIN_S)
        finally:
            await self.links.release(device.link)

    async def read_now(self, device: Device, keys: Sequence[str]) -> SampleBatch:
        """These points, over the link the device is polled over. Raises DriverError."""
        unit = self._operated(device)
        try:
            seen = await look_at(unit, keys, attempts=self._attempts, together=True)
        finally:
            await self.links.release(device.link)
        return seen.samples

    def _operated(self, device: Device) -> OperatedUnit:
        """The device with its link, which the caller gives back."""
        entry = self._entries.get(device.id)
        if entry is None or entry.profile is None:
            raise SetupError(entry.problem if entry and entry.problem else f"{device.name} is not there any more")
        link = self.links.acquire(device.link)
        return OperatedUnit(link, device.unit_id, entry.profile, entry.point_ids, self._clock)

    async def _release_written(self, device: Device) -> None:
        self.plans.written(device)
        await self.links.release(device.link)

    async def _release(self, device: Device) -> None:
        self.plans.end(device)
        await self.links.release(device.link)

    def load(self, device: Device, profile: Profile) -> Load:
        """What reading the device takes of its link."""
        reads = [PlannedRead(read.group, read.blocks) for read in self._compile(profile).reads]
        return load_of(device.name, device.interval_s, reads, profile.pacing, device.link)

    def _compile(self, profile: Profile) -> CompiledProfile:
        compiled = self._compiled.get(profile.key)
        if compiled is None or compiled.profile is not profile:
            compiled = self._compiled[profile.key] = compile_profile(profile)
        return compiled


class Plant:
    """Puts changes of the catalog and of profiles into effect, one after another."""

    def __init__(
        self, roster: Roster, drivers: DriverFactory, pipeline: Pipeline, supervisor: Supervisor, keeping: "Keeping"
    ) -> None:
        self.roster = roster
        self._keeping = keeping
        self._drivers = drivers
        self._pipeline = pipeline
        self._supervisor = supervisor
        self._declared: dict[DeviceId, tuple[Profile | None, float, Mapping[str, RecordRule]]] = {}
        self._watched: dict[DeviceId, tuple[Profile | None, Mapping[str, Thresholds]]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def refresh(self) -> None:
        """Poll the devices as they are configured now."""
        async with self._one_at_a_time:
            await self.roster.refresh()
            entries = self.roster.all()
            self._drivers.know({entry.device.id: entry for entry in entries})
            self._drivers.links.configure(self.roster.link_options)
            self._keeping.levels.know(entries)
            for entry in entries:
                self._declare(entry)
                self._watch(entry)
            await self._keeping.refresh(entries)
            await self._supervisor.apply([Job(entry.device, entry.profile) for entry in entries])

    def feasibility(self, device: Device, profile: Profile) -> Feasibility:
        """Whether the device can be read as often as is wanted beside the others that are polled over its link."""
        others = [
            self._drivers.load(entry.device, entry.profile)
            for entry in self.roster.all()
            if entry.profile is not None
            and entry.device.enabled
            and entry.device.link == device.link
            and entry.device.id != device.id
        ]
        return judge(self._drivers.load(device, profile), device.link, others)

    def _declare(self, entry: RosterEntry) -> None:
        """Tell the pipeline what the points are, unless it knows: of a point declared again one more is kept."""
        said = (entry.profile, entry.device.interval_s, entry.device.records)
        if entry.profile is None or self._declared.get(entry.device.id) == said:
            return
        self._declared[entry.device.id] = said
        stale_after_s = [
            max(_STALE_AFTER_AT_LEAST_S, _STALE_AFTER_PERIODS * entry.read_every_s(point)) for point in entry.points
        ]
        self._pipeline.declare(entry.point_ids, entry.points, stale_after_s)

    def _watch(self, entry: RosterEntry) -> None:
        """Tell the pipeline which thresholds the points have, unless it knows."""
        said = (entry.profile, entry.device.thresholds)
        if entry.profile is None or self._watched.get(entry.device.id, (entry.profile, {})) == said:
            return
        self._watched[entry.device.id] = said
        self._pipeline.watch(entry.point_ids, [entry.device.thresholds.get(point.key) for point in entry.points])


class Keeping:
    """Puts into effect how long samples are kept, what trend logs record, and what the history knows of points.

    `levels` keeps what points are.
    """

    def __init__(
        self,
        catalog: Catalog,
        retention: Retention,
        recorder: TrendLogRecorder,
        levels: CriticalWatch,
        server: OnServer | None,
    ) -> None:
        self._catalog, self._retention, self._recorder, self.levels = catalog, retention, recorder, levels
        self._server = server

    async def refresh(self, entries: Sequence[RosterEntry]) -> None:
        """Of points, devices and the default the first that says how long goes before the others."""
        days = await self._catalog.retention_days()
        for entry in entries:
            if entry.profile is None:
                # Its points may have said that they are kept longer, so for now nothing of them goes.
                days |= {point.id: DAYS_MOST for point in await self._catalog.points(entry.device.id)}
            ids = entry.point_ids.tolist()
            days |= {
                PointId(id_): point.retention_days
                for id_, point in zip(ids, entry.points, strict=True)
                if point.retention_days is not None
            }
        self._retention.declare(days)
        of_device = {entry.device.id: entry for entry in entries if entry.device.enabled}
        logs = [log for log in await self._catalog.trend_logs.all() if log.enabled and log.device_id in of_device]
        self._recorder.declare([_recording(log, of_device[log.device_id]) for log in logs])
        if self._server is not None:
            try:
                await self._server.registers.describe([each for entry in entries for each in _registers_of(entry)])
            except HistoryError as error:
                # At the next change, or the next start, they are described again.
                log.warning("registers.not_described", reason=str(error))


def _registers_of(entry: RosterEntry) -> list[RegisterInfo]:
    return [
        RegisterInfo(
            PointId(id_),
            entry.device.id,
            point.address,
            text_in(point.name, "en") or point.key,
            point.type,
            point.unit,
        )
        for id_, point in zip(entry.point_ids.tolist(), entry.points, strict=True)
    ]


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


def _recording(log: TrendLog, entry: RosterEntry) -> Recording:
    """What a log records: of points that the device has no more, nothing."""
    keys = [key for key in log.series if key in entry.place_of]
    points = entry.point_ids[[entry.place_of[key] for key in keys]]
    return Recording(log, entry.device, keys, points, np.array([log.series[key] for key in keys], np.int32))


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
async def _in_the_background(
    retention: Retention, recorder: TrendLogRecorder, backups: BackupKeeper
) -> AsyncIterator[None]:
    async with retention.running(), recorder.running(retention), backups.running():
        yield


@contextlib.asynccontextmanager
async def _following_profiles(library: ProfileLibrary, plant: Plant) -> AsyncIterator[None]:
    """While this is open, a profile file that comes, goes or changes is in effect a few seconds later."""
    task = asyncio.create_task(_follow_profiles(library, plant), name="follow profiles")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _follow_profiles(library: ProfileLibrary, plant: Plant) -> None:
    await asyncio.to_thread(library.load)
    changed = False
    while True:
        await asyncio.sleep(_LOOK_AT_PROFILES_EVERY_S)
        try:
            changed = await asyncio.to_thread(_look_again, library) or changed
            if changed:
                log.info("profiles.changed")
                await plant.refresh()
            changed = False
        except (CatalogError, OSError) as error:
            log.error("profiles.not_in_effect", reason=str(error))


def _look_again(library: ProfileLibrary) -> bool:
    """See and load what changed, in a thread: YAML takes its time, and the loop has none."""
    changed = library.refresh()
    library.load()
    return changed
