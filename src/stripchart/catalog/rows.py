"""Rows of the catalog's tables: found, filled, and turned into plain records."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Select, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from stripchart.catalog.errors import InvalidReferenceError, NotFoundError
from stripchart.catalog.limits import folded
from stripchart.catalog.records import CatalogPoint, NewDevice, NewSite
from stripchart.catalog.tables import DeviceRow, LinkRow, PointRow, SiteRow
from stripchart.model.alarm import Thresholds
from stripchart.model.complaint import GONE
from stripchart.model.device import Device, DeviceId, LinkAddress, Site, SiteId, parse_link
from stripchart.model.own_point import OwnPoint
from stripchart.model.point import DataType, Order, RecordMode, RecordRule
from stripchart.model.sample import PointId


def devices_query() -> Select[DeviceRow]:
    """The devices that were not deleted, each with its link."""
    return select(DeviceRow).where(DeviceRow.deleted_ms.is_(None)).options(joinedload(DeviceRow.link))


async def site_row(session: AsyncSession, site_id: SiteId) -> SiteRow:
    """Raises NotFoundError."""
    row = await session.get(SiteRow, site_id)
    if row is None:
        raise NotFoundError(f"there is no site {site_id}")
    return row


async def device_row(session: AsyncSession, device_id: DeviceId) -> DeviceRow:
    """Raises NotFoundError, also for a device that was deleted."""
    row = await session.scalar(devices_query().where(DeviceRow.id == device_id))
    if row is None:
        raise NotFoundError(f"there is no device {device_id}")
    return row


async def fill_device(session: AsyncSession, row: DeviceRow, new: NewDevice, now_ms: int) -> None:
    """Write what the user gave into the row. Raises InvalidReferenceError for a site that is not there."""
    if await session.get(SiteRow, new.site_id) is None:
        raise InvalidReferenceError(f"site_id {new.site_id}: there is no such site", "site_id", GONE)
    row.site_id, row.link = new.site_id, await _link_row(session, new.link)
    row.unit_id, row.profile, row.interval_s, row.enabled = new.unit_id, new.profile, new.interval_s, new.enabled
    row.name, row.name_key, row.description = new.name, folded(new.name), new.description
    row.aligned, row.records = new.aligned, {key: asdict(rule) for key, rule in new.records.items()}
    row.retention_days = new.retention_days
    row.thresholds = {key: asdict(thresholds) for key, thresholds in new.thresholds.items()}
    row.own = asdict(new.own) if new.own else None
    row.updated_ms = now_ms


async def remove_unused_links(session: AsyncSession) -> None:
    """Forget the links that no device is behind."""
    unused = select(LinkRow).where(~exists().where(DeviceRow.link_id == LinkRow.id))
    for row in list(await session.scalars(unused)):
        await session.delete(row)


async def add_points(session: AsyncSession, device_id: DeviceId, keys: Sequence[str]) -> dict[str, int]:
    """Give each key an id, all in one statement."""
    if not keys:
        return {}
    rows = [{"device_id": device_id, "key": key, "retired": False} for key in keys]
    added = await session.execute(insert(PointRow).returning(PointRow.key, PointRow.id), rows)
    return {row.key: row.id for row in added}


def as_site(row: SiteRow) -> Site:
    return Site(id=SiteId(row.id), code=row.code, name=row.name, description=row.description, zone=row.zone)


def as_new_site(row: SiteRow) -> NewSite:
    return NewSite(code=row.code, name=row.name, description=row.description, zone=row.zone)


def as_device(row: DeviceRow) -> Device:
    new = as_new_device(row)
    return Device(
        id=DeviceId(row.id),
        site_id=new.site_id,
        name=new.name,
        link=new.link,
        unit_id=new.unit_id,
        profile=new.own.profile if new.own else new.profile,
        interval_s=new.interval_s,
        enabled=new.enabled,
        description=new.description,
        aligned=new.aligned,
        records=new.records,
        retention_days=new.retention_days,
        thresholds=new.thresholds,
        own=new.own,
        created_ms=row.created_ms,
        updated_ms=row.updated_ms,
    )


def as_new_device(row: DeviceRow) -> NewDevice:
    """The row as the user would enter it; of devices that were not deleted, so site and link are there."""
    if row.site_id is None or row.link is None:
        raise ValueError(f"device {row.id} was deleted")
    return NewDevice(
        site_id=SiteId(row.site_id),
        name=row.name,
        link=parse_link(row.link.address),
        unit_id=row.unit_id,
        profile=row.profile,
        interval_s=row.interval_s,
        enabled=row.enabled,
        description=row.description,
        aligned=row.aligned,
        records={key: _record_rule(written) for key, written in row.records.items()},
        retention_days=row.retention_days,
        thresholds={key: _thresholds(written) for key, written in row.thresholds.items()},
        own=_own_point(row.own) if row.own else None,
    )


def as_point(row: PointRow) -> CatalogPoint:
    return CatalogPoint(PointId(row.id), DeviceId(row.device_id), row.key, row.retired)


def _record_rule(written: Mapping[str, str | float]) -> RecordRule:
    return RecordRule(RecordMode(str(written["mode"])), float(written["deadband"]), float(written["heartbeat_s"]))


def _thresholds(written: Mapping[str, float | None]) -> Thresholds:
    bounds = {name: bound for name, bound in written.items() if bound is not None}
    return Thresholds(**bounds)


def _own_point(written: Mapping[str, str | int]) -> OwnPoint:
    return OwnPoint(
        address=int(written["address"]),
        type=DataType(str(written["type"])),
        unit=str(written["unit"]),
        word_order=Order(str(written["word_order"])),
    )


async def _link_row(session: AsyncSession, address: LinkAddress) -> LinkRow:
    row = await session.scalar(select(LinkRow).where(LinkRow.address == str(address)))
    return row or LinkRow(address=str(address), options={})
