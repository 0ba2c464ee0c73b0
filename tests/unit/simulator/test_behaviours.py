"""Every shipped profile alive: what is on the wire, decoded by the product, is true, valid and complete."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from stripchart.drivers.modbus.decode import Decoder
from stripchart.model.block import Block
from stripchart.model.point import DataType, Point, Table
from stripchart.model.profile import Profile
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours.choose import behaviour_of
from stripchart.simulator.behaviours.wander import Wander
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.image import spans
from stripchart.wire.pdu import multiple_write_request, read_request, single_write_request
from tests.unit.simulator.made import boiler

SHIPPED = ProfileLibrary.shipped()
FUNCTIONS = {Table.COIL: 1, Table.DISCRETE: 2, Table.HOLDING: 3, Table.INPUT: 4}
MOVE_S = 20.0
HOUR_MOVES = int(3600 / MOVE_S)


def living(profile: Profile, seed: int = 1) -> SimulatedDevice:
    return SimulatedDevice(profile, 1, behaviour_of(profile, seed=seed))


def words_of(device: SimulatedDevice, blocks: list[Block]) -> npt.NDArray[np.uint16]:
    """All words of the blocks, asked for as a client does."""
    parts = []
    for block in blocks:
        for start in range(block.start, block.end, 100):
            count = min(100, block.end - start)
            reply = device.answer(read_request(FUNCTIONS[block.table], start, count))
            assert reply[0] == FUNCTIONS[block.table], reply.hex(" ")
            if block.table.is_bits:
                parts.append(np.unpackbits(np.frombuffer(reply[2:], np.uint8), bitorder="little")[:count])
            else:
                parts.append(np.frombuffer(reply[2:], ">u2"))
    return np.concatenate(parts).astype(np.uint16)


def decoded(profile: Profile, device: SimulatedDevice) -> Iterator[tuple[Point, float]]:
    blocks = spans(profile.points)
    decoder = Decoder(profile.points, range(len(profile.points)), blocks)
    current = np.full(len(profile.points), np.nan)
    words = words_of(device, blocks)
    decoder.decode(words, current)
    values, _ = decoder.decode(words, current)
    for place, value in zip(decoder.positions, values, strict=True):
        yield profile.points[place], float(value)


def step_of(device: SimulatedDevice, point: Point) -> float:
    """The smallest difference the point's registers can show."""
    if point.type in {DataType.FLOAT32, DataType.FLOAT64}:
        truth = device.read(point.key)
        return abs(truth) * 1e-6 if isinstance(truth, float) else 0.0
    factor = device.read(point.scale_factor) if point.scale_factor else 0
    return abs(point.scale) * math.pow(10, float(factor or 0))


@pytest.mark.parametrize("key", SHIPPED.keys)
def test_what_is_on_the_wire_is_true_and_valid_for_an_hour(key: str) -> None:
    profile = SHIPPED.get(key)
    device = living(profile)
    for move in range(HOUR_MOVES):
        if move % 6 == 0:
            for point, value in decoded(profile, device):
                truth = device.read(point.key)
                assert (truth is None) == bool(np.isnan(value)), f"{point.key}: {truth} is read as {value}"
                if isinstance(truth, float):
                    assert value == pytest.approx(truth, abs=step_of(device, point) * 0.51), point.key
                if point.labels and truth is not None:
                    assert value in point.labels, f"{point.key} = {value}"
        device.advance(MOVE_S)


@pytest.mark.parametrize("key", SHIPPED.keys)
def test_counters_never_fall(key: str) -> None:
    profile = SHIPPED.get(key)
    device = living(profile)
    counters = [point.key for point in profile.points if point.counter]
    before = [device.read(counter) for counter in counters]
    for _ in range(HOUR_MOVES):
        device.advance(MOVE_S)
        now = [device.read(counter) for counter in counters]
        for counter, old, new in zip(counters, before, now, strict=True):
            assert isinstance(old, float)
            assert isinstance(new, float)
            assert new >= old, counter
        before = now


@pytest.mark.parametrize("key", SHIPPED.keys)
def test_a_device_is_alive_and_the_same_seed_gives_the_same_life(key: str) -> None:
    profile = SHIPPED.get(key)
    one, same = living(profile), living(profile)
    first = {point.key: one.read(point.key) for point in profile.points}
    for _ in range(30):
        one.advance(2)
        same.advance(2)
    later = {point.key: one.read(point.key) for point in profile.points}
    assert later != first
    assert later == {point.key: same.read(point.key) for point in profile.points}


def test_powers_of_the_genset_controller_are_sums_of_its_phases() -> None:
    device = living(SHIPPED.get("smartgen-hgm9520n"))
    for _ in range(HOUR_MOVES):
        device.advance(MOVE_S)
        for total, parts in (("power_total", "power"), ("reactive_total", "reactive")):
            words = {point.key: value for point, value in decoded(device.profile, device)}
            assert words[total] == pytest.approx(sum(words[f"{parts}_{letter}"] for letter in "abc"), abs=0.01)


def test_the_main_feeder_carries_the_sum_of_the_others() -> None:
    device = living(SHIPPED.get("sel-751-rtac"))
    device.advance(50)
    values = {point.key: value for point, value in decoded(device.profile, device)}
    assert values["main_p"] == pytest.approx(sum(values[f"feeder_{n}_p"] for n in range(1, 5)), abs=3)


@pytest.mark.parametrize(("place", "low", "high"), [(0, 20, 30), (1, 100, 110), (2, 50, 60), (3, 20, 30)])
def test_sensors_are_temperature_pressure_and_flow(place: int, low: float, high: float) -> None:
    profile = SHIPPED.get("ddms-sensor")
    device = SimulatedDevice(profile, 1, behaviour_of(profile, seed=1, place=place))
    for _ in range(500):
        device.advance(30)
        value = device.read("value")
        assert isinstance(value, float)
        assert low <= value <= high


def test_the_inverter_sleeps_at_night_and_works_by_day() -> None:
    device = living(SHIPPED.get("sunspec-inverter"))
    seen = set()
    for _ in range(720):
        device.advance(5)
        state, power = device.read("operating_state"), device.read("power")
        assert isinstance(power, float)
        seen.add(state)
        assert power > 0 or state != 4
        assert power == 0 or state == 4
    assert seen == {2, 3, 4, 6}
    assert device.read("manufacturer") == "Stripchart"


def test_a_warning_of_low_fuel_is_in_the_words_the_bits_and_the_count() -> None:
    device = living(SHIPPED.get("smartgen-hgm9520n"))
    for _ in range(2000):
        device.advance(10)
        if device.read("alarm_warning"):
            break
    words = {point.key: value for point, value in decoded(device.profile, device)}
    assert (words["alarm_common"], words["alarm_warning"], words["alarm_count"]) == (1, 1, 1)
    assert words["warning_alarms_3"] == 0b10
    assert int(words["status_word"]) & 0b111 == 0b101


def test_the_keys_of_a_genset_controller_are_coils() -> None:
    device = living(SHIPPED.get("smartgen-hgm9520n"))
    device.answer(single_write_request(5, 4, 1))
    device.advance(1)
    assert (device.read("mode_manual"), device.read("mode_auto")) == (1, 0)
    device.answer(single_write_request(5, 1, 1))
    device.advance(200)
    assert (device.read("mode_stop"), device.read("gen_status"), device.read("power_total")) == (1, 0, 0)
    device.answer(single_write_request(5, 4, 1))
    device.answer(single_write_request(5, 0, 1))
    device.advance(120)
    assert device.read("gen_status") == 9
    device.answer(single_write_request(6, 4368, 250))
    device.advance(60)
    assert device.read("power_total") == pytest.approx(40, abs=1)


def test_the_mains_controller_takes_set_points_and_clock() -> None:
    device = living(SHIPPED.get("smartgen-hgm9560"))
    device.answer(single_write_request(6, 4352, 200))
    device.answer(single_write_request(6, 227, 17))
    device.answer(single_write_request(6, 228, 99))
    device.advance(1)
    assert (device.read("set_p_pct"), device.read("clock_hour"), device.read("clock_day")) == (20, 17, 1)


def test_a_set_point_written_to_a_t3_warms_the_room() -> None:
    device = living(SHIPPED.get("temco-t3"))
    before = device.read("in1")
    device.answer(multiple_write_request(16, 8092, (0, 26_000)))
    for _ in range(360):
        device.advance(10)
    after = device.read("in1")
    assert device.read("var1") == 26
    assert isinstance(before, float)
    assert isinstance(after, float)
    assert after > before + 2


def test_an_unknown_profile_wanders_inside_its_ranges() -> None:
    device = SimulatedDevice(boiler(), 1, Wander(boiler(), 3))
    seen: dict[str, set[object]] = {}
    for _ in range(600):
        device.advance(10)
        for point in boiler().points:
            seen.setdefault(point.key, set()).add(device.read(point.key))
    assert all(isinstance(value, float) and 0 <= value <= 100 for value in seen["level"])
    assert len(seen["flow"]) > 100
    assert seen["run"] == {0.0, 1.0}
    assert seen["maker"] == {"MAKER"}
