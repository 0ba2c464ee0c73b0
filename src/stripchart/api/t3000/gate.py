"""Lets so many requests be worked on at a time, and none for too long."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import Response

from stripchart.api.errors import ApiError
from stripchart.api.t3000.options import ApiOptions


class Gate:
    """Lets requests through. Those that wait are no more than there are connections."""

    def __init__(self, options: ApiOptions | None = None) -> None:
        self._options = options or ApiOptions()
        self._places = asyncio.Semaphore(self._options.concurrent_requests)

    async def through(self, work: Callable[[], Awaitable[Response]]) -> Response:
        """Do the work when there is a place. Raises ApiError 504 when it takes too long."""
        try:
            async with asyncio.timeout(self._options.request_timeout_s) as limit, self._places:
                return await work()
        except TimeoutError:
            if not limit.expired():
                raise
            took = f"not done within {self._options.request_timeout_s:g} s"
            raise ApiError(504, "timeout", f"{took}; API_REQUEST_TIMEOUT_SECONDS says how long it may take") from None
