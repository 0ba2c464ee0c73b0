"""Units that answer only some function codes: found out soon, at little cost of line time, and looked at again."""

import numpy as np
import pytest

from stripchart.drivers.base import NoAnswerError, RefusedError
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.model.block import Block
from stripchart.model.point import DataType, Point, Table
from stripchart.model.profile import Pacing, Profile
from stripchart.model.quality import Quality

VALUES = 120
INTERVAL_S, TIMEOUT_S, TRIP_S = 10.0, 3.0, 0.02


class HalfUnit:
    """Knows holding registers. For the `mute` tables it says nothing, or refuses with a code. Time passes."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        self.mute = {Table.INPUT}
        self.missing: set[int] = set()
        self.seconds = 1_000.0
        self.in_vain, self.in_vain_s = 0, 0.0

    def now_ms(self) -> int:
        return int(self.seconds * 1000)

    def monotonic_ns(self) -> int:
        return int(self.seconds * 1e9)

    async def read(self, unit_id: int, block: Block, pacing: Pacing) -> Words:
        if block.table not in self.mute and not self.missing.intersection(range(block.start, block.end)):
            self.seconds += TRIP_S
            return np.zeros(len(block), np.uint16)
        took_s = TRIP_S if self.code else pacing.timeout_s
        self.seconds += took_s
        self.in_vain, self.in_vain_s = self.in_vain + 1, self.in_vain_s + took_s
        raise RefusedError(unit_id, block, self.code) if self.code else NoAnswerError("no reply")


def a_driver(unit: HalfUnit) -> ModbusDriver:
    points = [
        Point(key=f"{table}{a}", name={"en": "x"}, table=table, address=a, type=DataType.UINT16)
        for table in (Table.HOLDING, Table.INPUT)
        for a in range(VALUES)
    ]
    pacing = Pacing(retries=2, timeout_s=TIMEOUT_S, pause_before_retry_s=0.0)
    profile = Profile(
        key="half", name={"en": "x"}, kind="meter", pacing=pacing, points=tuple(points), interval_s=INTERVAL_S
    )

    async def release() -> None:
        return None

    return ModbusDriver(
        unit, 1, compile_profile(profile), np.arange(2 * VALUES, dtype=np.int32), clock=unit, release=release
    )


async def good_after(driver: ModbusDriver, unit: HalfUnit, cycles: int) -> int:
    """Good samples of the last of so many cycles."""
    for cycle in range(cycles):
        started_s = unit.seconds
        poll = await driver.poll(cycle)
        unit.seconds = max(unit.seconds, started_s + INTERVAL_S)
    return int((poll.samples.quality == Quality.GOOD).sum())


@pytest.mark.parametrize("code", [1, 2, 3])
async def test_a_table_that_is_refused_is_known_after_one_cycle_and_the_rest_is_read(code: int) -> None:
    unit = HalfUnit(code)
    assert await good_after(driver := a_driver(unit), unit, 2) == VALUES
    assert len(driver.limits.holes) == VALUES
    assert unit.in_vain < 20


async def test_a_table_that_is_met_with_silence_does_not_eat_the_line() -> None:
    unit = HalfUnit(None)
    driver = a_driver(unit)
    assert await good_after(driver, unit, 20) == VALUES
    assert len(driver.limits.holes) == VALUES
    learned_s = unit.in_vain_s
    await good_after(driver, unit, 360)
    assert unit.in_vain_s - learned_s < 0.02 * 3600


async def test_a_table_that_comes_back_is_read_again_whole() -> None:
    unit = HalfUnit(1)
    driver = a_driver(unit)
    await good_after(driver, unit, 2)
    unit.mute.clear()
    assert await good_after(driver, unit, 12) == 2 * VALUES
    assert driver.limits.holes == ()


@pytest.mark.parametrize("code", [None, 2])
async def test_no_value_is_given_up_where_only_the_first_ones_are_missing(code: int | None) -> None:
    unit = HalfUnit(code)
    unit.mute.clear()
    unit.missing = {0, 1, 2, 3}
    driver = a_driver(unit)
    assert await good_after(driver, unit, 100) == 2 * (VALUES - 4)
    assert len(driver.limits.holes) == 8


async def test_what_is_tried_again_in_vain_takes_little_of_the_time() -> None:
    unit = HalfUnit(None)
    unit.mute.clear()
    unit.missing = set(range(0, VALUES, 10))
    driver = a_driver(unit)
    await good_after(driver, unit, 400)
    learned_s = unit.in_vain_s
    await good_after(driver, unit, 360)
    assert unit.in_vain_s - learned_s < 0.025 * 3600
