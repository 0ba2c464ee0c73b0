"""Operator writes: one at a time for each device, put down before they are done and after."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, Self

import structlog

from stripchart.catalog.errors import CatalogError
from stripchart.drivers.base import SetupError, Writer
from stripchart.model.device import Device, DeviceId
from stripchart.model.order import Order, WriteResult, Written
from stripchart.polling.poller import Sink

log = structlog.get_logger()

OpenWriter = Callable[[Device], Awaitable[Writer]]
"""Makes a device ready to be written to. Raises SetupError."""


class Record(Protocol):
    """Where orders are put down."""

    async def ask(self, order: Order, device: str) -> int:
        """What is asked of the device of this name. Returns the id of the order. Raises CatalogError."""

    async def end(self, order_id: int, order: Order, written: Written) -> None:
        """How it ended. Raises CatalogError."""


@dataclass(frozen=True, slots=True)
class CommandOptions:
    """`waiting`: orders that may wait for one device. `wait_s`: an order that waited longer is not carried out.

    `longest_s`: what carrying one out may take. `patience_s`: how long orders under way are waited for at the end.
    """

    waiting: int = 8
    wait_s: float = 30.0
    longest_s: float = 600.0
    patience_s: float = 10.0


class BusyError(Exception):
    """The order was not taken, and nothing was sent; the message says why."""


@dataclass(frozen=True, slots=True)
class Done:
    """An order that was carried out: its id in the record, and how it went."""

    id: int
    written: Written


class Commands:
    """Carries out orders. Use as a context manager; leaving it lets orders under way come to their end.

    An order of which nothing was sent yet is dropped when whoever gave it goes away; one that was begun is finished.
    """

    def __init__(
        self, open_writer: OpenWriter, sink: Sink, record: Record, options: CommandOptions | None = None
    ) -> None:
        self._open_writer, self._sink, self._record = open_writer, sink, record
        self._options = options or CommandOptions()
        self._queues: dict[DeviceId, _Queue] = {}
        self._jobs: set[_Job] = set()
        self._closing = False
        self.turned_away = 0
        """Orders that were not taken because too many waited."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._closing = True
        for job in self._jobs:
            if not job.begun:
                job.task.cancel()
        tasks = [job.task for job in self._jobs]
        if tasks:
            _, slow = await asyncio.wait(tasks, timeout=self._options.patience_s)
            for task in slow:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def carry_out(self, device: Device, order: Order) -> Done:
        """Wait for the device's turn, do it, and say how it went.

        Raises BusyError, and CatalogError when it cannot be put down: then nothing was sent.
        """
        if self._closing:
            raise BusyError(f"{device.name}: the program is ending")
        queue = self._queues.setdefault(device.id, _Queue())
        if queue.length >= self._options.waiting:
            self.turned_away += 1
            raise BusyError(f"{device.name}: {queue.length} orders wait already; nothing was sent")
        job = self._begin(device, order, queue)
        try:
            return await asyncio.shield(job.task)
        except asyncio.CancelledError:
            if not job.begun:
                job.task.cancel()
            if job.task.cancelled() and self._closing:
                raise BusyError(f"{device.name}: the program is ending") from None
            raise

    def _begin(self, device: Device, order: Order, queue: "_Queue") -> "_Job":
        job = _Job()
        job.task = asyncio.create_task(self._queued(device, order, queue, job), name=f"order to {device.name}")
        queue.length += 1
        self._jobs.add(job)

        def ended(task: asyncio.Task[Done]) -> None:
            if not task.cancelled():
                task.exception()  # perhaps nobody waits for it any more
            self._jobs.discard(job)
            queue.length -= 1
            if not queue.length:
                self._queues.pop(device.id, None)

        job.task.add_done_callback(ended)
        return job

    async def _queued(self, device: Device, order: Order, queue: "_Queue", job: "_Job") -> Done:
        try:
            async with asyncio.timeout(self._options.wait_s):
                await queue.turn.acquire()
        except TimeoutError:
            raise BusyError(
                f"{device.name}: another order took longer than {self._options.wait_s:g} s; nothing was sent"
            ) from None
        try:
            job.begun = True
            return await self._recorded(device, order)
        finally:
            queue.turn.release()

    async def _recorded(self, device: Device, order: Order) -> Done:
        order_id = await self._record.ask(order, device.name)
        written = Written(WriteResult.FAILED, message="broken off while it was under way", code="broken_off")
        try:
            written = await self._do(device, order)
        finally:
            _log(device, order, written)
            try:
                await self._record.end(order_id, order, written)
            except CatalogError as error:
                log.error("order.end_not_recorded", order=order_id, device=device.name, reason=str(error))
        if len(written.samples) or written.samples.texts:
            self._sink(written.samples)
        return Done(order_id, written)

    async def _do(self, device: Device, order: Order) -> Written:
        try:
            writer = await self._open_writer(device)
        except SetupError as error:
            message = f"nothing was sent: {error}"
            facts = error.cause.told(str(error))
            return Written(WriteResult.FAILED, message=message, code="nothing_sent", facts=facts)
        async with contextlib.aclosing(writer):
            try:
                async with asyncio.timeout(self._options.longest_s):
                    if order.value is None:
                        return await writer.command(order.key)
                    return await writer.write(order.key, order.value)
            except TimeoutError:
                limit_s = self._options.longest_s
                message = f"not done within {limit_s:g} s"
                return Written(WriteResult.FAILED, message=message, code="too_long", facts={"limit_s": limit_s})
            except Exception as bug:
                log.exception("order.failed", device=device.name, key=order.key)
                message = f"internal error: {bug}"
                return Written(WriteResult.FAILED, message=message, code="internal", facts={"cause": str(bug)})


class _Queue:
    """Orders to one device: whose turn it is, and how many there are."""

    __slots__ = ("length", "turn")

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.length = 0


class _Job:
    """An order on its way. `begun`: it is put down, or something was sent."""

    __slots__ = ("begun", "task")

    def __init__(self) -> None:
        self.begun = False
        self.task: asyncio.Task[Done]


def _log(device: Device, order: Order, written: Written) -> None:
    log.info(
        "device.written",
        device=device.name,
        key=order.key,
        value=order.value,
        who=order.who,
        origin=order.origin,
        result=str(written.result),
        old=written.old,
        new=written.new,
    )
