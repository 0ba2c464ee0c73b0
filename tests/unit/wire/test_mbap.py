import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.wire import mbap
from stripchart.wire.errors import BadFrameError

PDU = st.binary(min_size=1, max_size=253)


@given(st.integers(0, 65_535), st.integers(0, 255), PDU, st.binary(max_size=20))
def test_a_frame_comes_back_as_it_was_built(transaction: int, unit: int, pdu: bytes, rest: bytes) -> None:
    frame = mbap.build_frame(transaction, unit, pdu)
    assert mbap.take_frame(frame + rest) == (transaction, unit, pdu, len(frame))


@given(PDU)
def test_a_frame_is_not_taken_before_its_last_byte(pdu: bytes) -> None:
    frame = mbap.build_frame(1, 1, pdu)
    for size in range(len(frame)):
        assert mbap.take_frame(frame[:size]) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_or_too_few_or_bad(data: bytes) -> None:
    try:
        taken = mbap.take_frame(data)
    except BadFrameError:
        taken = None
    assert taken is None or taken[3] <= len(data)


@pytest.mark.parametrize(
    "header", ["0001 0001 0006 01", "0001 0000 0001 01", "0001 0000 00ff 01", "0001 0000 0000 01"]
)
def test_a_header_that_is_none_is_an_error_and_not_waited_for(header: str) -> None:
    with pytest.raises(BadFrameError):
        mbap.take_frame(bytes.fromhex(header))
