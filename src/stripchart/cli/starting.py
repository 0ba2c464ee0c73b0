"""Waiting for the database at the start: a machine may come back before the one that its database is on."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Iterator

import structlog
import uvicorn

from stripchart.api.starting import build_starting
from stripchart.history.base import HistoryUnavailableError
from stripchart.history.opening import why_away
from stripchart.settings import Settings

log = structlog.get_logger()

_LOOK_S = 1.0
_SAY_S = 60.0


class QuietServer(uvicorn.Server):
    """uvicorn without its own signal handlers: they would end the process before the parts are closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def await_database(settings: Settings, listener: socket.socket) -> None:
    """Return once the database answers, or there is none to wait for; meanwhile answer requests with 503.

    Raises HistoryUnavailableError when it stays away for longer than the settings say.
    """
    problem = await why_away(settings.history_place)
    if problem is None:
        return
    began_s = said_s = time.monotonic()
    log.warning("database.away", reason=problem, waits_s=settings.database_wait_s)
    async with _answering(settings, listener) as told:
        while problem is not None:
            told[0] = problem
            now_s = time.monotonic()
            if settings.database_wait_s is not None and now_s - began_s >= settings.database_wait_s:
                raise HistoryUnavailableError(
                    f"{problem}; gave up after {settings.database_wait_s:g} s (STRIPCHART_DATABASE_WAIT_S)"
                )
            if now_s - said_s >= _SAY_S:
                said_s = now_s
                log.warning("database.still_away", reason=problem, for_s=round(now_s - began_s))
            await asyncio.sleep(_LOOK_S)
            problem = await why_away(settings.history_place)
    log.info("database.back", after_s=round(time.monotonic() - began_s))


@contextlib.asynccontextmanager
async def _answering(settings: Settings, listener: socket.socket) -> AsyncIterator[list[str]]:
    """While this is open, requests are told why there is nothing: what the list holds."""
    told = [""]
    config = uvicorn.Config(
        build_starting(lambda: told[0]),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=1,
    )
    server = QuietServer(config)
    # It closes its sockets when it ends; the listener goes on to the program.
    serving = asyncio.create_task(server.serve(sockets=[listener.dup()]), name="starting")
    try:
        yield told
    finally:
        server.should_exit = True
        await serving
