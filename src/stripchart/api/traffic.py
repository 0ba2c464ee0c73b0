"""Counts requests: by route, never by address, so that the figures stay few."""

import time
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stripchart.model.recent import Recent

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes of latencies; a last class takes all others."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_MINUTE_S = 60.0
_OUR_FAULT = 500
_NO_ROUTE = "(page)"
_STREAM = b"text/event-stream; charset=utf-8"


@dataclass(slots=True)
class Latencies:
    """How long answers took to begin: the sum, and how many fell into each class."""

    total_s: float = 0.0
    classes: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))


class Traffic:
    """Requests since the start: by method, route and status; latencies by method and route; streams open now."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._latencies: dict[tuple[str, str], Latencies] = {}
        self.streams = 0
        self.recent = Recent(_MINUTE_S)
        """The answers of the last minute; those of 500 and above were in vain."""

    @property
    def requests(self) -> Mapping[tuple[str, str, int], int]:
        return MappingProxyType(self._requests)

    @property
    def latencies(self) -> Mapping[tuple[str, str], Latencies]:
        return MappingProxyType(self._latencies)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """An answer has begun."""
        self.recent.note(time.monotonic(), seconds, failed=status >= _OUR_FAULT)
        counted = (method, route, status)
        self._requests[counted] = self._requests.get(counted, 0) + 1
        latencies = self._latencies.get((method, route))
        if latencies is None:
            latencies = self._latencies[method, route] = Latencies()
        latencies.total_s += seconds
        latencies.classes[bisect_left(BOUNDS_S, seconds)] += 1


class CountsTraffic:
    """Notes every answer when it begins."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app, self._traffic = app, traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_ns, traffic, is_stream = time.perf_counter_ns(), self._traffic, False

        async def noted(message: Message) -> None:
            nonlocal is_stream
            if message["type"] == "http.response.start":
                seconds = (time.perf_counter_ns() - began_ns) / 1e9
                traffic.note(_method(scope), _route(scope), message["status"], seconds)
                is_stream = (b"content-type", _STREAM) in message["headers"]
                traffic.streams += is_stream
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            traffic.streams -= is_stream


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in _METHODS else "OTHER"


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return route.path if isinstance(route, APIRoute) else _NO_ROUTE
