"""Serves the built page."""

from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse

from stripchart.api.packed_files import PackedFiles, packed_files

_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Stripchart</title>
<p>The page has not been built. Run <code>make page</code>, then start the server again.
The API is described at <a href="/openapi.json">/openapi.json</a>."""


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
        app.add_middleware(PackedFiles, files=packed_files(folder))
    else:
        app.add_api_route("/", _not_built, include_in_schema=False, response_class=HTMLResponse)


async def _docs() -> str:
    return "/api-docs/index.html"


async def _not_built() -> str:
    return _NOT_BUILT
