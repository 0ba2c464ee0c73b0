"""Write requests: words and where they go, as the request that the profile wants. Pure."""

from collections.abc import Sequence

from stripchart.model.block import Block
from stripchart.model.command import Step
from stripchart.model.encode import encode_exactly, own_bits
from stripchart.model.point import Point, Table
from stripchart.model.wanted import low_word
from stripchart.wire import pdu

Request = tuple[Block, bytes]
"""What is written to, and the PDU."""


def words_for(point: Point, value: float | str, other: float | None, held: Sequence[int]) -> tuple[int, ...]:
    """The words that say the value; of a part of a register, with the rest as `held` has it. Raises EncodeError."""
    words = encode_exactly(point, value, other=other)
    if point.bit is None or point.table.is_bits:
        return words
    masks = own_bits(point)
    return tuple(old & ~mask | new for old, mask, new in zip(held, masks, words, strict=True))


def says(point: Point, words: Sequence[int], wanted: Sequence[int]) -> bool:
    """Whether the words that were read say what the wanted ones do; bits that are not the point's do not count."""
    masks = (1,) if point.table.is_bits else own_bits(point)
    return all(not (word ^ wish) & mask for word, wish, mask in zip(words, wanted, masks, strict=True))


def point_request(point: Point, words: Sequence[int]) -> Request:
    """The write of all the point's words, or of the low one alone where function 6 writes a longer value."""
    writable = point.writable
    address = point.address if writable is None or writable.address is None else writable.address
    function = writable.function if writable is not None else None
    if function is None:
        function = _assumed(point)
    if function == pdu.WRITE_SINGLE_REGISTER:
        address, words = address + low_word(point), [words[low_word(point)]]
    return _request(point.table, function, address, words)


def step_request(step: Step) -> Request:
    """The write of one coil or register."""
    function = pdu.WRITE_SINGLE_COIL if step.table.is_bits else pdu.WRITE_SINGLE_REGISTER
    return _request(step.table, function, step.address, [step.value])


def register_request(address: int, value: int) -> Request:
    """The write of one holding register."""
    return _request(Table.HOLDING, pdu.WRITE_SINGLE_REGISTER, address, [value])


def _assumed(point: Point) -> int:
    if point.table.is_bits:
        return pdu.WRITE_SINGLE_COIL
    return pdu.WRITE_SINGLE_REGISTER if point.registers == 1 else pdu.WRITE_MULTIPLE_REGISTERS


def _request(table: Table, function: int, address: int, values: Sequence[int]) -> Request:
    block = Block(table, address, address + len(values))
    if function in {pdu.WRITE_SINGLE_COIL, pdu.WRITE_SINGLE_REGISTER}:
        return block, pdu.single_write_request(function, address, values[0])
    return block, pdu.multiple_write_request(function, address, values)
