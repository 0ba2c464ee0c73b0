"""Runs the whole program behind one HTTP port, until it is told to stop."""

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

import uvicorn

from stripchart.api.app import build_api
from stripchart.api.parts import Parts
from stripchart.cli.failure import CommandError
from stripchart.runtime import running
from stripchart.settings import Settings

_SECONDS_TO_FINISH_REPLIES = 2

Announce = Callable[[Parts], Coroutine[None, None, None]]


async def serve(settings: Settings, announce: Announce) -> None:
    """Poll, record and answer until SIGINT or SIGTERM. `announce` runs beside the server once it accepts requests.

    Raises CommandError when the address cannot be had, and what the parts raise when they cannot be opened.
    """
    with bound_socket(settings.host, settings.port) as listener:
        async with running(settings) as parts:
            config = uvicorn.Config(
                build_api(parts),
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=_SECONDS_TO_FINISH_REPLIES,
            )
            async with _stopping_on_signals(_Server(config), parts) as server, asyncio.TaskGroup() as tasks:
                announcing = tasks.create_task(announce(parts))
                await server.serve(sockets=[listener])
                announcing.cancel()


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket that nobody else has. Raises CommandError."""
    if not _is_loopback(host):
        raise CommandError(
            f"host {host}: Stripchart has no accounts yet, so it listens on this machine only: "
            "use 127.0.0.1, ::1 or localhost"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        reason = f"{host}:{port} cannot be listened on: {error.strerror or error}"
        raise CommandError(f"{reason}; stop the other program or choose another port with --port") from error
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: they would end the process before the parts are closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def _stopping_on_signals(server: _Server, parts: Parts) -> AsyncIterator[_Server]:
    """The first signal ends streams and lets replies finish, the second does not wait for them."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        parts.closing.begin()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield server
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
