"""Link: owns one connection; all units behind it are asked one after the other, whoever else wants something."""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import StrEnum

import numpy as np
import structlog

from stripchart.drivers.base import (
    BadReplyError,
    DriverError,
    LinkDownError,
    NoAnswerError,
    NotHeldError,
    RefusedError,
)
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.connection import Connection
from stripchart.drivers.modbus.counters import LinkCounters
from stripchart.drivers.modbus.fair_queue import FairQueue
from stripchart.drivers.modbus.recorder import FaultKind, FlightRecorder
from stripchart.drivers.modbus.transport import Question, Transport
from stripchart.drivers.modbus.units import Unit, Units, is_silence
from stripchart.model.block import Block
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.link import LinkOptions
from stripchart.model.profile import Pacing
from stripchart.wire.pdu import exception_code

_log = structlog.get_logger()

_ON_THE_WIRE = np.dtype(">u2")


class LinkState(StrEnum):
    IDLE = "idle"
    """No connection; the next request makes one."""
    CONNECTED = "connected"
    DOWN = "down"
    """No connection can be made; requests fail at once until the next attempt."""
    CLOSED = "closed"


class ModbusLink:
    """One endpoint or serial bus.

    Units get equal shares of its time, and requests of one unit are served first come, first served. What an operator
    waits for (every write, and reads that are `urgent`) goes before them all. A silent unit is asked less and less
    often (see `breaker`). When `queue_limit` requests wait, a new one is refused with NoAnswerError and counted. A
    request whose caller gave up while it waited is not sent. It never retries. `may_be_used` is asked before anything
    is sent; NotHeldError says that it may not.
    """

    def __init__(self, transport: Transport) -> None:
        self._context = context = transport.context
        self.address = context.address
        self.units = Units(context)
        self._connection = Connection(transport)
        context.heard_late = self.units.heard_late
        self._waiting: FairQueue[_Waiting] = FairQueue()
        self._urgent: deque[_Waiting] = deque()
        self._current: _Waiting | None = None
        self._is_asked_at_once = False
        self._idle: asyncio.Future[None] | None = None
        self._owner: asyncio.Task[None] | None = None
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self.may_be_used: Callable[[], bool] = lambda: True

    @property
    def counters(self) -> LinkCounters:
        return self._context.counters

    @property
    def recorder(self) -> FlightRecorder:
        return self._context.recorder

    @property
    def options(self) -> LinkOptions:
        return self._context.options

    @property
    def connection(self) -> Connection:
        return self._connection

    @property
    def state(self) -> LinkState:
        if self._closed:
            return LinkState.CLOSED
        if self._connection.is_up:
            return LinkState.CONNECTED
        return LinkState.DOWN if self.trouble else LinkState.IDLE

    @property
    def trouble(self) -> str:
        """Why the link is down; empty when it is not."""
        return self._connection.trouble

    @property
    def waiting(self) -> int:
        """Requests in the queue."""
        return len(self._waiting) + len(self._urgent)

    def configure(self, options: LinkOptions) -> None:
        """Behave like this from now on; the connection is made anew when that takes it."""
        was = self._context.options
        if options == was:
            return
        self._context.options = options
        self._context.recorder.resize(options.trace_bytes)
        self._connection.configure(was)
        self.units.configure(self._loop.time())

    async def read(self, unit_id: int, block: Block, pacing: Pacing, *, urgent: bool = False) -> Words:
        """The words of a block, native uint16, one for each register; for coils and discrete inputs 0 or 1 each.

        Raises DriverError (see `drivers.base`), and ValueError for a block longer than the protocol allows.
        """
        unit = self.units.of(unit_id)
        question = unit.to_read(block, pacing)
        if self._is_free(question):
            return _words(await self._ask_at_once(question, unit), block)
        return _words(await self._enqueue(question, unit, urgent=urgent), block)

    async def write(self, unit_id: int, block: Block, pacing: Pacing, request: bytes) -> None:
        """Send a request of function 5, 6, 15 or 16 about the block, once. Returns when the unit has confirmed it.

        Raises DriverError. Unless it is RefusedError, the write may have been done all the same.
        """
        question = Question.to_write(unit_id, block, pacing, request)
        await self._enqueue(question, self.units.of(unit_id), urgent=True)

    def _is_free(self, question: Question) -> bool:
        """Whether a request can be sent at once by whoever asks: two tasks less to wake, where links are fast."""
        is_resting = self._current is None and not (self._is_asked_at_once or self._urgent or self._waiting)
        return is_resting and not self._closed and self._connection.is_ready_for(question)

    async def _ask_at_once(self, question: Question, unit: Unit) -> bytes:
        """Serve the request in the caller's task, while the owner rests; who comes meanwhile waits for the owner."""
        started_s = self._loop.time()
        self.units.admit(unit, started_s)
        self._is_asked_at_once = True
        try:
            self._check_use(unit)
            return await self._exchange(self.units.limited(unit, question, started_s), unit)
        except LinkDownError:
            if self._closed:
                raise self._closed_error() from None
            raise
        finally:
            self._is_asked_at_once = False
            ended_s = self._loop.time()
            unit.breaker.abandoned(ended_s)
            self._waiting.charge(unit.unit_id, ended_s - started_s)
            if self._urgent or self._waiting:
                self._wake_owner()

    def _enqueue(self, question: Question, unit: Unit, *, urgent: bool) -> asyncio.Future[bytes]:
        self._admit(question, unit)
        waiting = _Waiting(question, unit, self._loop.create_future())
        if urgent:
            self._urgent.append(waiting)
        else:
            self._waiting.put(question.unit_id, waiting)
        if not self._is_asked_at_once:
            self._wake_owner()
        return waiting.answer

    def _wake_owner(self) -> None:
        if self._owner is None or self._owner.done():
            self._owner = asyncio.create_task(self._serve(), name=f"link {self.address}")
            self._owner.add_done_callback(self._owner_ended)
        elif self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    async def aclose(self) -> None:
        """Close the connection; everything waiting is answered with LinkDownError."""
        self._closed = True
        if self._owner is not None:
            self._owner.cancel()
        # At once, so that another link to the address never finds this one's connection open.
        self._connection.drop()
        if self._owner is not None:
            await asyncio.wait({self._owner})
        await self._connection.aclose()

    def _admit(self, question: Question, unit: Unit) -> None:
        """Take a request into the queue, or say at once why not."""
        if self._closed:
            raise self._closed_error()
        now_s = self._loop.time()
        wait_s = self._connection.wait_s(now_s)
        if wait_s > 0:
            cause = self._connection.cause.with_facts(wait_s=wait_s)
            raise LinkDownError(f"{self.trouble}; next attempt in {wait_s:.1f} s", wait_s, cause=cause)
        self.units.admit(unit, now_s)
        if self.waiting >= self._context.options.queue_limit:
            self.counters.overflows += 1
            message = f"{self.address}, {question}: not sent, {self.waiting} requests are waiting"
            raise NoAnswerError(message, cause=Cause(CauseCode.QUEUE_FULL, {"waiting": self.waiting}))

    async def _serve(self) -> None:
        # A transport may lose a cancellation that comes together with the reply: so the loop ends by itself, too.
        while not self._closed:
            while (self._urgent or self._waiting) and not (self._closed or self._is_asked_at_once):
                self._current = current = self._urgent.popleft() if self._urgent else self._waiting.take()
                if not current.answer.done():
                    await self._answer(current)
                self._current = None
            if not self._closed:
                self._idle = self._loop.create_future()
                await self._idle

    async def _answer(self, waiting: "_Waiting") -> None:
        started_s = self._loop.time()
        try:
            # Since it was let in, another request may have shown that the unit is silent.
            self.units.admit(waiting.unit, started_s)
            question = self.units.limited(waiting.unit, waiting.question, started_s)
            await self._get_ready(question, waiting.unit)
            data = await self._exchange(question, waiting.unit)
        except DriverError as error:
            waiting.fail(error)
        else:
            waiting.succeed(data)
        self._waiting.charge(waiting.unit.unit_id, self._loop.time() - started_s)

    async def _get_ready(self, question: Question, unit: Unit) -> None:
        """See to it that the question can be sent. Raises LinkDownError or NotHeldError."""
        try:
            self._check_use(unit)
            await self._connection.get_ready(question)
            self._check_use(unit)
        except LinkDownError as error:
            unit.breaker.abandoned(self._loop.time())
            self._give_up(error)
            raise

    async def _exchange(self, question: Question, unit: Unit) -> bytes:
        """The PDU of the reply; keeps the counters, and the connection while it is good for something."""
        counters = self._context.counters
        counters.requests += 1
        unit.requests += 1
        unit.breaker.asked_s = started_s = self._loop.time()
        try:
            reply = _judged(await self._connection.exchange(question), question)
        except DriverError as error:
            self._note_failure(error, question, unit, started_s)
            raise
        counters.replies += 1
        unit.replies += 1
        unit.took(self._loop.time() - started_s)
        self._note_reply(unit)
        return reply

    def _check_use(self, unit: Unit) -> None:
        """Look at the last moment: the process may have been held still for long since it was asked."""
        if not self.may_be_used():
            unit.breaker.abandoned(self._loop.time())
            message = f"{self.address}: another process may have this link now; nothing was sent"
            raise NotHeldError(message, cause=Cause(CauseCode.NOT_HELD))

    def _note_reply(self, unit: Unit) -> None:
        if self._connection.replied():
            _log.info("link.up", link=str(self.address))
        if self.units.heard(unit, self._loop.time()):
            _log.info("unit.answers", link=str(self.address), unit=unit.unit_id)

    def _note_failure(self, error: DriverError, question: Question, unit: Unit, started_s: float) -> None:
        """Count it, have the recorder keep what led to it, and draw the conclusions for unit and connection."""
        kind = _FAULTS[type(error)]
        if unit.failing is not type(error):
            self.recorder.freeze(kind, unit.unit_id, str(error), error.cause)
        match kind:
            case FaultKind.TIMEOUT:
                self.counters.timeouts += 1
                unit.timeouts += 1
                self._connection.silent()
            case FaultKind.BAD_REPLY:
                self.counters.bad_replies += 1
                self._note_reply(unit)
            case FaultKind.REFUSED:
                self.counters.refused += 1
                unit.refused += 1
                if not is_silence(error):
                    self._note_reply(unit)
            case FaultKind.LINK_DOWN:
                unit.breaker.abandoned(self._loop.time())
                if self._connection.lost(error):
                    self._give_up(error)
        if is_silence(error):
            self._note_silence(question, unit, started_s)
        unit.failing = type(error)

    def _note_silence(self, question: Question, unit: Unit, started_s: float) -> None:
        now_s = self._loop.time()
        if self.units.missed(unit, question, now_s - started_s, now_s):
            _log.warning("unit.silent", link=str(self.address), unit=unit.unit_id)

    def _give_up(self, error: DriverError) -> None:
        """Nobody queues behind a dead host: fail who waits now; who comes before the next attempt is not admitted."""
        if self._connection.just_failed:
            _log.warning("link.down", link=str(self.address), reason=self.trouble)
            self.recorder.freeze(FaultKind.LINK_DOWN, 0, str(error), error.cause)
        self._fail_waiting(self.trouble, self._connection.cause)

    def _fail_waiting(self, reason: str, cause: Cause) -> None:
        for waiting in [*self._urgent, *self._waiting.drain()]:
            waiting.fail(LinkDownError(reason, cause=cause))
        self._urgent.clear()

    def _closed_error(self) -> LinkDownError:
        return LinkDownError(f"{self.address}: the link is closed", cause=Cause(CauseCode.LINK_CLOSED))

    def _owner_ended(self, owner: asyncio.Task[None]) -> None:
        """The task was cancelled, or hit a bug, which then rises where the request came from."""
        self._connection.drop()
        closed = self._closed_error()
        bug = None if owner.cancelled() else owner.exception()
        if self._current is not None:
            self._current.fail(bug or closed)
            self._current = None
        if bug is None:
            self._fail_waiting(str(closed), closed.cause)
        else:
            self._fail_waiting(f"{self.address}: {bug!r}", Cause(CauseCode.INTERNAL, {"said": str(bug)}))


class _Waiting:
    """A request in the queue, and the future of its reply."""

    __slots__ = ("answer", "question", "unit")

    def __init__(self, question: Question, unit: Unit, answer: asyncio.Future[bytes]) -> None:
        self.question, self.unit, self.answer = question, unit, answer

    def succeed(self, data: bytes) -> None:
        if not self.answer.done():
            self.answer.set_result(data)

    def fail(self, error: BaseException) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


_FAULTS: dict[type[DriverError], FaultKind] = {
    NoAnswerError: FaultKind.TIMEOUT,
    BadReplyError: FaultKind.BAD_REPLY,
    RefusedError: FaultKind.REFUSED,
    LinkDownError: FaultKind.LINK_DOWN,
}


def _judged(reply: bytes, question: Question) -> bytes:
    """The reply, when it is the right one. Raises RefusedError or BadReplyError."""
    if question.is_answered_by(reply):
        return reply
    code = exception_code(reply, question.function)
    if code is not None:
        raise RefusedError(question.unit_id, question.block, code)
    message = f"{question}: {question.expected} expected, got {reply[:8].hex(' ')} ({len(reply)} bytes)"
    raise BadReplyError(message, cause=Cause(CauseCode.UNEXPECTED_REPLY, question.facts))


def _words(reply: bytes, block: Block) -> Words:
    if block.table.is_bits:
        bits = np.unpackbits(np.frombuffer(reply, np.uint8, offset=2), count=len(block), bitorder="little")
        return bits.astype(np.uint16)
    return np.frombuffer(reply, _ON_THE_WIRE, offset=2).astype(np.uint16)
