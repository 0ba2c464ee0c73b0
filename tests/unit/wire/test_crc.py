import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.wire.crc import crc16


def bit_by_bit(data: bytes) -> int:
    """The procedure of Modbus over Serial Line V1.02, 6.2.2, step by step."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            carry = crc & 1
            crc >>= 1
            if carry:
                crc ^= 0xA001
    return crc


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (b"", 0xFFFF),
        (b"123456789", 0x4B37),
        (bytes.fromhex("0207"), 0x1241),
        (bytes.fromhex("01030000000a"), 0xCDC5),
    ],
)
def test_known_checksums(data: bytes, crc: int) -> None:
    assert crc16(data) == crc


@given(st.binary(max_size=300))
def test_the_table_gives_what_the_procedure_of_the_specification_gives(data: bytes) -> None:
    assert crc16(data) == bit_by_bit(data)


@given(st.binary(max_size=300))
def test_bytes_with_their_own_checksum_have_the_checksum_zero(data: bytes) -> None:
    assert crc16(data + crc16(data).to_bytes(2, "little")) == 0
