"""Under which names the server answers."""

import functools
import ipaddress
import re
import socket
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from stripchart.api.errors import refusal

_LOOPBACK = re.compile(r"localhost|[\w-]+\.localhost", re.IGNORECASE)
_PORT = re.compile(r":\d+$")
_ADDRESSES_REMEMBERED = 1000


class HostNames:
    """Answers to addresses, to the names of this machine, and to those of the settings.

    A page of a stranger, whose name was made to resolve to this server, cannot read the plant through the browser
    of somebody who is near it (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        own = socket.gethostname().casefold()
        self._names = {own, f"{own}.local", socket.getfqdn().casefold(), *(name.casefold() for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "") if scope["type"] in {"http", "websocket"} else "localhost"
        if self._is_ours(host):
            await self._app(scope, receive, send)
            return
        message = f"host {host!r} is no name of this server; STRIPCHART_HOST_NAMES may add it"
        await refusal(scope["path"], 400, "unknown_host", message)(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        name = _PORT.sub("", host).casefold()
        return name in self._names or _LOOPBACK.fullmatch(name) is not None or _is_address(name)


@functools.lru_cache(_ADDRESSES_REMEMBERED)
def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
