"""Asker: asks a collector, and waits for its answer for so long and no longer."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import structlog

from stripchart.background import in_background
from stripchart.bus.base import BusError
from stripchart.drivers.base import DriverError
from stripchart.drivers.report import UnknownTraceError
from stripchart.model.cause import Cause, CauseCode
from stripchart.peers.errors import NobodyError, NoWordError
from stripchart.peers.letters import KINDS, Answer, Ask, LetterError, answer_of, ask_bytes, error_of
from stripchart.peers.post import ANSWERS, ASKS, Holders, Post
from stripchart.polling.lease_store import CollectorInfo
from stripchart.polling.share import chosen

log = structlog.get_logger()

_WAITING_MOST = 256
_FAILURES = (DriverError, UnknownTraceError, LetterError)
_WHOM_WITHIN_S = 3.0
_LOOK_EVERY_S = 2.0


class Asker:
    """`me`: a name that no other process has. What is asked of the device itself fails as that does."""

    def __init__(self, me: str, post: Post, holders: Holders) -> None:
        self._me, self._post, self._holders = me, post, holders
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Answer]] = {}

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, answers are heard."""
        async with in_background({"hear answers": self._post.listen({ANSWERS + self._me: self._hear})}):
            yield

    async def ask(self, ask: Ask, within_s: float) -> Any:
        """Have the collector that holds it, or else the one that would, do what is asked.

        One that loses the lease meanwhile is not waited for. Raises what came of it there, NobodyError, NoWordError.
        """
        try:
            async with asyncio.timeout(_WHOM_WITHIN_S):
                collector, token = await self._whom(ask.end)
        except (BusError, TimeoutError) as error:
            said = f"no collector can be asked: {error or 'Redis does not answer'}"
            raise NobodyError(said, cause=Cause(CauseCode.NO_COLLECTOR)) from error
        return await self.ask_of(collector, replace(ask, token=token), within_s)

    async def ask_of(self, collector: str, ask: Ask, within_s: float) -> Any:
        """Have this collector do it."""
        if len(self._waiting) >= _WAITING_MOST:
            waiting = len(self._waiting)
            cause = Cause(CauseCode.COLLECTOR_BUSY, {"waiting": waiting})
            raise NobodyError(f"{waiting} requests wait for collectors already; nothing was done", cause=cause)
        number = next(self._numbers)
        letter = ask_bytes(replace(ask, number=number, asker=self._me))
        self._waiting[number] = answer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(within_s):
                await self._send(collector, letter)
                told = await self._answered(answer, collector, ask)
        except TimeoutError:
            cause = _away(collector).with_facts(limit_s=within_s)
            raise NoWordError(f"collector {collector} did not answer within {within_s:g} s", cause=cause) from None
        finally:
            del self._waiting[number]
        if told.error is not None:
            raise error_of(told.error)
        return KINDS[ask.what].of_json(told.result)

    async def everybody(self, ask: Ask, within_s: float) -> list[Any]:
        """What all collectors answer that do; those that do not are left out."""
        try:
            async with asyncio.timeout(within_s):
                collectors = await self._holders.collectors()
        except (BusError, TimeoutError):
            return []
        told = await asyncio.gather(
            *(self.ask_of(name, ask, within_s) for name in collectors), return_exceptions=True
        )
        for each in told:
            if isinstance(each, BaseException) and not isinstance(each, _FAILURES):
                raise each
        return [each for each in told if not isinstance(each, BaseException)]

    async def _whom(self, end: str) -> tuple[str, int | None]:
        holder = await self._holders.holder(end)
        if holder is not None:
            return holder
        collectors = {name: CollectorInfo.heard(told) for name, told in (await self._holders.collectors()).items()}
        able = [name for name, info in collectors.items() if end in info.here] or list(collectors)
        name = chosen(end, able)
        if name is None:
            raise NobodyError("no collector runs; nothing was done", cause=Cause(CauseCode.NO_COLLECTOR))
        return name, None

    async def _answered(self, answer: "asyncio.Future[Answer]", collector: str, ask: Ask) -> Answer:
        """The answer, while the collector can still give one."""
        while True:
            done, _ = await asyncio.wait({answer}, timeout=_LOOK_EVERY_S)
            if done:
                return answer.result()
            if ask.token is not None and not await self._has_still(collector, ask):
                raise NoWordError(f"collector {collector} lost the link before it answered", cause=_away(collector))

    async def _has_still(self, collector: str, ask: Ask) -> bool:
        try:
            return await self._holders.holder(ask.end) == (collector, ask.token)
        except BusError:
            return True

    async def _send(self, collector: str, letter: bytes) -> None:
        try:
            heard = await self._post.send(ASKS + collector, letter)
        except BusError as error:
            raise NoWordError(f"collector {collector} cannot be asked: {error}", cause=_away(collector)) from error
        if not heard:
            raise NobodyError(f"collector {collector} does not listen; nothing was done", cause=_away(collector))

    def _hear(self, message: bytes) -> None:
        try:
            told = answer_of(message)
        except LetterError as error:
            log.warning("peers.not_understood", reason=str(error))
            return
        answer = self._waiting.get(told.number)
        if answer is not None and not answer.done():
            answer.set_result(told)


def _away(collector: str) -> Cause:
    return Cause(CauseCode.COLLECTOR_AWAY, {"collector": collector})
