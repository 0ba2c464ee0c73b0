import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.wire import pdu
from stripchart.wire.errors import BadFrameError, IllegalRequestError
from stripchart.wire.pdu import Request

WORD = st.integers(0, 65_535)
REGISTER_READS = st.sampled_from([pdu.READ_HOLDING_REGISTERS, pdu.READ_INPUT_REGISTERS])
BIT_READS = st.sampled_from([pdu.READ_COILS, pdu.READ_DISCRETE_INPUTS])


@given(st.sampled_from([1, 2, 3, 4]), WORD, st.integers(1, 125))
def test_a_read_request_says_what_it_was_made_of(function: int, start: int, count: int) -> None:
    start = min(start, 65_536 - count)
    assert pdu.parse_request(pdu.read_request(function, start, count)) == Request(function, start, count)


def test_a_start_address_above_32767_is_unsigned() -> None:
    request = pdu.read_request(pdu.READ_HOLDING_REGISTERS, 40_000, 2)
    assert request == bytes.fromhex("039c400002")
    assert pdu.parse_request(request).start == 40_000


@pytest.mark.parametrize(("function", "most"), [(1, 2000), (2, 2000), (3, 125), (4, 125)])
def test_a_read_longer_than_the_protocol_allows_is_not_built(function: int, most: int) -> None:
    assert pdu.read_request(function, 0, most)
    for count in (0, most + 1):
        with pytest.raises(ValueError, match=f"allowed are 1 to {most}"):
            pdu.read_request(function, 0, count)


def test_a_read_beyond_the_last_address_is_not_built() -> None:
    assert pdu.read_request(3, 65_535, 1)
    with pytest.raises(ValueError, match="65535"):
        pdu.read_request(3, 65_535, 2)


@given(WORD, WORD)
def test_a_register_write_says_what_it_was_made_of(address: int, value: int) -> None:
    request = pdu.parse_request(pdu.single_write_request(6, address, value))
    assert request == Request(6, address, 1, (value,))
    assert pdu.write_reply(request) == pdu.single_write_request(6, address, value)


@given(WORD, st.booleans())
def test_a_coil_write_says_what_it_was_made_of(address: int, on: bool) -> None:
    request = pdu.parse_request(pdu.single_write_request(5, address, on))
    assert request == Request(5, address, 1, (int(on),))
    assert pdu.write_reply(request) == pdu.single_write_request(5, address, on)


@given(st.integers(0, 60_000), st.lists(WORD, min_size=1, max_size=123))
def test_a_write_of_registers_says_what_it_was_made_of(start: int, words: list[int]) -> None:
    request = pdu.parse_request(pdu.multiple_write_request(16, start, words))
    assert request == Request(16, start, len(words), tuple(words))
    assert pdu.write_reply(request) == b"\x10" + start.to_bytes(2, "big") + len(words).to_bytes(2, "big")


@given(st.integers(0, 60_000), st.lists(st.integers(0, 1), min_size=1, max_size=1968))
def test_a_write_of_coils_says_what_it_was_made_of(start: int, bits: list[int]) -> None:
    request = pdu.parse_request(pdu.multiple_write_request(15, start, bits))
    assert request == Request(15, start, len(bits), tuple(bits))


@pytest.mark.parametrize(("function", "most"), [(15, 1968), (16, 123)])
def test_a_write_of_too_many_values_is_not_built(function: int, most: int) -> None:
    with pytest.raises(ValueError, match=f"allowed are 1 to {most}"):
        pdu.multiple_write_request(function, 0, [0] * (most + 1))


@pytest.mark.parametrize(
    ("request_hex", "code"),
    [
        ("", 1),
        ("07", 1),
        ("2b0e0100", 1),
        ("0300000000", 3),
        ("030000007e", 3),
        ("01000007d1", 3),
        ("03ffff0002", 2),
        ("03000000", 3),
        ("0300000001ff", 3),
        ("0500001234", 3),
        ("0f0000000a02cd", 3),
        ("1000000002040001", 3),
        ("100000000203000100020000", 3),
        ("10fffe00030600010002000300", 2),
        ("100000007cf8", 3),
        ("1000000001", 3),
    ],
)
def test_an_illegal_request_has_the_exception_code_of_the_specification(request_hex: str, code: int) -> None:
    with pytest.raises(IllegalRequestError) as caught:
        pdu.parse_request(bytes.fromhex(request_hex))
    assert caught.value.code == code


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_have_an_exception_code(data: bytes) -> None:
    code = None
    try:
        request = pdu.parse_request(data)
    except IllegalRequestError as error:
        code = error.code
    if code is None:
        assert request.count >= 1
        assert request.start + request.count <= 65_536
    else:
        assert code in {1, 2, 3}


@given(REGISTER_READS, st.lists(WORD, min_size=1, max_size=125))
def test_words_come_back_from_a_reply(function: int, words: list[int]) -> None:
    data = pdu.reply_data(pdu.words_reply(function, words), function, len(words))
    assert [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)] == words


@given(BIT_READS, st.lists(st.integers(0, 1), min_size=1, max_size=2000))
def test_bits_come_back_from_a_reply(function: int, bits: list[int]) -> None:
    data = pdu.reply_data(pdu.bits_reply(function, bits), function, len(bits))
    assert list(pdu.unpack_bits(data, len(bits))) == bits


@given(st.binary(max_size=300), st.sampled_from([1, 2, 3, 4]), st.integers(1, 125))
def test_any_bytes_are_the_reply_or_a_bad_frame(data: bytes, function: int, count: int) -> None:
    try:
        taken = pdu.reply_data(data, function, count)
    except BadFrameError:
        return
    assert len(taken) == pdu.reply_bytes(function, count)


def test_an_exception_is_told_from_an_answer() -> None:
    assert pdu.exception_code(pdu.exception_reply(3, 2), 3) == 2
    assert pdu.exception_code(pdu.exception_reply(3, 2), 4) is None
    assert pdu.exception_code(pdu.words_reply(3, [1]), 3) is None
    assert pdu.exception_code(b"", 3) is None
