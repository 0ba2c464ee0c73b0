"""Desk: where a collector does what other processes ask of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import structlog

from stripchart.bus.base import BusError
from stripchart.drivers.base import NotHeldError
from stripchart.model.cause import Cause, CauseCode
from stripchart.peers.letters import KINDS, Answer, Ask, LetterError, answer_bytes, ask_of, error_fields
from stripchart.peers.post import ANSWERS, ASKS, Post
from stripchart.polling.leases import Leases

log = structlog.get_logger()

Deed = Callable[[Ask], Awaitable[Any]]

_AT_ONCE = 64
_OVER_LINK = frozenset({"probe", "preview", "read_now", "write", "command"})
_BORROW_WITHIN_S = 6.0
_NOT_HELD = Cause(CauseCode.NOT_HELD)


class Desk:
    """`deeds`: what can be asked. What is about a link is done only while this collector holds its lease."""

    def __init__(self, leases: Leases, post: Post, deeds: Mapping[str, Deed]) -> None:
        self._leases, self._post, self._deeds = leases, post, deeds
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, what is asked is done. What is under way at the end is broken off."""
        channel = ASKS + self._leases.me.name
        listening = asyncio.create_task(self._post.listen({channel: self._hear}), name="hear asks")
        try:
            yield
        finally:
            tasks = [listening, *self._tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _hear(self, message: bytes) -> None:
        try:
            ask = ask_of(message)
        except LetterError as error:
            log.warning("peers.not_understood", reason=str(error))
            return
        task = asyncio.create_task(self._serve(ask, is_too_much=len(self._tasks) >= _AT_ONCE), name=f"do {ask.what}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, ask: Ask, *, is_too_much: bool) -> None:
        try:
            if is_too_much:
                cause = Cause(CauseCode.COLLECTOR_BUSY, {"waiting": _AT_ONCE})
                raise NotHeldError(f"the collector has {_AT_ONCE} requests under way; nothing was sent", cause=cause)
            answer = Answer(ask.number, KINDS[ask.what].to_json(await self._do(ask)))
        except Exception as error:
            fields = error_fields(error)
            if fields.get("message", "").startswith("internal error"):
                log.exception("peers.failed", what=ask.what)
            answer = Answer(ask.number, error=fields)
        with contextlib.suppress(BusError):
            await self._post.send(ANSWERS + ask.asker, answer_bytes(answer))

    async def _do(self, ask: Ask) -> Any:
        deed = self._deeds[ask.what]
        if ask.what not in _OVER_LINK:
            return await deed(ask)
        if ask.token is not None and self._leases.token(ask.end) != ask.token:
            raise NotHeldError("another collector has the link by now; nothing was sent", cause=_NOT_HELD)
        async with contextlib.AsyncExitStack() as held:
            try:
                async with asyncio.timeout(_BORROW_WITHIN_S):
                    await held.enter_async_context(self._leases.borrowed(ask.end))
            except TimeoutError:
                raise NotHeldError("another collector has the link; nothing was sent", cause=_NOT_HELD) from None
            return await deed(ask)
