"""Historians on servers: each test folder stands for an empty history in the one database there is."""

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from stripchart.history.base import Historian
from stripchart.history.timescale.historian import ServerHistorian, open_historian
from stripchart.history.timescale.options import ServerOptions
from tests.servers.running import GIVEN_TIMESCALE, postgres_url, timescale_url

_TABLES = tuple(f"history.{name}" for name in ("sample", "text", "day", "horizon", "point", "growth"))
_ROLLUPS = tuple(f"history.{name}" for name in ("minute", "hour", "whole_day"))
_IS_PLAIN = "SELECT NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')"
_FEW = 2000
"""So many samples are sooner deleted than their tables made anew."""
_SELDOM_S = 600.0


def opened_on_postgres(folder: Path, **options: Any) -> AbstractAsyncContextManager[ServerHistorian]:
    return _opened(ServerOptions(postgres_url(), care_every_s=_SELDOM_S, **options), folder)


def opened_on_timescale(folder: Path, **options: Any) -> AbstractAsyncContextManager[ServerHistorian]:
    # All connections share one session there, and names of statements must not meet those of another process.
    asyncpg.connection._uid += os.getpid() * 1000
    return _opened(ServerOptions(timescale_url(), by_copy=False, care_every_s=_SELDOM_S, **options), folder)


def on_postgres(folder: Path) -> AbstractAsyncContextManager[Historian]:
    return opened_on_postgres(folder)


def on_timescale(folder: Path) -> AbstractAsyncContextManager[Historian]:
    return opened_on_timescale(folder)


def on_given_timescale(folder: Path) -> AbstractAsyncContextManager[Historian]:
    return _opened(ServerOptions(os.environ[GIVEN_TIMESCALE], care_every_s=_SELDOM_S), folder)


@asynccontextmanager
async def _opened(options: ServerOptions, folder: Path) -> AsyncIterator[ServerHistorian]:
    marker = folder / "is-there"
    async with open_historian(options) as historian:
        if not marker.exists():
            await clear(historian)
            marker.touch()
        yield historian


async def clear(historian: ServerHistorian) -> None:
    """Empty the history, over the connection that it has anyway: each one that is made is a process of the server."""
    async with historian._server.writing() as connection:
        samples = await connection.fetchval("SELECT samples FROM history.tally")
        # Continuous aggregates can be truncated, but not deleted from.
        is_plain = await connection.fetchval(_IS_PLAIN)
        way = "DELETE FROM" if is_plain and samples < _FEW else "TRUNCATE"
        for table in (*_TABLES, *_ROLLUPS):
            await connection.execute(f"{way} {table}")
        await connection.execute("UPDATE history.tally SET samples = 0, first_at = NULL, last_at = NULL, dropped = 0")
        await historian._known.load(connection)
