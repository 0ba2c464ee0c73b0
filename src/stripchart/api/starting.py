"""What is answered while the program waits for its database: that it does, and why."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from stripchart import __version__
from stripchart.api.errors import refusal

_AGAIN_S = 5
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Stripchart</title></head>
<body style="font-family: sans-serif; margin: 3rem"><h1>Stripchart is starting</h1>
<p>It waits for its database, and goes on by itself. Until then no device is polled.</p></body></html>
"""


def build_starting(problem: Callable[[], str]) -> Starlette:
    """Answers every request with 503; `problem` says why, to those who ask `/api/health`, not to passers-by."""

    async def health(_: Request) -> Response:
        body = {"status": "starting", "version": __version__, "problems": [f"database: {problem()}"]}
        return _later(JSONResponse(body, 503))

    async def anything(request: Request) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return _later(HTMLResponse(_PAGE, 503))
        words = "the program waits for its database, and goes on by itself; /api/health says why"
        return _later(refusal(request.url.path, 503, "starting", words))

    return Starlette(routes=[Route("/api/health", health), Route("/{path:path}", anything, methods=_METHODS)])


def _later(answer: Response) -> Response:
    answer.headers["Retry-After"] = str(_AGAIN_S)
    answer.headers["Cache-Control"] = "no-store"
    return answer
