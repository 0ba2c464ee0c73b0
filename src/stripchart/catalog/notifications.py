"""The only queries on notifications. Every change is one transaction; every answer is a plain record."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from stripchart.catalog.account_tables import UserRow
from stripchart.catalog.errors import NotFoundError
from stripchart.catalog.notification_tables import TITLE_LENGTH, NotificationRow
from stripchart.catalog.tables import DeviceRow
from stripchart.catalog.transaction import Transactions
from stripchart.model.account import Role, UserId
from stripchart.model.device import DeviceId
from stripchart.model.notification import (
    NewNotification,
    Notification,
    NotificationId,
    NotificationType,
    Severity,
    Wanted,
)
from stripchart.model.time import Clock

_TOLD = (Role.OWNER.value, Role.ADMIN.value)


class Notifications:
    """What users were told. Methods raise CatalogUnavailableError."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock = Transactions(engine, clock), clock

    async def add(self, news: Sequence[NewNotification]) -> list[Notification]:
        """Tell the owner and every admin, all of it or nothing. A device that is gone meanwhile is left out."""
        async with self._transactions.changing() as session:
            told = select(UserRow.id).where(UserRow.role.in_(_TOLD)).order_by(UserRow.id)
            users = list(await session.scalars(told))
            devices = set(await session.scalars(select(DeviceRow.id).where(DeviceRow.deleted_ms.is_(None))))
            rows: list[NotificationRow] = []
            for new in news:
                answered = await _answered(session, new)
                added = [_row(new, user, devices, answered.get(user)) for user in users]
                session.add_all(added)
                await session.flush()
                rows += added
            return [_record(row) for row in rows]

    async def of_user(
        self, user: UserId, wanted: Wanted, *, limit: int, offset: int
    ) -> tuple[list[Notification], int]:
        """A page of the user's notifications, newest first, and how many there are in all."""
        matching = _matching(user, wanted)
        page = select(NotificationRow).where(*matching).order_by(NotificationRow.id.desc())
        async with self._transactions.reading() as session:
            total = await session.scalar(select(func.count()).select_from(NotificationRow).where(*matching))
            rows = await session.scalars(page.limit(limit).offset(offset))
            return [_record(row) for row in rows], total or 0

    async def after(self, user: UserId, last: NotificationId, *, limit: int) -> list[Notification]:
        """What the user was told after the notification of this id, oldest first; nothing that is dismissed."""
        rows = select(NotificationRow).where(
            NotificationRow.user_id == user, NotificationRow.id > last, NotificationRow.dismissed_ms.is_(None)
        )
        async with self._transactions.reading() as session:
            return [_record(row) for row in await session.scalars(rows.order_by(NotificationRow.id).limit(limit))]

    async def newest_id(self) -> NotificationId:
        """The id of the newest notification of all users; 0 when there is none."""
        async with self._transactions.reading() as session:
            return NotificationId(await session.scalar(select(func.max(NotificationRow.id))) or 0)

    async def unread_count(self, user: UserId) -> int:
        """How many are neither read nor dismissed."""
        unread = select(func.count()).select_from(NotificationRow).where(*_matching(user, Wanted(unread_only=True)))
        async with self._transactions.reading() as session:
            return await session.scalar(unread) or 0

    async def one(self, number: NotificationId) -> Notification:
        """Raises NotFoundError."""
        async with self._transactions.reading() as session:
            return _record(await _found(session, number))

    async def mark_read(self, number: NotificationId, at_ms: int) -> Notification:
        """Read from now on, if it was not before: then nothing changes. Raises NotFoundError."""
        async with self._transactions.changing() as session:
            row = await _found(session, number)
            row.read_ms = at_ms if row.read_ms is None else row.read_ms
            return _record(row)

    async def mark_all_read(self, user: UserId, at_ms: int) -> int:
        """Returns how many were unread."""
        unread = _matching(user, Wanted(unread_only=True, include_dismissed=True))
        async with self._transactions.changing() as session:
            numbers = list(await session.scalars(select(NotificationRow.id).where(*unread)))
            await session.execute(update(NotificationRow).where(*unread).values(read_ms=at_ms))
            return len(numbers)

    async def dismiss(self, number: NotificationId, at_ms: int) -> Notification:
        """Out of the list, and read; one that is dismissed stays as it is. Raises NotFoundError."""
        async with self._transactions.changing() as session:
            row = await _found(session, number)
            if row.dismissed_ms is None:
                row.dismissed_ms, row.read_ms = at_ms, at_ms if row.read_ms is None else row.read_ms
            return _record(row)

    async def forget_before(self, at_ms: int) -> int:
        """Delete what is older. Returns how many there were."""
        old = NotificationRow.created_ms < at_ms
        async with self._transactions.changing() as session:
            count = await session.scalar(select(func.count()).select_from(NotificationRow).where(old))
            await session.execute(delete(NotificationRow).where(old))
            return count or 0

    async def deliver(self, told: Sequence[Notification]) -> list[Notification]:
        """The same: those that nobody had until now are delivered from now on."""
        fresh = [each.id for each in told if each.delivered_ms is None]
        if not fresh:
            return list(told)
        now_ms = self._clock.now_ms()
        row = NotificationRow
        pending = update(row).where(row.id.in_(fresh), row.delivered_ms.is_(None)).values(delivered_ms=now_ms)
        async with self._transactions.changing() as session:
            await session.execute(pending)
        return [replace(each, delivered_ms=now_ms) if each.delivered_ms is None else each for each in told]

    async def last_of_devices(self, types: Collection[NotificationType]) -> dict[DeviceId, Notification]:
        """Of each device the newest notification of these types."""
        newest = (
            select(func.max(NotificationRow.id))
            .where(NotificationRow.type.in_([each.value for each in types]), NotificationRow.device_id.is_not(None))
            .group_by(NotificationRow.device_id)
        )
        async with self._transactions.reading() as session:
            rows = await session.scalars(select(NotificationRow).where(NotificationRow.id.in_(newest)))
            return {DeviceId(row.device_id): _record(row) for row in rows if row.device_id is not None}


async def _found(session: AsyncSession, number: NotificationId) -> NotificationRow:
    row = await session.get(NotificationRow, number)
    if row is None:
        raise NotFoundError(f"there is no notification {number}")
    return row


async def _answered(session: AsyncSession, new: NewNotification) -> dict[int, int]:
    """By user, the id of the notification whose end this one tells."""
    if new.answers_latest is None:
        return {}
    query = (
        select(NotificationRow.user_id, func.max(NotificationRow.id))
        .where(NotificationRow.type == new.answers_latest.value, NotificationRow.device_id == new.device_id)
        .group_by(NotificationRow.user_id)
    )
    return {user: number for user, number in await session.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def _matching(user: UserId, wanted: Wanted) -> list[ColumnElement[bool]]:
    row = NotificationRow
    conditions: list[ColumnElement[bool]] = [row.user_id == user]
    if not wanted.include_dismissed:
        conditions.append(row.dismissed_ms.is_(None))
    if wanted.unread_only:
        conditions.append(row.read_ms.is_(None))
    if wanted.type is not None:
        conditions.append(row.type == wanted.type.value)
    if wanted.severity is not None:
        conditions.append(row.severity == wanted.severity.value)
    if wanted.start_ms is not None:
        conditions.append(row.created_ms >= wanted.start_ms)
    if wanted.end_ms is not None:
        conditions.append(row.created_ms < wanted.end_ms)
    return conditions


def _row(new: NewNotification, user: int, devices: set[int], answered: int | None) -> NotificationRow:
    facts: dict[str, Any] = dict(new.metadata)
    if new.answers_latest is not None:
        facts["disconnect_notification_id"] = answered
    return NotificationRow(
        user_id=user,
        type=new.type.value,
        severity=new.severity.value,
        title=new.title[:TITLE_LENGTH],
        message=new.message,
        device_id=new.device_id if new.device_id in devices else None,
        facts=facts,
        created_ms=new.created_ms,
    )


def _record(row: NotificationRow) -> Notification:
    return Notification(
        id=NotificationId(row.id),
        user_id=UserId(row.user_id),
        type=NotificationType(row.type),
        severity=Severity(row.severity),
        title=row.title,
        message=row.message,
        device_id=None if row.device_id is None else DeviceId(row.device_id),
        metadata=row.facts,
        created_ms=row.created_ms,
        delivered_ms=row.delivered_ms,
        read_ms=row.read_ms,
        dismissed_ms=row.dismissed_ms,
    )
