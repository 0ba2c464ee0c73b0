"""Serves the built page, and the headers that keep foreign scripts out of it."""

from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Stripchart</title>
<p>The page has not been built. Run <code>make page</code>, then start the server again.
The API is described at <a href="/openapi.json">/openapi.json</a>."""

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HASHED_FILES = "/assets/"


def page_folder() -> Path:
    """Where the built page lies inside the package."""
    return Path(str(files("stripchart"))) / "web_dist"


def install_page(app: FastAPI) -> None:
    """Serve the page at / and the API's documentation at /docs; the page's own routes all lead to index.html.

    Without a build, say how to make one.
    """
    app.add_api_route("/docs", _docs, include_in_schema=False, response_class=RedirectResponse)
    folder = page_folder()
    if (folder / "index.html").is_file():
        app.frontend("/", directory=folder, fallback="index.html")
    else:
        app.add_api_route("/", _not_built, include_in_schema=False, response_class=HTMLResponse)
    app.add_middleware(PageHeaders)


async def _docs() -> str:
    return "/api-docs/index.html"


async def _not_built() -> str:
    return _NOT_BUILT


class PageHeaders:
    """Security headers on every answer; files with a hash in their name may be kept for ever."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), path)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_headers(headers: MutableHeaders, path: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = _POLICY
    if path.startswith(_HASHED_FILES):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif headers.get("Content-Type", "").startswith("text/html"):
        headers["Cache-Control"] = "no-cache"
