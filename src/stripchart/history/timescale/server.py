"""Reaching the server: one connection that writes, a few that read, and its errors in the historian's words."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any, Protocol

import asyncpg
import structlog

from stripchart.history.base import (
    QUERIES_OF_S,
    HistoryError,
    HistoryFullError,
    HistoryUnavailableError,
    HistoryUnreadableError,
)
from stripchart.history.timescale.options import ServerOptions
from stripchart.model.recent import Recent

log = structlog.get_logger()


class Connection(Protocol):
    """What is used of the driver's connections, those that a pool lends too."""

    async def execute(self, query: str, *asked: object) -> str: ...

    async def executemany(self, query: str, rows: Sequence[Sequence[object]]) -> None: ...

    async def fetch(self, query: str, *asked: object) -> list[Any]: ...

    async def fetchrow(self, query: str, *asked: object) -> Any: ...

    async def fetchval(self, query: str, *asked: object) -> Any: ...

    async def copy_to_table(self, table: str, **options: object) -> str: ...

    def transaction(
        self, *, isolation: str | None = None, readonly: bool = False
    ) -> AbstractAsyncContextManager[object]: ...

    def is_closed(self) -> bool: ...

    async def close(self, *, timeout: float | None = None) -> None: ...  # noqa: ASYNC109 - the driver's

    def terminate(self) -> None: ...


_SESSION = {"application_name": "stripchart", "jit": "off", "plan_cache_mode": "force_custom_plan", "timezone": "UTC"}
_BROKEN = (asyncpg.DataCorruptedError, asyncpg.IndexCorruptedError)
_BUGS = (
    asyncpg.SyntaxOrAccessError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.FeatureNotSupportedError,
)
_NO_BUGS = (
    asyncpg.InsufficientPrivilegeError,
    # A pooler between here and the server that hands connections from one client to another.
    asyncpg.DuplicatePreparedStatementError,
    asyncpg.InvalidSQLStatementNameError,
)
_CLOSING_S = 5.0
_SLOW_S = 2.0
"""Whoever waits longer than that for a page looks for the reason in the log."""
_PATIENCE_S = 6 * 3600.0
"""A day of fifty million samples is rolled up in minutes, and a first round has many days."""


class Server:
    """The database. Connections are made when they are needed, and made again when they are lost."""

    def __init__(self, options: ServerOptions) -> None:
        self.options = options
        self._writer: Connection | None = None
        self._writing = asyncio.Lock()
        self._pool: asyncpg.Pool | None = None
        self._pooling = asyncio.Lock()
        self.took_s: deque[float] = deque(maxlen=1000)
        """How long the last questions took."""
        self.queries = Recent(QUERIES_OF_S)
        self._closed = False

    @property
    def place(self) -> str:
        return self.options.place

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """The one connection that writes; whoever waits for it gets it in turn. Raises HistoryError."""
        async with self._writing:
            self.check_open()
            with told_as_history(self.place):
                connection = self._writer
                if connection is None or connection.is_closed():
                    connection = self._writer = await self.connect()
                try:
                    yield connection
                except asyncio.CancelledError:
                    # The driver may then take a transaction for begun that is not, or the other way round.
                    connection.terminate()
                    raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection that sees one moment, whatever is asked over it. Raises HistoryError."""
        async with self.asking() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[Connection]:
        """A connection for one statement, which by itself sees one moment: one way there and back, not three.

        Raises HistoryError.
        """
        self.check_open()
        with told_as_history(self.place):
            pool = await self._readers()
            async with pool.acquire(timeout=self.options.answer_s) as connection:
                began_s = time.perf_counter()
                yield connection
                self._note(time.perf_counter() - began_s)

    def _note(self, took_s: float) -> None:
        self.took_s.append(took_s)
        self.queries.note(time.monotonic(), took_s)
        if took_s > _SLOW_S:
            log.warning("history.slow_query", place=self.place, took_s=round(took_s, 1))

    @property
    def connections(self) -> int:
        """How many are open."""
        writer = self._writer is not None and not self._writer.is_closed()
        return int(writer) + (0 if self._pool is None else self._pool.get_size())

    def told(self) -> AbstractContextManager[None]:
        """Turn what the server says into a HistoryError."""
        return told_as_history(self.place)

    async def connect(self, *, patient: bool = False) -> Connection:
        """A connection of its own, which the caller closes. `patient`: what is done over it may take hours."""
        options = self.options
        connection: Connection = await asyncpg.connect(
            options.dsn,
            timeout=options.connect_s,
            command_timeout=_PATIENCE_S if patient else options.answer_s,
            server_settings=_SESSION,
        )
        return connection

    def check_open(self) -> None:
        if self._closed:
            raise HistoryUnavailableError(f"{self.place}: the history is closed")

    async def aclose(self) -> None:
        """Let go of all connections; what is under way may end. Closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        async with self._writing:
            if self._writer is not None:
                await _closed_soon(self._writer)
        if self._pool is not None:
            try:
                async with asyncio.timeout(_CLOSING_S):
                    await self._pool.close()
            except TimeoutError:
                self._pool.terminate()

    async def _readers(self) -> "asyncpg.Pool":
        async with self._pooling:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.options.dsn,
                    min_size=0,
                    max_size=self.options.readers,
                    timeout=self.options.connect_s,
                    command_timeout=self.options.answer_s,
                    server_settings=_SESSION,
                    reset=_as_it_is,
                )
            return self._pool


async def _as_it_is(_: Connection) -> None:
    """Nothing but transactions is done over a reader, so there is nothing to reset."""


async def _closed_soon(connection: Connection) -> None:
    try:
        await connection.close(timeout=_CLOSING_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()


@contextmanager
def told_as_history(place: str) -> Iterator[None]:
    """Turn what the server or the network says into a HistoryError; a bug keeps rising.

    A task that was cancelled while a connection failed is told of the failure alone (`asyncio.wait_for` of Python
    3.11): it is cancelled here once more, or it would go on for ever.
    """
    try:
        yield
    except HistoryError:
        raise
    except asyncpg.PostgresError as error:
        _end_when_cancelled(error)
        if isinstance(error, _BUGS) and not isinstance(error, _NO_BUGS):
            raise
        raise _of_server(place, error) from error
    except (OSError, TimeoutError, asyncpg.InterfaceError) as error:
        _end_when_cancelled(error)
        reason = str(error) or type(error).__name__
        raise _away(place, reason) from error


def _end_when_cancelled(error: Exception) -> None:
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from error


def _of_server(place: str, error: "asyncpg.PostgresError") -> HistoryError:
    if isinstance(error, asyncpg.DiskFullError):
        return HistoryFullError(f"{place}: the server's disk is full ({error}); free space there")
    if isinstance(error, _BROKEN):
        return HistoryUnreadableError(
            f"{place}: what is stored is broken ({error}); put back a backup of the database"
        )
    return _away(place, str(error))


def _away(place: str, reason: str) -> HistoryUnavailableError:
    return HistoryUnavailableError(
        f"{place}: the history's server cannot be used ({reason}); check that it runs, and its address and password"
    )
