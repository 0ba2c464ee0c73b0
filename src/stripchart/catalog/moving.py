"""Moving a catalog into an empty database: every row with its id, for histories are kept under the ids of points."""

from typing import Any

from sqlalchemy import Table, func, insert, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from stripchart.catalog.account_tables import UserRow
from stripchart.catalog.audit_tables import AuditRow
from stripchart.catalog.database import bring_up_to_date, connect, for_writing, place_of, told_as_catalog
from stripchart.catalog.errors import CatalogError
from stripchart.catalog.tables import Base, PointRow

_ROWS_AT_ONCE = 1000


async def copy_catalog(source: str, target: str) -> int:
    """Copy all rows, all of them or none; how many. 0 when the target has the same points already.

    Raises CatalogError when the target holds another catalog.
    """
    old, new = connect(source), connect(target)
    try:
        await bring_up_to_date(old)
        await bring_up_to_date(new)
        with told_as_catalog(place_of(new.url)):
            async with old.connect() as reading, for_writing(new).begin() as writing:
                if not await _is_empty(writing):
                    await _check_same(reading, writing, place_of(new.url))
                    return 0
                return await _copy(reading, writing)
    finally:
        await old.dispose()
        await new.dispose()


async def _is_empty(connection: AsyncConnection) -> bool:
    counts = [await connection.scalar(select(func.count()).select_from(row)) for row in (UserRow, AuditRow, PointRow)]
    return not any(counts)


async def _check_same(reading: AsyncConnection, writing: AsyncConnection, place: str) -> None:
    asked = select(PointRow.id, PointRow.device_id, PointRow.key).order_by(PointRow.id)
    there = {tuple(row) for row in await writing.execute(asked)}
    if not {tuple(row) for row in await reading.execute(asked)} <= there:
        raise CatalogError(f"{place}: there is another catalog in this database; choose an empty one")


async def _copy(reading: AsyncConnection, writing: AsyncConnection) -> int:
    copied = 0
    await _guard_audit(writing, "DISABLE")
    for table in Base.metadata.sorted_tables:
        await writing.execute(table.delete())
        in_order = select(table).order_by(*table.primary_key.columns)
        rows = [dict(row) for row in (await reading.execute(in_order)).mappings()]
        for low in range(0, len(rows), _ROWS_AT_ONCE):
            await writing.execute(insert(table), rows[low : low + _ROWS_AT_ONCE])
        copied += len(rows)
    given = await _ids_given(reading)
    for table in Base.metadata.sorted_tables:
        await _go_on_with_ids(writing, table, given.get(table.name, 0))
    await _guard_audit(writing, "ENABLE")
    return copied


async def _guard_audit(writing: AsyncConnection, action: str) -> None:
    """An audit with faults is copied with its faults; a check goes on telling them."""
    if writing.dialect.name == "postgresql":
        await writing.execute(text(f"ALTER TABLE {AuditRow.__tablename__} {action} TRIGGER USER"))


async def _ids_given(reading: AsyncConnection) -> dict[str, int]:
    """The last id that each table gave, also to rows that are gone."""
    if not await reading.run_sync(lambda connection: inspect(connection).has_table("sqlite_sequence")):
        return {}
    rows: Any = await reading.execute(text("SELECT name, seq FROM sqlite_sequence"))
    return {row.name: row.seq for row in rows}


async def _go_on_with_ids(writing: AsyncConnection, table: Table, last: int) -> None:
    """No id is given again."""
    asked = {"table": f'"{table.name}"', "last": last}
    if last and "id" in table.c and writing.dialect.name == "postgresql":
        query = "SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"
        await writing.execute(text(query), asked)
