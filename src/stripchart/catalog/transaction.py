"""Transactions of the catalog. One that changes something writes the audit of it, or does not happen."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from sqlalchemy import event, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session

from stripchart.catalog import audited
from stripchart.catalog.audit_tables import AuditRow
from stripchart.catalog.chain import BEGINNING, Record, hash_of
from stripchart.catalog.database import for_writing, place_of, told_as_catalog
from stripchart.model.audit import Deed, actor_now
from stripchart.model.time import Clock

_DEEDS, _CLOCK = "deeds", "clock"


class Transactions:
    """Begins transactions. Everything that changes rows of the catalog goes through here."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._writing_engine, self._clock = engine, for_writing(engine), clock

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A view of one moment. Raises CatalogUnavailableError."""
        with told_as_catalog(place_of(self._engine.url)):
            async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
                yield session

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[AsyncSession]:
        """Changes, and the audit of what was added, changed and deleted, all of it or nothing.

        Rows of audited tables are changed one by one, never in bulk: of those nobody could tell what they were.
        Raises CatalogUnavailableError, and DuplicateError for a name that is taken.
        """
        with told_as_catalog(place_of(self._engine.url)):
            async with _session(self._writing_engine, self._clock) as session, session.begin():
                yield session


def tell(session: AsyncSession, deed: Deed) -> None:
    """Put into the audit what no row shows; it goes in with the transaction."""
    session.sync_session.info[_DEEDS].append(deed)


class _AuditedSession(Session):
    """Collects what is done to rows."""


def _session(engine: AsyncEngine, clock: Clock) -> AsyncSession:
    info: dict[str, Any] = {_DEEDS: [], _CLOCK: clock}
    return AsyncSession(engine, sync_session_class=_AuditedSession, expire_on_commit=False, info=info)


@event.listens_for(_AuditedSession, "after_flush")
def _collect(session: Session, _: object) -> None:
    deeds = [
        *(audited.added(row) for row in session.new),
        *(audited.changed(row) for row in session.dirty),
        *(audited.deleted(row) for row in session.deleted),
    ]
    session.info[_DEEDS] += [deed for deed in deeds if deed is not None]


@event.listens_for(_AuditedSession, "before_commit")
def _write(session: Session) -> None:
    session.flush()
    deeds = session.info[_DEEDS]
    if deeds:
        session.execute(insert(AuditRow), _chained(session, deeds))
        deeds.clear()


@event.listens_for(_AuditedSession, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if (state.is_update or state.is_delete) and mapper is not None and mapper.class_ in audited.AUDITED:
        raise TypeError(f"rows of {mapper.class_.__tablename__} are changed one by one, for the audit")


def _chained(session: Session, deeds: Sequence[Deed]) -> list[dict[str, object]]:
    """The records of the deeds, after the last one there is."""
    last = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).one_or_none()
    number, previous = (last.id, last.hash) if last else (0, BEGINNING)
    at_ms, actor = session.info[_CLOCK].now_ms(), actor_now()
    rows = []
    for deed in deeds:
        number += 1
        record = {
            "id": number,
            "at_ms": at_ms,
            "who": actor.who,
            "origin": actor.origin,
            "via": actor.via,
            "action": deed.action.value,
            "kind": deed.kind,
            "subject": deed.subject,
            "subject_id": deed.subject_id,
            "changes": orjson.dumps(deed.changes, option=orjson.OPT_SORT_KEYS).decode(),
            "previous": previous,
        }
        previous = hash_of(Record(**record))
        rows.append({**record, "hash": previous})
    return rows
