"""Operators at the demo plant: shipped profiles, real sockets, and controllers that obey after a while."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np

from stripchart.drivers.modbus.glance import OperatedUnit
from stripchart.drivers.modbus.opening import open_link
from stripchart.drivers.modbus.writer import ModbusWriter
from stripchart.model.device import LinkAddress
from stripchart.model.order import WriteResult
from stripchart.model.time import SystemClock
from stripchart.model.wanted import wanted_value
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.running import RunningPlant, running_plant

LIBRARY = ProfileLibrary.shipped()
SPEED = 50.0
LIMIT_S = 60.0


@asynccontextmanager
async def operating(running: RunningPlant, name: str) -> AsyncIterator[ModbusWriter]:
    """A writer for the device of this name."""
    link, device = next((link, each) for link in running.plant.links for each in link.devices if each.name == name)
    opened = open_link(LinkAddress(link.framing, host="127.0.0.1", port=link.port))
    profile = LIBRARY.get(device.profile)
    unit = OperatedUnit(
        opened, device.unit_id, profile, np.arange(len(profile.points), dtype=np.int32), SystemClock()
    )
    async with asyncio.timeout(LIMIT_S):
        writer = ModbusWriter(unit, release=opened.aclose)
        try:
            yield writer
        finally:
            await writer.aclose()


async def test_a_genset_is_started_limited_and_stopped() -> None:
    async with running_plant(base_port=0, speed=SPEED) as running, operating(running, "G2") as writer:
        refused = await writer.command("start")
        assert refused.result is WriteResult.REFUSED
        assert "'mode_manual' must be 1 (Yes) first" in refused.message
        assert (await writer.command("manual")).result is WriteResult.VERIFIED
        started = await writer.command("start")
        assert (started.result, started.old) == (WriteResult.VERIFIED, 0.0)
        limited = await writer.write("target_p_pct", 40.0)
        assert (limited.result, limited.old, limited.new) == (WriteResult.VERIFIED, 100.0, 40.0)
        stopped = await writer.command("stop")
        assert (stopped.result, stopped.new) == (WriteResult.VERIFIED, 1.0)


async def test_a_mains_controller_behind_a_converter_obeys() -> None:
    async with running_plant(base_port=0, speed=SPEED) as running, operating(running, "YKZ mains") as writer:
        for key, value in (("load_mode", 2.0), ("set_p_pct", 75.5), ("clock_hour", 7.0)):
            written = await writer.write(key, value)
            assert (key, written.result, written.new) == (key, WriteResult.VERIFIED, value)
        assert (await writer.command("manual")).result is WriteResult.VERIFIED
        opened = await writer.command("mains_breaker")
        assert (opened.result, opened.old) == (WriteResult.VERIFIED, 3.0)
        muted = await writer.command("mute")
        assert muted.result is WriteResult.NOT_VERIFIED


async def test_a_t3_is_written_as_its_firmware_wants_it() -> None:
    async with running_plant(base_port=0, speed=SPEED) as running, operating(running, "Office") as writer:
        t3 = LIBRARY.get("temco-t3")
        setpoint = await writer.write("var1", 23.5)
        assert (setpoint.result, setpoint.new) == (WriteResult.VERIFIED, 23.5)
        refused = await writer.write("in1", 20.0)
        assert refused.result is WriteResult.REFUSED
        assert "'in1_manual' must be 1 (Manual) first, and it is 0 (Auto)" in refused.message
        for key in ("in1_manual", "out1_manual"):
            assert (await writer.write(key, wanted_value(t3.point(key), "Manual"))).result is WriteResult.VERIFIED
        for key, value in (("in1", -12.25), ("out1", 65.535), ("var9", 0.0)):
            written = await writer.write(key, value)
            assert (key, written.result, written.new) == (key, WriteResult.VERIFIED, value)
        digital = await writer.write("var9", 2.0)
        assert (digital.result, digital.message) == (WriteResult.REFUSED, "2: allowed for point 'var9' are 0 to 1")
        running.devices["Office"].set("out2_switch", 2)
        by_hand = await writer.write("out2", 10.0)
        assert "'out2_switch' must be 1 (Auto) first, and it is 2 (Hand)" in by_hand.message
