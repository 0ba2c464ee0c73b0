"""Serial lines: ports, opened through pymodbus, and how long frames and the silence between them take.

Times are of the Modbus over Serial Line V1.02 specification, clause 2.5.1.1.
"""

import asyncio
import errno
import os
import sys

from pymodbus.transport.serialtransport import SerialTransport

from stripchart.drivers.base import LinkDownError
from stripchart.drivers.modbus.transport import Question
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Framing, LinkAddress, SerialLine
from stripchart.model.system_cause import number_cause

if sys.platform == "win32":
    _PORT_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError)
else:
    import termios

    _PORT_ERRORS = (OSError, ValueError, termios.error)
"""What opening a port raises: ValueError for a speed that the hardware does not have."""
_SILENCE_CHARACTERS = 3.5
_SHORTEST_SILENCE_S = 0.00175
_RTU_FRAME_MORE_BYTES = 3
"""Than the PDU: the unit and the checksum."""
_ASCII_FRAME_MORE_CHARACTERS = 1
"""Than two for each byte of the RTU frame: a colon and the end of the line, but a checksum of one byte."""


def open_port(place: LinkAddress, protocol: asyncio.Protocol) -> None:
    """Open and lock the port. That never waits: neither for a carrier nor for whoever else has it.

    Raises LinkDownError with the system's reason.
    """
    line = place.line
    try:
        transport = SerialTransport(
            asyncio.get_running_loop(),
            protocol,
            place.path,
            line.baudrate,
            line.bytesize,
            line.parity,
            line.stopbits,
            None,
        )
        transport.setup()
    except _PORT_ERRORS as error:
        raise LinkDownError(f"{place}: {port_reason(error)}", cause=port_cause(error)) from error
    protocol.connection_made(transport)


def silence_s(framing: Framing, line: SerialLine) -> float:
    """How long the line has to be silent before a frame begins: 3.5 characters, but never less than 1.75 ms.

    ASCII frames have a mark of their start and need none.
    """
    if framing is Framing.ASCII:
        return 0.0
    return max(_SILENCE_CHARACTERS * character_s(line), _SHORTEST_SILENCE_S)


def airtime_s(framing: Framing, line: SerialLine, question: Question) -> float:
    """How long the request and the reply take on the wire: no device can answer before that."""
    characters = len(question.pdu) + question.reply_size + 2 * _RTU_FRAME_MORE_BYTES
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


def port_cause(error: Exception) -> Cause:
    """The same by code."""
    number = _number_of(error)
    if number == errno.ENOTTY:
        return Cause(CauseCode.NO_SERIAL_PORT)
    if number == errno.EAGAIN:
        return Cause(CauseCode.PORT_IN_USE)
    if number == errno.EINVAL or isinstance(error, ValueError):
        return Cause(CauseCode.PORT_SETTINGS)
    return number_cause(number, port_reason(error))


def _number_of(error: Exception) -> int | None:
    """The system's error number, which pyserial may hide behind an error of its own."""
    for each in (error, error.__context__):
        if each is not None and each.args and isinstance(each.args[0], int):
            return each.args[0]
    return None
