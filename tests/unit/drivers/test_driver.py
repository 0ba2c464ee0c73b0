"""A failed block spoils only its own points; a silent device is not asked for the rest."""

from collections.abc import Callable

import numpy as np
import pytest

from stripchart.drivers.base import BadReplyError, DriverError, LinkDownError, NoAnswerError, RefusedError
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.model.block import Block
from stripchart.model.point import DataType, Order, Point, Table, ValidRange
from stripchart.model.profile import Condition, Pacing, Profile, ReadGroup
from stripchart.model.quality import Quality
from stripchart.model.time import SystemClock

Answer = Callable[[Block], Words]


class ScriptedLink:
    """Answers each register with its own address, unless `fail` has an error for the block's start."""

    def __init__(self) -> None:
        self.fail: dict[int, DriverError] = {}
        self.registers: dict[int, int] = {}
        self.asked: list[int] = []

    async def read(self, unit_id: int, block: Block, pacing: Pacing) -> Words:
        self.asked.append(block.start)
        if block.start in self.fail:
            raise self.fail[block.start]
        return np.array([self.registers.get(a, a) for a in range(block.start, block.end)], np.uint16)


def a_point(address: int, **options: object) -> Point:
    fields: dict[str, object] = {"key": f"p{address}", "type": DataType.UINT16, **options}
    return Point(name={"en": "x"}, table=Table.HOLDING, address=address, **fields)  # type: ignore[arg-type]


def a_driver(link: ScriptedLink, *points: Point, reads: tuple[ReadGroup, ...] = (ReadGroup("fast"),)) -> ModbusDriver:
    profile = Profile(
        key="test",
        name={"en": "Test"},
        kind="sensor",
        points=points,
        reads={group.name: group for group in reads},
        pacing=Pacing(max_gap=0, retries=1, pause_before_retry_s=0.0),
    )

    async def release() -> None:
        return None

    ids = np.arange(10, 10 + len(points), dtype=np.int32)
    return ModbusDriver(link, 1, compile_profile(profile), ids, clock=SystemClock(), release=release)


async def test_every_due_point_has_a_sample() -> None:
    poll = await a_driver(ScriptedLink(), a_point(5), a_point(50)).poll(0)
    assert poll.samples.point_id.tolist() == [10, 11]
    assert poll.samples.value.tolist() == [5.0, 50.0]
    assert poll.samples.quality.tolist() == [Quality.GOOD, Quality.GOOD]
    assert (poll.blocks_read, poll.error) == (2, None)


async def test_a_refused_block_spoils_only_its_own_points() -> None:
    link = ScriptedLink()
    link.fail[5] = RefusedError(1, Block(Table.HOLDING, 5, 6), 2)
    poll = await a_driver(link, a_point(5), a_point(50)).poll(0)
    assert poll.samples.quality.tolist() == [Quality.BAD_COMM, Quality.GOOD]
    assert np.isnan(poll.samples.value[0])
    assert str(poll.error) == "unit 1, holding 5..5: exception 2 (illegal data address)"


async def test_a_refusal_is_not_asked_again_but_a_bad_reply_is() -> None:
    link = ScriptedLink()
    link.fail = {5: RefusedError(1, Block(Table.HOLDING, 5, 6), 2), 50: BadReplyError("wrong CRC")}
    await a_driver(link, a_point(5), a_point(50)).poll(0)
    assert link.asked == [5, 50, 50]


async def test_a_silent_device_is_given_up_after_its_first_block() -> None:
    link = ScriptedLink()
    link.fail[5] = NoAnswerError("silence")
    driver = a_driver(link, a_point(5), a_point(50), a_point(90))
    poll = await driver.poll(0)
    assert link.asked == [5, 5]
    assert poll.samples.quality.tolist() == [Quality.BAD_COMM] * 3
    assert poll.blocks_read == 0
    link.asked.clear()
    await driver.poll(1)
    assert link.asked == [5], "a device that was silent is probed with one request"


async def test_a_dead_link_is_tried_again_and_then_not_asked_for_the_rest() -> None:
    link = ScriptedLink()
    link.fail[5] = LinkDownError("refused")
    driver = a_driver(link, a_point(5), a_point(50))
    poll = await driver.poll(0)
    assert link.asked == [5, 5]
    assert isinstance(poll.error, LinkDownError)
    await driver.poll(1)
    assert link.asked == [5, 5, 5]


@pytest.mark.parametrize("code", [10, 11])
async def test_what_a_gateway_says_of_a_device_it_cannot_reach_is_silence_of_the_device(code: int) -> None:
    link = ScriptedLink()
    link.fail[5] = RefusedError(1, Block(Table.HOLDING, 5, 6), code)
    poll = await a_driver(link, a_point(5), a_point(50)).poll(0)
    assert link.asked == [5, 5]
    assert isinstance(poll.error, NoAnswerError)
    assert f"exception {code} (gateway" in str(poll.error)


async def test_slow_points_are_read_every_nth_cycle_and_again_when_they_failed() -> None:
    link = ScriptedLink()
    driver = a_driver(
        link, a_point(5), a_point(50, read="slow"), reads=(ReadGroup("fast"), ReadGroup("slow", every=3))
    )
    link.fail[50] = RefusedError(1, Block(Table.HOLDING, 50, 51), 6)
    await driver.poll(0)
    link.fail.clear()
    for cycle in (1, 2, 3, 4):
        await driver.poll(cycle)
    assert link.asked == [5, 50, 5, 50, 5, 5, 50, 5]


@pytest.mark.parametrize(("common", "asked"), [(0, [5]), (1, [5, 50])])
async def test_alarm_words_are_read_only_while_the_common_alarm_is_set(common: int, asked: list[int]) -> None:
    link = ScriptedLink()
    link.registers = {5: common, 50: 8}
    alarms = ReadGroup("alarms", when=Condition("p5", 1, otherwise=0))
    driver = a_driver(link, a_point(50, read="alarms"), a_point(5), reads=(alarms, ReadGroup("fast")))
    poll = await driver.poll(0)
    assert link.asked == asked
    by_id = dict(zip(poll.samples.point_id.tolist(), poll.samples.value.tolist(), strict=True))
    assert by_id == {10: 8.0 * common, 11: float(common)}


async def test_a_scale_factor_that_could_not_be_read_leaves_no_number() -> None:
    link = ScriptedLink()
    driver = a_driver(link, a_point(5, scale_factor="p50"), a_point(50))
    link.registers[50] = 1
    assert (await driver.poll(0)).samples.value.tolist() == [50.0, 1.0]
    link.fail[50] = RefusedError(1, Block(Table.HOLDING, 50, 51), 2)
    poll = await driver.poll(1)
    assert poll.samples.quality.tolist() == [Quality.BAD_NO_DATA, Quality.BAD_COMM]
    assert np.isnan(poll.samples.value).all()


async def test_a_scale_factor_that_no_device_can_have_leaves_no_number() -> None:
    link = ScriptedLink()
    link.registers = {5: 40, 6: 100}
    factor = a_point(6, type=DataType.INT16, valid=ValidRange(-10, 10))
    poll = await a_driver(link, a_point(5, scale_factor="p6"), factor).poll(0)
    assert poll.samples.quality.tolist() == [Quality.BAD_NO_DATA, Quality.BAD_OUT_OF_RANGE]


async def test_a_value_is_judged_after_it_was_scaled() -> None:
    link = ScriptedLink()
    link.registers = {5: 400, 6: -1 & 0xFFFF}
    value = a_point(5, scale_factor="p6", valid=ValidRange(0, 50))
    poll = await a_driver(link, value, a_point(6, type=DataType.INT16)).poll(0)
    assert poll.samples.value.tolist() == [40.0, -1.0]


async def test_a_coil_is_0_or_1_also_where_registers_have_their_bytes_swapped() -> None:
    link = ScriptedLink()
    coil = Point(
        key="run", name={"en": "x"}, table=Table.COIL, address=1, type=DataType.BOOL, byte_order=Order.LITTLE
    )
    poll = await a_driver(link, coil, a_point(256, byte_order=Order.LITTLE)).poll(0)
    assert poll.samples.value.tolist() == [1.0, 1.0]


async def test_a_text_is_lost_only_with_its_own_block() -> None:
    link = ScriptedLink()
    link.registers = {5: 0x4142, 50: 0x4344}
    texts = [a_point(address, type=DataType.STRING) for address in (5, 50)]
    driver = a_driver(link, *texts)
    link.fail[50] = RefusedError(1, Block(Table.HOLDING, 50, 51), 2)
    poll = await driver.poll(0)
    assert {point: text for point, (_, text) in poll.samples.texts.items()} == {10: "AB"}


async def test_what_a_condition_says_holds_although_another_block_is_silent() -> None:
    link = ScriptedLink()
    link.registers = {5: 0}
    link.fail = {50: NoAnswerError("silence"), 60: NoAnswerError("silence")}
    alarms = ReadGroup("alarms", when=Condition("p5", 1, otherwise=0))
    driver = a_driver(
        link, a_point(90, read="alarms"), a_point(5), a_point(50), a_point(60), reads=(alarms, ReadGroup("fast"))
    )
    poll = await driver.poll(0)
    samples = poll.samples
    qualities = dict(zip(samples.point_id.tolist(), samples.quality.tolist(), strict=True))
    assert qualities == {10: Quality.GOOD, 11: Quality.GOOD, 12: Quality.BAD_COMM, 13: Quality.BAD_COMM}


async def test_what_a_condition_said_in_an_earlier_cycle_is_not_said_of_a_device_that_is_silent_now() -> None:
    link = ScriptedLink()
    link.registers = {50: 0}
    alarms = ReadGroup("alarms", when=Condition("p50", 1, otherwise=0))
    reads = (ReadGroup("fast"), ReadGroup("slow", every=2), alarms)
    driver = a_driver(link, a_point(5), a_point(50, read="slow"), a_point(90, read="alarms"), reads=reads)
    assert len((await driver.poll(0)).samples) == 3
    link.fail[5] = NoAnswerError("silence")
    assert (await driver.poll(1)).samples.point_id.tolist() == [10]


async def test_slow_points_that_the_device_does_not_have_are_not_asked_for_more_often() -> None:
    link = ScriptedLink()
    driver = a_driver(
        link, a_point(5), a_point(50, read="slow"), reads=(ReadGroup("fast"), ReadGroup("slow", every=3))
    )
    link.fail[50] = RefusedError(1, Block(Table.HOLDING, 50, 51), 2)
    for cycle in range(4):
        await driver.poll(cycle)
    assert link.asked == [5, 50, 5, 5, 5], "a hole is tried again when its time has come, not in each cycle"
