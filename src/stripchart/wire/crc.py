"""The checksum of RTU frames (Modbus over Serial Line V1.02, clause 6.2.2): polynomial 0xA001, start 0xFFFF."""

_POLYNOMIAL = 0xA001


def _entry(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ _POLYNOMIAL if value & 1 else value >> 1
    return value


_TABLE = tuple(_entry(value) for value in range(256))


def crc16(data: bytes | bytearray) -> int:
    """The checksum of the bytes; on the wire its low byte comes first. 0 for a frame with its own right checksum."""
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc
