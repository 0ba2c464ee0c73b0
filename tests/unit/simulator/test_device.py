"""A simulated device at the level of requests and replies, without a socket."""

import struct
from collections.abc import Mapping, Sequence

import pytest

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.model.point import Table
from stripchart.simulator.device import SimulatedDevice, UnknownPointError
from stripchart.wire.pdu import multiple_write_request, read_request, single_write_request
from tests.unit.simulator.made import boiler


def words(device: SimulatedDevice, start: int, count: int = 1, function: int = 3) -> tuple[int, ...]:
    reply = device.answer(read_request(function, start, count))
    assert reply[:2] == bytes((function, 2 * count)), reply.hex(" ")
    return struct.unpack(f">{count}H", reply[2:])


class Recorder:
    """A behaviour that counts and remembers what it was told."""

    extra: Sequence[Block] = (Block(Table.HOLDING, 4000, 4002), Block(Table.COIL, 0, 20))

    def __init__(self) -> None:
        self.seconds = 0.0
        self.writes: list[tuple[Table, int, tuple[int, ...]]] = []
        self.points: dict[str, Value] = {}

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        return {"level": self.seconds}

    def written(self, table: Table, start: int, values: Sequence[int]) -> None:
        self.writes.append((table, start, tuple(values)))

    def told(self, key: str, value: Value) -> None:
        self.points[key] = value


def test_a_value_that_is_set_is_what_a_client_reads() -> None:
    device = SimulatedDevice(boiler(), 1)
    device.set("level", 51.3)
    device.set("temperature", -12)
    device.set("maker", "ACME")
    assert words(device, 10) == (513,)
    assert words(device, 12) == (0x10000 - 12,)
    assert words(device, 22, 4) == (0x4143, 0x4D45, 0, 0)
    assert device.read("level") == 51.3


def test_the_parts_of_a_register_do_not_disturb_each_other() -> None:
    device = SimulatedDevice(boiler(), 1)
    device.set("low_half", 0x12)
    device.set("high_half", 0x34)
    device.set("low_half", 0x56)
    assert words(device, 16) == (0x3456,)


def test_a_scale_factor_that_changes_moves_what_it_scales() -> None:
    device = SimulatedDevice(boiler(), 1)
    device.set("power", 120.0)
    device.set("power_sf", -1)
    assert words(device, 17, 2) == (1200, 0xFFFF)
    assert device.read("power") == 120.0


def test_an_input_is_scaled_as_its_kind_says() -> None:
    device = SimulatedDevice(boiler(), 1)
    device.set("input", 1)
    assert words(device, 19, 2) == (0, 1)
    device.set("is_analog", 1)
    assert words(device, 19, 2) == (0, 1000)


def test_bits_are_packed_from_the_lowest_bit() -> None:
    device = SimulatedDevice(boiler(), 1)
    device.set("lock", 1)
    device.set("hot", 1)
    assert device.answer(read_request(1, 3, 3)) == bytes((1, 1, 0b100))
    assert device.answer(read_request(2, 0, 1)) == bytes((2, 1, 1))


def test_a_gap_between_known_addresses_answers_nought() -> None:
    assert words(SimulatedDevice(boiler(), 1), 11) == (0,)


@pytest.mark.parametrize(("function", "start", "count"), [(3, 9, 1), (3, 25, 2), (4, 0, 1), (2, 1, 1), (1, 0, 4)])
def test_addresses_beyond_the_known_ones_are_refused(function: int, start: int, count: int) -> None:
    reply = SimulatedDevice(boiler(), 1).answer(read_request(function, start, count))
    assert reply == bytes((function | 0x80, 2))


def test_what_is_no_request_is_refused_by_its_own_code() -> None:
    device = SimulatedDevice(boiler(), 1)
    assert device.answer(bytes((0x2B, 14, 1, 0))) == bytes((0xAB, 1))
    assert device.answer(struct.pack(">BHH", 3, 0, 126)) == bytes((0x83, 3))
    assert device.answer(single_write_request(6, 5000, 1)) == bytes((0x86, 2))


def test_written_registers_are_read_back_and_become_the_truth() -> None:
    device = SimulatedDevice(boiler(), 1)
    assert device.answer(single_write_request(6, 10, 777)) == single_write_request(6, 10, 777)
    assert device.answer(multiple_write_request(16, 14, (0x41C8, 0))) == struct.pack(">BHH", 16, 14, 2)
    assert device.answer(single_write_request(5, 3, 1)) == struct.pack(">BHH", 5, 3, 0xFF00)
    assert device.answer(multiple_write_request(15, 3, (0, 0, 1))) == struct.pack(">BHH", 15, 3, 3)
    assert device.read("level") == pytest.approx(77.7)
    assert (device.read("flow"), device.read("run"), device.read("lock")) == (25.0, 0, 1)
    device.answer(single_write_request(6, 12, 32_766))
    assert device.read("temperature") is None


def test_a_behaviour_moves_the_values_and_hears_of_writes() -> None:
    behaviour = Recorder()
    device = SimulatedDevice(boiler(), 1, behaviour)
    device.advance(1.5)
    assert words(device, 10) == (15,)
    device.answer(single_write_request(5, 17, 1))
    device.answer(single_write_request(6, 4001, 900))
    device.answer(multiple_write_request(16, 14, (0x41C8, 0)))
    assert behaviour.writes == [
        (Table.COIL, 17, (1,)),
        (Table.HOLDING, 4001, (900,)),
        (Table.HOLDING, 14, (0x41C8, 0)),
    ]
    assert behaviour.points == {"flow": 25.0}
    assert words(device, 4000, 2) == (0, 900)


def test_a_value_set_by_hand_is_held_until_it_is_released() -> None:
    device = SimulatedDevice(boiler(), 1, Recorder())
    device.set("level", 99.9)
    device.advance(1)
    assert device.read("level") == 99.9
    device.release("level")
    device.advance(1)
    assert device.read("level") == 2


def test_a_point_that_the_profile_lacks_is_named_with_its_neighbours() -> None:
    device = SimulatedDevice(boiler(), 1)
    for ask in (device.read, device.release):
        with pytest.raises(UnknownPointError, match="profile made has no point 'levle'; near: level"):
            ask("levle")
    with pytest.raises(UnknownPointError):
        device.set("levle", 1)


def test_a_behaviour_that_moves_an_unknown_point_fails_when_the_device_is_made() -> None:
    class Wrong(Recorder):
        def advance(self, seconds: float) -> Mapping[str, Value]:
            return {"nonsense": 1}

    with pytest.raises(UnknownPointError, match="no point 'nonsense'"):
        SimulatedDevice(boiler(), 1, Wrong())
