"""Link: one task owns one connection; all devices behind it are asked one after the other."""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import structlog

from stripchart.drivers.base import BadReplyError, DriverError, LinkDownError, NoAnswerError, RefusedError
from stripchart.drivers.modbus.client import PymodbusTransport
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.health import LinkHealth, LinkOptions
from stripchart.drivers.modbus.rtu_over_tcp import RtuOverTcp
from stripchart.drivers.modbus.serial_line import SerialTransport
from stripchart.drivers.modbus.transport import Question, Transport
from stripchart.model.block import Block
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.profile import Pacing
from stripchart.wire.errors import BadFrameError
from stripchart.wire.pdu import exception_code, reply_data

_log = structlog.get_logger()


class LinkState(StrEnum):
    IDLE = "idle"
    """No connection; the next request makes one."""
    CONNECTED = "connected"
    DOWN = "down"
    """No connection can be made; requests fail at once until the next attempt."""
    CLOSED = "closed"


@dataclass(slots=True)
class LinkCounters:
    """What happened on a link since it was opened. `overflows`: requests that found the queue full."""

    requests: int = 0
    replies: int = 0
    refused: int = 0
    timeouts: int = 0
    bad_replies: int = 0
    discarded_bytes: int = 0
    connects: int = 0
    overflows: int = 0


class ModbusLink:
    """One endpoint or serial bus.

    Requests are served first come, first served. When `queue_limit` of them wait, a new one is refused with
    NoAnswerError and counted. A request whose caller gave up while it waited is not sent. It never retries.
    """

    def __init__(self, address: LinkAddress, transport: Transport, options: LinkOptions | None = None) -> None:
        self.address = address
        self.counters = LinkCounters()
        self._options = options or LinkOptions()
        self._transport = transport
        self._health = LinkHealth(self._options)
        self._waiting: deque[_Waiting] = deque()
        self._current: _Waiting | None = None
        self._wake = asyncio.Event()
        self._owner: asyncio.Task[None] | None = None
        self._closed = False
        self._ended_s = 0.0

    @property
    def state(self) -> LinkState:
        if self._closed:
            return LinkState.CLOSED
        if self._transport.connected:
            return LinkState.CONNECTED
        return LinkState.DOWN if self.trouble else LinkState.IDLE

    @property
    def trouble(self) -> str:
        """Why the link is down; empty when it is not."""
        return self._health.trouble

    async def read(self, unit_id: int, block: Block, pacing: Pacing) -> Words:
        """The words of a block, native uint16, one for each register; for coils and discrete inputs 0 or 1 each.

        Raises DriverError (see `drivers.base`), and ValueError for a block longer than the protocol allows.
        """
        question = Question.to_read(unit_id, block, pacing)
        self._admit(question)
        waiting = _Waiting(question, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._wake.set()
        return _words(await waiting.answer, block)

    async def aclose(self) -> None:
        """Close the connection; everything waiting is answered with LinkDownError."""
        self._closed = True
        if self._owner is not None:
            self._owner.cancel()
            await asyncio.wait({self._owner})
        self._transport.drop()

    def _admit(self, question: Question) -> None:
        """Take a request into the queue, or say at once why not."""
        if self._closed:
            raise LinkDownError(f"{self.address}: the link is closed")
        wait_s = self._health.wait_s(_now())
        if wait_s > 0 and not self._transport.connected:
            raise LinkDownError(f"{self.trouble}; next attempt in {wait_s:.1f} s")
        if len(self._waiting) >= self._options.queue_limit:
            self.counters.overflows += 1
            raise NoAnswerError(f"{self.address}, {question}: not asked, {len(self._waiting)} requests are waiting")
        if self._owner is None or self._owner.done():
            self._owner = asyncio.create_task(self._serve(), name=f"link {self.address}")
            self._owner.add_done_callback(self._owner_ended)

    async def _serve(self) -> None:
        # asyncio.wait_for, which pymodbus uses, loses a cancellation that comes together with the reply
        # (python/cpython#86296, mended in 3.12): so the loop ends by itself, too.
        while not self._closed:
            while self._waiting and not self._closed:
                self._current = self._waiting.popleft()
                if not self._current.answer.done():
                    await self._answer(self._current)
                self._current = None
            self._wake.clear()
            if not self._closed:
                await self._wake.wait()

    async def _answer(self, waiting: "_Waiting") -> None:
        try:
            data = await self._ask(waiting.question)
        except DriverError as error:
            waiting.fail(error)
        else:
            waiting.succeed(data)

    async def _ask(self, question: Question) -> bytes:
        """The data bytes of the reply; keeps the counters, and the connection while it is good for something."""
        await self._get_ready(question)
        self.counters.requests += 1
        try:
            data = _judge(await self._transport.exchange(question), question)
        except RefusedError:
            self.counters.refused += 1
            self._note_reply()
            raise
        except NoAnswerError:
            self.counters.timeouts += 1
            self._note_silence()
            raise
        except BadReplyError:
            self.counters.bad_replies += 1
            self._transport.drop()
            raise
        except LinkDownError as error:
            self._note_loss(error)
            raise
        finally:
            self._ended_s = _now()
            self.counters.discarded_bytes = self._transport.discarded_bytes
        self.counters.replies += 1
        self._note_reply()
        return data

    async def _get_ready(self, question: Question) -> None:
        """Keep the pause between requests, and see to it that there is a connection."""
        pause_s = question.pacing.pause_between_s
        if pause_s and (rest_s := self._ended_s + pause_s - _now()) > 0:
            await asyncio.sleep(rest_s)
        if self._transport.connected:
            return
        try:
            await self._transport.connect(question.pacing.timeout_s)
        except LinkDownError as error:
            self._note_no_connection(error)
            raise
        self.counters.connects += 1
        self._health.connected(_now())

    def _note_reply(self) -> None:
        if self._health.replied(_now()):
            _log.info("link.up", link=str(self.address))

    def _note_silence(self) -> None:
        if self._health.silent(_now()):
            self._transport.drop()

    def _note_loss(self, error: LinkDownError) -> None:
        self._transport.drop()
        was_down = bool(self.trouble)
        if self._health.lost(str(error), _now()):
            self._give_up(was_down)

    def _note_no_connection(self, error: LinkDownError) -> None:
        was_down = bool(self.trouble)
        self._health.failed(str(error), _now())
        self._give_up(was_down)

    def _give_up(self, was_down: bool) -> None:
        """Nobody queues behind a dead host: fail who waits now; who comes before the next attempt is not admitted."""
        if not was_down:
            _log.warning("link.down", link=str(self.address), reason=self.trouble)
        self._fail_waiting(self.trouble)

    def _fail_waiting(self, reason: str) -> None:
        while self._waiting:
            self._waiting.popleft().fail(LinkDownError(reason))

    def _owner_ended(self, owner: asyncio.Task[None]) -> None:
        """The task was cancelled, or hit a bug, which then rises where the request came from."""
        self._transport.drop()
        reason = f"{self.address}: the link is closed"
        bug = None if owner.cancelled() else owner.exception()
        if self._current is not None:
            self._current.fail(bug or LinkDownError(reason))
            self._current = None
        self._fail_waiting(f"{self.address}: {bug!r}" if bug else reason)


def open_link(address: LinkAddress, options: LinkOptions | None = None) -> ModbusLink:
    """A link with the transport its framing needs. It connects at the first request."""
    if address.framing is Framing.RTU_OVER_TCP:
        return ModbusLink(address, RtuOverTcp(address), options)
    transport = SerialTransport(address) if address.framing.is_serial else PymodbusTransport(address)
    return ModbusLink(address, transport, options)


class _Waiting:
    """A request in the queue, and the future of its data bytes."""

    __slots__ = ("answer", "question")

    def __init__(self, question: Question, answer: asyncio.Future[bytes]) -> None:
        self.question = question
        self.answer = answer

    def succeed(self, data: bytes) -> None:
        if not self.answer.done():
            self.answer.set_result(data)

    def fail(self, error: BaseException) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _judge(reply: bytes, question: Question) -> bytes:
    """The data bytes of the reply. Raises RefusedError or BadReplyError."""
    code = exception_code(reply, question.function)
    if code is not None:
        raise RefusedError(question.unit_id, question.block, code)
    try:
        return reply_data(reply, question.function, len(question.block))
    except BadFrameError as error:
        raise BadReplyError(f"{question}: {error}") from error


def _words(data: bytes, block: Block) -> Words:
    if block.table.is_bits:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), count=len(block), bitorder="little")
        return bits.astype(np.uint16)
    return np.frombuffer(data, ">u2").astype(np.uint16)
