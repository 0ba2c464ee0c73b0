"""pymodbus' own server, which nobody here wrote, is read correctly."""

import asyncio

import numpy as np
import pytest

from stripchart.drivers.base import RefusedError
from stripchart.model.block import Block
from stripchart.model.device import Framing
from stripchart.model.point import Table
from tests.integration.links.peers import PATIENT, linked, pymodbus_server, registers

FRAMINGS = pytest.mark.parametrize("framing", [Framing.TCP, Framing.RTU_OVER_TCP, Framing.UDP])


@FRAMINGS
async def test_holding_registers_of_two_units_come_over_one_link(framing: Framing) -> None:
    async with pymodbus_server(framing) as port, linked(framing, port) as link:
        one, two = await asyncio.gather(
            link.read(1, registers(10, 125), PATIENT), link.read(2, registers(10, 3), PATIENT)
        )
        assert one.dtype == np.uint16
        assert one.dtype.isnative
        assert one.tolist() == list(range(1010, 1135))
        assert two.tolist() == [2010, 2011, 2012]
        assert link.counters.connects == 1
        assert link.counters.replies == 2


@FRAMINGS
async def test_start_addresses_above_32767_are_read(framing: Framing) -> None:
    async with pymodbus_server(framing) as port, linked(framing, port) as link:
        assert (await link.read(2, registers(40_000, 3), PATIENT)).tolist() == [65_535, 32_768, 2]


@FRAMINGS
async def test_input_registers_coils_and_discrete_inputs_are_read(framing: Framing) -> None:
    async with pymodbus_server(framing) as port, linked(framing, port) as link:
        assert (await link.read(1, Block(Table.INPUT, 1, 3), PATIENT)).tolist() == [8, 9]
        coils = await link.read(1, Block(Table.COIL, 3, 17), PATIENT)
        assert coils.dtype == np.uint16
        assert coils.tolist() == [int(n % 3 == 0) for n in range(3, 17)]
        discrete = await link.read(1, Block(Table.DISCRETE, 0, 9), PATIENT)
        assert discrete.tolist() == [int(n % 3 != 0) for n in range(9)]


@FRAMINGS
async def test_a_refusal_names_unit_block_and_code_and_keeps_the_session(framing: Framing) -> None:
    async with pymodbus_server(framing) as port, linked(framing, port) as link:
        with pytest.raises(RefusedError, match=r"unit 1, holding 5000..5009: exception 2 \(illegal data address\)"):
            await link.read(1, registers(5000, 10), PATIENT)
        assert (await link.read(1, registers(0, 1), PATIENT)).tolist() == [1000]
        assert (link.counters.refused, link.counters.connects) == (1, 1)
