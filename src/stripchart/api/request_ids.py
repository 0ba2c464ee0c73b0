"""Every request has a name, which its answer and all log lines about it bear; and a bug in one gets an answer."""

import re
import secrets
import time

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stripchart.api.errors import envelope

log = structlog.get_logger()

REQUEST_ID = "X-Request-ID"
_ALLOWED = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Takes the id of the client, if it can be told from anything else, or makes one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _ALLOWED.fullmatch(given) else secrets.token_hex(8)
        status, began_ns = 0, time.perf_counter_ns()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            # The query may hold the token of a stream, so it is left out.
            facts = {"method": scope["method"], "path": scope["path"]}
            try:
                await self._app(scope, receive, named)
            except Exception:
                log.exception("request.failed", **facts)
                if not status:
                    message = "the server failed on this request; its log says why"
                    await envelope(500, "internal_error", message)(scope, receive, named)
                raise
            finally:
                took_ms = round((time.perf_counter_ns() - began_ns) / 1e6, 1)
                log.debug("request.done", **facts, status=status, took_ms=took_ms)
