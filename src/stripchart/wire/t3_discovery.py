"""How T3 controllers are found: a query by UDP that everybody on the network hears, and a reply from each. Sans-IO.

Up to offset 23 of a reply every second byte is a filler; from there on it is packed. Numbers are little-endian.
"""

import struct
from dataclasses import dataclass

from stripchart.wire.errors import BadFrameError

QUERY_PORT = 1234
REPLY_PORTS = range(57_619, 57_624)
"""A panel answers to these ports; whoever asks sends from one of them."""

QUERY = bytes((0x64, 0, 0, 0, 0))
_REPLY = 0x65
_SHORTEST = 60
_FULL = 68
_TENTHS = frozenset({10, 35, 50, 62, 74, 88})
"""Products that count their firmware versions in tenths."""
_MODBUS = 502
_SERIAL, _PRODUCT, _UNIT, _ADDRESS = slice(4, 11, 2), 12, 14, slice(16, 23, 2)
_INSTANCE = (35, 34, 58, 57)
_NAME = slice(37, 57)
_MODE, _BACNET_PORT, _MINI_TYPE = 59, 60, 67


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a panel says of itself.

    `serial` is the only identity that lasts. `parent`: serial number of the panel it is behind, 0 for none.
    `needs_firmware`: it waits for firmware, and cannot be read. `mini_type`: its model, of newer firmware.
    """

    serial: int
    product_id: int
    unit_id: int
    host: str
    port: int = _MODBUS
    name: str = ""
    firmware: float = 0.0
    hardware: int = 0
    parent: int = 0
    panel_number: int = 0
    bacnet_instance: int = 0
    bacnet_port: int = 0
    needs_firmware: bool = False
    mini_type: int | None = None


def parse_reply(data: bytes) -> Announcement:
    """Raises BadFrameError when the bytes are no reply of a panel."""
    if len(data) < _SHORTEST or data[0] != _REPLY:
        raise BadFrameError(f"{len(data)} bytes, {data[:4].hex(' ')}...: no reply of a panel")
    product, firmware = data[_PRODUCT], _little(data, 26)
    return Announcement(
        serial=int.from_bytes(data[_SERIAL], "little"),
        product_id=product,
        unit_id=data[_UNIT],
        host=".".join(map(str, data[_ADDRESS])),
        port=_port(data),
        name=data[_NAME].split(b"\0", 1)[0].decode("utf-8", errors="replace").strip(),
        firmware=firmware / 10 if product in _TENTHS else float(firmware),
        hardware=_little(data, 28),
        parent=_parent(data[30:34]),
        panel_number=data[36],
        bacnet_instance=int.from_bytes(bytes(data[place] for place in _INSTANCE), "little"),
        bacnet_port=_little(data, _BACNET_PORT) if len(data) > _BACNET_PORT + 1 else 0,
        needs_firmware=data[_MODE] != 0,
        mini_type=data[_MINI_TYPE] if len(data) >= _FULL else None,
    )


def build_reply(said: Announcement) -> bytes:
    """The reply with which a panel says this."""
    reply = bytearray(_FULL)
    reply[0] = _REPLY
    reply[_SERIAL] = said.serial.to_bytes(4, "little")
    reply[_PRODUCT], reply[_UNIT] = said.product_id, said.unit_id
    reply[_ADDRESS] = bytes(map(int, said.host.split(".")))
    firmware = round(said.firmware * (10 if said.product_id in _TENTHS else 1))
    struct.pack_into("<HHH", reply, 24, said.port, firmware, said.hardware)
    reply[30:34] = said.parent.to_bytes(4, "little")
    reply[36] = said.panel_number
    reply[_NAME] = said.name.encode()[:20].ljust(20, b"\0")
    for place, byte in zip(_INSTANCE, said.bacnet_instance.to_bytes(4, "little"), strict=True):
        reply[place] = byte
    reply[_MODE] = said.needs_firmware
    struct.pack_into("<H", reply, _BACNET_PORT, said.bacnet_port)
    reply[_MINI_TYPE] = said.mini_type or 0
    return bytes(reply)


def _little(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 2], "little")


def _port(data: bytes) -> int:
    """Some firmware has its bytes the other way round, which the usual port shows."""
    port = _little(data, 24)
    return _MODBUS if int.from_bytes(data[24:26], "big") == _MODBUS else port or _MODBUS


def _parent(data: bytes) -> int:
    """Four equal bytes are a mistake of some firmware, not a serial number."""
    return 0 if len(set(data)) == 1 else int.from_bytes(data, "little")
