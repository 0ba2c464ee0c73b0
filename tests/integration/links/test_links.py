"""Devices of one address share one link."""

import asyncio

import pytest

from stripchart.drivers.base import NotHeldError
from stripchart.drivers.modbus.link import LinkState
from stripchart.drivers.modbus.links import Links
from stripchart.model.device import Framing
from tests.integration.links.peers import LIMIT_S, PATIENT, echo_addresses, local, registers, station


async def test_two_units_share_one_connection_until_the_last_lets_go() -> None:
    async with asyncio.timeout(LIMIT_S), station(echo_addresses) as far:
        links = Links()
        address = local(Framing.RTU_OVER_TCP, far.port)
        one, two = links.acquire(address), links.acquire(address)
        assert one is two
        words = await asyncio.gather(one.read(1, registers(0, 1), PATIENT), two.read(2, registers(0, 1), PATIENT))
        assert [word.tolist() for word in words] == [[1000], [2000]]
        assert far.lines == 1
        await links.release(address)
        assert (await two.read(2, registers(5, 1), PATIENT)).tolist() == [2005]
        await links.release(address)
        assert one.state is LinkState.CLOSED
        assert len(links) == 0


async def test_a_link_released_and_acquired_again_is_a_new_one() -> None:
    links = Links()
    address = local(Framing.TCP, 1)
    first = links.acquire(address)
    await links.release(address)
    assert links.acquire(address) is not first
    await links.aclose()


async def test_another_port_is_another_link() -> None:
    links = Links()
    addresses = [local(Framing.TCP, 1), local(Framing.TCP, 2), local(Framing.UDP, 1)]
    assert len({id(links.acquire(address)) for address in addresses}) == 3
    assert [link.address for link in links] == addresses
    await links.aclose()
    assert len(links) == 0


async def test_a_link_that_nobody_holds_cannot_be_released() -> None:
    with pytest.raises(KeyError):
        await Links().release(local(Framing.TCP, 1))


async def test_over_a_link_that_may_not_be_used_nothing_is_sent() -> None:
    async with asyncio.timeout(LIMIT_S), station(echo_addresses) as far:
        may_use = True
        links = Links(may_use=lambda _: may_use)
        link = links.acquire(local(Framing.RTU_OVER_TCP, far.port))
        assert (await link.read(1, registers(0, 1), PATIENT)).tolist() == [1000]
        may_use = False
        for urgent in (False, True):
            with pytest.raises(NotHeldError, match="nothing was sent") as failed:
                await link.read(1, registers(0, 1), PATIENT, urgent=urgent)
            assert failed.value.cause.code == "not_held"
        may_use = True
        assert (await link.read(1, registers(7, 1), PATIENT)).tolist() == [1007]
        assert link.counters.requests == 2
        await links.aclose()
