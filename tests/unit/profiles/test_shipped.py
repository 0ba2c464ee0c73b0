"""The shipped profiles against the register tables they were made from."""

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from stripchart.drivers.modbus.plan import plan_points
from stripchart.model.point import (
    DataType,
    Needed,
    Order,
    Point,
    RawRange,
    ScaleWhen,
    Table,
    Texts,
    ValidRange,
    Writable,
)
from stripchart.model.profile import Condition, Profile
from stripchart.profiles.library import ProfileLibrary

KEYS = (
    "ddms-sensor",
    "eastron-sdm630",
    "sel-751-rtac",
    "smartgen-hgm9520n",
    "smartgen-hgm9560",
    "sunspec-inverter",
    "temco-t3",
)
ALARM_GROUPS = {
    "shutdown": 1,
    "trip_stop": 16,
    "trip": 31,
    "safety_trip_stop": 46,
    "safety_trip": 61,
    "block": 76,
    "warning": 91,
}


@cache
def profile(key: str) -> Profile:
    return ProfileLibrary.shipped().get(key)


def place(point: Point) -> tuple[int, DataType, float, str]:
    return point.address, point.type, point.scale, point.unit


def all_texts(profile: Profile) -> Iterator[Texts]:
    yield profile.name
    yield profile.description
    yield from profile.groups.values()
    for point in profile.points:
        yield point.name
        yield from point.labels.values()
        yield from point.bits.values()


def test_the_library_ships_these_profiles_without_a_mistake() -> None:
    library = ProfileLibrary.shipped()
    assert library.keys == KEYS
    assert library.problems == ()


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_profile_is_ready_to_be_polled(key: str) -> None:
    shipped = profile(key)
    assert 1 <= len(shipped.overview) <= 6
    assert all(shipped.point(name) for name in shipped.overview)
    for read in shipped.reads:
        assert plan_points([point for point in shipped.points if point.read == read], shipped.pacing)


@pytest.mark.parametrize("key", ["smartgen-hgm9520n", "smartgen-hgm9560"])
def test_every_text_of_the_smartgen_profiles_is_in_three_languages(key: str) -> None:
    for texts in all_texts(profile(key)):
        assert list(texts) == ["en", "zh", "ru"], texts
        assert all(text.strip() for text in texts.values())
        assert any("\u4e00" <= letter <= "\u9fff" for letter in texts["zh"]), texts
        assert any("а" <= letter.lower() <= "я" for letter in texts["ru"]), texts


@pytest.mark.parametrize("key", KEYS)
def test_names_are_unique_in_each_language(key: str) -> None:
    for language in ("en", "zh", "ru"):
        names = [(point.group, point.name[language]) for point in profile(key).points]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("key", "address", "type_", "scale", "unit"),
    [
        ("gen_uab", 140, "uint32", 0.1, "V"),
        ("gen_uca", 144, "uint32", 0.1, "V"),
        ("mains_ubc", 122, "uint32", 0.1, "V"),
        ("gen_freq", 155, "uint16", 0.01, "Hz"),
        ("mains_freq", 135, "uint16", 0.01, "Hz"),
        ("volt_diff", 156, "int16", 0.1, "V"),
        ("freq_diff", 157, "int16", 0.01, "Hz"),
        ("phase_diff", 158, "int16", 0.1, "°"),
        ("target_p_pct", 160, "int16", 0.1, "%"),
        ("current_earth", 169, "uint16", 0.1, "A"),
        ("power_a", 174, "int32", 0.1, "kW"),
        ("power_total", 180, "int32", 0.1, "kW"),
        ("reactive_total", 188, "int32", 0.1, "kvar"),
        ("pf_avg", 201, "int16", 0.001, ""),
        ("engine_speed", 212, "uint16", 1, "rpm"),
        ("battery_volt", 213, "uint16", 0.1, "V"),
        ("charger_volt", 214, "uint16", 0.1, "V"),
        ("coolant_temp", 220, "int16", 1, "°C"),
        ("oil_pressure", 222, "uint16", 1, "kPa"),
        ("fuel_level", 224, "uint16", 1, "%"),
        ("load_pct", 232, "int16", 1, "%"),
        ("oil_temp", 234, "int16", 1, "°C"),
        ("fuel_pressure", 236, "uint16", 1, "kPa"),
        ("turbo_pressure", 240, "uint16", 1, "kPa"),
        ("fuel_consumption", 241, "uint16", 0.1, "L/h"),
        ("gen_status", 260, "enum16", 1, ""),
        ("gen_switch", 264, "enum16", 1, ""),
        ("mains_switch", 268, "enum16", 1, ""),
        ("run_hours", 270, "uint16", 1, "h"),
        ("start_count", 273, "uint16", 1, ""),
        ("energy_kwh", 274, "uint32", 0.1, "kWh"),
        ("alarm_count", 511, "uint16", 1, ""),
    ],
)
def test_the_map_of_the_hgm9520n(key: str, address: int, type_: str, scale: float, unit: str) -> None:
    assert place(profile("smartgen-hgm9520n").point(key)) == (address, type_, scale, unit)


@pytest.mark.parametrize(
    ("key", "address", "type_", "scale", "unit"),
    [
        ("genset_status", 40, "enum16", 1, ""),
        ("indicator_mask", 43, "bitfield16", 1, ""),
        ("mains_uab", 55, "uint16", 1, "V"),
        ("mains_uc", 60, "uint16", 1, "V"),
        ("mains_freq", 64, "uint16", 0.01, "Hz"),
        ("busbar_uab", 75, "uint16", 1, "V"),
        ("busbar_freq", 84, "uint16", 0.01, "Hz"),
        ("mains_ia", 95, "uint16", 0.1, "A"),
        ("mains_p_a", 103, "int32", 0.1, "kW"),
        ("mains_total_p", 109, "int32", 0.1, "kW"),
        ("mains_q_c", 115, "int32", 0.1, "kvar"),
        ("mains_total_q", 117, "int32", 0.1, "kvar"),
        ("mains_pf_a", 127, "int16", 0.01, ""),
        ("mains_pf_avg", 130, "int16", 0.01, ""),
        ("busbar_current", 134, "uint16", 0.1, "A"),
        ("battery_volt", 142, "uint16", 0.1, "V"),
        ("busbar_p", 182, "int32", 0.1, "kW"),
        ("busbar_q", 184, "int32", 0.1, "kvar"),
        ("busbar_switch", 193, "enum16", 1, ""),
        ("mains_status", 195, "enum16", 1, ""),
        ("mains_switch", 197, "enum16", 1, ""),
        ("accum_kwh", 203, "int32", 0.1, "kWh"),
        ("accum_kvarh", 205, "int32", 0.1, "kvarh"),
        ("maint_hours", 211, "uint16", 1, "h"),
        ("clock_second", 225, "uint16", 1, ""),
        ("clock_weekday", 231, "uint16", 1, ""),
        ("bus_total_p", 235, "int32", 0.1, "kW"),
        ("start_count", 273, "uint16", 1, ""),
        ("load_mode", 4351, "enum16", 1, ""),
        ("set_p_pct", 4352, "uint16", 0.1, "%"),
        ("set_q_pct", 4354, "uint16", 0.1, "%"),
    ],
)
def test_the_map_of_the_hgm9560(key: str, address: int, type_: str, scale: float, unit: str) -> None:
    assert place(profile("smartgen-hgm9560").point(key)) == (address, type_, scale, unit)


@pytest.mark.parametrize("key", ["smartgen-hgm9520n", "smartgen-hgm9560"])
def test_smartgen_values_of_two_registers_have_their_low_word_first(key: str) -> None:
    wide = [point for point in profile(key).points if point.registers == 2]
    assert wide
    assert {(point.word_order, point.byte_order) for point in wide} == {(Order.LITTLE, Order.BIG)}
    assert not any(point.no_data for point in wide)


@pytest.mark.parametrize("key", ["smartgen-hgm9520n", "smartgen-hgm9560"])
def test_smartgen_no_data_spares_negative_values(key: str) -> None:
    signed = [point for point in profile(key).points if point.type is DataType.INT16]
    assert signed
    assert {point.no_data for point in signed} == {(RawRange(32000, 32767),)}


def test_smartgen_ranges_are_those_a_working_set_can_report() -> None:
    genset = profile("smartgen-hgm9520n")
    for key, low, high in (
        ("gen_uab", 0, 500),
        ("gen_freq", 0, 70),
        ("current_a", 0, 5000),
        ("power_total", -2000, 2000),
        ("engine_speed", 0, 5000),
        ("coolant_temp", -50, 200),
        ("oil_pressure", 0, 1000),
        ("battery_volt", 0, 60),
        ("fuel_level", 0, 100),
        ("load_pct", -50, 150),
    ):
        assert genset.point(key).valid == ValidRange(low, high)


@pytest.mark.parametrize(
    ("key", "bits"),
    [
        (
            "smartgen-hgm9520n",
            {
                "alarm_common": 0,
                "alarm_shutdown": 1,
                "alarm_warning": 2,
                "alarm_block": 7,
                "mode_test": 8,
                "mode_auto": 9,
            },
        ),
        (
            "smartgen-hgm9560",
            {"alarm_common": 0, "alarm_warning": 2, "alarm_trip_stop": 3, "mode_manual": 10, "mode_stop": 11},
        ),
    ],
)
def test_the_smartgen_status_word_is_read_whole_and_bit_by_bit(key: str, bits: Mapping[str, int]) -> None:
    found = profile(key)
    assert {name: found.point(name).bit for name in bits} == bits
    assert {found.point(name).address for name in bits} == {found.point("status_word").address} == {0}
    assert set(bits.values()) <= set(found.point("status_word").bits)


def test_the_alarm_tables_of_the_hgm9520n_are_seven_groups_of_six_words() -> None:
    found = profile("smartgen-hgm9520n")
    for group, start in ALARM_GROUPS.items():
        words = [found.point(f"{group}_alarms_{number}") for number in range(1, 7)]
        assert [word.address for word in words] == list(range(start, start + 6))
        assert all(bool(word.bits) != group.startswith("safety") for word in words)
        assert {word.read for word in words} == {"alarms"}
    assert found.point("warning_alarms_1").bits[15]["en"] == "ECU communication failure"
    assert found.point("trip_alarms_2").bits[8]["en"] == "High engine temperature"
    assert found.point("block_alarms_3").bits.keys() == {*range(8), *range(11, 16)}
    assert found.point("shutdown_alarms_4").bits[15]["en"] == "Mains under-voltage"
    assert found.point("shutdown_alarms_5").bits[13]["en"] == "MSC 2 communication failure"
    assert found.point("shutdown_alarms_6").bits[7]["en"] == "Digital input 8"


@pytest.mark.parametrize(
    ("key", "address", "bits"),
    [
        ("shutdown_alarms_1", 1, [10]),
        ("shutdown_alarms_2", 2, [1, 2, 3, 4]),
        ("shutdown_inputs", 8, range(8)),
        ("trip_stop_alarms_1", 12, [1, *range(4, 12)]),
        ("trip_stop_alarms_3", 14, [8, 9]),
        ("trip_alarms_1", 16, range(4, 12)),
        ("warning_alarms_1", 20, [0, 1, *range(4, 12)]),
        ("warning_alarms_2", 21, [2, 6, 7, 15]),
        ("indications", 24, [1]),
        ("mains_trip_alarms", 30, range(11)),
        ("mains_fault_alarms", 44, range(8)),
    ],
)
def test_the_alarm_words_of_the_hgm9560(key: str, address: int, bits: list[int] | range) -> None:
    word = profile("smartgen-hgm9560").point(key)
    assert (word.address, list(word.bits)) == (address, list(bits))


@pytest.mark.parametrize("key", ["smartgen-hgm9520n", "smartgen-hgm9560"])
def test_smartgen_alarm_words_are_read_only_while_the_common_alarm_is_set(key: str) -> None:
    found = profile(key)
    assert found.reads["alarms"].when == Condition("alarm_common", 1, otherwise=0)
    assert found.reads["slow"].every == 5
    assert found.point("run_hours").read == "slow"
    assert (found.interval_s, found.pacing.max_registers, found.pacing.max_gap) == (2, 40, 12)
    assert (found.pacing.pause_after_send_s, found.pacing.pause_between_s) == (0.03, 0.05)


def test_state_14_differs_between_the_two_smartgen_models() -> None:
    genset, mains = profile("smartgen-hgm9520n"), profile("smartgen-hgm9560")
    assert genset.point("gen_status").labels[14]["en"] == "After stop"
    assert genset.point("gen_status").labels[15]["en"] == "Stop failure"
    assert mains.point("genset_status").labels[14]["en"] == "Stop failure"
    assert 15 not in mains.point("genset_status").labels
    assert mains.point("busbar_switch").labels[3]["ru"] == "Включён"
    assert mains.point("mains_status").labels.keys() == {0, 1, 2, 3}


def test_the_set_points_of_the_hgm9520n_are_written_where_they_cannot_be_read() -> None:
    genset = profile("smartgen-hgm9520n")
    assert {point.key for point in genset.points if point.writable} == {"target_p_pct", "target_q_pct"}
    assert genset.point("target_p_pct").writable == Writable(0, 100, 6, address=4368, verify_s=10)
    assert genset.point("target_q_pct").writable == Writable(0, 100, 6, address=4370, verify_s=10)


def test_only_set_points_and_the_clock_of_the_hgm9560_may_be_written() -> None:
    mains = profile("smartgen-hgm9560")
    writable = {point.key for point in mains.points if point.writable}
    assert {key for key in writable if not key.startswith("clock_")} == {"load_mode", "set_p_pct", "set_q_pct"}
    assert mains.point("set_p_pct").writable == Writable(0, 100, 6, unlock=(199, 318))


COILS = {
    "smartgen-hgm9520n": {
        "start": [0], "stop": [1], "auto": [3], "manual": [4], "mains_breaker": [5], "gen_close": [6],
        "gen_open": [7], "mute": [12], "fast_stop": [15], "reset": [12, 17], "reset_and_stop": [4, 17, 1],
    },
    "smartgen-hgm9560": {
        "start": [0], "stop": [1], "auto": [3], "manual": [4], "mains_breaker": [5], "busbar_breaker": [6],
        "mute": [12], "fast_stop": [15], "reset": [12, 17], "reset_and_stop": [4, 17, 1],
    },
}  # fmt: skip


@pytest.mark.parametrize("key", COILS)
def test_the_keys_of_smartgen_panels_are_pressed_for_600_ms_and_let_go(key: str) -> None:
    commands = profile(key).commands
    assert {name: [step.address for step in command.steps if step.value] for name, command in commands.items()} == (
        COILS[key]
    )
    for command in commands.values():
        assert {step.table for step in command.steps} == {Table.COIL}
        assert [step.value for step in command.steps] == [0, 1, 0] * len(COILS[key][command.key])
        assert all(step.wait_s == 0.6 for step in command.steps if step.value)
        assert [step.ends_pulse for step in command.steps] == [False, False, True] * len(COILS[key][command.key])
        assert set(command.name) == {"en", "zh", "ru"}
        assert command.confirm or command.key == "mute"
    assert commands["start"].needs == Needed("mode_manual", 1)


def test_t3_values_are_written_as_the_firmware_wants_them() -> None:
    t3 = profile("temco-t3")
    variable, output = t3.point("var128").writable, t3.point("out64").writable
    assert variable is not None
    assert output is not None
    assert (variable.function, variable.needs, variable.rescaled) == (16, Needed("var128_manual", 1), (0, 1))
    assert (output.function, output.needs) == (6, Needed("out64_switch", 1))
    assert (output.low, output.high) == (0, 65.535)
    places = {"in64_manual": 7931, "out64_manual": 7419, "out64_switch": 7291, "var128_manual": 8475}
    assert {key: t3.point(key).address for key in places} == places
    assert not t3.point("out64_switch").writable
    written = {point.address + each for point in t3.points if point.writable for each in range(point.registers)}
    assert not written & {16, 33}


def test_the_five_feeders_of_the_rtac_take_one_request() -> None:
    relay = profile("sel-751-rtac")
    assert len(plan_points(relay.points, relay.pacing)) == 1
    for number, feeder in enumerate(("main", "feeder_1", "feeder_2", "feeder_3", "feeder_4")):
        start = 1400 + 20 * number
        assert place(relay.point(f"{feeder}_freq")) == (start, "uint16", 0.01, "Hz")
        assert place(relay.point(f"{feeder}_in")) == (start + 6, "int16", 0.01, "A")
        assert place(relay.point(f"{feeder}_p")) == (start + 7, "int16", 1, "W")
        assert place(relay.point(f"{feeder}_pf")) == (start + 8, "int16", 0.001, "")
        assert place(relay.point(f"{feeder}_s")) == (start + 10, "int16", 1, "VA")
        assert place(relay.point(f"{feeder}_vs")) == (start + 15, "uint16", 0.1, "V")
        assert relay.point(f"{feeder}_q").group == feeder


@pytest.mark.parametrize(
    ("name", "count", "value", "flag", "flag_bit", "range_code"),
    [("out", 64, 7100, 7420, 0, 7292), ("in", 64, 7484, 7804, 8, 7804), ("var", 128, 8092, 8660, 0, 8532)],
)
def test_t3_points_are_thousandths_unless_digital(
    name: str, count: int, value: int, flag: int, flag_bit: int, range_code: int
) -> None:
    t3 = profile("temco-t3")
    for number in (1, 2, count):
        point = t3.point(f"{name}{number}")
        assert place(point) == (value + 2 * (number - 1), "int32", 0.001, "")
        assert (point.word_order, point.decimals) == (Order.BIG, 3)
        assert point.scale_when == ScaleWhen(f"{name}{number}_analog", 0, 1)
        kind = t3.point(f"{name}{number}_analog")
        assert (kind.address, kind.type, kind.bit, kind.read) == (flag + number - 1, "bool", flag_bit, "slow")
        assert t3.point(f"{name}{number}_range").address == range_code + number - 1
    with pytest.raises(KeyError):
        t3.point(f"{name}{count + 1}")


def test_the_kinds_of_t3_points_are_read_before_the_values_they_scale() -> None:
    assert list(profile("temco-t3").reads) == ["identity", "capacities", "slow", "fast"]
    assert profile("temco-t3").leading == {"identity", "capacities"}
    assert list(profile("smartgen-hgm9520n").reads) == ["fast", "slow", "alarms"]


def test_a_t3_is_scanned_in_seven_requests_of_at_most_100_registers() -> None:
    t3 = profile("temco-t3")
    blocks = plan_points([point for point in t3.points if point.read == "fast"], t3.pacing)
    assert len(blocks) == 7
    assert max(len(block) for block in blocks) <= 100
    code = t3.point("in64_range")
    assert (code.bit, code.bit_count) == (0, 8)


def test_the_sensor_is_one_float_with_its_high_word_first() -> None:
    (point,) = profile("ddms-sensor").points
    assert (point.key, point.table, point.address, point.type) == ("value", Table.HOLDING, 0, DataType.FLOAT32)
    assert (point.word_order, point.unit) == (Order.BIG, "")


@pytest.mark.parametrize(
    ("key", "address", "unit"),
    [
        ("voltage_l1", 0, "V"),
        ("voltage_l3", 4, "V"),
        ("current_l1", 6, "A"),
        ("power_l1", 12, "W"),
        ("apparent_l1", 18, "VA"),
        ("reactive_l1", 24, "var"),
        ("pf_l1", 30, ""),
        ("total_power", 52, "W"),
        ("total_pf", 62, ""),
        ("frequency", 70, "Hz"),
        ("import_energy", 72, "kWh"),
        ("export_energy", 74, "kWh"),
        ("voltage_l1_l2", 200, "V"),
        ("total_energy", 342, "kWh"),
    ],
)
def test_the_map_of_the_sdm630(key: str, address: int, unit: str) -> None:
    point = profile("eastron-sdm630").point(key)
    assert place(point) == (address, "float32", 1, unit)
    assert (point.table, point.word_order) == (Table.INPUT, Order.BIG)


@pytest.mark.parametrize(
    ("key", "address", "type_", "factor"),
    [
        ("current", 40071, "uint16", "a_sf"),
        ("voltage_a", 40079, "uint16", "v_sf"),
        ("power", 40083, "int16", "w_sf"),
        ("frequency", 40085, "uint16", "hz_sf"),
        ("energy", 40093, "uint32", "wh_sf"),
        ("dc_power", 40100, "int16", "dcw_sf"),
        ("temperature_sink", 40103, "int16", "tmp_sf"),
    ],
)
def test_sunspec_values_have_the_factor_of_their_block(key: str, address: int, type_: str, factor: str) -> None:
    inverter = profile("sunspec-inverter")
    point = inverter.point(key)
    assert (point.address, point.type, point.scale_factor, point.decimals) == (address, type_, factor, None)
    assert inverter.point(factor).read == point.read
    assert inverter.point(factor).group == "scale_factors"


def test_a_sunspec_inverter_says_what_it_lacks() -> None:
    inverter = profile("sunspec-inverter")
    assert inverter.point("current_b").no_data == (RawRange(0xFFFF, 0xFFFF),)
    assert inverter.point("power").no_data == (RawRange(-0x8000, -0x8000),)
    assert inverter.point("w_sf").no_data == (RawRange(-0x8000, -0x8000),)
    assert inverter.point("events").no_data == (RawRange(0x80000000, 0xFFFFFFFF),)
    assert inverter.point("operating_state").labels[4]["en"] == "Maximum power point tracking"
    manufacturer = inverter.point("manufacturer")
    assert (manufacturer.address, manufacturer.registers, manufacturer.type) == (40004, 16, DataType.STRING)
    mark = int.from_bytes(b"SunS")
    assert inverter.point("sunspec_id").valid == ValidRange(mark, mark)
    values = [point for point in inverter.points if point.read == "fast"]
    assert len(plan_points(values, inverter.pacing)) == 1
