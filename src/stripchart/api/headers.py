"""Headers on every answer that keep foreign scripts, frames and guesses of browsers away from the page."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
}
_OVER_TLS = {"Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Opener-Policy": "same-origin"}
_HASHED_FILES = "/assets/"


class SecurityHeaders:
    """Also says how long a browser may keep the answer: files with a hash in their name for ever."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), text.encode()) for name, text in headers.items()]


_PLAIN = _encoded(_ALWAYS)
_TLS = _encoded(_ALWAYS | _OVER_TLS)


def _add_headers(message: Message, scope: Scope) -> None:
    """Nobody else sets those, so they are only appended: this happens on every answer."""
    given = message["headers"]
    headers = message["headers"] = [*given, *(_TLS if scope["scheme"] == "https" else _PLAIN)]
    known = dict(given)
    if scope["path"].startswith(_HASHED_FILES):
        keeping = b"public, max-age=31536000, immutable"
    elif known.get(b"content-type", b"").startswith(b"text/html"):
        keeping = b"no-cache"
    elif b"cache-control" not in known and scope["path"].startswith("/api/"):
        keeping = b"no-store"
    else:
        return
    message["headers"] = [pair for pair in headers if pair[0] != b"cache-control"]
    message["headers"].append((b"cache-control", keeping))
