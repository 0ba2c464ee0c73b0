"""The only queries on the catalog. Every change is one transaction; every answer is a plain record."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from stripchart.catalog.accounts import Accounts
from stripchart.catalog.audit import Audit
from stripchart.catalog.backups import Backups
from stripchart.catalog.configurations import Configurations
from stripchart.catalog.database import bring_up_to_date, connect, note_queries, open_connections, size_bytes
from stripchart.catalog.errors import InUseError, NotFoundError
from stripchart.catalog.groups import Groups, leave_groups
from stripchart.catalog.learned import Learned
from stripchart.catalog.levels import Levels
from stripchart.catalog.limits import check_device, check_keys, check_site, folded
from stripchart.catalog.notifications import Notifications
from stripchart.catalog.records import (
    CatalogPoint,
    DeviceChange,
    NewDevice,
    NewSite,
    SiteChange,
    changed,
    changed_device,
)
from stripchart.catalog.rows import (
    add_points,
    as_device,
    as_new_device,
    as_new_site,
    as_point,
    as_site,
    device_row,
    devices_query,
    fill_device,
    remove_unused_links,
    site_row,
)
from stripchart.catalog.tables import DeviceRow, LinkRow, PointRow, SiteRow
from stripchart.catalog.transaction import Transactions
from stripchart.catalog.trend_logs import TrendLogs, let_go
from stripchart.catalog.writes import Writes
from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.model.device import Device, DeviceId, LinkAddress, Site, SiteId, parse_link
from stripchart.model.link import LinkOptions, given_options, parse_options
from stripchart.model.recent import Recent
from stripchart.model.sample import PointId
from stripchart.model.time import Clock, SystemClock

Listener = Callable[[], None]

_POINTS_AT_ONCE = 500
_QUERIES_OF_S = 300.0


@asynccontextmanager
async def open_catalog(
    url: str, clock: Clock | None = None, pool_size: int | None = None
) -> AsyncIterator["Catalog"]:
    """The catalog at the address (`url_of` makes one of a file), created or brought up to date; closed at the end.

    So many connections are kept.

    Raises CatalogUnavailableError when it cannot be reached, is broken, of another program or of a newer release.
    """
    engine = connect(url, pool_size)
    try:
        await bring_up_to_date(engine)
        yield Catalog(engine, clock or SystemClock())
    finally:
        await engine.dispose()


class Catalog:
    """Sites, devices and the ids of their points. A change that raises CatalogError changed nothing.

    `accounts` are the users, `trend_logs` the trend logs, `learned` what devices taught,
    `audit` tells of every change, `writes` of what operators had devices do, `notifications` what users were told, in
    the same database.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock, self._engine = Transactions(engine, clock), clock, engine
        self.queries = Recent(_QUERIES_OF_S)
        """The statements of the last five minutes."""
        note_queries(engine, self.queries)
        self.audit = Audit(engine, clock)
        self.configuration = Configurations(engine, clock)
        self.backups = Backups(engine, clock)
        self.accounts = Accounts(engine, clock)
        self.trend_logs = TrendLogs(engine, clock)
        self.learned = Learned(engine, clock)
        self.levels = Levels(engine, clock)
        self.writes = Writes(engine, clock)
        self.groups = Groups(engine, clock)
        self.notifications = Notifications(engine, clock)
        self._listeners: list[Listener] = []
        self._revision = 0

    @property
    def connections(self) -> int:
        """How many connections to its database are open."""
        return open_connections(self._engine)

    @property
    def size_bytes(self) -> int:
        """What it takes on the disk of this machine."""
        return size_bytes(self._engine)

    @property
    def revision(self) -> int:
        """Grows with every change of a site or device made through this object."""
        return self._revision

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener after every change of a site or device; the returned function ends that.

        It is called on the event loop after the commit, before the changing call returns. It says only that
        something changed, must be quick (set an event), and must not raise.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def sites(self) -> list[Site]:
        """All sites, in the order they were added."""
        async with self._reading() as session:
            return [as_site(row) for row in await session.scalars(select(SiteRow).order_by(SiteRow.id))]

    async def site(self, site_id: SiteId) -> Site:
        """Raises NotFoundError."""
        async with self._reading() as session:
            return as_site(await site_row(session, site_id))

    async def add_site(self, new: NewSite) -> Site:
        """Raises InvalidValueError and DuplicateError (code)."""
        check_site(new)
        async with self._changing() as session:
            row = SiteRow(**asdict(new), code_key=folded(new.code))
            session.add(row)
            await session.flush()
            return as_site(row)

    async def update_site(self, site_id: SiteId, change: SiteChange) -> Site:
        """Raises NotFoundError, InvalidValueError and DuplicateError (code)."""
        async with self._changing() as session:
            row = await site_row(session, site_id)
            new = changed(as_new_site(row), change)
            check_site(new)
            row.code, row.code_key, row.name, row.description = new.code, folded(new.code), new.name, new.description
            row.zone = new.zone
            await session.flush()
            return as_site(row)

    async def delete_site(self, site_id: SiteId) -> None:
        """Raises NotFoundError, and InUseError while it has devices."""
        async with self._changing() as session:
            row = await site_row(session, site_id)
            count = await session.scalar(select(func.count()).where(DeviceRow.site_id == site_id))
            if count:
                wrong = Complaint(ComplaintCode.IN_USE, {"devices": count})
                raise InUseError(f"site {row.code} has {count} device(s); delete or move them first", None, wrong)
            await session.delete(row)

    async def devices(self) -> list[Device]:
        """All devices, disabled ones too, in the order they were added."""
        async with self._reading() as session:
            return [as_device(row) for row in await session.scalars(devices_query().order_by(DeviceRow.id))]

    async def device_names(self) -> dict[DeviceId, str]:
        """The name of every device, by id: those deleted with their data kept, too."""
        async with self._reading() as session:
            rows = await session.execute(select(DeviceRow.id, DeviceRow.name).order_by(DeviceRow.id))
            return {DeviceId(number): name for number, name in rows.tuples()}

    async def device(self, device_id: DeviceId) -> Device:
        """Raises NotFoundError, also for a device that was deleted."""
        async with self._reading() as session:
            return as_device(await device_row(session, device_id))

    async def add_device(self, new: NewDevice) -> Device:
        """Raises InvalidValueError, DuplicateError (name) and InvalidReferenceError (site_id)."""
        check_device(new)
        async with self._changing() as session:
            now_ms = self._clock.now_ms()
            row = DeviceRow(created_ms=now_ms)
            await fill_device(session, row, new, now_ms)
            session.add(row)
            await session.flush()
            return as_device(row)

    async def update_device(self, device_id: DeviceId, change: DeviceChange) -> Device:
        """Raises NotFoundError, InvalidValueError, DuplicateError (name) and InvalidReferenceError (site_id)."""
        async with self._changing() as session:
            row = await device_row(session, device_id)
            new = changed_device(as_new_device(row), change)
            check_device(new)
            await fill_device(session, row, new, self._clock.now_ms())
            await session.flush()
            await remove_unused_links(session)
            return as_device(row)

    async def delete_device(self, device_id: DeviceId, *, keep_data: bool = True) -> list[PointId]:
        """Delete a device, and return the ids of its points. Raises NotFoundError.

        Its trend logs go with it, and the ids of their series are among those of the points. With `keep_data` the ids
        stay in the catalog, retired, and the name is free again. Without, nothing of the device stays here, the ids
        are never given again, and the caller removes their history.
        """
        async with self._changing() as session:
            row = await device_row(session, device_id)
            own = PointRow.device_id == device_id
            ids = [
                PointId(number)
                for number in await session.scalars(select(PointRow.id).where(own).order_by(PointRow.id))
            ]
            await let_go(session, device_id, keep_data=keep_data, now_ms=self._clock.now_ms())
            await leave_groups(session, device_id)
            if keep_data:
                await session.execute(update(PointRow).where(own).values(retired=True))
                row.site_id = row.link_id = row.name_key = None
                row.enabled, row.deleted_ms = False, self._clock.now_ms()
            else:
                await session.execute(delete(PointRow).where(own))
                await session.delete(row)
            await session.flush()
            await remove_unused_links(session)
            return ids

    async def link_options(self) -> dict[LinkAddress, LinkOptions]:
        """The options of every link that a device is behind."""
        async with self._reading() as session:
            rows = [(parse_link(row.address), row.options) for row in await session.scalars(select(LinkRow))]
            return {address: parse_options(address, options) for address, options in rows}

    async def set_link_options(self, address: LinkAddress, options: LinkOptions) -> None:
        """Replace the options of a link. Raises NotFoundError while no device is behind it."""
        async with self._changing() as session:
            row = await session.scalar(select(LinkRow).where(LinkRow.address == str(address)))
            if row is None:
                raise NotFoundError(f"no device is behind {address}", "link")
            row.options = given_options(options)

    async def points(self, device_id: DeviceId | None = None) -> list[CatalogPoint]:
        """The points of a device or of all, by id: retired ones too, and those of devices deleted with data kept."""
        query = select(PointRow).where(PointRow.trend_log_id.is_(None)).order_by(PointRow.id)
        if device_id is not None:
            query = query.where(PointRow.device_id == device_id)
        async with self._reading() as session:
            return [as_point(row) for row in await session.scalars(query)]

    async def living(self, points: Sequence[PointId]) -> set[PointId]:
        """Those of the points, or series of trend logs, that are not retired or gone."""
        query = select(PointRow.id).where(PointRow.retired.is_(False))
        async with self._reading() as session:
            return {
                PointId(number)
                for first in range(0, len(points), _POINTS_AT_ONCE)
                for number in await session.scalars(
                    query.where(PointRow.id.in_(points[first : first + _POINTS_AT_ONCE]))
                )
            }

    async def retention_days(self) -> dict[PointId, int]:
        """How long samples are kept of points whose device says so, also when point or device is gone."""
        query = select(PointRow.id, DeviceRow.retention_days).join(DeviceRow, DeviceRow.id == PointRow.device_id)
        own = (DeviceRow.retention_days > 0) & PointRow.trend_log_id.is_(None)
        async with self._reading() as session:
            return {PointId(row.id): row.retention_days for row in await session.execute(query.where(own))}

    async def point_ids(self, device_id: DeviceId, keys: Sequence[str]) -> dict[str, PointId]:
        """The ids of a device's points, in the order of `keys`; a new key gets an id, a returning one its old id.

        `keys` are all the points the device has now: those it had and has no more are retired, not forgotten.
        Listeners are not called. Raises NotFoundError, and InvalidValueError (key).
        """
        check_keys(keys)
        wanted = set(keys)
        async with self._transactions.changing() as session:
            await device_row(session, device_id)
            own = (PointRow.device_id == device_id) & PointRow.trend_log_id.is_(None)
            rows = await session.scalars(select(PointRow).where(own))
            known = {row.key: row for row in rows}
            for row in known.values():
                row.retired = row.key not in wanted
            ids = {key: row.id for key, row in known.items()}
            ids |= await add_points(session, device_id, [key for key in dict.fromkeys(keys) if key not in known])
            return {key: PointId(ids[key]) for key in keys}

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[AsyncSession]:
        async with self._transactions.changing() as session:
            yield session
        self._revision += 1
        for listener in tuple(self._listeners):
            listener()

    def _reading(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self._transactions.reading()
