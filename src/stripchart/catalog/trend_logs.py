"""The only queries on trend logs. Every change is one transaction; every answer is a plain record.

The samples of a log are kept under ids of the same kind as those of points. Such an id is a row of the table of
points with the log's id and a key of its own: the point's, an @, and the log's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from stripchart.catalog.errors import InvalidReferenceError, InvalidValueError, NotFoundError
from stripchart.catalog.limits import check_keys, check_name, folded
from stripchart.catalog.tables import DeviceRow, PointRow
from stripchart.catalog.transaction import Transactions
from stripchart.catalog.trend_log_tables import TrendLogRow
from stripchart.model.complaint import GONE, Complaint, ComplaintCode, span
from stripchart.model.device import DeviceId
from stripchart.model.sample import PointId
from stripchart.model.time import Clock
from stripchart.model.trend_log import DEFAULT_INTERVAL_S, DEFAULT_MAX_SAMPLES, TrendLog, TrendLogId

LONGEST_INTERVAL_S = 86_400
MOST_SAMPLES = 100_000
MOST_POINTS = 100
MOST_LOGS = 100
"""Of one device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrendLog:
    """A log to be. `name`: 1 to 100 characters, one log of the device each; `points`: keys of 1 to 100 points.

    `interval_s`: 1 to 86400; `max_samples`: 1 to 100000 of each point.
    """

    device_id: DeviceId
    name: str
    points: Sequence[str]
    interval_s: int = DEFAULT_INTERVAL_S
    max_samples: int = DEFAULT_MAX_SAMPLES
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLogChange:
    """New values for a log; None leaves a field as it is."""

    name: str | None = None
    points: Sequence[str] | None = None
    interval_s: int | None = None
    max_samples: int | None = None
    enabled: bool | None = None


class TrendLogs:
    """Trend logs and the ids of their series. A change that raises CatalogError changed nothing."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock = Transactions(engine, clock), clock

    async def all(self, device_id: DeviceId | None = None) -> list[TrendLog]:
        """The logs of a device or of all, in the order they were added."""
        query = _present().order_by(TrendLogRow.id)
        if device_id is not None:
            query = query.where(TrendLogRow.device_id == device_id)
        async with self._transactions.reading() as session:
            rows = list(await session.scalars(query))
            series = await _series_of(session, [row.id for row in rows])
            return [_as_trend_log(row, series.get(row.id, {})) for row in rows]

    async def one(self, log_id: TrendLogId) -> TrendLog:
        """Raises NotFoundError."""
        async with self._transactions.reading() as session:
            return await _found(session, await _row(session, log_id))

    async def add(self, new: NewTrendLog) -> TrendLog:
        """Raises InvalidValueError, DuplicateError (name) and InvalidReferenceError (device_id)."""
        _check(new)
        async with self._transactions.changing() as session:
            is_present = (DeviceRow.id == new.device_id) & DeviceRow.deleted_ms.is_(None)
            device: int | None = await session.scalar(select(DeviceRow.id).where(is_present))
            if device is None:
                raise InvalidReferenceError(f"device_id {new.device_id}: there is no such device", "device_id", GONE)
            present = (TrendLogRow.device_id == device) & TrendLogRow.deleted_ms.is_(None)
            count = await session.scalar(select(func.count()).where(present)) or 0
            if count >= MOST_LOGS:
                message = f"device_id {device}: it has {count} trend logs, the most that are allowed"
                raise InvalidValueError(
                    message, "device_id", Complaint(ComplaintCode.LIMIT_REACHED, {"most": MOST_LOGS})
                )
            row = TrendLogRow(device_id=device, created_ms=self._clock.now_ms())
            self._fill(row, new)
            session.add(row)
            await session.flush()
            await _set_series(session, row, new.points)
            return await _found(session, row)

    async def update(self, log_id: TrendLogId, change: TrendLogChange) -> TrendLog:
        """Raises NotFoundError, InvalidValueError and DuplicateError (name)."""
        async with self._transactions.changing() as session:
            row = await _row(session, log_id)
            old = await _found(session, row)
            given = {field.name: getattr(change, field.name) for field in fields(change)}
            new = replace(
                NewTrendLog(
                    device_id=old.device_id,
                    name=old.name,
                    points=list(old.series),
                    interval_s=old.interval_s,
                    max_samples=old.max_samples,
                    enabled=old.enabled,
                ),
                **{name: value for name, value in given.items() if value is not None},
            )
            _check(new)
            self._fill(row, new)
            await session.flush()
            await _set_series(session, row, new.points)
            return await _found(session, row)

    async def delete(self, log_id: TrendLogId, *, keep_data: bool = True) -> list[PointId]:
        """Delete a log, and return the ids of its series. Raises NotFoundError.

        With `keep_data` the ids stay in the catalog, retired, and the name is free again. Without, nothing of the log
        stays here, the ids are never given again, and the caller removes their history.
        """
        async with self._transactions.changing() as session:
            row = await _row(session, log_id)
            own = PointRow.trend_log_id == log_id
            ids = [PointId(each) for each in await session.scalars(select(PointRow.id).where(own))]
            if keep_data:
                await session.execute(update(PointRow).where(own).values(retired=True))
                row.name_key, row.enabled, row.deleted_ms = None, False, self._clock.now_ms()
            else:
                await session.execute(delete(PointRow).where(own))
                await session.delete(row)
            return sorted(ids)

    def _fill(self, row: TrendLogRow, new: NewTrendLog) -> None:
        row.name, row.name_key = new.name, folded(new.name)
        row.interval_s, row.max_samples, row.enabled = new.interval_s, new.max_samples, new.enabled
        row.updated_ms = self._clock.now_ms()


async def let_go(session: AsyncSession, device_id: DeviceId, *, keep_data: bool, now_ms: int) -> None:
    """What becomes of the logs of a device that is deleted; its points, those of the logs among them, are done."""
    own = TrendLogRow.device_id == device_id
    for row in list(await session.scalars(select(TrendLogRow).where(own))):
        if not keep_data:
            await session.delete(row)
        elif row.deleted_ms is None:
            row.name_key, row.enabled, row.deleted_ms = None, False, now_ms


def _check(new: NewTrendLog) -> None:
    check_name(new.name)
    check_keys(new.points)
    limits = (
        ("interval_s", new.interval_s, LONGEST_INTERVAL_S),
        ("max_samples", new.max_samples, MOST_SAMPLES),
        ("points", len(new.points), MOST_POINTS),
    )
    for field, number, most in limits:
        if not 1 <= number <= most:
            raise InvalidValueError(f"{field} {number}: allowed are 1 to {most}", field, span(1, most))
    if len(set(new.points)) < len(new.points):
        twice = Complaint(ComplaintCode.TWICE)
        raise InvalidValueError("points: one of them is named twice", "points", twice)


def _present() -> Select[TrendLogRow]:
    return select(TrendLogRow).where(TrendLogRow.deleted_ms.is_(None))


async def _row(session: AsyncSession, log_id: TrendLogId) -> TrendLogRow:
    row: TrendLogRow | None = await session.scalar(_present().where(TrendLogRow.id == log_id))
    if row is None:
        raise NotFoundError(f"there is no trend log {log_id}")
    return row


async def _found(session: AsyncSession, row: TrendLogRow) -> TrendLog:
    return _as_trend_log(row, (await _series_of(session, [row.id])).get(row.id, {}))


async def _series_of(session: AsyncSession, log_ids: Sequence[int]) -> dict[int, dict[str, PointId]]:
    query = select(PointRow).where(PointRow.trend_log_id.in_(log_ids), PointRow.retired.is_(False))
    series: dict[int, dict[str, PointId]] = {}
    for row in await session.scalars(query.order_by(PointRow.id)):
        series.setdefault(row.trend_log_id or 0, {})[row.key.rpartition("@")[0]] = PointId(row.id)
    return series


async def _set_series(session: AsyncSession, row: TrendLogRow, keys: Sequence[str]) -> None:
    """Give the points of the log their ids: a new one a new id, a returning one its old."""
    known = {
        each.key: each for each in await session.scalars(select(PointRow).where(PointRow.trend_log_id == row.id))
    }
    wanted = [f"{key}@{row.id}" for key in keys]
    for key, each in known.items():
        each.retired = key not in wanted
    session.add_all(
        PointRow(device_id=row.device_id, key=key, retired=False, trend_log_id=row.id)
        for key in wanted
        if key not in known
    )
    await session.flush()


def _as_trend_log(row: TrendLogRow, series: dict[str, PointId]) -> TrendLog:
    return TrendLog(
        id=TrendLogId(row.id),
        device_id=DeviceId(row.device_id),
        name=row.name,
        interval_s=row.interval_s,
        max_samples=row.max_samples,
        enabled=row.enabled,
        series=series,
        created_ms=row.created_ms,
        updated_ms=row.updated_ms,
    )
