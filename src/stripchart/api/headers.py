"""Headers on every answer that keep foreign scripts, frames and guesses of browsers away from the page."""

from starlette.datastructures import MutableHeaders
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
                _add_headers(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_headers(headers: MutableHeaders, scope: Scope) -> None:
    headers.update(_ALWAYS)
    if scope["scheme"] == "https":
        headers.update(_OVER_TLS)
    if scope["path"].startswith(_HASHED_FILES):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif headers.get("Content-Type", "").startswith("text/html"):
        headers["Cache-Control"] = "no-cache"
    elif "Cache-Control" not in headers and scope["path"].startswith("/api/"):
        headers["Cache-Control"] = "no-store"
