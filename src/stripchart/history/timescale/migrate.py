"""The tables of the history, made or changed to what this release needs: all of it, or nothing."""

from importlib.resources import files

import structlog

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.timescale.known import SQL
from stripchart.history.timescale.server import Connection

log = structlog.get_logger()

NEWEST = 2
"""The number of the last migration there is."""
_LOCK = 0x53545248
_PACKAGE = "stripchart.history.timescale.schema"


async def bring_up_to_date(connection: Connection, place: str) -> bool:
    """Carry out the migrations that are missing. Whether the server has TimescaleDB, which is settled by the first.

    Raises HistoryUnreadableError when the tables are of a newer release.
    """
    async with connection.transaction():
        await connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        has_timescale, done = await _state(connection)
        if done > NEWEST:
            raise HistoryUnreadableError(
                f"{place}: the history was written by a newer Stripchart (migration {done}, "
                f"this one knows {NEWEST}); update Stripchart"
            )
        if not done:
            has_timescale = await _get_timescale(connection)
        flavour = "timescale" if has_timescale else "plain"
        for number in range(done + 1, NEWEST + 1):
            for script in _scripts(number, flavour):
                await connection.execute(script)
            await connection.execute(SQL["migrated"], number, flavour)
            log.info("history.migrated", place=place, migration=number, kind=flavour)
    return has_timescale


async def _state(connection: Connection) -> tuple[bool, int]:
    """Whether the history uses TimescaleDB, and the last migration that was carried out; 0: none."""
    if await connection.fetchval("SELECT to_regclass('history.migration')") is None:
        return False, 0
    row = await connection.fetchrow("SELECT kind, number FROM history.migration ORDER BY number DESC LIMIT 1")
    return (row["kind"] == "timescale", row["number"]) if row else (False, 0)


async def _get_timescale(connection: Connection) -> bool:
    """Turn TimescaleDB on, where the server has it in the edition that compresses and rolls up."""
    there = await connection.fetchrow(
        "SELECT installed_version FROM pg_available_extensions WHERE name = 'timescaledb'"
    )
    if there is None:
        return False
    if there["installed_version"] is None:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
    licence = await connection.fetchval("SELECT current_setting('timescaledb.license', true)")
    if licence != "timescale":
        log.warning("history.timescale_without_compression", licence=licence)
    return bool(licence == "timescale")


def _scripts(number: int, flavour: str) -> list[str]:
    folder = files(_PACKAGE)
    names = (f"{number:04d}.sql", f"{number:04d}.{flavour}.sql")
    return [part.read_text("utf-8") for name in names if (part := folder.joinpath(name)).is_file()]
