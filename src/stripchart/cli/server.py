"""Runs the whole program behind one HTTP port, until it is told to stop."""

import asyncio
import contextlib
import errno
import ipaddress
import socket
from collections.abc import Callable, Coroutine

import uvicorn

from stripchart.api.app import build_api
from stripchart.api.http_limits import HttpOptions
from stripchart.api.parts import Parts
from stripchart.cli.failure import CommandError
from stripchart.cli.interrupt import Interrupts
from stripchart.cli.starting import QuietServer, await_database
from stripchart.process import set_up_process
from stripchart.runtime.ground import Prepare
from stripchart.runtime.running import running
from stripchart.settings import Settings

_SECONDS_TO_FINISH_REPLIES = 2
_IDLE_CONNECTION_S = 75
"""Longer than clients and proxies keep theirs (60 s as a rule), so none finds it closed in the face of a request."""

_SOCKET_MESSAGE_BYTES = 4096
"""Clients of WebSockets say `ping`, and nothing else."""

Announce = Callable[[Parts, str], Coroutine[None, None, None]]
"""Given the parts and the page's address."""


async def serve(
    settings: Settings, interrupts: Interrupts, announce: Announce, prepare: Prepare | None = None
) -> None:
    """Poll, record and answer until SIGINT or SIGTERM. `announce` runs beside the server once it accepts requests.

    `prepare` is that of `running`. Raises CommandError when the address cannot be had, and what the parts raise when
    they cannot be opened.
    """
    set_up_process()
    with bound_socket(settings.host, settings.port) as listener, contextlib.ExitStack() as until_closed:
        address = _url(listener, settings)
        await await_database(settings, listener)
        async with running(settings, prepare=prepare) as parts:
            server = _Server(_config(parts, settings))
            until_closed.enter_context(interrupts.handled_by(lambda: server.stop(parts)))
            async with asyncio.TaskGroup() as tasks:
                announcing = tasks.create_task(announce(parts, address))
                await server.serve(sockets=[listener])
                announcing.cancel()


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket that nobody else has; port 0 takes a free one. Raises CommandError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        is_taken = error.errno in {errno.EADDRINUSE, errno.EACCES}
        advice = "stop the other program, or choose another port with --port"
        if not is_taken:
            advice = "choose an address of this machine with --host"
        raise CommandError(f"{host}:{port} cannot listen: {error.strerror or error}; {advice}") from error
    return listener


def _url(listener: socket.socket, settings: Settings) -> str:
    """Where the page is; of a server that listens on all addresses, the name of this machine."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = socket.gethostname()
    scheme = "https" if settings.tls_certificate else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _config(parts: Parts, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        build_api(parts, _http_options(settings)),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        ws_max_size=_SOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # Packing anew for each client costs more than it saves in a plant.
        timeout_keep_alive=_IDLE_CONNECTION_S,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH_REPLIES,
    )


def _http_options(settings: Settings) -> HttpOptions:
    return HttpOptions(
        settings.cors_origins, settings.max_request_bytes, settings.requests_per_minute, settings.metrics_enabled
    )


class _Server(QuietServer):
    def stop(self, parts: Parts) -> None:
        """The first call ends streams and lets replies finish, the second does not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True
        parts.closing.begin()
