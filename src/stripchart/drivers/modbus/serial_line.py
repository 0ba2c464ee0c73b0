"""Serial lines: pymodbus' client with the time on the wire, the silence between frames, and noise in mind.

`pause_after_send_s` has no meaning here: there is no converter between us and the line.

Times are of the Modbus over Serial Line V1.02 specification, clause 2.5.1.1.
"""

import asyncio
import errno
import os
import sys

from pymodbus.client.base import ModbusBaseClient

from stripchart.drivers.base import BadReplyError, DriverError, LinkDownError, NoAnswerError
from stripchart.drivers.modbus.client import PymodbusTransport
from stripchart.drivers.modbus.framers import AsciiFramer, RtuFramer
from stripchart.drivers.modbus.late import LateReplies
from stripchart.drivers.modbus.transport import Question
from stripchart.model.device import Framing, LinkAddress, SerialLine

if sys.platform == "win32":
    _PORT_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError)
else:
    import termios

    _PORT_ERRORS = (OSError, ValueError, termios.error)
"""What opening a port raises: ValueError for a speed that the hardware does not have."""
_SILENCE_CHARACTERS = 3.5
_SHORTEST_SILENCE_S = 0.00175
_RTU_REQUEST_BYTES = 8
_RTU_REPLY_FRAME_BYTES = 5
_ASCII_FRAME_MORE_CHARACTERS = 1
"""Than two for each byte of the RTU frame: a colon and the end of the line, but a checksum of one byte."""


class SerialTransport(PymodbusTransport):
    """A transport over one serial port, which it locks while it is open."""

    def __init__(self, address: LinkAddress) -> None:
        super().__init__(address)
        self._late = LateReplies()
        self._silence_s = silence_s(address.framing, address.line)
        self._heard_at_s = 0.0

    async def exchange(self, question: Question) -> bytes:
        await self._outwait_late_replies(question)
        await self._keep_silence(question)
        framer = self._framer()
        if framer is not None:
            framer.expect(question)
        try:
            reply = await super().exchange(question)
        finally:
            if framer is not None:
                self.discarded_bytes += framer.take_discarded()
        self._late.answered(question)
        return reply

    async def _open(self, client: ModbusBaseClient, timeout_s: float) -> None:
        """Open and lock the port. That never waits: neither for a carrier nor for whoever else has it."""
        client.ctx.trace_packet = self._note_bytes
        try:
            client.ctx.transport, _ = await client.ctx.call_create()
        except _PORT_ERRORS as error:
            raise LinkDownError(f"{self._address}: {port_reason(error)}") from error

    async def _outwait_late_replies(self, question: Question) -> None:
        """Let the time pass in which a late reply could be taken for the reply to this question."""
        for late in self._late.mistakable(question):
            self._late.forget(late)
            await asyncio.sleep(late.until_s - _now())

    async def _keep_silence(self, question: Question) -> None:
        """Wait until the line has been silent for long enough, though not for ever on one that babbles."""
        latest_s = _now() + question.pacing.timeout_s
        while (rest_s := min(self._heard_at_s + self._silence_s, latest_s) - _now()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(rest_s)

    def _note_bytes(self, sending: bool, data: bytes) -> bytes:
        if not sending:
            self._heard_at_s = _now()
        return data

    def _limit_s(self, question: Question) -> float:
        return super()._limit_s(question) + airtime_s(self._address.framing, self._address.line, question)

    def _failure(self, client: ModbusBaseClient, question: Question) -> DriverError:
        self._late.expect(question)
        where = f"{self._address}, {question}"
        limit = f"within {self._limit_s(question):.3g} s"
        rest, framer = client.ctx.recv_buffer, self._framer()
        self.discarded_bytes += len(rest)
        if framer is not None and framer.is_damaged(rest):
            return BadReplyError(f"{where}: a reply with a wrong checksum came, and no other {limit}")
        if rest:
            return NoAnswerError(f"{where}: no reply {limit}, only {len(rest)} bytes that are none")
        return NoAnswerError(f"{where}: no reply {limit}")

    def _framer(self) -> RtuFramer | AsciiFramer | None:
        framer = self._client.ctx.framer if self._client is not None else None
        return framer if isinstance(framer, RtuFramer | AsciiFramer) else None


def silence_s(framing: Framing, line: SerialLine) -> float:
    """How long the line has to be silent before a frame begins: 3.5 characters, but never less than 1.75 ms.

    ASCII frames have a mark of their start and need none.
    """
    if framing is Framing.ASCII:
        return 0.0
    return max(_SILENCE_CHARACTERS * character_s(line), _SHORTEST_SILENCE_S)


def airtime_s(framing: Framing, line: SerialLine, question: Question) -> float:
    """How long the request and the reply take on the wire: no device can answer before that."""
    characters = _RTU_REQUEST_BYTES + question.reply_bytes + _RTU_REPLY_FRAME_BYTES
    if framing is Framing.ASCII:
        characters = 2 * characters + 2 * _ASCII_FRAME_MORE_CHARACTERS
    return characters * character_s(line)


def character_s(line: SerialLine) -> float:
    """The time of one character: a start bit, the data bits, parity and stop bits."""
    return (1 + line.bytesize + (line.parity != "N") + line.stopbits) / line.baudrate


def port_reason(error: Exception) -> str:
    """Why a port could not be opened, in the words of the operating system; without its name."""
    number = _number_of(error)
    if number == errno.ENOTTY:
        return "this is no serial port"
    if number == errno.EAGAIN:
        return "another program uses the port, or a link with other settings"
    if number == errno.EINVAL or isinstance(error, ValueError):
        return "the port does not have this speed or character frame"
    return os.strerror(number).lower() if number is not None else str(error).lower()


def _number_of(error: Exception) -> int | None:
    """The system's error number, which pyserial may hide behind an error of its own."""
    for each in (error, error.__context__):
        if each is not None and each.args and isinstance(each.args[0], int):
            return each.args[0]
    return None


def _now() -> float:
    return asyncio.get_running_loop().time()
