"""Modbus TCP, TLS and UDP: frames with a header that names the transaction and the unit.

A reply is known by both, so one that comes late or answers somebody else is passed over, and spoils nothing.
"""

import asyncio
from collections import deque
from typing import cast

from stripchart.drivers.base import BadReplyError, LinkDownError, NoAnswerError
from stripchart.drivers.modbus.context import LinkContext
from stripchart.drivers.modbus.stream import open_stream
from stripchart.drivers.modbus.system_error import link_down, loss
from stripchart.drivers.modbus.transport import Question
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Framing, LinkAddress
from stripchart.wire import mbap
from stripchart.wire.errors import BadFrameError

_LATE_REMEMBERED = 64
_LAST_TRANSACTION = 0xFFFF


class MbapTransport:
    """A transport over TCP, TLS or UDP."""

    can_be_left = True

    def __init__(self, context: LinkContext) -> None:
        self.context = context
        self._session: _Session | None = None
        self._transaction = 0

    @property
    def connected(self) -> bool:
        return self._session is not None and self._session.lost is None

    async def connect(self, place: LinkAddress, timeout_s: float) -> None:
        self.drop()
        session = _Session(self.context, is_datagram=place.framing is Framing.UDP)
        if place.framing is Framing.UDP:
            await _open_socket(place, session, timeout_s)
        else:
            await open_stream(place, self.context.options, lambda: session, timeout_s)
        self._session = session

    async def exchange(self, question: Question) -> bytes:
        session = self._session
        if session is None or session.lost is not None:
            raise LinkDownError(f"{self.context.address}: not connected", cause=Cause(CauseCode.NOT_CONNECTED))
        self._transaction = self._transaction % _LAST_TRANSACTION + 1
        reply = session.ask(self._transaction, question)
        try:
            return await reply
        except _FailedError as failure:
            raise failure.of(f"{self.context.address}, {question}", question) from None
        except asyncio.CancelledError:
            session.note_late()
            raise
        finally:
            session.asked = None

    def drop(self) -> None:
        """Close the connection without a farewell: TLS waits half a minute for the answer of a server that hangs."""
        if self._session is not None:
            self._session.close()
            self._session = None


_Failures = NoAnswerError | BadReplyError | LinkDownError


class _FailedError(Exception):
    """The exchange failed; `error` is what that means to the link, `cause` why."""

    def __init__(self, error: type[_Failures], reason: str, cause: Cause) -> None:
        super().__init__(reason)
        self.error, self.cause = error, cause

    def of(self, where: str, question: Question) -> _Failures:
        """The error for the caller; a link that is down is not so for the question's sake."""
        is_of_link = self.error is LinkDownError
        cause = self.cause if is_of_link else self.cause.with_facts(**question.facts)
        return self.error(f"{where}: {self}", cause=cause)


class _Asked:
    """The question under way."""

    __slots__ = ("due_s", "limit_s", "reply", "transaction", "unit_id")

    def __init__(self, transaction: int, question: Question, due_s: float, reply: asyncio.Future[bytes]) -> None:
        self.transaction, self.unit_id, self.limit_s = transaction, question.unit_id, question.limit_s
        self.due_s, self.reply = due_s, reply

    def fail(self, error: type[_Failures], reason: str, cause: Cause) -> None:
        if not self.reply.done():
            self.reply.set_exception(_FailedError(error, reason, cause))


class _Session(asyncio.Protocol, asyncio.DatagramProtocol):
    """One connection: takes frames off what comes, and finds the reply among them."""

    def __init__(self, context: LinkContext, *, is_datagram: bool) -> None:
        self.lost: str | None = None
        self.asked: _Asked | None = None
        self._counters, self._recorder = context.counters, context.recorder
        self._context = context
        self._rest = b""
        self._late: deque[tuple[int, int]] = deque(maxlen=_LATE_REMEMBERED)
        self._transport: asyncio.Transport | None = None
        self._is_datagram = is_datagram
        self._timer: asyncio.TimerHandle | None = None
        self._timer_due_s = 0.0
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lose(*loss(exc))

    def ask(self, transaction: int, question: Question) -> asyncio.Future[bytes]:
        """Send the request; the future is of the reply's PDU, or fails with _FailedError."""
        frame = mbap.build_frame(transaction, question.unit_id, question.pdu)
        due_s = self._loop.time() + question.limit_s
        asked = self.asked = _Asked(transaction, question, due_s, self._loop.create_future())
        if self._timer is None or due_s < self._timer_due_s:
            self._set_timer(due_s)
        self._recorder.sent(frame)
        if self._transport is not None:
            if self._is_datagram:
                cast(asyncio.DatagramTransport, self._transport).sendto(frame)
            else:
                self._transport.write(frame)
        return asked.reply

    def note_late(self) -> None:
        """Nobody waits for the reply any more, but it may still come."""
        if self.asked is not None:
            self._late.append((self.asked.transaction, self.asked.unit_id))

    def _set_timer(self, due_s: float) -> None:
        """One timer serves all questions: making one for each costs more than the rest of an exchange."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._timer_due_s = self._loop.call_at(due_s, self._look_at_time), due_s

    def _look_at_time(self) -> None:
        self._timer, asked = None, self.asked
        if asked is None or asked.reply.done():
            return
        # The timer may be that of a question before, and a loop's clock may be a little ahead of its timers.
        if asked.due_s > self._timer_due_s:
            self._set_timer(asked.due_s)
            return
        self.note_late()
        come = f", only {len(self._rest)} bytes: {self._rest[:16].hex(' ')}" if self._rest else ""
        stray = {"stray_bytes": len(self._rest)} if self._rest else {}
        cause = Cause(CauseCode.NO_REPLY, {"limit_s": asked.limit_s, **stray})
        asked.fail(NoAnswerError, f"no reply within {asked.limit_s:g} s{come}", cause)

    def data_received(self, data: bytes) -> None:
        self._recorder.received(data)
        buffer = self._rest + data if self._rest else data
        try:
            while buffer and (taken := mbap.take_frame(buffer)) is not None:
                transaction, unit_id, pdu, end = taken
                self._sort(transaction, unit_id, pdu, end)
                buffer = buffer[end:]
        except BadFrameError as error:
            self._lose_track(buffer, error)
            buffer = b""
        self._rest = buffer

    def datagram_received(self, data: bytes, addr: object) -> None:
        """A datagram is a whole frame, or nothing."""
        self._rest = b""
        self.data_received(data)
        self._counters.discarded_bytes += len(self._rest)
        self._rest = b""

    def close(self) -> None:
        self._counters.discarded_bytes += len(self._rest)
        self._rest = b""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is not None:
            self._transport.abort()

    def _sort(self, transaction: int, unit_id: int, pdu: bytes, size: int) -> None:
        asked = self.asked
        if asked is not None and asked.transaction == transaction and asked.unit_id == unit_id:
            if not asked.reply.done():
                asked.reply.set_result(pdu)
                return
        elif (transaction, unit_id) in self._late:
            self._late.remove((transaction, unit_id))
            self._counters.late += 1
            self._context.heard_late(unit_id)
        else:
            self._counters.foreign += 1
        self._counters.discarded_bytes += size

    def _lose_track(self, buffer: bytes, error: BadFrameError) -> None:
        """Nobody knows where the next frame starts: the connection is of no use any more."""
        self._counters.discarded_bytes += len(buffer)
        if self.asked is not None:
            come = f"{len(buffer)} bytes: {buffer[:16].hex(' ')}"
            self.asked.fail(BadReplyError, f"no Modbus frame, but {come} ({error})", Cause(CauseCode.NO_FRAME))
        if not self._is_datagram:
            self._lose(f"what came is no Modbus frame: {error}", Cause(CauseCode.NO_FRAME))
            self.close()

    def _lose(self, reason: str, cause: Cause) -> None:
        if self.lost is None:
            self.lost = reason
        if self.asked is not None:
            self.asked.fail(LinkDownError, reason, cause)


async def _open_socket(place: LinkAddress, session: _Session, timeout_s: float) -> None:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            await loop.create_datagram_endpoint(lambda: session, remote_addr=(place.host, place.port))
    except TimeoutError:
        cause = Cause(CauseCode.UNKNOWN_HOST, {"limit_s": timeout_s})
        raise LinkDownError(f"{place}: no address within {timeout_s:g} s", cause=cause) from None
    except OSError as error:
        raise link_down(place, error) from error
