import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.wire.errors import BadFrameError
from stripchart.wire.t3_discovery import Announcement, build_reply, parse_reply

BYTE = st.integers(0, 255)
WORD = st.integers(0, 65_535)
UNLIKE_A_MISTAKE = st.integers(0, (1 << 32) - 1).filter(lambda serial: len(set(serial.to_bytes(4, "little"))) > 1)
ANNOUNCEMENTS = st.builds(
    Announcement,
    serial=st.integers(0, (1 << 32) - 1),
    product_id=st.sampled_from([9, 10, 35, 74, 88]),
    unit_id=BYTE,
    host=st.tuples(BYTE, BYTE, BYTE, BYTE).map(lambda parts: ".".join(map(str, parts))),
    port=st.integers(1, 65_535).filter(lambda port: port != 0xF601),
    name=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20),
    firmware=st.integers(0, 999).map(float),
    hardware=WORD,
    parent=UNLIKE_A_MISTAKE,
    panel_number=BYTE,
    bacnet_instance=st.integers(0, (1 << 32) - 1),
    bacnet_port=WORD,
    needs_firmware=st.booleans(),
    mini_type=BYTE,
)


@given(said=ANNOUNCEMENTS)
def test_what_a_panel_says_is_understood(said: Announcement) -> None:
    assert parse_reply(build_reply(said)) == said


@given(data=st.binary(max_size=120))
def test_anything_else_is_refused_or_read_but_never_a_crash(data: bytes) -> None:
    try:
        said = parse_reply(data)
    except BadFrameError:
        return
    assert data[0] == 0x65
    assert 0 <= said.serial < 1 << 32


def test_a_reply_lies_as_the_panels_lay_it() -> None:
    """Byte by byte, from the description of the packet; an older firmware ends before the model."""
    reply = bytearray(62)
    reply[0] = 0x65
    reply[4], reply[6], reply[8], reply[10] = 0x78, 0x56, 0x34, 0x12
    reply[12], reply[14] = 74, 3
    reply[16], reply[18], reply[20], reply[22] = 192, 168, 1, 20
    reply[24:26] = (1502).to_bytes(2, "little")
    reply[26:28] = (64).to_bytes(2, "little")
    reply[30:34] = bytes((7, 7, 7, 7))
    reply[34], reply[35] = 0x02, 0x01
    reply[36] = 5
    reply[37:45] = b"Boilers\0"
    said = parse_reply(bytes(reply))
    assert (said.serial, said.product_id, said.unit_id) == (0x12345678, 74, 3)
    assert (said.host, said.port, said.firmware) == ("192.168.1.20", 1502, 6.4)
    assert (said.parent, said.panel_number, said.name, said.mini_type) == (0, 5, "Boilers", None)
    assert said.bacnet_instance == 0x0201
    assert not said.needs_firmware


@pytest.mark.parametrize("port", [bytes((0x01, 0xF6)), bytes((0xF6, 0x01)), bytes(2)])
def test_the_usual_port_is_known_whichever_way_round_it_is_sent(port: bytes) -> None:
    reply = bytearray(build_reply(Announcement(1, 88, 1, "10.0.0.1")))
    reply[24:26] = port
    assert parse_reply(bytes(reply)).port == 502
