"""A T3 panel as it is read: on real sockets, against a simulated one that has the vices of the firmware."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from stripchart.drivers.base import NoAnswerError, Poll, SetupError
from stripchart.drivers.modbus.compiled import CompiledProfile, compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.glance import OperatedUnit, look_at
from stripchart.drivers.modbus.link import ModbusLink
from stripchart.drivers.modbus.opening import open_link
from stripchart.drivers.modbus.writer import ModbusWriter
from stripchart.model.block import Block
from stripchart.model.device import DeviceStatus, Framing, LinkAddress, Trouble
from stripchart.model.order import WriteResult
from stripchart.model.point import Table
from stripchart.model.profile import Pacing
from stripchart.model.quality import Quality
from stripchart.model.time import SystemClock
from stripchart.polling.health import DeviceHealth
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours.building import Building
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.faults import Fault, FaultKind
from stripchart.simulator.manners import T3_MANNERS
from stripchart.simulator.server import serving
from stripchart.simulator.t3_panel import T3Panel

LIMIT_S = 30.0
LIBRARY = ProfileLibrary.shipped()
PROFILE = LIBRARY.get("temco-t3")
COMPILED = compile_profile(PROFILE)
IMPATIENT = compile_profile(replace(PROFILE, pacing=replace(PROFILE.pacing, timeout_s=0.3, retries=0)))
PLACE_OF = {point.key: place for place, point in enumerate(PROFILE.points)}
IDS = np.arange(len(PROFILE.points), dtype=np.int32)


@dataclass
class Watched:
    """A device, and what it was asked: when, and which registers."""

    device: SimulatedDevice
    asked_s: list[float] = field(default_factory=list)
    asked: list[range] = field(default_factory=list)
    fault: Fault | None = None

    @property
    def unit_id(self) -> int:
        return self.device.unit_id

    def answer(self, request: bytes) -> bytes:
        start, count = int.from_bytes(request[1:3], "big"), int.from_bytes(request[3:5], "big")
        self.asked_s.append(asyncio.get_running_loop().time())
        self.asked.append(range(start, start + count))
        return self.device.answer(request)


@dataclass
class Reading:
    """A panel, what it was asked, and the driver that reads it."""

    panel: T3Panel
    watched: Watched
    link: ModbusLink
    driver: ModbusDriver

    async def poll(self, cycle: int) -> Poll:
        """One cycle, and no record of what was asked before."""
        self.watched.asked.clear()
        self.watched.asked_s.clear()
        return await self.driver.poll(cycle)


@asynccontextmanager
async def reading(*behind: Watched, compiled: CompiledProfile = COMPILED) -> AsyncIterator[Reading]:
    panel = T3Panel(PROFILE, 1, Building(1))
    watched = Watched(panel)
    async with (
        asyncio.timeout(LIMIT_S),
        serving([watched, *behind], framing=Framing.TCP, manners=T3_MANNERS) as server,
    ):
        link = open_link(LinkAddress(Framing.TCP, host="127.0.0.1", port=server.port))
        driver = ModbusDriver(link, 1, compiled, IDS, clock=SystemClock(), release=link.aclose)
        try:
            yield Reading(panel, watched, link, driver)
        finally:
            await driver.aclose()


def values(poll: Poll) -> dict[str, float]:
    """What came with a value, by key."""
    good = poll.samples.where(poll.samples.has_value)
    return {
        PROFILE.points[place].key: value
        for place, value in zip(good.point_id.tolist(), good.value.tolist(), strict=True)
    }


async def _stay_open() -> None:
    return None


async def test_the_product_and_the_capacities_are_read_first_and_every_value_whole() -> None:
    async with reading() as t3:
        poll = await t3.poll(0)
        assert poll.error is None
        assert len(values(poll)) == len(PROFILE.points)
        asked = t3.watched.asked
        assert 7 in asked[0]
        assert next(number for number, span in enumerate(asked) if 101 in span) < 3
        first_setting = next(number for number, span in enumerate(asked) if 7804 in span)
        first_value = next(number for number, span in enumerate(asked) if 7484 in span)
        assert first_setting < first_value
        assert max(map(len, asked)) <= 100
        for start, count in ((7100, 64), (7484, 64), (8092, 128)):
            for value in range(start, start + 2 * count, 2):
                assert sum(value in span and value + 1 in span for span in asked) == 1
        assert len((await t3.poll(1)).samples) == 256
        assert len(t3.watched.asked) == 7


async def test_values_are_scaled_by_flags_that_are_read_seldom_and_again_after_a_write() -> None:
    async with reading() as t3:
        t3.panel.set("in1", -12.345)
        assert values(await t3.poll(0))["in1"] == -12.345
        t3.panel.set("in1_range", 12)
        t3.panel.set("in1_analog", 0)
        t3.panel.set("in1", 1)
        assert values(await t3.poll(1))["in1"] == 0.001, "the flag is not read in each cycle"
        t3.driver.note_written()
        poll = await t3.poll(2)
        assert values(poll)["in1"] == 1
        assert values(poll)["in1_range"] == 12
        assert len(t3.watched.asked) > 15
        assert len((await t3.poll(3)).samples) == 256


async def test_what_a_panel_does_not_have_is_neither_asked_for_nor_shown() -> None:
    async with reading() as t3:
        for key, count in (("max_inputs", 8), ("max_outputs", 6), ("max_variables", 100)):
            t3.panel.set(key, count)
        poll = await t3.poll(0)
        shown = {PROFILE.points[place].key for place in poll.samples.point_id.tolist()}
        assert {"in8", "out6", "var100", "in8_range", "var100_manual"} <= shown
        assert not {"in9", "out7", "var101", "in9_analog", "out7_switch", "var128_manual"} & shown
        beyond = {7484 + 16, 7100 + 12, 8092 + 200, 7804 + 8, 7420 + 6, 8660 + 100}
        assert not beyond & {address for span in t3.watched.asked for address in span}
        t3.panel.set("max_inputs", 64)
        t3.driver.note_written()
        await t3.poll(1)
        assert "in64" in values(await t3.poll(2))


async def test_an_input_on_manual_is_uncertain() -> None:
    async with reading() as t3:
        t3.panel.set("in2_manual", 1)
        poll = await t3.poll(0)
        quality = dict(zip(poll.samples.point_id.tolist(), poll.samples.quality.tolist(), strict=True))
        assert quality[PLACE_OF["in2"]] == Quality.UNCERTAIN_MANUAL
        assert quality[PLACE_OF["in1"]] == Quality.GOOD
        assert "in2" in values(poll)
        unit = OperatedUnit(t3.link, 1, PROFILE, IDS, SystemClock())
        seen = (await look_at(unit, ["in2"])).samples
        assert seen.quality[seen.point_id == PLACE_OF["in2"]].tolist() == [Quality.UNCERTAIN_MANUAL]


async def test_on_an_arm_the_mac_address_is_no_capacity() -> None:
    async with reading() as t3:
        t3.panel.set("product_id", 74)
        t3.panel.set("max_inputs", 2)
        poll = await t3.poll(0)
        assert "in64" in values(poll)
        assert not {"max_inputs", "max_outputs"} & values(poll).keys()


async def test_another_product_is_not_read_on_until_it_is_replaced() -> None:
    async with reading() as t3:
        t3.panel.set("product_id", 9)
        for cycle in range(2):
            poll = await t3.poll(cycle)
            assert isinstance(poll.error, SetupError)
            assert "its product is 9, and the profile 'temco-t3' is for 10, 35, 50, 74, 88" in str(poll.error)
            assert "in1" not in values(poll)
            assert max(span.stop for span in t3.watched.asked) < 100
        writer = ModbusWriter(OperatedUnit(t3.link, 1, PROFILE, IDS, SystemClock()), release=_stay_open)
        refused = await writer.write("var1", 20.0)
        assert (refused.result, t3.panel.flash_writes) == (WriteResult.REFUSED, 0)
        assert "not written: its product is 9" in refused.message
        row = poll.samples.point_id == PLACE_OF["in1"]
        assert poll.samples.quality[row].tolist() == [Quality.BAD_COMM]
        health = DeviceHealth(0)
        health.note(poll, 1)
        assert (health.status, health.trouble) == (DeviceStatus.ERROR, Trouble.SETUP)
        t3.panel.set("product_id", 35)
        assert "in1" in values(await t3.poll(2))


async def test_a_clock_that_is_wrong_is_noticed_until_it_is_set() -> None:
    async with reading() as t3:
        t3.panel.clock_is_off = timedelta(hours=2, minutes=4)
        t3.panel.advance(0)
        await t3.poll(0)
        (notice,) = (await t3.poll(1)).notices
        assert notice.field == "clock"
        assert "s after ours, taken for a clock of UTC+2:00" in notice.message
        t3.panel.clock_is_off = timedelta(hours=2)
        t3.panel.advance(0)
        t3.driver.note_written()
        assert (await t3.poll(2)).notices == ()


async def test_the_panel_and_those_behind_it_are_asked_twenty_times_a_second_at_most() -> None:
    meter = Watched(SimulatedDevice(LIBRARY.get("ddms-sensor"), 9))
    meter.device.set("value", 3.5)
    async with reading(meter) as t3:
        await t3.poll(0)
        t3.watched.asked_s.clear()
        block, in_haste = Block(Table.HOLDING, 0, 2), Pacing(timeout_s=LIMIT_S)
        await asyncio.gather(t3.driver.poll(1), *(t3.link.read(9, block, in_haste) for _ in range(5)))
        moments = sorted(t3.watched.asked_s + meter.asked_s)
        assert len(moments) == 12
        assert min(np.diff(moments)) >= 0.04
        assert t3.link.counters.timeouts == 0


async def test_a_panel_that_falls_silent_is_offline_and_its_values_are_not_invented() -> None:
    async with reading(compiled=IMPATIENT) as t3:
        assert (await t3.poll(0)).error is None
        t3.watched.fault = Fault(FaultKind.MUTE)
        poll = await t3.poll(1)
        assert isinstance(poll.error, NoAnswerError)
        assert (poll.blocks_read, values(poll)) == (0, {})
        assert set(poll.samples.quality.tolist()) == {Quality.BAD_COMM}
        t3.watched.fault = None
        while poll.error is not None:
            await asyncio.sleep(poll.error.retry_in_s)
            poll = await t3.poll(1)
        assert len(values(poll)) == 256
