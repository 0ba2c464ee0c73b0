"""What the fields of a point become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.point import (
    Counter,
    DataType,
    Order,
    RawRange,
    RecordMode,
    RecordRule,
    ScaleWhen,
    Table,
    ValidRange,
    Writable,
)
from stripchart.model.profile import Condition, Pacing, ReadGroup
from stripchart.profiles.build import decimals_of
from stripchart.profiles.load import parse_profile
from stripchart.profiles.raw import raw_limits
from tests.unit.profiles.texts import load, load_point, profile_text

DIGITS = {Table.COIL: "0", Table.DISCRETE: "1", Table.INPUT: "3", Table.HOLDING: "4"}


def test_a_bare_point_is_an_unsigned_holding_register_read_in_each_cycle() -> None:
    point = load_point("address: 7")
    assert (point.table, point.address, point.type, point.registers) == (Table.HOLDING, 7, DataType.UINT16, 1)
    assert (point.byte_order, point.word_order, point.scale, point.offset) == (Order.BIG, Order.BIG, 1, 0)
    assert (point.group, point.read, point.record, point.writable) == ("values", "fast", RecordRule(), None)
    assert point.name == {"en": "A"}


def test_a_point_in_a_bit_table_is_a_bool() -> None:
    point = load_point("address: 3, table: coil, labels: {0: Off, 1: On}, writable: true")
    assert (point.type, point.registers, point.bit) == (DataType.BOOL, 1, None)
    assert point.labels == {0: {"en": "Off"}, 1: {"en": "On"}}
    assert point.writable == Writable()


@pytest.mark.parametrize(
    ("reference", "table", "address"),
    [
        ("40121", Table.HOLDING, 120),
        ("400121", Table.HOLDING, 120),
        ("'300001'", Table.INPUT, 0),
        ("10017", Table.DISCRETE, 16),
        ("00017", Table.COIL, 16),
        ("'00017'", Table.COIL, 16),
        ("465536", Table.HOLDING, 65535),
    ],
)
def test_the_notation_of_manuals_gives_table_and_address(reference: str, table: Table, address: int) -> None:
    point = load_point(f"reference: {reference}")
    assert (point.table, point.address) == (table, address)


@given(table=st.sampled_from(Table), address=st.integers(0, 65_535), has_six_digits=st.booleans())
def test_every_reference_leads_to_its_address(table: Table, address: int, has_six_digits: bool) -> None:
    digits = 5 if has_six_digits or address >= 9999 else 4
    point = load_point(f"reference: '{DIGITS[table]}{address + 1:0{digits}d}'")
    assert (point.table, point.address) == (table, address)


def test_a_reference_wins_over_a_default_table() -> None:
    assert load_point("reference: 40001", head="defaults: {table: input}\n").table is Table.HOLDING


@pytest.mark.parametrize(
    ("fields", "decimals"),
    [
        ("scale: 0.1", 1),
        ("scale: 0.001", 3),
        ("scale: 0.25", 2),
        ("scale: 10", 0),
        ("scale: 1e-9", 6),
        ("offset: 0.5", 1),
        ("scale: 0.1, decimals: 3", 3),
        ("type: float32", None),
        ("type: float32, scale: 0.1", 1),
        ("type: bool, bit: 0", None),
        ("scale_factor: b", None),
        ("scale: 1, scale_when: {point: b, equals: 0, scale: 0.01}", 2),
    ],
)
def test_decimals_follow_the_scale_unless_given(fields: str, decimals: int | None) -> None:
    point = load(f"{{key: a, name: A, address: 0, {fields}}}", "{key: b, name: B, address: 9}").points[0]
    assert point.decimals == decimals


@given(st.integers(0, 9), st.integers(1, 9))
def test_a_decimal_step_has_as_many_decimals_as_it_is_written_with(places: int, digit: int) -> None:
    assert decimals_of(float(f"{digit}e-{places}")) == places


def test_no_data_holds_values_and_ranges_with_open_ends() -> None:
    point = load_point("address: 0, type: int16, no_data: [-0x8000, [32000, null], [null, -32000]]")
    assert point.no_data == (RawRange(-32768, -32768), RawRange(32000, 32767), RawRange(-32768, -32000))


def test_a_no_data_default_is_cut_to_the_type_and_reaches_numbers_only() -> None:
    profile = load(
        "{key: a, name: A, address: 0, type: int16}",
        "{key: b, name: B, address: 0}",
        "{key: c, name: C, address: 0, type: bitfield16}",
        "{key: d, name: D, address: 0, no_data: []}",
        "{key: e, name: E, address: 0, type: bcd16}",
        head="defaults: {no_data: [[32000, 65535]]}\n",
    )
    assert [point.no_data for point in profile.points] == [
        (RawRange(32000, 32767),),
        (RawRange(32000, 65535),),
        (),
        (),
        (),
    ]


def test_a_bit_field_may_have_no_data_of_its_own() -> None:
    point = load_point("address: 0, type: bitfield32, no_data: [[0x80000000, null]]")
    assert point.no_data == (RawRange(2**31, 2**32 - 1),)


@given(type_=st.sampled_from([each for each in DataType if each.value.startswith(("int", "uint", "bcd"))]))
def test_limits_of_a_type_are_its_own(type_: DataType) -> None:
    low, high = raw_limits(type_)
    count = 10 ** (type_.registers * 4) if type_.value.startswith("bcd") else 2 ** (type_.registers * 16)
    assert high - low == count - 1


def test_a_default_that_does_not_fit_a_type_is_left_out() -> None:
    point = load_point("address: 0, type: bool, bit: 3", head="defaults: {scale: 0.1, unit: V, valid: [0, 9]}\n")
    assert (point.scale, point.unit, point.valid) == (1.0, "", None)


def test_the_nearest_default_wins_and_the_point_itself_wins_over_all() -> None:
    profile = load(
        "{key: a, name: A, address: 0}",
        "{defaults: {unit: kV}, points: [{key: b, name: B, address: 1}, {key: c, name: C, address: 2, unit: mV}]}",
        head="defaults: {unit: V, scale: 0.1}\n",
    )
    assert [(point.unit, point.scale) for point in profile.points] == [("V", 0.1), ("kV", 0.1), ("mV", 0.1)]


def test_short_and_long_forms_of_rules() -> None:
    profile = load(
        "{key: a, name: A, address: 0, counter: true, record: on_change}",
        "{key: b, name: B, address: 0, counter: {rollover: 1000}, record: {deadband: 0.5, heartbeat_s: 60}}",
        "{key: c, name: C, address: 0, counter: false, writable: false, valid: [null, 5]}",
        "{key: d, name: D, address: 0, writable: {low: 1, high: 2, function: 6}, valid: [null, null]}",
        "{key: e, name: E, address: 0, type: int32, scale: 0.001, scale_when: {point: a, equals: 0, scale: 1}}",
    )
    a, b, c, d, e = profile.points
    assert (a.counter, a.record) == (Counter(), RecordRule(RecordMode.ON_CHANGE))
    assert (b.counter, b.record) == (Counter(1000), RecordRule(RecordMode.EVERY_POLL, 0.5, 60))
    assert (c.counter, c.writable, c.valid) == (None, None, ValidRange(None, 5))
    assert (d.writable, d.valid) == (Writable(1, 2, 6), None)
    assert e.scale_when == ScaleWhen("a", 0, 1)


def test_the_profile_has_what_was_written() -> None:
    profile = load(
        "{key: a, name: A, address: 0, type: bool, bit: 0}",
        "{key: b, name: B, address: 1, read: alarms}",
        head=(
            "maker: M\ninterval_s: 2\nunit_id: 7\npacing: {max_registers: 40, timeout_s: 0.5}\noverview: [b]\n"
            "reads: {slow: {every: 5}, alarms: {when: {point: a, equals: 1, otherwise: 0}}}\n"
        ),
    )
    assert (profile.key, profile.kind, profile.maker, profile.interval_s, profile.unit_id) == ("p", "k", "M", 2, 7)
    assert profile.pacing == Pacing(max_registers=40, timeout_s=0.5)
    assert list(profile.reads.values()) == [
        ReadGroup("fast"),
        ReadGroup("slow", 5),
        ReadGroup("alarms", 1, Condition("a", 1, 0)),
    ]
    assert profile.overview == ("b",)


def test_what_a_profile_says_nothing_about_is_paced_as_the_collector_is_set() -> None:
    text = profile_text("{key: a, name: A, address: 0}", head="pacing: {retries: 0}\n")
    pacing = parse_profile(text, "f.yaml", Pacing(timeout_s=3.0, retries=5)).pacing
    assert (pacing.timeout_s, pacing.retries) == (3.0, 0)


def test_a_deadband_can_be_a_percent_of_the_valid_range() -> None:
    point = load_point("address: 0, valid: [-50, 150], record: {mode: on_change, deadband_percent: 0.5}")
    assert point.record == RecordRule(RecordMode.ON_CHANGE, deadband=1.0)


def test_a_counter_has_a_rollover_and_a_greatest_rate() -> None:
    point = load_point("address: 0, type: uint32, counter: {rollover: 1000000, max_per_hour: 250}")
    assert point.counter == Counter(rollover=1_000_000, max_per_hour=250)
