"""How pymodbus frames and takes apart what travels on a link: requests and replies stay bytes.

On a serial line its own framers lose a good reply that comes together with noise or with a frame of another unit, so
there the reply is searched as it is behind a serial converter.
"""

from binascii import a2b_hex

from pymodbus.framer import FramerBase
from pymodbus.framer.ascii import FramerAscii
from pymodbus.framer.rtu import FramerRTU
from pymodbus.framer.socket import FramerSocket
from pymodbus.pdu import DecodePDU, ModbusPDU

from stripchart.drivers.modbus.transport import Question
from stripchart.model.device import Framing
from stripchart.wire import rtu
from stripchart.wire.pdu import EXCEPTION_FLAG


class RawRequest(ModbusPDU):
    """A request that is bytes already."""

    def __init__(self, unit_id: int, pdu: bytes) -> None:
        super().__init__(dev_id=unit_id)
        self.function_code = pdu[0]
        self._data = pdu[1:]

    def encode(self) -> bytes:
        return self._data


class RawReply(ModbusPDU):
    """A reply that stays bytes."""

    def __init__(self, pdu: bytes) -> None:
        super().__init__()
        self.function_code = pdu[0]
        self.pdu = pdu


class RawDecoder(DecodePDU):
    """Leaves replies as they are; the link judges them."""

    def decode(self, frame: bytes) -> ModbusPDU | None:
        return RawReply(frame)


class RtuFramer(FramerRTU):
    """Searches the reply to one question among whatever else is on the line."""

    def __init__(self, decoder: DecodePDU) -> None:
        super().__init__(decoder)
        self._discarded_bytes = 0
        self._question: Question | None = None

    def expect(self, question: Question) -> None:
        """What is asked next."""
        self._question = question

    def take_discarded(self) -> int:
        """How many bytes were thrown away since the last call."""
        count, self._discarded_bytes = self._discarded_bytes, 0
        return count

    def decode(self, data: bytes) -> tuple[int, int, int, bytes]:
        """Bytes used, unit, 0, PDU; no bytes are used until the reply is there."""
        question = self._question
        if question is None:
            return len(data), 0, 0, b""
        found = rtu.find_reply(data, question.unit_id, question.function, question.reply_bytes)
        if found is None:
            return 0, 0, 0, b""
        self._discarded_bytes += found.discarded
        return found.end, question.unit_id, 0, found.pdu

    def is_damaged(self, rest: bytes) -> bool:
        """Whether the bytes that came are the reply, but for the checksum."""
        question = self._question
        return question is not None and rtu.has_damaged_reply(
            rest, question.unit_id, question.function, question.reply_bytes
        )


class AsciiFramer(FramerAscii):
    """Searches the reply to one question: a colon, two hexadecimal digits a byte, and the end of the line.

    A colon starts a frame wherever it comes; what lies before it is the remains of something else (Modbus over Serial
    Line V1.02, clause 2.5.2).
    """

    def __init__(self, decoder: DecodePDU) -> None:
        super().__init__(decoder)
        self._discarded_bytes = 0
        self._damaged = False
        self._question: Question | None = None

    def expect(self, question: Question) -> None:
        """What is asked next."""
        self._question, self._damaged = question, False

    def take_discarded(self) -> int:
        """How many bytes were thrown away since the last call."""
        count, self._discarded_bytes = self._discarded_bytes, 0
        return count

    def decode(self, data: bytes) -> tuple[int, int, int, bytes]:
        """Bytes used, unit, 0, PDU; while no reply is there, all before the last colon is used."""
        used = 0
        while (end := data.find(b"\r\n", used)) >= 0:
            start = data.rfind(b":", used, end)
            frame = _checked(data[start + 1 : end]) if start >= 0 else b""
            before, used = used, end + 2
            if frame and self._is_reply(frame):
                self._discarded_bytes += start - before
                return used, frame[0], 0, frame[1:]
            self._damaged |= start >= 0 and not frame
            self._discarded_bytes += used - before
        start = data.rfind(b":", used)
        kept = start if start >= 0 else len(data)
        self._discarded_bytes += kept - used
        return kept, 0, 0, b""

    def is_damaged(self, _rest: bytes) -> bool:
        """Whether a whole frame came whose digits or checksum are wrong."""
        return self._damaged

    def _is_reply(self, frame: bytes) -> bool:
        """Whether it is the data asked for, or an exception: other units answer on the line too, and it may echo."""
        asked = self._question
        if asked is None or frame[0] != asked.unit_id:
            return False
        if frame[1] == asked.function | EXCEPTION_FLAG:
            return True
        return frame[1] == asked.function and frame[2] == asked.reply_bytes == len(frame) - 3


def framer_for(framing: Framing) -> FramerBase:
    """A framer of a client, which leaves replies as bytes."""
    decoder = RawDecoder(False)
    if framing is Framing.RTU:
        return RtuFramer(decoder)
    return AsciiFramer(decoder) if framing is Framing.ASCII else FramerSocket(decoder)


def _checked(digits: bytes) -> bytes:
    """Unit and PDU of an ASCII frame; empty when the digits or the checksum are wrong."""
    try:
        frame = a2b_hex(digits)
    except ValueError:
        return b""
    return frame[:-1] if len(frame) > 3 and sum(frame) & 0xFF == 0 else b""
