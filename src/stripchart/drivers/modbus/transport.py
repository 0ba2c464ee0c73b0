"""What a link needs of a transport: one question out, one reply back, over one connection."""

import os
import socket
import ssl
from dataclasses import dataclass
from typing import Protocol

from stripchart.model.block import Block
from stripchart.model.point import Table
from stripchart.model.profile import Pacing
from stripchart.wire import pdu

READ_FUNCTIONS = {
    Table.COIL: pdu.READ_COILS,
    Table.DISCRETE: pdu.READ_DISCRETE_INPUTS,
    Table.HOLDING: pdu.READ_HOLDING_REGISTERS,
    Table.INPUT: pdu.READ_INPUT_REGISTERS,
}


@dataclass(frozen=True, slots=True)
class Question:
    """A read of one block of a unit, and the pace at which the device wants to be asked."""

    unit_id: int
    block: Block
    pacing: Pacing
    pdu: bytes

    @classmethod
    def to_read(cls, unit_id: int, block: Block, pacing: Pacing) -> "Question":
        """Raises ValueError when the block is longer than the protocol allows."""
        request = pdu.read_request(READ_FUNCTIONS[block.table], block.start, len(block))
        return cls(unit_id, block, pacing, request)

    @property
    def function(self) -> int:
        return self.pdu[0]

    @property
    def reply_bytes(self) -> int:
        """The byte count of the right reply."""
        return pdu.reply_bytes(self.function, len(self.block))

    def __str__(self) -> str:
        return f"unit {self.unit_id}, {self.block}"


class Transport(Protocol):
    """One connection at a time. The link that owns it never has two calls under way."""

    discarded_bytes: int
    """Bytes thrown away so far: late replies, foreign frames, garbage."""

    @property
    def connected(self) -> bool: ...

    async def connect(self, timeout_s: float) -> None:
        """Open the connection, after closing an old one. Raises LinkDownError with the system's reason."""

    async def exchange(self, question: Question) -> bytes:
        """Send a request and return the PDU of the reply, which may be an exception.

        Raises NoAnswerError after `pacing.timeout_s`, BadReplyError for bytes that are no reply, LinkDownError when
        the connection is gone.
        """

    def drop(self) -> None:
        """Close the connection, if there is one."""


def os_reason(error: OSError) -> str:
    """Why a connection failed, in the words of the operating system, the resolver or TLS; without the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not accepted: {error.verify_message}"
    if error.errno is not None and not isinstance(error, ssl.SSLError | socket.gaierror):
        return os.strerror(error.errno).lower()
    return (error.strerror or str(error) or type(error).__name__).lower()
