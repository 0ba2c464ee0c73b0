"""On real sockets: what a device cannot do and does not say is found out, and all it can is read."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pytest

from stripchart.drivers.base import Poll
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.links import Links
from stripchart.drivers.modbus.opening import open_link
from stripchart.model.block import Block
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.limits import Limits
from stripchart.model.link import LinkOptions
from stripchart.model.point import Table
from stripchart.model.profile import Pacing, Profile
from stripchart.model.time import SystemClock
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.quirks import Quirks
from stripchart.simulator.server import SimulatorServer, serving
from tests.unit.drivers.units import HiddenUnit, a_profile, fewest_requests

CYCLES = 6
LIMIT_S = 60.0
PACING = Pacing(timeout_s=5.0)


@asynccontextmanager
async def polled(
    profile: Profile, quirks: Quirks, framing: Framing = Framing.TCP
) -> AsyncIterator[tuple[ModbusDriver, SimulatedDevice, SimulatorServer, list[Limits]]]:
    """A driver on a simulated device whose registers all differ; the last is what it learned."""
    device, kept = SimulatedDevice(profile, 1), list[Limits]()
    for number, point in enumerate(profile.points):
        device.set(point.key, 1000.0 + number)
    device.quirks = quirks
    # A silent unit is asked again soon.
    links = Links(lambda address, _: open_link(address, LinkOptions(probe_first_s=0.01, probe_longest_s=0.01)))
    async with asyncio.timeout(LIMIT_S), serving([device], framing=framing) as server:
        address = LinkAddress(framing, host="127.0.0.1", port=server.port)
        ids = np.arange(len(profile.points), dtype=np.int32)
        driver = ModbusDriver(
            links.acquire(address),
            1,
            compile_profile(profile),
            ids,
            clock=SystemClock(),
            release=lambda: links.release(address),
        )
        driver.begin_with(Limits(), kept.append, interval_s=60.0)
        try:
            yield driver, device, server, kept
        finally:
            await driver.aclose()


def wrong(poll: Poll, profile: Profile, readable: Sequence[bool]) -> list[str]:
    """Points whose sample is not what the device holds, or that have one although the device cannot give it."""
    samples = poll.samples
    values = dict(zip(samples.point_id.tolist(), samples.value.tolist(), strict=True))
    expected = {place: 1000.0 + place if can else None for place, can in enumerate(readable)}
    got = {place: None if np.isnan(value) else value for place, value in values.items()}
    return [profile.points[place].key for place in expected if got.get(place) != expected[place]]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("framing", [Framing.TCP, Framing.RTU_OVER_TCP])
async def test_random_holes_and_limits_are_learned_in_six_cycles(seed: int, framing: Framing) -> None:
    chance = np.random.default_rng(seed)
    places, address = [], 0
    for size in chance.choice([1, 1, 2, 4], 150).tolist():
        places.append((address, size))
        address += size + (int(chance.integers(1, 30)) if chance.random() < 0.1 else 0)
    holes = [int(start) for start in chance.integers(0, address, 10)]
    quirks = Quirks(
        tuple(Block(Table.HOLDING, start, start + int(chance.integers(1, 3))) for start in holes),
        max_registers=int(chance.integers(8, 100)),
    )
    bad = frozenset(register for hole in quirks.holes for register in range(hole.start, hole.end))
    unit = HiddenUnit(bad=bad, longest=quirks.max_registers)
    profile = a_profile(places, PACING)
    spans = compile_profile(profile).spans
    readable = [unit.reads(span) for span in spans]
    async with polled(profile, quirks, framing) as (driver, _, server, _):
        for cycle in range(CYCLES):
            await driver.poll(cycle)
        before = server.requests
        poll = await driver.poll(CYCLES)
    assert wrong(poll, profile, readable) == []
    assert poll.error is None
    assert server.requests - before <= 1.1 * fewest_requests(spans, unit, PACING.max_gap)


async def test_the_needed_pause_is_learned() -> None:
    profile = a_profile([(address, 1) for address in range(0, 400, 40)], replace(PACING, timeout_s=0.2, max_gap=0))
    profile = replace(profile, pacing=replace(profile.pacing, pause_before_retry_s=0.1))
    async with polled(profile, Quirks(pause_s=0.03)) as (driver, _, server, kept):
        for cycle in range(3):
            await driver.poll(cycle)
        before = server.requests
        poll = await driver.poll(3)
    assert wrong(poll, profile, [True] * 10) == []
    assert server.requests - before == 10
    assert kept[-1].pause_between_s is not None
    assert 0.03 <= kept[-1].pause_between_s.value <= 0.1


async def test_a_device_that_is_silent_over_what_it_does_not_have_is_learned_too() -> None:
    pacing = Pacing(timeout_s=0.1, retries=0)
    profile = a_profile([(address, 1) for address in range(40)], pacing)
    quirks = Quirks((Block(Table.HOLDING, 17, 18),), silent=True)
    async with polled(profile, quirks) as (driver, _, _, kept):
        cycle, poll = 0, await driver.poll(0)
        while not kept or poll.error is not None:
            await asyncio.sleep(0.01)
            cycle, poll = cycle + 1, await driver.poll(cycle)
    assert wrong(poll, profile, [place != 17 for place in range(40)]) == []
    assert [hole.block.start for hole in kept[-1].holes] == [17]
