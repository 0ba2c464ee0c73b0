"""Modbus TCP frames: the MBAP header and a PDU (Modbus Messaging on TCP/IP V1.0b, clause 3.1.3)."""

import struct

from stripchart.wire.errors import BadFrameError

HEADER_BYTES = 7
MAX_LENGTH = 254

_HEADER = struct.Struct(">HHHB")
_PREFIX_BYTES = 6


def build_frame(transaction: int, unit: int, pdu: bytes) -> bytes:
    return _HEADER.pack(transaction, 0, len(pdu) + 1, unit) + pdu


def take_frame(buffer: bytes | bytearray) -> tuple[int, int, bytes, int] | None:
    """The first frame as transaction, unit, PDU and the bytes consumed. None: not yet.

    Raises BadFrameError when the bytes cannot be a Modbus TCP header; there is no way to find the next one.
    """
    if len(buffer) < HEADER_BYTES:
        return None
    transaction, protocol, length, unit = _HEADER.unpack_from(buffer)
    if protocol != 0:
        raise BadFrameError(f"protocol identifier {protocol}: Modbus is 0")
    if not 2 <= length <= MAX_LENGTH:
        raise BadFrameError(f"length {length} in the header: allowed are 2 to {MAX_LENGTH}")
    end = _PREFIX_BYTES + length
    if len(buffer) < end:
        return None
    return transaction, unit, bytes(buffer[HEADER_BYTES:end]), end
