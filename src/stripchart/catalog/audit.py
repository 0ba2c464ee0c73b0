"""The only queries on the audit: nobody changes it but by adding, and everybody who may can check it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, fields

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from stripchart.catalog.audit_tables import AuditRow
from stripchart.catalog.chain import BEGINNING, ChainCheck, Head, Record
from stripchart.catalog.transaction import Transactions, tell
from stripchart.model.audit import Deed
from stripchart.model.time import Clock

_AT_ONCE = 1000
_FIELDS = tuple(field.name for field in fields(Record))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which records; None and empty: any. `from_ms` is included, `until_ms` is not."""

    who: str = ""
    kind: str = ""
    action: str = ""
    subject: str = ""
    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: how many records there are, the newest of them, and in words what is wrong."""

    count: int
    head: Head
    faults: tuple[str, ...]


class Audit:
    """Methods raise CatalogUnavailableError."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions = Transactions(engine, clock)

    async def note(self, *deeds: Deed) -> None:
        """Put down deeds that changed nothing in the catalog: all of them, or none."""
        async with self._transactions.changing() as session:
            for deed in deeds:
                tell(session, deed)

    async def records(self, wanted: AuditFilter, *, before: int | None = None, limit: int = 100) -> list[Record]:
        """The newest that are wanted, newest first; `before`: those with an id below it."""
        query = _matching(wanted).order_by(AuditRow.id.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditRow.id < before)
        async with self._transactions.reading() as session:
            return [_record(row) for row in await session.scalars(query)]

    async def every(self, wanted: AuditFilter) -> AsyncIterator[Record]:
        """All that are wanted, oldest first, however many; no transaction stays open meanwhile."""
        after = 0
        while True:
            query = _matching(wanted).where(AuditRow.id > after).order_by(AuditRow.id).limit(_AT_ONCE)
            async with self._transactions.reading() as session:
                page = [_record(row) for row in await session.scalars(query)]
            for record in page:
                yield record
            if len(page) < _AT_ONCE:
                return
            after = page[-1].id

    async def head(self) -> Head:
        """The newest record; id 0 while there is none."""
        newest = select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
        async with self._transactions.reading() as session:
            row = (await session.execute(newest)).one_or_none()
            return Head(row.id, row.hash) if row else Head(0, BEGINNING)

    async def verify(self, expected: Head | None = None) -> Verdict:
        """Read the whole chain. `expected`: a head that was noted before."""
        check = ChainCheck(expected)
        faults: list[str] = []
        last_given = await self._last_given()
        async for record in self.every(AuditFilter()):
            faults += check.feed(record)
        faults += check.finish(last_given)
        return Verdict(check.count, check.head, tuple(faults))

    async def _last_given(self) -> int | None:
        """SQLite remembers the last id it gave, also of a row that is gone."""
        async with self._transactions.reading() as session:
            if session.get_bind().dialect.name != "sqlite":
                return None
            return await _sequence(session)


async def _sequence(session: AsyncSession) -> int | None:
    found: int | None = await session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'audit'"))
    return found


def _matching(wanted: AuditFilter) -> Select[AuditRow]:
    query = select(AuditRow)
    for column in ("who", "kind", "action", "subject"):
        if given := getattr(wanted, column):
            query = query.where(getattr(AuditRow, column) == given)
    if wanted.from_ms is not None:
        query = query.where(AuditRow.at_ms >= wanted.from_ms)
    if wanted.until_ms is not None:
        query = query.where(AuditRow.at_ms < wanted.until_ms)
    return query


def _record(row: AuditRow) -> Record:
    return Record(**{name: getattr(row, name) for name in _FIELDS})
