"""What frames say is found among whatever else comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.wire import ascii as ascii_frames
from stripchart.wire import mbap, rtu
from stripchart.wire.spoken import Spoken, spoken_in

READ = bytes.fromhex("03 0005 0002")
FRAMINGS = {
    "tcp": lambda unit, body: mbap.build_frame(7, unit, body),
    "rtu_over_tcp": rtu.build_frame,
    "ascii": ascii_frames.build_frame,
}


@pytest.mark.parametrize("framing", FRAMINGS)
def test_a_request_names_its_addresses_a_reply_its_bytes_and_a_refusal_its_number(framing: str) -> None:
    build = FRAMINGS[framing]
    assert spoken_in(framing, build(4, READ), sent=True) == [Spoken(4, 3, 5, 6, None, 4)]
    reply = build(4, bytes.fromhex("03 04 0001 0002"))
    assert spoken_in(framing, reply, sent=False) == [Spoken(4, 3, None, None, None, 5)]
    assert spoken_in(framing, build(4, b"\x83\x02"), sent=False) == [Spoken(4, 3, None, None, 2, 0)]


def test_what_is_no_frame_is_counted() -> None:
    data = rtu.build_frame(4, READ) + b"\x55\xaa\x55"
    assert spoken_in("rtu", data, sent=True) == [Spoken(4, 3, 5, 6, None, 4), Spoken(None, None, None, None, None, 3)]


@given(st.sampled_from(["tcp", "rtu", "ascii"]), st.binary(max_size=300), st.booleans())
def test_every_byte_is_part_of_a_frame_or_counted(framing: str, data: bytes, sent: bool) -> None:
    said = spoken_in(framing, data, sent=sent)
    assert sum(each.size for each in said if each.unit_id is None) <= len(data)
    assert bool(said) is bool(data)
