"""The examples of the Modbus Application Protocol V1.1b3, clause 6, and of the MBAP header, byte for byte."""

import pytest

from stripchart.wire import mbap, pdu, rtu
from stripchart.wire.pdu import Request

BITS_20_TO_38 = (1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1)
"""Coils 20-38 of clause 6.1: bytes CD 6B 05."""
BITS_197_TO_218 = (0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1)
"""Discrete inputs 197-218 of clause 6.2: bytes AC DB 35."""


@pytest.mark.parametrize(
    ("request_hex", "parsed"),
    [
        ("01 0013 0013", Request(1, 0x13, 19)),
        ("02 00c4 0016", Request(2, 0xC4, 22)),
        ("03 006b 0003", Request(3, 0x6B, 3)),
        ("04 0008 0001", Request(4, 8, 1)),
        ("05 00ac ff00", Request(5, 0xAC, 1, (1,))),
        ("06 0001 0003", Request(6, 1, 1, (3,))),
        ("0f 0013 000a 02 cd01", Request(15, 0x13, 10, (1, 0, 1, 1, 0, 0, 1, 1, 1, 0))),
        ("10 0001 0002 04 000a 0102", Request(16, 1, 2, (0x000A, 0x0102))),
    ],
)
def test_requests(request_hex: str, parsed: Request) -> None:
    request = bytes.fromhex(request_hex)
    assert pdu.parse_request(request) == parsed
    if parsed.function <= 4:
        assert pdu.read_request(parsed.function, parsed.start, parsed.count) == request
    elif parsed.function <= 6:
        assert pdu.single_write_request(parsed.function, parsed.start, parsed.values[0]) == request
    else:
        assert pdu.multiple_write_request(parsed.function, parsed.start, parsed.values) == request


def test_replies_to_reads() -> None:
    assert pdu.bits_reply(1, BITS_20_TO_38) == bytes.fromhex("01 03 cd6b05")
    assert pdu.bits_reply(2, BITS_197_TO_218) == bytes.fromhex("02 03 acdb35")
    assert pdu.words_reply(3, [0x022B, 0x0000, 0x0064]) == bytes.fromhex("03 06 022b 0000 0064")
    assert pdu.words_reply(4, [0x000A]) == bytes.fromhex("04 02 000a")


def test_data_of_replies() -> None:
    assert pdu.unpack_bits(pdu.reply_data(bytes.fromhex("01 03 cd6b05"), 1, 19), 19) == BITS_20_TO_38
    assert pdu.reply_data(bytes.fromhex("03 06 022b 0000 0064"), 3, 3) == bytes.fromhex("022b 0000 0064")


@pytest.mark.parametrize(
    ("request_hex", "reply_hex"),
    [
        ("05 00ac ff00", "05 00ac ff00"),
        ("06 0001 0003", "06 0001 0003"),
        ("0f 0013 000a 02 cd01", "0f 0013 000a"),
        ("10 0001 0002 04 000a 0102", "10 0001 0002"),
    ],
)
def test_replies_to_writes(request_hex: str, reply_hex: str) -> None:
    assert pdu.write_reply(pdu.parse_request(bytes.fromhex(request_hex))) == bytes.fromhex(reply_hex)


def test_the_exception_of_clause_7() -> None:
    """Coil 1245 of a server with fewer coils: illegal data address."""
    assert pdu.exception_reply(1, 2) == bytes.fromhex("81 02")
    assert pdu.exception_code(bytes.fromhex("81 02"), 1) == 2


def test_the_frame_of_the_serial_line_guide() -> None:
    """Modbus over Serial Line V1.02, figure of clause 6.2.2: checksum 1241 hex goes out as 41 12."""
    assert rtu.build_frame(2, b"\x07") == bytes.fromhex("02 07 41 12")


def test_the_header_of_the_tcp_guide() -> None:
    """Modbus Messaging on TCP/IP V1.0b, clause 4.4.1.2: transaction 15 01, unit FF, read of one register at 4."""
    frame = bytes.fromhex("1501 0000 0006 ff 03 0004 0001")
    assert mbap.build_frame(0x1501, 0xFF, pdu.read_request(3, 4, 1)) == frame
    assert mbap.take_frame(frame) == (0x1501, 0xFF, bytes.fromhex("03 0004 0001"), 12)
