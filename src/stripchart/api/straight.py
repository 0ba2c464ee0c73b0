"""The latest of a device, which clients ask for all the time, on the shortest way.

Of what a request takes, finding the route, filling its parameters and encoding are most. So this answers beside the
routes what was encoded before. Whatever is unusual, and every error, is left to the route: it says the same, in full.
"""

import re
from collections.abc import Mapping

from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from stripchart.api.errors import ApiError
from stripchart.api.latest_answers import Answer, LatestAnswers
from stripchart.api.parts import Parts
from stripchart.api.permissions import PERMISSIONS
from stripchart.api.who import bearer_of, principal_for
from stripchart.auth.errors import AuthError
from stripchart.model.device import DeviceId

_PATH = re.compile(r"/api/devices/([1-9][0-9]{0,8})/latest")
_HEADERS = [(b"content-type", b"application/json"), (b"vary", b"Accept-Encoding")]
_PACKED = (b"content-encoding", b"gzip")


class Straight:
    """Answers what `route`, which is that of the latest of a device, would answer with 200."""

    def __init__(self, app: ASGIApp, route: APIRoute, parts: Parts, answers: LatestAnswers) -> None:
        self._app, self._route, self._parts, self._answers = app, route, parts, answers
        self._access = PERMISSIONS[f"GET {route.path}"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Mapping[bytes, bytes] = dict(scope["headers"]) if scope["type"] == "http" else {}
        answer = self._find(scope, headers)
        if answer is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = self._route  # under which the request is counted
        is_packed = b"gzip" in headers.get(b"accept-encoding", b"")
        body = answer.packed if is_packed else answer.data
        about = [*_HEADERS, (b"content-length", str(len(body)).encode())]
        if is_packed:
            about.append(_PACKED)
        await send({"type": "http.response.start", "status": 200, "headers": about})
        await send({"type": "http.response.body", "body": body})

    def _find(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Answer | None:
        asked = _PATH.fullmatch(scope["path"]) if headers and scope["method"] == "GET" else None
        entry = self._parts.roster.get(DeviceId(int(asked[1]))) if asked else None
        if entry is None:
            return None
        try:
            bearer = bearer_of(headers.get(b"authorization", b"").decode("latin-1"))
            principal_for(self._parts.doors, self._access, bearer)
            return self._answers.of(entry)
        except (ApiError, AuthError):
            return None
