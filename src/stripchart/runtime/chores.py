"""Chores: what runs in the background once for the whole plant, in whichever process has it to do."""

import contextlib
from collections.abc import Callable

import structlog

log = structlog.get_logger()

Begin = Callable[[], contextlib.AbstractAsyncContextManager[None]]


class Chores:
    """`begin` starts all of them; they go on until its context is left."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._going_on: contextlib.AsyncExitStack | None = None

    async def turn(self, *, on: bool) -> None:
        """Have them done here, or not."""
        if on and self._going_on is None:
            async with contextlib.AsyncExitStack() as going_on:
                await going_on.enter_async_context(self._begin())
                self._going_on = going_on.pop_all()
            log.info("chores.taken_up")
        elif not on and self._going_on is not None:
            going_on, self._going_on = self._going_on, None
            await going_on.aclose()
            log.info("chores.left")
