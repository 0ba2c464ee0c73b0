"""The only queries on groups of devices. Every change is one transaction; every answer is a plain record."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from stripchart.catalog.errors import InvalidReferenceError, NotFoundError
from stripchart.catalog.group_tables import GroupRow, MemberRow
from stripchart.catalog.limits import check_group, folded
from stripchart.catalog.tables import DeviceRow
from stripchart.catalog.transaction import Transactions
from stripchart.model.complaint import GONE
from stripchart.model.device import DeviceId
from stripchart.model.group import Group, GroupId
from stripchart.model.time import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """A group to be. `name`: 1 to 100 characters, one group each; `description`: up to 500."""

    name: str
    description: str = ""
    devices: Sequence[DeviceId] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChange:
    """New values for a group; None leaves a field as it is. `devices` are all of them."""

    name: str | None = None
    description: str | None = None
    devices: Sequence[DeviceId] | None = None


class Groups:
    """Groups of devices. A change that raises CatalogError changed nothing."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock = Transactions(engine, clock), clock

    async def all(self) -> list[Group]:
        """Every group, in the order they were added."""
        async with self._transactions.reading() as session:
            rows = list(await session.scalars(select(GroupRow).order_by(GroupRow.id)))
            members = await _members(session, [row.id for row in rows])
            return [_as_group(row, members.get(row.id, [])) for row in rows]

    async def one(self, group_id: GroupId) -> Group:
        """Raises NotFoundError."""
        async with self._transactions.reading() as session:
            return await _found(session, await _row(session, group_id))

    async def add(self, new: NewGroup) -> Group:
        """Raises InvalidValueError, DuplicateError (name) and InvalidReferenceError (device_ids)."""
        check_group(new.name, new.description)
        now_ms = self._clock.now_ms()
        async with self._transactions.changing() as session:
            row = GroupRow(
                name=new.name,
                name_key=folded(new.name),
                description=new.description,
                created_ms=now_ms,
                updated_ms=now_ms,
            )
            session.add(row)
            await session.flush()
            await _set_members(session, row.id, new.devices, now_ms)
            return await _found(session, row)

    async def update(self, group_id: GroupId, change: GroupChange) -> Group:
        """Raises NotFoundError, InvalidValueError, DuplicateError (name) and InvalidReferenceError (device_ids)."""
        async with self._transactions.changing() as session:
            row = await _row(session, group_id)
            name = row.name if change.name is None else change.name
            description = row.description if change.description is None else change.description
            check_group(name, description)
            row.name, row.name_key, row.description = name, folded(name), description
            row.updated_ms = self._clock.now_ms()
            await session.flush()
            if change.devices is not None:
                await _set_members(session, row.id, change.devices, row.updated_ms)
            return await _found(session, row)

    async def delete(self, group_id: GroupId) -> None:
        """The devices stay. Raises NotFoundError."""
        async with self._transactions.changing() as session:
            row = await _row(session, group_id)
            await _remove(session, MemberRow.group_id == row.id)
            await session.flush()
            await session.delete(row)


async def leave_groups(session: AsyncSession, device_id: DeviceId) -> None:
    """Take a device out of all its groups."""
    await _remove(session, MemberRow.device_id == device_id)


async def _remove(session: AsyncSession, *which: ColumnElement[bool]) -> None:
    for row in list(await session.scalars(select(MemberRow).where(*which))):
        await session.delete(row)


async def _row(session: AsyncSession, group_id: GroupId) -> GroupRow:
    row = await session.get(GroupRow, group_id)
    if row is None:
        raise NotFoundError(f"there is no group {group_id}")
    return row


async def _found(session: AsyncSession, row: GroupRow) -> Group:
    members = await _members(session, [row.id])
    return _as_group(row, members.get(row.id, []))


async def _members(session: AsyncSession, groups: Sequence[int]) -> dict[int, list[DeviceId]]:
    """The devices of each group, by name."""
    query = (
        select(MemberRow.group_id, MemberRow.device_id)
        .join(DeviceRow, DeviceRow.id == MemberRow.device_id)
        .where(MemberRow.group_id.in_(groups))
        .order_by(DeviceRow.name_key)
    )
    members: dict[int, list[DeviceId]] = {}
    for row in await session.execute(query):
        members.setdefault(row.group_id, []).append(DeviceId(row.device_id))
    return members


async def _set_members(session: AsyncSession, group: int, devices: Sequence[DeviceId], now_ms: int) -> None:
    """The group has exactly these devices; those that stay keep the time they were added at."""
    wanted = dict.fromkeys(devices)
    present = select(DeviceRow.id).where(DeviceRow.id.in_(wanted), DeviceRow.deleted_ms.is_(None))
    unknown = wanted.keys() - set(await session.scalars(present))
    if unknown:
        raise InvalidReferenceError(f"device_ids: there is no device {min(unknown)}", "device_ids", GONE)
    own = MemberRow.group_id == group
    known = set(await session.scalars(select(MemberRow.device_id).where(own)))
    await _remove(session, own, MemberRow.device_id.in_(known - wanted.keys()))
    session.add_all(
        MemberRow(group_id=group, device_id=device, added_ms=now_ms) for device in wanted if device not in known
    )
    await session.flush()


def _as_group(row: GroupRow, devices: Sequence[DeviceId]) -> Group:
    return Group(
        id=GroupId(row.id),
        name=row.name,
        description=row.description,
        devices=tuple(devices),
        created_ms=row.created_ms,
        updated_ms=row.updated_ms,
    )
