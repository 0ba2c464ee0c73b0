"""Capture files: frames as a pcap file that Wireshark opens and decodes without being told how.

Frames with an MBAP header are put into a TCP (or UDP) conversation with port 502, whatever the port was. RTU frames
have no link type of their own; they are handed to Wireshark's Modbus RTU dissector by name, in the link type 252,
"Wireshark upper PDU". ASCII frames are written as the RTU frames they stand for; bytes that are no frame as data.
"""

import struct
from collections.abc import Iterable, Sequence
from enum import Enum
from ipaddress import IPv4Address

from stripchart.wire import ascii as ascii_frames
from stripchart.wire import rtu

Captured = tuple[int, bool, bytes]
"""UTC nanoseconds, whether we sent it, the bytes."""


class Wrapping(Enum):
    """What carries the frames in the file."""

    TCP = "tcp"
    UDP = "udp"
    RTU = "rtu"
    ASCII = "ascii"


_LINKTYPE_RAW_IP = 101
_LINKTYPE_UPPER_PDU = 252

_MAGIC_NANOSECONDS = 0xA1B23C4D
_SNAP_LENGTH = 262_144
_US, _THEM = IPv4Address("192.0.2.1").packed, IPv4Address("192.0.2.2").packed
"""Addresses for documentation (RFC 5737): the frames came through many hands, and the real ones say little."""
_OUR_PORT, _THEIR_PORT = 49_152, 502
_TAG_DISSECTOR, _TAG_SOURCE, _TAG_TARGET = 12, 20, 21
_TAG_PORT_TYPE, _TAG_SOURCE_PORT, _TAG_TARGET_PORT = 24, 25, 26
_PORT_TYPE_TCP = 2
_ACK_PUSH = 0x18


def pcap(frames: Sequence[Captured], wrapping: Wrapping) -> bytes:
    """The file. Nanosecond times; the oldest frame first."""
    link_type = _LINKTYPE_RAW_IP if wrapping in {Wrapping.TCP, Wrapping.UDP} else _LINKTYPE_UPPER_PDU
    parts = [struct.pack("<IHHiIII", _MAGIC_NANOSECONDS, 2, 4, 0, 0, _SNAP_LENGTH, link_type)]
    for at_ns, packet in _packets(frames, wrapping):
        seconds, rest_ns = divmod(at_ns, 1_000_000_000)
        parts.append(struct.pack("<IIII", seconds, rest_ns, len(packet), len(packet)) + packet)
    return b"".join(parts)


def _packets(frames: Sequence[Captured], wrapping: Wrapping) -> Iterable[tuple[int, bytes]]:
    match wrapping:
        case Wrapping.TCP:
            return _tcp_packets(frames)
        case Wrapping.UDP:
            return [(at_ns, _udp_packet(sent, data)) for at_ns, sent, data in frames]
        case Wrapping.RTU | Wrapping.ASCII:
            return _line_packets(frames, wrapping)


def _tcp_packets(frames: Sequence[Captured]) -> Iterable[tuple[int, bytes]]:
    """One conversation. Wireshark does not look at a piece that is shorter than a header, so pieces are joined."""
    ours = theirs = 1
    for at_ns, sent, data in _turns(frames):
        yield at_ns, _tcp_packet(sent, data, ours, theirs)
        if sent:
            ours = (ours + len(data)) & 0xFFFFFFFF
        else:
            theirs = (theirs + len(data)) & 0xFFFFFFFF


def _tcp_packet(sent: bool, data: bytes, ours: int, theirs: int) -> bytes:
    sequence, acknowledged = (ours, theirs) if sent else (theirs, ours)
    ports = (_OUR_PORT, _THEIR_PORT) if sent else (_THEIR_PORT, _OUR_PORT)
    head = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, 5 << 4, _ACK_PUSH, 65_535, 0, 0)
    return _ip_packet(sent, 6, head + data, checksum_at=16)


def _udp_packet(sent: bool, data: bytes) -> bytes:
    ports = (_OUR_PORT, _THEIR_PORT) if sent else (_THEIR_PORT, _OUR_PORT)
    return _ip_packet(sent, 17, struct.pack(">HHHH", *ports, 8 + len(data), 0) + data, checksum_at=6)


def _ip_packet(sent: bool, protocol: int, body: bytes, checksum_at: int) -> bytes:
    """An IPv4 packet; the checksum of the body goes to its place (RFC 793, RFC 768)."""
    source, target = (_US, _THEM) if sent else (_THEM, _US)
    pseudo = source + target + struct.pack(">BBH", 0, protocol, len(body))
    body = body[:checksum_at] + struct.pack(">H", _checksum(pseudo + body)) + body[checksum_at + 2 :]
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, 64, protocol, 0) + source + target
    return head[:10] + struct.pack(">H", _checksum(head)) + head[12:] + body


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    padded = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _line_packets(frames: Sequence[Captured], wrapping: Wrapping) -> Iterable[tuple[int, bytes]]:
    for at_ns, sent, data in _turns(frames):
        for is_frame, piece in _pieces(data, wrapping):
            yield at_ns, _exported("mbrtu" if is_frame else "data", sent, piece)


def _turns(frames: Sequence[Captured]) -> list[Captured]:
    """What came in pieces, as one; the time is that of the last piece, when it was whole."""
    turns: list[Captured] = []
    for frame in frames:
        if turns and not frame[1] and not turns[-1][1]:
            frame = (frame[0], False, turns.pop()[2] + frame[2])  # noqa: PLW2901
        turns.append(frame)
    return turns


def _pieces(data: bytes, wrapping: Wrapping) -> Iterable[tuple[bool, bytes]]:
    """The frames among the bytes, as RTU frames, and what lies between them."""
    coding = ascii_frames if wrapping is Wrapping.ASCII else rtu
    done = 0
    for start, end, frame in coding.frames_in(data):
        if start > done:
            yield False, data[done:start]
        yield True, rtu.build_frame(frame[0], frame[1:])
        done = end
    if done < len(data):
        yield False, data[done:]


def _exported(dissector: str, sent: bool, data: bytes) -> bytes:
    """Bytes for a dissector that is named, with addresses and ports that tell question from answer."""
    source, target = (_US, _THEM) if sent else (_THEM, _US)
    ports = (_OUR_PORT, _THEIR_PORT) if sent else (_THEIR_PORT, _OUR_PORT)
    name = dissector.encode().ljust((len(dissector) + 3) // 4 * 4, b"\0")
    tags = (
        (_TAG_DISSECTOR, name),
        (_TAG_SOURCE, source),
        (_TAG_TARGET, target),
        (_TAG_PORT_TYPE, struct.pack(">I", _PORT_TYPE_TCP)),
        (_TAG_SOURCE_PORT, struct.pack(">I", ports[0])),
        (_TAG_TARGET_PORT, struct.pack(">I", ports[1])),
    )
    return b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in tags) + bytes(4) + data
