"""A driver reads around what its device refuses, in the same cycle, and goes on from what it knows."""

from collections.abc import Sequence

import numpy as np
import pytest

from stripchart.drivers.base import DriverError, LinkDownError, NoAnswerError, RefusedError
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.model.block import Block
from stripchart.model.limits import Limits
from stripchart.model.point import DataType, Point, Table
from stripchart.model.profile import Pacing, Profile, ReadGroup
from stripchart.model.quality import Quality
from tests.unit.drivers.units import HiddenUnit


class SteppedClock:
    """Time that passes by itself, so much with each look at it."""

    def __init__(self, step_s: float = 0.0) -> None:
        self.step_s, self.seconds = step_s, 1_000.0

    def now_ms(self) -> int:
        return int(self.seconds * 1000)

    def monotonic_ns(self) -> int:
        self.seconds += self.step_s
        return int(self.seconds * 1e9)


class HiddenLink:
    """Registers hold their own address; what the unit does not read ends with the error."""

    def __init__(self, unit: HiddenUnit, error: type[DriverError] = RefusedError, code: int = 2) -> None:
        self.unit, self.error, self.code = unit, error, code
        self.asked: list[Block] = []
        self.pacings: list[Pacing] = []

    async def read(self, unit_id: int, block: Block, pacing: Pacing) -> Words:
        self.asked.append(block)
        self.pacings.append(pacing)
        if self.unit.reads(block):
            return np.array([a if a < 100 else 0x4100 + a for a in range(block.start, block.end)], np.uint16)
        raise RefusedError(unit_id, block, self.code) if self.error is RefusedError else self.error("no reply")


def a_driver(
    link: HiddenLink,
    addresses: Sequence[int],
    *,
    clock: SteppedClock | None = None,
    texts: Sequence[int] = (),
    reads: Sequence[ReadGroup] = (ReadGroup("fast"),),
) -> ModbusDriver:
    name = {"en": "x"}
    points = [
        Point(key=f"p{a}", name=name, table=Table.HOLDING, address=a, type=DataType.UINT16, read=reads[-1].name)
        for a in addresses
    ]
    points += [
        Point(key=f"t{a}", name=name, table=Table.HOLDING, address=a, type=DataType.STRING, read=reads[-1].name)
        for a in texts
    ]
    pacing = Pacing(retries=0, timeout_s=0.001, pause_before_retry_s=0.0)
    profile = Profile(
        key="hidden",
        name=name,
        kind="meter",
        pacing=pacing,
        points=tuple(points),
        reads={group.name: group for group in reads},
    )

    async def release() -> None:
        return None

    ids = np.arange(len(points), dtype=np.int32)
    return ModbusDriver(link, 1, compile_profile(profile), ids, clock=clock or SteppedClock(), release=release)


async def test_what_can_be_read_is_good_in_the_very_cycle_in_which_a_hole_is_met() -> None:
    link = HiddenLink(HiddenUnit(bad=frozenset({37}), longest=60))
    driver = a_driver(link, range(100), texts=[105, 107])
    poll = await driver.poll(0)
    values = dict(zip(poll.samples.point_id.tolist(), poll.samples.value.tolist(), strict=True))
    assert {place: value for place, value in values.items() if place != 37} == {a: a for a in range(100) if a != 37}
    assert np.isnan(values[37])
    assert poll.samples.quality[37] == Quality.BAD_COMM
    assert {place: text for place, (_, text) in poll.samples.texts.items()} == {100: "Ai", 101: "Ak"}
    assert str(poll.error) == "unit 1, holding 0..107: exception 2 (illegal data address)"
    link.asked.clear()
    poll = await driver.poll(1)
    assert [(block.start, block.end) for block in link.asked] == [(0, 37), (38, 98), (98, 108)]
    assert (poll.error, int((poll.samples.quality == Quality.GOOD).sum())) == (None, 99)


async def test_it_goes_on_from_what_it_learned_before() -> None:
    link = HiddenLink(HiddenUnit(bad=frozenset({37})))
    kept: list[Limits] = []
    driver = a_driver(link, range(100))
    driver.begin_with(Limits(), kept.append, 10.0)
    await driver.poll(0)
    assert [[hole.block.start for hole in limits.holes] for limits in kept] == [[37]]
    link.asked.clear()
    again = a_driver(link, range(100))
    again.begin_with(kept[-1], kept.append, 10.0)
    poll = await again.poll(0)
    assert (len(link.asked), poll.error, len(kept)) == (2, None, 1)


async def test_a_register_that_came_back_is_read_again() -> None:
    link, clock = HiddenLink(HiddenUnit(bad=frozenset({37}))), SteppedClock()
    driver = a_driver(link, range(100), clock=clock)
    await driver.poll(0)
    link.unit.bad = frozenset()
    assert (await driver.poll(1)).samples.quality[37] == Quality.BAD_COMM
    clock.seconds += 61
    await driver.poll(2)
    poll = await driver.poll(3)
    assert (poll.samples.quality[37], poll.samples.value[37]) == (Quality.GOOD, 37.0)


async def test_what_comes_back_together_is_read_again_together() -> None:
    # As after a start: for a while the device refused most of what it has.
    link, clock = HiddenLink(HiddenUnit(bad=frozenset(range(20, 60)))), SteppedClock()
    driver = a_driver(link, range(60), clock=clock)
    for cycle in range(4):
        await driver.poll(cycle)
    assert len(driver.limits.holes) == 40
    link.unit.bad = frozenset({30})
    clock.seconds += 61
    for cycle in range(2):
        poll = await driver.poll(cycle)
    assert int((poll.samples.quality == Quality.GOOD).sum()) == 59


async def test_little_is_tried_again_in_vain_in_one_cycle() -> None:
    link, clock = HiddenLink(HiddenUnit(bad=frozenset(range(20, 60)))), SteppedClock()
    driver = a_driver(link, range(60), clock=clock)
    for cycle in range(4):
        await driver.poll(cycle)
    clock.seconds += 61
    link.asked.clear()
    await driver.poll(4)
    assert len(link.asked) == 5


async def test_learning_leaves_a_cycle_half_of_its_time() -> None:
    bad = frozenset(range(3, 100, 7))
    # Each request looks at the clock a few times, so it takes about 0.4 s.
    link, clock = HiddenLink(HiddenUnit(bad=bad)), SteppedClock(0.1)
    driver = a_driver(link, range(100), clock=clock)
    started_s, cycles = clock.seconds, 0
    while int(((await driver.poll(cycles)).samples.quality == Quality.GOOD).sum()) < 100 - len(bad):
        assert clock.seconds - started_s < 10.0
        started_s, cycles = clock.seconds, cycles + 1
        assert cycles < 50
    assert cycles > 3


async def test_a_slow_group_goes_on_learning_in_the_next_cycle() -> None:
    bad = frozenset(range(1, 100, 2))
    link = HiddenLink(HiddenUnit(bad=bad))
    driver = a_driver(link, range(100), reads=(ReadGroup("slow", every=1000),))
    for cycle in range(8):
        poll = await driver.poll(cycle)
        if not len(poll.samples):
            break
        last = poll
    assert int((last.samples.quality == Quality.GOOD).sum()) == 50


@pytest.mark.parametrize("code", [5, 6, 10, 11])
async def test_busy_devices_and_gateways_teach_nothing(code: int) -> None:
    link, kept = HiddenLink(HiddenUnit(bad=frozenset({37})), code=code), list[Limits]()
    driver = a_driver(link, [*range(100), 500])
    driver.begin_with(Limits(), kept.append, 10.0)
    for cycle in range(5):
        await driver.poll(cycle)
    assert kept == []


@pytest.mark.parametrize("error", [NoAnswerError, LinkDownError])
async def test_a_failure_that_came_at_once_teaches_nothing(error: type[DriverError]) -> None:
    link, kept = HiddenLink(HiddenUnit(bad=frozenset({37})), error), list[Limits]()
    driver = a_driver(link, [*range(100), 500])
    driver.begin_with(Limits(), kept.append, 10.0)
    for cycle in range(5):
        await driver.poll(cycle)
    assert kept == []


async def test_silence_of_one_block_is_searched_while_others_answer() -> None:
    link, clock = HiddenLink(HiddenUnit(bad=frozenset({37})), NoAnswerError), SteppedClock(0.001)
    driver = a_driver(link, [*range(100), 500], clock=clock)
    for cycle in range(12):
        poll = await driver.poll(cycle)
    assert int((poll.samples.quality == Quality.GOOD).sum()) == 100


async def test_a_device_that_is_silent_at_all_it_does_not_have_is_not_taken_for_a_dead_one() -> None:
    link, clock = HiddenLink(HiddenUnit(bad=frozenset({37}), longest=50), NoAnswerError), SteppedClock(0.001)
    driver = a_driver(link, range(100), clock=clock)
    for cycle in range(20):
        poll = await driver.poll(cycle)
    assert int((poll.samples.quality == Quality.GOOD).sum()) == 99


async def test_a_device_that_refuses_everything_is_asked_on_and_known_when_it_answers() -> None:
    link = HiddenLink(HiddenUnit(bad=frozenset(range(10))))
    driver = a_driver(link, range(10))
    await driver.poll(0)
    poll = await driver.poll(1)
    assert isinstance(poll.error, RefusedError)
    link.unit.bad = frozenset()
    poll = await driver.poll(2)
    assert int((poll.samples.quality == Quality.GOOD).sum()) == 10


def test_devices_of_one_profile_share_decoders_and_plans() -> None:
    points = tuple(
        Point(key=f"p{a}", name={"en": "x"}, table=Table.HOLDING, address=a, type=DataType.UINT16) for a in range(9)
    )
    (read,) = compile_profile(Profile(key="a", name={"en": "A"}, kind="meter", points=points)).reads
    assert read.plan(Limits()) is read.plan(Limits())


class SlowLine(HiddenLink):
    """A line on which each register takes its time."""

    def __init__(self, clock: SteppedClock, request_s: float, register_s: float) -> None:
        super().__init__(HiddenUnit())
        self.clock, self.request_s, self.register_s = clock, request_s, register_s

    async def read(self, unit_id: int, block: Block, pacing: Pacing) -> Words:
        self.clock.seconds += self.request_s + len(block) * self.register_s
        return await super().read(unit_id, block, pacing)


@pytest.mark.parametrize(
    ("request_s", "register_s", "gap", "requests"),
    [(0.03, 0.002, 15, 2), (0.02, 0.0001, 124, 1)],
)
async def test_the_gap_follows_the_speed_of_the_link(
    request_s: float, register_s: float, gap: int, requests: int
) -> None:
    clock = SteppedClock()
    link, kept = SlowLine(clock, request_s, register_s), list[Limits]()
    # Between the values lie 11 registers that nobody wants, before the last one 20.
    addresses = [*range(0, 72, 12), *range(72, 82), 102]
    driver = a_driver(link, addresses, clock=clock)
    driver.begin_with(Limits(), kept.append, 10.0)
    for cycle in range(40):
        await driver.poll(cycle)
    lesson = kept[-1].max_gap
    assert lesson is not None
    assert lesson.value == pytest.approx(gap, abs=1)
    link.asked.clear()
    poll = await driver.poll(40)
    assert len(link.asked) == requests
    assert int((poll.samples.quality == Quality.GOOD).sum()) == len(addresses)
    assert kept[-1].round_trip is not None
    assert kept[-1].round_trip.seconds(100) == pytest.approx(request_s + 100 * register_s, rel=0.1)


async def test_begun_anew_it_learns_anew() -> None:
    link, kept = HiddenLink(HiddenUnit(bad=frozenset({37}))), list[Limits]()
    driver = a_driver(link, range(100))
    await driver.poll(0)
    driver.begin_with(Limits(), kept.append, 10.0)
    assert driver.limits == Limits()
    await driver.poll(1)
    assert [hole.block.start for hole in driver.limits.holes] == [37]
    assert kept == [driver.limits]


async def test_forgetting_what_was_learned_in_the_middle_of_the_search_ends_the_search() -> None:
    link = HiddenLink(HiddenUnit(bad=frozenset({37})))
    driver = a_driver(link, range(100))
    read = link.read

    async def forgetting(unit_id: int, block: Block, pacing: Pacing) -> Words:
        if len(link.asked) == 3:
            driver.begin_with(Limits(), lambda _: None, 10.0)
        return await read(unit_id, block, pacing)

    link.read = forgetting  # type: ignore[method-assign]
    await driver.poll(0)
    assert len(link.asked) == 4
    poll = await driver.poll(1)
    assert int((poll.samples.quality == Quality.GOOD).sum()) == 99


async def test_a_shorter_interval_leaves_less_time_for_learning_from_now_on() -> None:
    async def extra(interval_s: float) -> int:
        link, clock = HiddenLink(HiddenUnit(bad=frozenset(range(0, 100, 2)))), SteppedClock(step_s=0.01)
        driver = a_driver(link, range(100), clock=clock)
        driver.begin_with(Limits(), lambda _: None, 60.0)
        driver.change_interval(interval_s)
        await driver.poll(0)
        return len(link.asked)

    assert await extra(0.2) < await extra(60.0) == 65
