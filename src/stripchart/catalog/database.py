"""Reaching the catalog's database: engine, tables brought up to date, errors in the catalog's words."""

import asyncio
import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import await_only

from stripchart.catalog.errors import CatalogError, CatalogUnavailableError, DuplicateError
from stripchart.catalog.tables import HEAD
from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.model.recent import Recent

_IN_MEMORY = ":memory:"
_BEGAN_S = "began_s"
_WRITE_AHEAD_ATTEMPTS = 100
_WRITE_AHEAD_PAUSE_S = 0.05
_SQLITE: dict[str, Any] = {"connect_args": {"isolation_level": None}}
_POSTGRESQL: dict[str, Any] = {
    # A reader sees one moment, as with SQLite; a connection that was cut is noticed before it is used.
    "isolation_level": "REPEATABLE READ",
    "pool_pre_ping": True,
    "connect_args": {"timeout": 10, "command_timeout": 30, "server_settings": {"application_name": "stripchart"}},
}
_TURN = 0x53544350
"""The advisory lock of those who change something."""


def url_of(file: Path) -> str:
    """The address of a catalog kept in a SQLite file."""
    return URL.create("sqlite+aiosqlite", database=str(file)).render_as_string(hide_password=False)


def place_of(url: URL) -> str:
    """How messages call the database: the file, or the address without its password."""
    is_file = url.get_backend_name() == "sqlite" and url.database
    return url.database or "" if is_file else url.render_as_string(hide_password=True)


def connect(url: str, pool_size: int | None = None) -> AsyncEngine:
    """An engine for the catalog at the address, which keeps so many connections; nothing is opened yet.

    Raises CatalogUnavailableError.
    """
    try:
        address = _with_driver(make_url(url))
        is_sqlite = address.get_backend_name() == "sqlite"
        options = _SQLITE if is_sqlite else _POSTGRESQL
        engine = create_async_engine(address, **options, **({"pool_size": pool_size} if pool_size else {}))
    except (ArgumentError, InvalidRequestError, ModuleNotFoundError) as error:
        raise CatalogUnavailableError(f"the catalog's address cannot be used: {error}") from error
    if is_sqlite:
        event.listen(engine.sync_engine, "do_connect", _made_for_our_eyes)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    else:
        event.listen(engine.sync_engine, "begin", _begin_postgresql)
    return engine


def _made_for_our_eyes(_dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
    """It has the hashes of passwords in it. SQLite gives the files beside it the same permissions."""
    if arguments[0] == _IN_MEMORY:
        return
    with contextlib.suppress(OSError):
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _with_driver(address: URL) -> URL:
    """postgresql:// as other programs write it, with the driver that is used here."""
    is_plain = address.drivername in {"postgresql", "postgres"}
    return address.set(drivername="postgresql+asyncpg") if is_plain else address


def note_queries(engine: AsyncEngine, recent: Recent) -> None:
    """From now on every statement is counted there, with how long it took."""

    def begin(connection: Connection, *_: object) -> None:
        connection.info[_BEGAN_S] = time.monotonic()

    def end(connection: Connection, *_: object) -> None:
        now_s = time.monotonic()
        recent.note(now_s, now_s - connection.info.pop(_BEGAN_S, now_s))

    event.listen(engine.sync_engine, "before_cursor_execute", begin)
    event.listen(engine.sync_engine, "after_cursor_execute", end)


def open_connections(engine: AsyncEngine) -> int:
    """How many connections to the database are open."""
    pool = engine.pool
    return pool.checkedin() + pool.checkedout() if isinstance(pool, QueuePool) else 1


def size_bytes(engine: AsyncEngine) -> int:
    """What the database takes on the disk of this machine; 0 of one that is elsewhere."""
    url = engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return 0
    files = [Path(url.database + suffix) for suffix in ("", "-wal", "-shm")]
    return sum(file.stat().st_size for file in files if file.exists())


def for_writing(engine: AsyncEngine) -> AsyncEngine:
    """The same engine for transactions that change something: they take turns from their beginning."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(writes=True)
    return engine.execution_options(writes=True, isolation_level="READ COMMITTED")


async def bring_up_to_date(engine: AsyncEngine) -> None:
    """Make the tables, or change them to what this release needs: all of it, or nothing.

    Raises CatalogUnavailableError when the database is broken, of another program, or of a newer release.
    """
    place = place_of(engine.url)
    _make_folder(engine.url)
    with told_as_catalog(place):
        async with engine.connect() as connection:
            if await connection.run_sync(_stamp) == HEAD:
                return
        async with for_writing(engine).begin() as connection:
            await connection.run_sync(_upgrade, place)


@contextmanager
def told_as_catalog(place: str) -> Iterator[None]:
    """Turn what the database says into a CatalogError; anything else is a bug and keeps rising."""
    try:
        yield
    except IntegrityError as error:
        raise _as_duplicate(error) from error
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise CatalogUnavailableError(
            f"{place}: the catalog cannot be used ({reason}); nothing was changed: {_advice(place)}"
        ) from error


def _advice(place: str) -> str:
    if place.startswith("postgresql"):
        return "check that the server runs, and its address and password"
    return "check the disk and file rights, and put back a backup if the file is broken"


def _as_duplicate(error: IntegrityError) -> CatalogError:
    """Which field is taken: both SQLite and PostgreSQL name the column of a unique constraint."""
    told = f"{error.orig} {getattr(error.orig.__cause__, 'detail', None)}" if error.orig else ""
    for column, field in (("code_key", "code"), ("username_key", "username"), ("name_key", "name")):
        if column in told:
            message = f"{field}: another one has it already; capital letters make no difference"
            return DuplicateError(message, field, Complaint(ComplaintCode.TAKEN))
    return CatalogError(f"the catalog was changed by someone else at the same time, try again ({error.orig})")


def _stamp(connection: Connection) -> str | None:
    """The migration the database is at; None when it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, place: str) -> None:
    # Imported here because a catalog that is up to date, nearly every one, needs no Alembic.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    stamp = _stamp(connection)  # Once more: another process may have had the turn before.
    if stamp is None and inspect(connection).get_table_names():
        raise CatalogUnavailableError(f"{place}: this is no catalog of Stripchart; {_move_away(place)}")
    config = Config()
    config.set_main_option("script_location", "stripchart.catalog:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if stamp is not None and stamp not in known:
        raise CatalogUnavailableError(
            f"{place}: the catalog was written by a newer Stripchart (migration {stamp}, this one knows {HEAD}); "
            "update Stripchart"
        )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(config, HEAD)


def _move_away(place: str) -> str:
    return "choose an empty database" if place.startswith("postgresql") else "move it away"


def _make_folder(url: URL) -> None:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == _IN_MEMORY:
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogUnavailableError(f"{folder}: cannot keep a catalog here: {error.strerror}") from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Turn the write-ahead log on. For this change alone SQLite does not wait while another has the new file."""
    for _ in range(_WRITE_AHEAD_ATTEMPTS - 1):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            await_only(asyncio.sleep(_WRITE_AHEAD_PAUSE_S))
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")


def _begin_postgresql(connection: Connection) -> None:
    # Who changes something takes turns, as with SQLite: the audit is a chain.
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")


def _begin_sqlite(connection: Connection) -> None:
    # The driver would begin only at the first change, and a migration's CREATE TABLE would not be undone.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
