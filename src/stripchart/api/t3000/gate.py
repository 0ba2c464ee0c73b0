"""How many requests are worked on at a time, and how long one may take."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from stripchart.api.errors import ApiError


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """Of the T3000 API: `request_timeout_s` until the answer begins, waiting included.

    `concurrent_requests`: so many are worked on at a time; others wait for their turn.
    """

    request_timeout_s: float = 30.0
    concurrent_requests: int = 100

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least, most in (("request_timeout_s", 0.1, 3600), ("concurrent_requests", 1, 10_000)):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} {getattr(self, name)}: allowed are {least} to {most}")


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
