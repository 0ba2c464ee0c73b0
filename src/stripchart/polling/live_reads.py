"""Live reads: points read in between polls for whoever waits for them, with one reader to a device."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from stripchart.drivers.base import DriverError, NoAnswerError, RefusedError
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device, DeviceId
from stripchart.model.sample import SampleBatch
from stripchart.model.time import Clock

log = structlog.get_logger()

ReadNow = Callable[[Device, Sequence[str]], Awaitable[SampleBatch]]
"""The points of these keys, read over the link that the device is polled over. Raises DriverError."""

Show = Callable[[SampleBatch], Awaitable[None]]
"""Stores samples and shows them."""

_REST_S = 5.0
_LONGEST_REST_S = 60.0


@dataclass(frozen=True, slots=True)
class LiveReadOptions:
    """`timeout_s`: how long a live read may take, `retries`: how often it is tried again within that.

    `bulk_size`: so many points are read in one go.
    """

    timeout_s: float = 5.0
    retries: int = 3
    bulk_size: int = 100

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least, most in (("timeout_s", 0.1, 60), ("retries", 0, 10), ("bulk_size", 1, 1000)):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} {getattr(self, name)}: allowed are {least} to {most}")


class LiveReads:
    """Reads what is asked for once, however many wait for it; what is asked meanwhile goes into the next read.

    A device that did not answer is left alone for a few seconds, and so long everybody is told so at once. What was
    read is stored and shown before anybody is told. There is a desk for each device that is read or left alone.
    """

    def __init__(self, read_now: ReadNow, show: Show, clock: Clock, options: LiveReadOptions | None = None) -> None:
        self._read_now, self._show, self._clock = read_now, show, clock
        self._options = options or LiveReadOptions()
        self._desks: dict[DeviceId, _Desk] = {}
        self.requests = 0
        """Reads of devices since the start, each of one point or many."""

    async def read(self, device: Device, keys: Iterable[str], beside: Iterable[str] = ()) -> None:
        """Have the points read; when this returns, they are shown. Raises DriverError.

        `beside`: points that may be read with them, since that costs no more; nobody waits for these.
        """
        desk = self._desks.setdefault(device.id, _Desk())
        if desk.error is not None and self._now_s() < desk.rests_until_s:
            raise desk.error
        answers = [self._answer(desk, key) for key in dict.fromkeys(keys)]
        if desk.waiting:
            desk.beside.update(dict.fromkeys(beside))
        if desk.task is None or desk.task.done():
            desk.task = asyncio.create_task(self._serve(device, desk), name=f"live reads of {device.name}")
        for answer in answers:
            error = await asyncio.shield(answer)
            if error is not None:
                raise error

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Reads that are under way when this ends are broken off."""
        try:
            yield
        finally:
            tasks = [desk.task for desk in self._desks.values() if desk.task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _answer(self, desk: "_Desk", key: str) -> "asyncio.Future[Exception | None]":
        """What all who ask for the point wait for."""
        answer = desk.answers.get(key)
        if answer is None:
            answer = desk.answers[key] = asyncio.get_running_loop().create_future()
            desk.waiting.append(key)
        return answer

    async def _serve(self, device: Device, desk: "_Desk") -> None:
        """Read until nobody waits."""
        error: Exception | None = NoAnswerError(
            f"{device.name}: the program is ending", cause=Cause(CauseCode.ENDING)
        )
        try:
            while desk.waiting:
                keys, desk.waiting = desk.waiting[: self._options.bulk_size], desk.waiting[self._options.bulk_size :]
                error = await self._read_with_others(device, desk, keys)
                if isinstance(error, RefusedError) and len(keys) > 1:
                    await self._read_singly(device, desk, keys)
                    continue
                desk.tell(keys, error)
                if error is not None and not isinstance(error, RefusedError):
                    break
        finally:
            desk.tell(list(desk.answers), error)
            desk.waiting.clear()
        self._rest(device, desk, error)

    async def _read_with_others(self, device: Device, desk: "_Desk", keys: Sequence[str]) -> Exception | None:
        others = [key for key in desk.beside if key not in keys][: self._options.bulk_size - len(keys)]
        desk.beside.clear()
        error = await self._read(device, [*keys, *others])
        return await self._read(device, keys) if others and isinstance(error, RefusedError) else error

    async def _read_singly(self, device: Device, desk: "_Desk", keys: Sequence[str]) -> None:
        """The device refuses one of the points, or so many at once."""
        for place, key in enumerate(keys):
            error = await self._read(device, [key])
            if error is not None and not isinstance(error, RefusedError):
                desk.tell(keys[place:], error)
                return
            desk.tell([key], error)

    async def _read(self, device: Device, keys: Sequence[str]) -> Exception | None:
        """Read, store and show. What was in the way, if anything was."""
        self.requests += 1
        try:
            async with asyncio.timeout(self._options.timeout_s):
                samples = await self._read_now(device, keys)
        except TimeoutError:
            limit_s = self._options.timeout_s
            cause = Cause(CauseCode.NO_ANSWER, {"limit_s": limit_s})
            return NoAnswerError(f"{device.name}: no answer within {limit_s:g} s", cause=cause)
        except DriverError as error:
            return error
        except Exception as bug:
            log.exception("live_read.failed", device=device.name)
            cause = Cause(CauseCode.INTERNAL, {"said": str(bug)})
            return DriverError(f"{device.name}: internal error: {bug}", cause=cause)
        await self._show(samples)
        return None

    def _rest(self, device: Device, desk: "_Desk", error: Exception | None) -> None:
        if not isinstance(error, DriverError) or isinstance(error, RefusedError):
            self._desks.pop(device.id, None)
            return
        desk.error = error
        desk.rests_until_s = self._now_s() + min(max(error.retry_in_s, _REST_S), _LONGEST_REST_S)

    def _now_s(self) -> float:
        return self._clock.monotonic_ns() / 1e9


@dataclass(slots=True)
class _Desk:
    """Of one device: what is waited for, what may come with it, and why it is left alone until when."""

    answers: dict[str, "asyncio.Future[Exception | None]"] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    beside: dict[str, None] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None
    error: DriverError | None = None
    rests_until_s: float = 0.0

    def tell(self, keys: Sequence[str], error: Exception | None) -> None:
        for key in keys:
            answer = self.answers.pop(key, None)
            if answer is not None and not answer.done():
                answer.set_result(error)
