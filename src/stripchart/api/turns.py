"""Turns: many who have much to send, and a loop that polls as well."""

import asyncio
from collections import deque


class Turns:
    """In each round of the event loop one of those who wait gets its turn, in the order in which they came.

    However many want to send, what else there is to do has its turn between any two of them.
    """

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._goes_on = False

    async def mine(self) -> None:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._waiting.append(turn)
        if not self._goes_on:
            self._goes_on = True
            loop.call_soon(self._next)
        await turn

    def _next(self) -> None:
        """Those who left meanwhile are passed over."""
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft()
        if not self._waiting:
            self._goes_on = False
            return
        self._waiting.popleft().set_result(None)
        asyncio.get_running_loop().call_soon(self._next)
