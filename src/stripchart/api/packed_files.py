"""Sends the files of the page as the build packed them: packing half a megabyte anew for each visitor takes 20 ms."""

from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PACKINGS = {"br": ".br", "gzip": ".gz"}
"""The smallest first."""


def packed_files(folder: Path) -> dict[str, dict[str, str]]:
    """Of each path below the folder that is there packed, where it is by what it is packed with."""
    found: dict[str, dict[str, str]] = {}
    for packing, ending in _PACKINGS.items():
        for file in folder.rglob(f"*{ending}"):
            path = "/" + file.relative_to(folder).as_posix()
            found.setdefault(path.removesuffix(ending), {})[packing] = path
    return found


class PackedFiles:
    """Answers for a file with its packed twin, when whoever asks understands it."""

    def __init__(self, app: ASGIApp, files: Mapping[str, Mapping[str, str]]) -> None:
        self._app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        twins = self._files.get(scope["path"]) if scope["type"] == "http" else None
        if twins is None:
            await self._app(scope, receive, send)
            return
        packing = _understood(Headers(scope=scope).get("accept-encoding", ""), twins)
        if packing is None:
            await self._app(scope, receive, send)
            return

        async def send_packed(message: Message) -> None:
            if message["type"] == "http.response.start":
                packed = [(b"content-encoding", packing.encode()), (b"vary", b"Accept-Encoding")]
                message["headers"] = [*message["headers"], *packed]
            await send(message)

        # The type of the content stays: it is told from the name, with and without the packing's ending.
        await self._app({**scope, "path": twins[packing]}, receive, send_packed)


def _understood(accepted: str, twins: Mapping[str, str]) -> str | None:
    """The best packing of RFC 9110, clause 12.5.3, that is there; None: plain."""
    weights = dict(_weighed(part) for part in accepted.split(","))
    return next((name for name in twins if weights.get(name, 0) > 0), None)


def _weighed(part: str) -> tuple[str, float]:
    name, _, weight = part.partition(";")
    try:
        return name.strip().lower(), float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return name.strip().lower(), 0
