"""RTU frames through a TCP socket: what serial converters speak.

The stream is dirty: replies come in pieces, with remains of earlier replies and with frames of other masters on the
same pair. So stale bytes are thrown away before a request, and the reply is searched by unit, function, byte count
and checksum.
"""

import asyncio
import contextlib
from typing import cast

from stripchart.drivers.base import BadReplyError, DriverError, LinkDownError, NoAnswerError
from stripchart.drivers.modbus.late import Late, LateReplies
from stripchart.drivers.modbus.transport import Question, os_reason
from stripchart.model.device import LinkAddress
from stripchart.wire import rtu

_KEEP_BYTES = 2 * rtu.MAX_FRAME_BYTES
_MAX_BUFFER_BYTES = 4096


class RtuOverTcp:
    """A transport to one serial converter."""

    def __init__(self, address: LinkAddress) -> None:
        self.discarded_bytes = 0
        self._address = address
        self._session: _Session | None = None
        self._late = LateReplies()

    @property
    def connected(self) -> bool:
        return self._session is not None and self._session.lost is None

    async def connect(self, timeout_s: float) -> None:
        self.drop()
        session = _Session()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                await loop.create_connection(lambda: session, self._address.host, self._address.port)
        except TimeoutError:
            raise LinkDownError(f"{self._address}: no connection within {timeout_s:g} s") from None
        except OSError as error:
            raise LinkDownError(f"{self._address}: {os_reason(error)}") from error
        self._session = session

    async def exchange(self, question: Question) -> bytes:
        session = self._session
        if session is None:
            raise LinkDownError(f"{self._address}: not connected")
        await self._outwait_late_replies(session, question)
        await self._flush(session)
        self._check(session, question)
        session.write(rtu.build_frame(question.unit_id, question.pdu))
        if question.pacing.pause_after_send_s:
            await asyncio.sleep(question.pacing.pause_after_send_s)
        reply = await self._reply(session, question)
        self._late.answered(question)
        return reply

    def drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    async def _outwait_late_replies(self, session: "_Session", question: Question) -> None:
        """Let the replies pass that are still to come and could be taken for the reply to this question."""
        for late in self._late.awaited():
            self._take(session, late)
        for late in self._late.mistakable(question):
            self._late.forget(late)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(late.until_s):
                    while session.lost is None and not self._take(session, late):
                        await session.more()

    def _take(self, session: "_Session", late: Late) -> bool:
        """Throw the late reply away, when it has come."""
        reply = self._search(session, late.question)
        if reply is None:
            return False
        self._late.forget(late)
        self.discarded_bytes += len(rtu.build_frame(late.question.unit_id, reply))
        return True

    async def _flush(self, session: "_Session") -> None:
        # The loop hands over what the socket already holds only after it has turned; one turn may not reach the poll.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.discarded_bytes += session.discard()

    async def _reply(self, session: "_Session", question: Question) -> bytes:
        try:
            async with asyncio.timeout(question.pacing.timeout_s):
                while (reply := self._search(session, question)) is None:
                    self._check(session, question)
                    await session.more()
                return reply
        except TimeoutError:
            self._late.expect(question)
            raise self._failure(session, question) from None

    def _search(self, session: "_Session", question: Question) -> bytes | None:
        buffer = session.buffer
        found = rtu.find_reply(buffer, question.unit_id, question.function, question.reply_bytes)
        if found is not None:
            self.discarded_bytes += found.discarded
            del buffer[: found.end]
            return found.pdu
        if len(buffer) > _MAX_BUFFER_BYTES:
            self.discarded_bytes += session.discard(keep=_KEEP_BYTES)
        return None

    def _check(self, session: "_Session", question: Question) -> None:
        if session.lost is not None:
            raise LinkDownError(f"{self._address}, {question}: {session.lost}")

    def _failure(self, session: "_Session", question: Question) -> DriverError:
        """What the bytes in the buffer, if any, make of a time limit that ran out."""
        where = f"{self._address}, {question}"
        limit = f"within {question.pacing.timeout_s:g} s"
        if rtu.has_damaged_reply(session.buffer, question.unit_id, question.function, question.reply_bytes):
            return BadReplyError(f"{where}: a reply with a wrong checksum came, and no other {limit}")
        if session.buffer:
            return NoAnswerError(f"{where}: no reply {limit}, only {len(session.buffer)} bytes that are none")
        return NoAnswerError(f"{where}: no reply {limit}")


class _Session(asyncio.Protocol):
    """One connection: collects what comes and wakes who waits for it."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.lost: str | None = None
        self._transport: asyncio.Transport | None = None
        self._more: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = os_reason(exc) if isinstance(exc, OSError) else "the other side closed the connection"
        self._wake()

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def discard(self, keep: int = 0) -> int:
        """Throw away all but the last `keep` bytes; how many that were."""
        gone = max(len(self.buffer) - keep, 0)
        del self.buffer[:gone]
        return gone

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
