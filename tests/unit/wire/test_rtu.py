from hypothesis import assume, given
from hypothesis import strategies as st

from stripchart.wire import pdu, rtu

UNIT = st.integers(1, 247)
WORDS = st.lists(st.integers(0, 65_535), min_size=1, max_size=125)
GARBAGE = st.binary(max_size=120)
REQUESTS = st.one_of(
    st.builds(pdu.read_request, st.sampled_from([1, 2, 3, 4]), st.integers(0, 60_000), st.integers(1, 125)),
    st.builds(pdu.single_write_request, st.sampled_from([5, 6]), st.integers(0, 65_535), st.integers(0, 65_535)),
    st.builds(
        pdu.multiple_write_request,
        st.just(16),
        st.integers(0, 60_000),
        st.lists(st.integers(0, 65_535), min_size=1, max_size=123),
    ),
    st.builds(
        pdu.multiple_write_request,
        st.just(15),
        st.integers(0, 60_000),
        st.lists(st.integers(0, 1), min_size=1, max_size=1968),
    ),
)


def reply_frame(unit: int, words: list[int]) -> bytes:
    return rtu.build_frame(unit, pdu.words_reply(3, words))


def broken(frame: bytes, place: int, flip: int) -> bytes:
    place %= len(frame)
    return frame[:place] + bytes((frame[place] ^ flip,)) + frame[place + 1 :]


@given(UNIT, WORDS, GARBAGE, GARBAGE)
def test_a_reply_is_found_behind_any_garbage(unit: int, words: list[int], before: bytes, after: bytes) -> None:
    frame = reply_frame(unit, words)
    assume(rtu.find_reply(before + frame[:-1], unit, bytes((3, 2 * len(words))), 2 * len(words) + 2) is None)
    found = rtu.find_reply(before + frame + after, unit, bytes((3, 2 * len(words))), 2 * len(words) + 2)
    assert found == rtu.Found(frame[1:-2], len(before), len(before) + len(frame))


@given(UNIT, WORDS, st.integers(0), st.integers(1, 255))
def test_a_reply_with_a_flipped_byte_is_never_found(unit: int, words: list[int], place: int, flip: int) -> None:
    frame = broken(reply_frame(unit, words), place, flip)
    assert rtu.find_reply(frame, unit, bytes((3, 2 * len(words))), 2 * len(words) + 2) is None


@given(UNIT, WORDS)
def test_a_reply_is_not_found_before_its_last_byte(unit: int, words: list[int]) -> None:
    frame = reply_frame(unit, words)
    for size in range(len(frame)):
        assert rtu.find_reply(frame[:size], unit, bytes((3, 2 * len(words))), 2 * len(words) + 2) is None


@given(st.binary(max_size=600), UNIT, st.sampled_from([1, 2, 3, 4]), st.integers(1, 250))
def test_any_bytes_are_searched_without_an_error(data: bytes, unit: int, function: int, byte_count: int) -> None:
    found = rtu.find_reply(data, unit, bytes((function, byte_count)), byte_count + 2)
    assert found is None or found.pdu[0] & 0x7F == function
    rtu.has_damaged_reply(data, unit, bytes((function, byte_count)), byte_count + 2)


def test_a_frame_of_another_unit_function_or_length_is_passed_over() -> None:
    wanted = reply_frame(7, [1, 2])
    others = reply_frame(8, [1, 2]) + reply_frame(7, [1, 2, 3]) + rtu.build_frame(7, pdu.words_reply(4, [1, 2]))
    found = rtu.find_reply(others + wanted, 7, bytes((3, 4)), 4 + 2)
    assert found is not None
    assert found.discarded == len(others)
    assert found.pdu == wanted[1:-2]


def test_an_exception_is_a_reply_of_five_bytes() -> None:
    frame = rtu.build_frame(7, pdu.exception_reply(3, 2))
    assert len(frame) == 5
    found = rtu.find_reply(b"\x00" + frame, 7, bytes((3, 20)), 20 + 2)
    assert found == rtu.Found(b"\x83\x02", 1, 6)


def test_the_first_of_two_replies_is_taken() -> None:
    refusal = rtu.build_frame(7, pdu.exception_reply(3, 2))
    found = rtu.find_reply(refusal + reply_frame(7, [5]), 7, bytes((3, 2)), 2 + 2)
    assert found is not None
    assert found.pdu == b"\x83\x02"
    found = rtu.find_reply(reply_frame(7, [5]) + refusal, 7, bytes((3, 2)), 2 + 2)
    assert found is not None
    assert found.pdu == b"\x03\x02\x00\x05"


def test_the_echo_of_the_request_is_no_reply() -> None:
    request = rtu.build_frame(1, pdu.read_request(3, 0x0400, 2))
    assert rtu.find_reply(request, 1, bytes((3, 4)), 4 + 2) is None


def test_a_damaged_reply_is_a_whole_one_for_us_with_a_wrong_checksum() -> None:
    frame = reply_frame(7, [1, 2])
    assert rtu.has_damaged_reply(frame[:-1] + b"\x00", 7, bytes((3, 4)), 4 + 2)
    assert not rtu.has_damaged_reply(frame[:-1], 7, bytes((3, 4)), 4 + 2)
    assert not rtu.has_damaged_reply(frame, 8, bytes((3, 4)), 4 + 2)
    assert not rtu.has_damaged_reply(b"", 7, bytes((3, 4)), 4 + 2)


@given(UNIT, REQUESTS, GARBAGE)
def test_a_request_is_taken_behind_any_garbage(unit: int, request: bytes, garbage: bytes) -> None:
    frame = rtu.build_frame(unit, request)
    assume(rtu.take_request(garbage + frame[:-1]) is None)
    assume(rtu.take_request(garbage) is None)
    assert rtu.take_request(garbage + frame) == (unit, request, len(garbage) + len(frame))


@given(UNIT, REQUESTS, st.integers(0), st.integers(1, 255))
def test_a_request_with_a_flipped_byte_is_never_taken(unit: int, request: bytes, place: int, flip: int) -> None:
    frame = rtu.build_frame(unit, request)
    assert rtu.take_request(broken(frame, place, flip)) != (unit, request, len(frame))


@given(st.lists(st.tuples(UNIT, REQUESTS), min_size=2, max_size=4))
def test_requests_are_taken_one_after_the_other(sent: list[tuple[int, bytes]]) -> None:
    buffer = b"".join(rtu.build_frame(unit, request) for unit, request in sent)
    taken = []
    while (one := rtu.take_request(buffer)) is not None:
        taken.append(one[:2])
        buffer = buffer[one[2] :]
    assert taken == sent


def test_a_request_of_another_function_is_taken_when_it_is_all_there_is() -> None:
    frame = rtu.build_frame(1, b"\x11")
    assert rtu.take_request(frame) == (1, b"\x11", 4)
    assert rtu.take_request(frame[:-1]) is None


@given(st.binary(max_size=600))
def test_any_bytes_hold_a_request_or_none(data: bytes) -> None:
    taken = rtu.take_request(data)
    assert taken is None or 4 <= taken[2] <= len(data)


def test_a_bytearray_is_searched_as_well() -> None:
    buffer = bytearray(b"\xff" + reply_frame(7, [1, 2]))
    found = rtu.find_reply(buffer, 7, bytes((3, 4)), 4 + 2)
    assert found is not None
    assert isinstance(found.pdu, bytes)
