"""Twenty units share one serial converter; what five silent ones cost the other fifteen."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np

from stripchart.drivers.base import Driver
from stripchart.drivers.modbus.breaker import BreakerState
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.link import ModbusLink
from stripchart.drivers.modbus.links import Links
from stripchart.model.device import Device, DeviceId, Framing, LinkAddress, SiteId
from stripchart.model.point import DataType, Point, Table
from stripchart.model.profile import Pacing, Profile
from stripchart.model.sample import SampleBatch
from stripchart.model.time import SystemClock
from stripchart.polling.supervisor import Job, Supervisor
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.faults import Fault, FaultKind
from stripchart.simulator.server import SimulatorServer, serving

UNITS = range(1, 21)
SILENT = range(16, 21)
MUTE = Fault(FaultKind.MUTE)
LIMIT_S = 60.0
PACING = Pacing(timeout_s=0.15, retries=1, pause_before_retry_s=0.05, pause_between_s=0.02)
PROFILE = Profile(
    key="meter",
    name={"en": "Meter"},
    kind="meter",
    pacing=PACING,
    points=tuple(
        Point(key=f"p{n}", name={"en": "P"}, table=Table.HOLDING, address=n, type=DataType.UINT16, registers=1)
        for n in range(10)
    ),
)
COMPILED = compile_profile(PROFILE)


class Collector:
    """Polls the units on one line as fast as it can carry, and counts the good polls of each."""

    def __init__(self, server: SimulatorServer) -> None:
        self.address = LinkAddress(Framing.RTU_OVER_TCP, host="127.0.0.1", port=server.port)
        self.links, self.clock = Links(), SystemClock()
        self.fresh: Counter[int] = Counter()
        self.supervisor = Supervisor(self.open, self.sink, self.clock)

    @property
    def link(self) -> ModbusLink:
        return next(iter(self.links))

    async def open(self, device: Device) -> Driver:
        ids = np.full(len(PROFILE.points), device.unit_id, np.int32)
        return ModbusDriver(
            self.links.acquire(device.link),
            device.unit_id,
            COMPILED,
            ids,
            clock=self.clock,
            release=lambda: self.links.release(device.link),
        )

    def sink(self, batch: SampleBatch) -> None:
        self.fresh[int(batch.point_id[0])] += bool((batch.quality == 0).all())

    async def poll(self, units: range) -> None:
        """Poll these units from now on."""
        await self.supervisor.apply(
            Job(
                Device(
                    id=DeviceId(unit),
                    site_id=SiteId(1),
                    name=f"unit {unit}",
                    link=self.address,
                    unit_id=unit,
                    profile=PROFILE.key,
                    interval_s=0.1,
                ),
                PROFILE,
            )
            for unit in units
        )

    async def fresh_rate(self, seconds: float) -> float:
        """Good polls a second of the units that are not silent."""
        loop = asyncio.get_running_loop()
        self.fresh.clear()
        started_s = loop.time()
        await asyncio.sleep(seconds)
        return sum(self.fresh[unit] for unit in UNITS if unit not in SILENT) / (loop.time() - started_s)

    def state_of(self, units: range) -> set[BreakerState]:
        return {unit.breaker.state for unit in self.link.units if unit.unit_id in units}


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@asynccontextmanager
async def collecting(units: range) -> AsyncIterator[tuple[Collector, dict[int, SimulatedDevice]]]:
    devices = {unit: SimulatedDevice(PROFILE, unit) for unit in UNITS}
    async with asyncio.timeout(LIMIT_S), serving(devices.values(), framing=Framing.RTU_OVER_TCP) as server:
        collector = Collector(server)
        async with collector.supervisor:
            await collector.poll(units)
            await until(lambda: all(collector.fresh[unit] for unit in units))
            yield collector, devices
            assert len(server.clients) == 1


async def test_five_silent_units_of_twenty_cost_the_others_less_than_a_tenth() -> None:
    """The line is busy all the time, and compared with one on which the silent five do not even exist.

    A machine that is busy with something else during a part of the measurement spoils it, so it may be repeated.
    """
    ratios: list[float] = []
    async with collecting(range(1, 16)) as (collector, devices):
        for unit in SILENT:
            devices[unit].fault = MUTE
        await collector.poll(UNITS)
        await until(lambda: {unit.unit_id for unit in collector.link.units} == set(UNITS))
        await until(lambda: collector.state_of(SILENT) == {BreakerState.OPEN})
        connects = collector.link.counters.connects
        while len(ratios) < 4 and not any(ratio > 0.9 for ratio in ratios):
            await collector.poll(range(1, 16))
            without = await collector.fresh_rate(1.5)
            await collector.poll(UNITS)
            ratios.append(await collector.fresh_rate(4.0) / without)
        assert max(ratios) > 0.9
        assert sum(unit.timeouts for unit in collector.link.units) > (1 + PACING.retries) * len(SILENT)
        assert collector.state_of(range(1, 16)) == {BreakerState.CLOSED}
        assert collector.link.counters.connects == connects


async def test_a_unit_that_answers_again_is_read_again_and_one_that_is_slow_is_not_silent() -> None:
    async with collecting(range(1, 6)) as (collector, devices):
        devices[1].fault = MUTE
        await until(lambda: collector.state_of(range(1, 2)) == {BreakerState.OPEN})
        assert collector.link.counters.timeouts >= 1 + PACING.retries
        assert collector.link.recorder.faults[0].unit_id == 1
        devices[1].fault = None
        collector.fresh.clear()
        await until(lambda: collector.fresh[1] > 2)
        devices[2].fault = Fault(FaultKind.SLOW, delay_s=0.05)
        before = collector.link.counters.timeouts
        collector.fresh.clear()
        await until(lambda: collector.fresh[2] > 3)
        assert collector.link.counters.timeouts == before
        assert min(collector.fresh[unit] for unit in (1, 3, 4, 5)) >= collector.fresh[2] - 1
