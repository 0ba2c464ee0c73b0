"""Lines: RTU and ASCII on a serial port, and RTU through the TCP socket of a serial converter.

What comes is dirty: replies come in pieces, with remains of earlier replies and with frames of other masters on the
same pair. So stale bytes are thrown away before a request, the line has to be silent for as long as the link's option
`listen_s` says, and the reply is searched by unit, function, byte count and checksum. About late ones, see `late`.

`pause_after_send_s` is for converters alone: there is none between us and a serial port.
"""

import asyncio
from typing import Protocol, cast

from stripchart.drivers.base import BadReplyError, DriverError, LinkDownError, NoAnswerError
from stripchart.drivers.modbus.context import LinkContext
from stripchart.drivers.modbus.late import LateReplies
from stripchart.drivers.modbus.serial_line import airtime_s, open_port, silence_s
from stripchart.drivers.modbus.stream import open_stream
from stripchart.drivers.modbus.system_error import loss
from stripchart.drivers.modbus.transport import Question
from stripchart.model.cause import Cause, CauseCode, Why
from stripchart.model.device import Framing, LinkAddress
from stripchart.wire import ascii as ascii_frames
from stripchart.wire import rtu
from stripchart.wire.rtu import Found

_MOST_CHECKS = 3
_KEEP_BYTES = 2 * ascii_frames.MAX_FRAME_BYTES
_MAX_BUFFER_BYTES = 4096


class Coding(Protocol):
    """How frames are built and found: `wire.rtu` or `wire.ascii`."""

    def build_frame(self, unit: int, pdu: bytes, /) -> bytes: ...

    def find_reply(self, buffer: bytes | bytearray, unit: int, head: bytes, size: int, /) -> Found | None: ...

    def has_damaged_reply(self, buffer: bytes | bytearray, unit: int, head: bytes, size: int, /) -> bool: ...

    def whole_frames(self, data: bytes | bytearray, /) -> list[bytes]: ...


class LineTransport:
    """A transport to one serial port or serial converter."""

    can_be_left = False

    def __init__(self, context: LinkContext) -> None:
        self.context = context
        framing, line = context.address.framing, context.address.line
        self._is_port = framing.is_serial
        self._coding: Coding = ascii_frames if framing is Framing.ASCII else rtu
        self._silence_s = silence_s(framing, line) if self._is_port else 0.0
        self._session: _Session | None = None
        self._late = LateReplies(context)

    @property
    def connected(self) -> bool:
        return self._session is not None and self._session.lost is None

    async def connect(self, place: LinkAddress, timeout_s: float) -> None:
        self.drop()
        session = _Session(self.context)
        if self._is_port:
            open_port(place, session)
        else:
            await open_stream(place, self.context.options, lambda: session, timeout_s)
        self._session = session

    async def exchange(self, question: Question) -> bytes:
        session = self._session
        if session is None:
            raise LinkDownError(f"{self.context.address}: not connected", cause=Cause(CauseCode.NOT_CONNECTED))
        await self._flush(session)
        await self._make_sure(session, question)
        return await self._ask(session, question)

    def drop(self) -> None:
        if self._session is not None:
            self._discard(self._session.take())
            self._session.close()
            self._session = None

    async def _make_sure(self, session: "_Session", question: Question) -> None:
        """See to it that no late reply can pass for the reply to this question. Raises NoAnswerError."""
        for _ in range(_MOST_CHECKS):
            if not self._late.could_pass_for(question):
                return
            check = self._late.check(question)
            try:
                await self._ask(session, check)
            except (NoAnswerError, BadReplyError) as error:
                self._discard(session.take())
                if self._late.could_pass_for(question):
                    raise self._not_asked(question, str(error)) from error
            await asyncio.sleep(question.pacing.pause_between_s)
            await self._flush(session)
        if self._late.could_pass_for(question):
            raise self._not_asked(question, f"nor did {_MOST_CHECKS} other reads tell which is which")

    def _not_asked(self, question: Question, reason: str) -> NoAnswerError:
        where = f"{self.context.address}, {question}"
        message = f"{where}: not sent, a late reply could be mistaken for its answer ({reason})"
        return NoAnswerError(message, cause=Cause(CauseCode.LATE_REPLY, question.facts))

    async def _ask(self, session: "_Session", question: Question) -> bytes:
        self._check(session, question)
        self._late.sent(question)
        session.write(self._coding.build_frame(question.unit_id, question.pdu))
        if question.pacing.pause_after_send_s and not self._is_port:
            await asyncio.sleep(question.pacing.pause_after_send_s)
        reply = await self._reply(session, question)
        self._late.answered(question, reply)
        return reply

    async def _flush(self, session: "_Session") -> None:
        """Throw away what is stale, and listen before talking."""
        # The loop hands over what the socket already holds only after it has turned; one turn may not reach the poll.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        options = self.context.options
        least_s = max(self._silence_s, options.listen_s)
        if least_s:
            await session.silence(least_s, options.listen_at_most_s)
        self._discard(session.take())

    def _discard(self, data: bytes) -> None:
        if data:
            self._late.discarded(len(data), self._coding.whole_frames(data))

    async def _reply(self, session: "_Session", question: Question) -> bytes:
        try:
            async with asyncio.timeout(self._limit_s(question)):
                while (reply := self._search(session, question)) is None:
                    self._check(session, question)
                    await session.more()
                return reply
        except TimeoutError:
            raise self._failure(session, question) from None

    def _search(self, session: "_Session", question: Question) -> bytes | None:
        buffer = session.buffer
        found = self._coding.find_reply(buffer, question.unit_id, question.reply_head, question.reply_size)
        if found is not None:
            if found.discarded:
                self._discard(session.take(found.discarded))
            session.take(found.end - found.discarded)
            return found.pdu
        if len(buffer) > _MAX_BUFFER_BYTES:
            self._discard(session.take(len(buffer) - _KEEP_BYTES))
        return None

    def _limit_s(self, question: Question) -> float:
        """No device can answer before request and reply have been on the wire; on a port that time is known."""
        address = self.context.address
        return question.limit_s + (airtime_s(address.framing, address.line, question) if self._is_port else 0.0)

    def _check(self, session: "_Session", question: Question) -> None:
        if session.lost is not None:
            words, cause = session.lost
            raise LinkDownError(f"{self.context.address}, {question}: {words}", cause=cause)

    def _failure(self, session: "_Session", question: Question) -> DriverError:
        """What the bytes in the buffer, if any, make of a time limit that ran out."""
        where = f"{self.context.address}, {question}"
        limit_s = self._limit_s(question)
        limit, facts = f"within {limit_s:.3g} s", {**question.facts, "limit_s": limit_s}
        if self._coding.has_damaged_reply(session.buffer, question.unit_id, question.reply_head, question.reply_size):
            message = f"{where}: a reply with a wrong checksum came, and no other {limit}"
            return BadReplyError(message, cause=Cause(CauseCode.CHECKSUM, facts))
        stray = len(session.buffer)
        if stray:
            cause = Cause(CauseCode.NO_REPLY, {**facts, "stray_bytes": stray})
            return NoAnswerError(f"{where}: no reply {limit}, only {stray} bytes that are no frame", cause=cause)
        return NoAnswerError(f"{where}: no reply {limit}", cause=Cause(CauseCode.NO_REPLY, facts))


class _Session(asyncio.Protocol):
    """One connection: collects what comes and wakes who waits for it."""

    def __init__(self, context: LinkContext) -> None:
        self.buffer = bytearray()
        self.lost: Why | None = None
        self._recorder = context.recorder
        self._transport: asyncio.Transport | None = None
        self._more: asyncio.Future[None] | None = None
        self._heard_at_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._recorder.received(data)
        self._heard_at_s = asyncio.get_running_loop().time()
        self.buffer += data
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = loss(exc)
        self._wake()

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._recorder.sent(data)
            self._transport.write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def take(self, count: int | None = None) -> bytes:
        """Take so many bytes off the front, or all."""
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    async def silence(self, least_s: float, at_most_s: float) -> None:
        """Wait until nothing has come for so long, though not for ever on a line that never rests."""
        now = asyncio.get_running_loop().time
        latest_s = now() + at_most_s
        while self.lost is None and (rest_s := min(self._heard_at_s + least_s, latest_s) - now()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(rest_s)

    async def more(self) -> None:
        """Wait until bytes come or the connection is lost."""
        self._more = asyncio.get_running_loop().create_future()
        try:
            await self._more
        finally:
            self._more = None

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)
