"""What cannot be kept is said before it is promised, with the cause and what would do."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.block import Block
from stripchart.model.device import parse_link
from stripchart.model.point import Table
from stripchart.model.profile import Condition, Pacing, ReadGroup
from stripchart.polling.feasibility import Load, PlannedRead, judge, load_of

TCP = parse_link("tcp://127.0.0.1:502")
BUS = parse_link("rtu:///dev/ttyUSB0?baudrate=9600")
QUICK = Pacing(timeout_s=0.5, retries=0)


def reads(*lengths: int, every: int = 1, when: Condition | None = None) -> PlannedRead:
    blocks = tuple(Block(Table.HOLDING, 200 * n, 200 * n + length) for n, length in enumerate(lengths))
    return PlannedRead(ReadGroup("fast", every, when), blocks)


def a_load(link: str, interval_s: float, *planned: PlannedRead, pacing: Pacing = QUICK, name: str = "d") -> Load:
    return load_of(name, interval_s, planned, pacing, parse_link(link))


def test_a_request_takes_as_long_as_its_characters_are_on_the_line() -> None:
    load = a_load(str(BUS), 1, reads(60))
    characters = 8 + 5 + 120
    assert load.cycle_s == pytest.approx(0.01 + characters * 10 / 9600 + 2 * 3.5 * 10 / 9600)
    assert a_load("ascii:///dev/ttyUSB0", 1, reads(60)).cycle_s > 1.8 * load.cycle_s
    assert a_load("tcp://h:502", 1, reads(60)).cycle_s == pytest.approx(0.01)


def test_pauses_and_slow_groups_and_conditions_count_as_they_come() -> None:
    pacing = Pacing(pause_after_send_s=0.03, pause_between_s=0.05, timeout_s=2, retries=2, pause_before_retry_s=0.5)
    alarms = Condition("alarm", 1)
    load = a_load("tcp://h", 10, reads(9, 9), reads(9, every=4), reads(9, 9, when=alarms), pacing=pacing)
    assert load.requests == 5
    assert load.paused_s == pytest.approx(0.4)
    assert load.cycle_s == pytest.approx(2.25 * 0.09)
    assert load.longest_s == pytest.approx(5 * 0.09)
    assert load.silent_s == pytest.approx(3 * 2 + 2 * 0.5)


def test_a_device_that_is_quick_enough_has_no_obstacle() -> None:
    found = judge(a_load("tcp://h", 1, reads(125, 125)), TCP, [])
    assert found.obstacles == ()
    assert found.shortest_interval_s == pytest.approx(0.1)


def test_a_bus_that_is_too_slow_for_the_interval_is_named_with_the_interval_that_would_do() -> None:
    load = a_load(str(BUS), 1, reads(*[100] * 12), pacing=Pacing(timeout_s=0.5, pause_between_s=0.1))
    found = judge(load, BUS, [])
    (obstacle,) = found.obstacles
    assert obstacle.field == "interval_s"
    assert "12 requests at 9600 baud" in obstacle.message
    assert "1.2 s of it pauses" in obstacle.message
    assert f"use an interval of {found.shortest_interval_s:g} s or more" in obstacle.message
    assert obstacle.code == "cycle_too_long"
    assert obstacle.facts["requests"] == 12
    assert obstacle.facts["baudrate"] == 9600
    assert obstacle.facts["shortest_s"] == found.shortest_interval_s
    assert judge(a_load(str(BUS), found.shortest_interval_s, reads(*[100] * 12)), BUS, []).obstacles == ()


def test_devices_that_need_more_than_all_of_their_link_s_time_are_counted() -> None:
    one = a_load(str(BUS), 1, reads(100, 100))
    found = judge(one, BUS, [a_load(str(BUS), 1, reads(100)) for _ in range(3)])
    (obstacle,) = found.obstacles
    assert "the 4 devices of this link need" in obstacle.message
    assert found.link_share == pytest.approx(2.5 * one.share)
    crowded = judge(one, BUS, [a_load(str(BUS), 1, reads(100)) for _ in range(9)])
    assert math.isinf(crowded.shortest_interval_s)
    assert "or more" not in crowded.obstacles[0].message
    assert crowded.obstacles[0].code == "link_overloaded"
    assert crowded.obstacles[0].facts["shortest_s"] is None


def test_a_device_whose_silence_others_would_have_to_wait_for_is_told() -> None:
    patient = a_load("tcp://h", 60, reads(10), pacing=Pacing(timeout_s=10))
    (obstacle,) = judge(patient, TCP, [a_load("tcp://h", 1, reads(10), name="G1")]).obstacles
    assert obstacle.field == "profile"
    assert "'G1'" in obstacle.message
    assert (obstacle.code, obstacle.facts["device"]) == ("silence_delays_others", "G1")
    assert judge(patient, TCP, [a_load("tcp://h", 30, reads(10))]).obstacles == ()
    assert judge(patient, TCP, []).obstacles == ()


@given(st.lists(st.integers(1, 125), min_size=1, max_size=40), st.integers(300, 115_200), st.floats(1, 3600))
def test_the_interval_that_would_do_does(lengths: list[int], baud: int, interval_s: float) -> None:
    bus = parse_link(f"rtu:///dev/ttyS0?baudrate={baud}")
    found = judge(load_of("d", interval_s, [reads(*lengths)], QUICK, bus), bus, [])
    again = judge(load_of("d", found.shortest_interval_s, [reads(*lengths)], QUICK, bus), bus, [])
    assert again.obstacles == ()
    assert (found.obstacles == ()) == (found.load.longest_s <= interval_s)
