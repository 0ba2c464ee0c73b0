"""The only queries on backups that were made, or failed."""

from dataclasses import fields

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from stripchart.catalog.configuration_tables import BackupRow
from stripchart.catalog.transaction import Transactions
from stripchart.model.backup import BackupId, BackupJob, BackupOrigin, BackupStatus
from stripchart.model.cause import Cause, CauseCode, Why
from stripchart.model.time import Clock

_BROKEN_OFF = Why(
    "the program ended while it was made, or it is the one that was put back", Cause(CauseCode.BACKUP_BROKEN_OFF)
)
_FIELDS = tuple(field.name for field in fields(BackupJob))


class Backups:
    """Methods raise CatalogUnavailableError."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock = Transactions(engine, clock), clock

    async def begin(self, origin: BackupOrigin, *, description: str, initiated_by: str, audit_head: str) -> BackupJob:
        """One that is being made from now on."""
        async with self._transactions.changing() as session:
            row = BackupRow(
                status=BackupStatus.IN_PROGRESS.value,
                origin=origin.value,
                description=description,
                initiated_by=initiated_by,
                started_ms=self._clock.now_ms(),
                path="",
                bytes=0,
                error="",
                audit_head=audit_head,
            )
            session.add(row)
            await session.flush()
            return _job(row)

    async def end(
        self, number: BackupId, status: BackupStatus, why: Why | None = None, *, path: str = "", size: int = 0
    ) -> None:
        """How it ended. `why`: it failed, or what is broken in it."""
        async with self._transactions.changing() as session:
            row = await session.get_one(BackupRow, number)
            row.status, row.ended_ms = status.value, self._clock.now_ms()
            row.path, row.bytes = path, size
            _note(row, why)

    async def break_off(self) -> None:
        """Those that a program that is no more had begun have failed."""
        under_way = select(BackupRow).where(BackupRow.status == BackupStatus.IN_PROGRESS.value)
        async with self._transactions.changing() as session:
            for row in list(await session.scalars(under_way)):
                row.status, row.ended_ms = BackupStatus.FAILED.value, self._clock.now_ms()
                _note(row, _BROKEN_OFF)

    async def page(self, status: BackupStatus | None, *, limit: int, offset: int) -> tuple[list[BackupJob], int]:
        """The newest first, and how many there are in all."""
        which = [BackupRow.status == status.value] if status else []
        rows = select(BackupRow).where(*which).order_by(BackupRow.id.desc()).limit(limit).offset(offset)
        async with self._transactions.reading() as session:
            total = await session.scalar(select(func.count()).select_from(BackupRow).where(*which))
            return [_job(row) for row in await session.scalars(rows)], total or 0

    async def failures_in_a_row(self, most: int) -> int:
        """How many of the last ended ones failed, one after another; counted up to `most`."""
        ended = select(BackupRow.status).where(BackupRow.status != BackupStatus.IN_PROGRESS.value)
        async with self._transactions.reading() as session:
            last = list(await session.scalars(ended.order_by(BackupRow.id.desc()).limit(most)))
        return next((place for place, each in enumerate(last) if each != BackupStatus.FAILED.value), len(last))


def _note(row: BackupRow, why: Why | None) -> None:
    row.error, row.cause = (why.words, why.cause.to_json()) if why else ("", None)


def _job(row: BackupRow) -> BackupJob:
    told = {name: getattr(row, name) for name in _FIELDS}
    cause = Cause.of_json(row.cause) if row.cause else None
    enums = {"status": BackupStatus(row.status), "origin": BackupOrigin(row.origin)}
    return BackupJob(**told | enums | {"cause": cause})
