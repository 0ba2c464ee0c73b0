"""One SQLite connection, owned by one thread, with errors in the words of the historian."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from stripchart.history.base import (
    HistoryError,
    HistoryFullError,
    HistoryUnavailableError,
    HistoryUnreadableError,
)

APPLICATION_ID = 0x53_54_52_43
"""'STRC' in the file's header: a history of Stripchart."""
SCHEMA_VERSION = 1

_Result = TypeVar("_Result")

# Primary result codes, https://www.sqlite.org/rescode.html
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_OUT_OF_REACH = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


class DatabaseThread:
    """A thread and its connection: jobs run one after the other, in the order they were given.

    The queue of jobs has no bound of its own: each waiting job is a caller that waits for it.
    """

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._path, self._connect = path, connect
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._connection: sqlite3.Connection | None = None
        self._closed = False

    async def run(self, job: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """What the job returns. A cancelled caller does not interrupt a job that has begun."""
        if self._closed:
            raise HistoryUnavailableError(f"{self._path}: the history is closed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, job)

    async def aclose(self) -> None:
        """Let the jobs under way end, then close the connection. Closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        finally:
            self._thread.shutdown(wait=False)

    def _do(self, job: Callable[[sqlite3.Connection], _Result]) -> _Result:
        with told_as_history(self._path):
            if self._connection is None:
                self._connection = self._connect()
            return job(self._connection)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()


@contextmanager
def told_as_history(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into a HistoryError; anything else is a bug and keeps rising."""
    try:
        yield
    except sqlite3.Error as error:
        raised = _as_history(path, error)
        if raised is None:
            raise
        raise raised from error


def _as_history(path: Path, error: sqlite3.Error) -> HistoryError | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return HistoryFullError(
            f"{path}: no room for more samples ({error}); free disk space, recording then goes on"
        )
    if code in _BROKEN:
        return HistoryUnreadableError(
            f"{path}: the history file is broken ({error}); it was left as it is: put back a backup, "
            "or move it away to begin a new history"
        )
    if code in _OUT_OF_REACH:
        return HistoryUnavailableError(
            f"{path}: the history cannot be reached ({error}); check the disk and its rights"
        )
    return None


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    """All or nothing (`IMMEDIATE`), or one unchanging view (`DEFERRED`)."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has already gone back by itself after some failures, a full disk among them.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def connect_writer(path: Path, max_bytes: int | None) -> sqlite3.Connection:
    """Open or create the file for writing; each commit is on the disk before it returns."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        _check_schema(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if max_bytes is not None:
            page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {max(1, max_bytes // page_bytes)}")
        _keep_name(path.parent)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open the file for reading beside the writer."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _check_schema(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application == 0 and tables == 0:
        connection.executescript(files("stripchart.history.embedded").joinpath("schema.sql").read_text("utf-8"))
    elif application != APPLICATION_ID:
        raise HistoryUnreadableError(f"{path}: this is no history of Stripchart; move it away")
    elif version > SCHEMA_VERSION:
        raise HistoryUnreadableError(
            f"{path}: the history was written by a newer Stripchart (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); update Stripchart"
        )


def _keep_name(folder: Path) -> None:
    """A new file survives a power cut only when the directory that names it was synced too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
