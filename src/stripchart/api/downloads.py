"""Answers too long for memory: sent piece by piece, as fast as whoever asked takes them, so many at a time."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from stripchart.api.errors import ApiError

log = structlog.get_logger()

PACKED_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media types of files that are compressed already, by format."""

_MOST = 8
"""Each needs some ten megabytes."""
_PATIENCE_S = 300.0


class Downloads:
    """How many are under way. Another one beyond the bound is refused, and counted."""

    def __init__(self, most: int = _MOST, patience_s: float = _PATIENCE_S) -> None:
        self._most, self.patience_s = most, patience_s
        self.under_way = self.refused = 0

    def begin(self) -> None:
        """Take a place. Raises ApiError when there is none."""
        if self.under_way >= self._most:
            self.refused += 1
            raise ApiError(429, "too_many_exports", f"{self._most} exports are under way; try again in a minute")
        self.under_way += 1

    def end(self) -> None:
        """Give the place back."""
        self.under_way -= 1


class Download(StreamingResponse):
    """A file that is sent while it is made. It has a place among the downloads, which it gives back at its end.

    Who takes nothing for a while is cut off. When something fails on the way the connection breaks, so that a part is
    never taken for the whole.
    """

    def __init__(
        self, content: AsyncIterator[bytes], headers: Mapping[str, str], media_type: str, downloads: Downloads
    ) -> None:
        super().__init__(content, headers=headers, media_type=media_type)
        self._content, self._downloads = content, downloads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._downloads.end()
            close = getattr(self._content, "aclose", None)
            if close is not None:
                await close()

    async def stream_response(self, send: Send) -> None:
        async def send_in_time(message: dict[str, object]) -> None:
            async with asyncio.timeout(self._downloads.patience_s):
                await send(message)

        await super().stream_response(send_in_time)  # type: ignore[arg-type]
