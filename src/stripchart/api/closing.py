"""The server's end, for those who would otherwise hold it open."""

import asyncio


class Closing:
    """Set once, when the server is told to stop; streams end then."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def begin(self) -> None:
        self._event.set()

    async def within(self, seconds: float) -> bool:
        """Wait so long, or until the server closes; true when it does."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True

    async def or_news(self, news: asyncio.Event, seconds: float) -> bool:
        """Wait for the event, at most so long, or until the server closes; true when it does."""
        waiting = {asyncio.ensure_future(event.wait()) for event in (self._event, news)}
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
        return self._event.is_set()
