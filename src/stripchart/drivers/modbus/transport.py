"""What a link needs of a transport: one question out, one reply back, over one connection."""

from dataclasses import dataclass
from typing import Protocol

from stripchart.drivers.modbus.context import LinkContext
from stripchart.model.block import Block
from stripchart.model.cause import request_facts
from stripchart.model.device import LinkAddress
from stripchart.model.facts import Facts
from stripchart.model.point import Table
from stripchart.model.profile import Pacing
from stripchart.wire import pdu

READ_FUNCTIONS = {
    Table.COIL: pdu.READ_COILS,
    Table.DISCRETE: pdu.READ_DISCRETE_INPUTS,
    Table.HOLDING: pdu.READ_HOLDING_REGISTERS,
    Table.INPUT: pdu.READ_INPUT_REGISTERS,
}
_READS = frozenset(READ_FUNCTIONS.values())
_WRITE_REPLY_BYTES = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A request to a unit about one block, and the pace at which the device wants to be asked.

    `reply_head`: what the right reply begins with; `reply_size`: how long its PDU is. `limit_s`: how long to wait for
    it, which may be shorter than the device is said to take.
    """

    unit_id: int
    block: Block
    pacing: Pacing
    pdu: bytes
    reply_head: bytes
    reply_size: int
    limit_s: float

    @classmethod
    def to_read(cls, unit_id: int, block: Block, pacing: Pacing) -> "Question":
        """Raises ValueError when the block is longer than the protocol allows."""
        function, count = READ_FUNCTIONS[block.table], block.end - block.start
        request = pdu.read_request(function, block.start, count)
        size = pdu.reply_bytes(function, count)
        return cls(unit_id, block, pacing, request, bytes((function, size)), size + 2, pacing.timeout_s)

    @classmethod
    def to_write(cls, unit_id: int, block: Block, pacing: Pacing, request: bytes) -> "Question":
        """`request`: a PDU of function 5, 6, 15 or 16 about the block. They all answer with its first five bytes."""
        head = request[:_WRITE_REPLY_BYTES]
        return cls(unit_id, block, pacing, request, head, _WRITE_REPLY_BYTES, pacing.timeout_s)

    @property
    def function(self) -> int:
        return self.pdu[0]

    @property
    def is_read(self) -> bool:
        return self.function in _READS

    @property
    def expected(self) -> str:
        """The right reply in words."""
        return f"function {self.function}, {self.reply_size - 2} data bytes"

    @property
    def facts(self) -> Facts:
        """What it asks for, as facts of what came of it."""
        return request_facts(self.unit_id, self.block)

    def is_answered_by(self, reply: bytes) -> bool:
        """Whether the PDU is the reply: the data asked for, the confirmation of a write."""
        return len(reply) == self.reply_size and reply.startswith(self.reply_head)

    def __str__(self) -> str:
        return f"unit {self.unit_id}, {self.block}"


class Transport(Protocol):
    """One connection at a time. The link that owns it never has two calls under way.

    It counts late replies, foreign frames and discarded bytes, and shows the flight recorder every byte.
    """

    context: LinkContext
    can_be_left: bool
    """Whether an exchange may be cancelled: what comes of it then is passed over."""

    @property
    def connected(self) -> bool: ...

    async def connect(self, place: LinkAddress, timeout_s: float) -> None:
        """Open the connection, after closing an old one. Raises LinkDownError with the system's reason."""

    async def exchange(self, question: Question) -> bytes:
        """Send a request and return the PDU of the reply, which may be an exception.

        Raises NoAnswerError after `limit_s`, BadReplyError for bytes that are no reply, LinkDownError when the
        connection is gone.
        """

    def drop(self) -> None:
        """Close the connection, if there is one."""
