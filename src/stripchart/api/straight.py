"""What clients ask for all the time, on the shortest way: the latest of a device, and values from the cache.

Of what a request takes, finding the route, filling its parameters and encoding are most. So this answers beside the
routes what was encoded before. Whatever is unusual, and every error, is left to the route: it says the same, in full.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from stripchart.api.errors import ApiError
from stripchart.api.latest_answers import Answer, LatestAnswers
from stripchart.api.parts import Parts
from stripchart.api.permissions import PERMISSIONS
from stripchart.api.who import bearer_of, principal_for
from stripchart.auth.errors import AuthError
from stripchart.model.device import DeviceId

_HEADERS = [(b"content-type", b"application/json"), (b"vary", b"Accept-Encoding")]
_PACKED = (b"content-encoding", b"gzip")


class Shortcut(Protocol):
    """What the `route` would answer with 200, as far as that is known without it."""

    path: re.Pattern[str]
    route: APIRoute

    def answer(self, asked: re.Match[str]) -> Answer | None:
        """None: the route has to be asked. Raises ApiError, and then the route is asked, too."""


class LatestOfDevice:
    """The shortcut to the latest of a device."""

    path = re.compile(r"/api/devices/([1-9][0-9]{0,8})/latest")

    def __init__(self, route: APIRoute, parts: Parts, answers: LatestAnswers) -> None:
        self.route, self._parts, self._answers = route, parts, answers

    def answer(self, asked: re.Match[str]) -> Answer | None:
        entry = self._parts.roster.get(DeviceId(int(asked[1])))
        return None if entry is None else self._answers.of(entry)


class Straight:
    """Takes the shortcuts for those who may use their routes."""

    def __init__(self, app: ASGIApp, parts: Parts, shortcuts: Sequence[Shortcut]) -> None:
        self._app, self._parts = app, parts
        self._shortcuts = [(each, PERMISSIONS[f"GET {each.route.path}"]) for each in shortcuts]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Mapping[bytes, bytes] = dict(scope["headers"]) if scope["type"] == "http" else {}
        answer = self._find(scope, headers)
        if answer is None:
            await self._app(scope, receive, send)
            return
        is_packed = b"gzip" in headers.get(b"accept-encoding", b"")
        body = answer.packed if is_packed else answer.data
        about = [*_HEADERS, (b"content-length", str(len(body)).encode())]
        if is_packed:
            about.append(_PACKED)
        await send({"type": "http.response.start", "status": 200, "headers": about})
        await send({"type": "http.response.body", "body": body})

    def _find(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Answer | None:
        if not headers or scope["method"] != "GET":
            return None
        for shortcut, access in self._shortcuts:
            asked = shortcut.path.fullmatch(scope["path"])
            if asked is None:
                continue
            try:
                bearer = bearer_of(headers.get(b"authorization", b"").decode("latin-1"))
                principal_for(self._parts.doors, access, bearer)
                answer = shortcut.answer(asked)
            except (ApiError, AuthError):
                return None
            if answer is not None:
                scope["route"] = shortcut.route  # under which the request is counted
            return answer
        return None
