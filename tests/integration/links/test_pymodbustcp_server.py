"""pyModbusTCP's server, which nobody here wrote, is read correctly."""

import asyncio
from collections.abc import Iterator

import pytest
from pyModbusTCP.server import DataBank

from stripchart.drivers.modbus.link import ModbusLink
from stripchart.model.block import Block
from stripchart.model.device import Framing
from stripchart.model.point import Table
from tests.integration.links.peers import PATIENT, linked, pymodbustcp_server, registers


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[int, DataBank]]:
    with pymodbustcp_server() as served:
        yield served


@pytest.fixture
def port(served: tuple[int, DataBank]) -> int:
    return served[0]


@pytest.fixture
def data(served: tuple[int, DataBank]) -> DataBank:
    return served[1]


async def test_registers_up_to_the_last_address_are_read(port: int, data: DataBank) -> None:
    data.set_holding_registers(65_411, list(range(125)))
    data.set_input_registers(32_768, [0xFFFF, 0])
    async with linked(Framing.TCP, port) as link:
        assert (await link.read(255, registers(65_411, 125), PATIENT)).tolist() == list(range(125))
        assert (await link.read(1, Block(Table.INPUT, 32_768, 32_770), PATIENT)).tolist() == [0xFFFF, 0]


async def test_two_thousand_coils_are_read_at_once(port: int, data: DataBank) -> None:
    wanted = [n % 7 in {0, 3} for n in range(2000)]
    data.set_coils(100, wanted)
    data.set_discrete_inputs(100, wanted)
    async with linked(Framing.TCP, port) as link:
        for table in (Table.COIL, Table.DISCRETE):
            assert (await link.read(1, Block(table, 100, 2100), PATIENT)).tolist() == [int(bit) for bit in wanted]


async def test_many_callers_share_a_link_and_each_gets_its_own_answer(port: int, data: DataBank) -> None:
    data.set_holding_registers(0, list(range(300)))

    async def ask(link: ModbusLink, start: int) -> list[int]:
        words: list[int] = (await link.read(1, registers(start, 2), PATIENT)).tolist()
        return words

    async with linked(Framing.TCP, port) as link:
        answers = await asyncio.gather(*(ask(link, start) for start in range(200)))
    assert answers == [[start, start + 1] for start in range(200)]
