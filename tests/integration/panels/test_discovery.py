"""Panels are found by UDP, and what is behind them by Modbus."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from stripchart.drivers.base import NoAnswerError
from stripchart.drivers.discovery import DiscoveryError, DiscoveryOptions, discover
from stripchart.drivers.modbus.opening import open_link
from stripchart.drivers.modbus.sub_units import sub_units
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Framing, LinkAddress
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.simulate import SimulateOptions, Simulation, running_simulation
from stripchart.wire.t3_discovery import REPLY_PORTS

T3 = ProfileLibrary.shipped().get("temco-t3")
WAIT_S = 0.3


@pytest.fixture
async def simulation() -> AsyncIterator[Simulation]:
    options = SimulateOptions(profile=T3, port=0, units=(3, 20, 21), discovery_port=0)
    async with asyncio.timeout(20), running_simulation(options) as simulation:
        yield simulation


def at(simulation: Simulation) -> DiscoveryOptions:
    assert simulation.discovery_port is not None
    return DiscoveryOptions("127.0.0.1", simulation.discovery_port, WAIT_S)


async def test_a_panel_says_what_it_is_and_where(simulation: Simulation) -> None:
    found = await discover(at(simulation))
    (said,) = found.panels
    panel = simulation.devices[3]
    assert bytes(int(panel.read(f"serial_byte_{place}") or 0) for place in range(4)) == said.serial.to_bytes(
        4, "little"
    )
    assert (said.product_id, said.unit_id, said.host, said.port) == (88, 3, "127.0.0.1", simulation.port)
    assert (said.firmware, found.odd) == (6.4, 0)


async def test_two_can_look_at_once_and_a_sixth_is_told_that_the_ports_are_taken(simulation: Simulation) -> None:
    first, second = await asyncio.gather(discover(at(simulation)), discover(at(simulation)))
    assert first.panels == second.panels
    looking = [asyncio.create_task(discover(at(simulation))) for _ in range(len(REPLY_PORTS) + 1)]
    results = await asyncio.gather(*looking, return_exceptions=True)
    (error,) = [result for result in results if isinstance(result, DiscoveryError)]
    assert str(error) == "UDP ports 57619 to 57623 are all in use; one is needed for the answers"
    assert error.cause == Cause(CauseCode.PORTS_IN_USE, {"low": 57_619, "high": 57_623})


async def test_nobody_is_there_and_nonsense_is_counted() -> None:
    class Liar(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
            self.transport.sendto(b"\x65 not a panel", addr)  # type: ignore[attr-defined]

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Liar, local_addr=("127.0.0.1", 0))
    try:
        found = await discover(DiscoveryOptions("127.0.0.1", transport.get_extra_info("sockname")[1], WAIT_S))
    finally:
        transport.close()
    assert (found.panels, found.odd) == ([], 1)


async def test_the_units_behind_a_panel_are_those_that_it_lists(simulation: Simulation) -> None:
    link = open_link(LinkAddress(Framing.TCP, host="127.0.0.1", port=simulation.port))
    try:
        assert await sub_units(link, 3) == (20, 21)
        simulation.devices[3].attach(range(1, 101))  # type: ignore[attr-defined]
        assert await sub_units(link, 3) == tuple(range(1, 101))
        with pytest.raises(NoAnswerError):
            await sub_units(link, 77)
    finally:
        await link.aclose()
