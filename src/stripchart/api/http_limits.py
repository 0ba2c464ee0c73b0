"""How much one client may ask of the server: bytes in a request, requests in a minute."""

import functools
import ipaddress
import time
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stripchart.api.errors import ApiError, refusal

_MOST_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """`cors_origins`: pages of these origins may use the API too. `requests_per_minute` None: as many as come.

    `has_metrics`: there is a page for Prometheus.
    """

    cors_origins: tuple[str, ...] = ()
    max_request_bytes: int = 10_485_760
    requests_per_minute: int | None = 6000
    has_metrics: bool = True


class BodyLimit:
    """Refuses larger bodies with 413, before or while they are read."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        message = f"the body is larger than the {self._most} bytes that are allowed"
        if length.isdigit() and int(length) > self._most:
            await refusal(scope["path"], 413, "too_large", message)(scope, receive, send)
            return
        received = 0

        async def bounded() -> Message:
            nonlocal received
            part = await receive()
            received += len(part.get("body", b""))
            if received > self._most:
                raise ApiError(413, "too_large", message)
            return part

        await self._app(scope, bounded, send)


class Pace:
    """How often each address may come: evenly, or a minute's worth at once after a quiet minute. Pure.

    Of each of at most 10,000 addresses it is known when its allowance would be whole again.
    """

    def __init__(self, per_minute: int) -> None:
        self._each_s, self._whole_s = 60 / per_minute, 60.0
        self._whole_at_s: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, address: str, now_s: float) -> float:
        """0: it may come now, and that was counted. Else how long it has to wait."""
        whole_at_s = max(self._whole_at_s.get(address, 0.0), now_s) + self._each_s
        if whole_at_s - now_s > self._whole_s:
            return whole_at_s - now_s - self._whole_s
        self._whole_at_s[address] = whole_at_s
        self._whole_at_s.move_to_end(address)
        if len(self._whole_at_s) > _MOST_ADDRESSES:
            self._whole_at_s.popitem(last=False)
        return 0.0


class RateLimit:
    """Answers 429 to an address that asks too often. Programs on this machine may ask as they like."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app, self._pace = app, Pace(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = scope["client"][0] if scope["type"] == "http" and scope.get("client") else ""
        wait_s = 0.0 if _is_here(address) else self._pace.wait_s(address, time.monotonic())
        if not wait_s:
            await self._app(scope, receive, send)
            return
        answer = refusal(scope["path"], 429, "too_many_requests", f"too many requests; come again in {wait_s:.1f} s")
        answer.headers["Retry-After"] = str(max(1, round(wait_s)))
        await answer(scope, receive, send)


@functools.lru_cache(_MOST_ADDRESSES)
def _is_here(address: str) -> bool:
    try:
        return not address or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True  # A socket of this machine.
