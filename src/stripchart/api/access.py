"""Who may ask: until there are accounts, programs and pages of this machine only."""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from stripchart.api.errors import envelope

_LOOPBACK = re.compile(r"(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?", re.IGNORECASE)


class LoopbackNames:
    """Answers only to the names of loopback.

    A page of a stranger, whose name resolves to this machine, cannot read the plant through the browser (DNS
    rebinding).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "") if scope["type"] == "http" else "localhost"
        if _LOOPBACK.fullmatch(host):
            await self._app(scope, receive, send)
            return
        message = f"host {host!r} is not a name of this machine; ask for localhost or 127.0.0.1"
        await envelope(400, "unknown_host", message)(scope, receive, send)
