"""A full scan of T3 panels on real sockets: what they are, their settings, every value; they run elsewhere."""

import asyncio
import time

import numpy as np
import uvloop

from bench.plants import served_ports
from bench.report import figure, head
from stripchart.drivers.base import Poll
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.links import Links
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.time import SystemClock
from stripchart.profiles.library import ProfileLibrary

_VALUES = 64 + 64 + 128


def run(count: int = 100) -> None:
    head(f"Full scan of {count} T3 panels, each with its firmware's 50 ms of sleep after a request")
    uvloop.run(_scan(count))


async def _scan(count: int) -> None:
    compiled, links, clock = compile_profile(ProfileLibrary.shipped().get("temco-t3")), Links(), SystemClock()
    ids = np.arange(len(compiled.profile.points), dtype=np.int32)

    def opened(port: int) -> ModbusDriver:
        address = LinkAddress(Framing.TCP, host="127.0.0.1", port=port)
        link = links.acquire(address)
        return ModbusDriver(link, 1, compiled, ids, clock=clock, release=lambda: links.release(address))

    async with served_ports("bench.t3_plant", count) as ports:
        drivers = [opened(port) for port in ports]
        whole, whole_s, whole_cpu_s = await _timed(drivers, 0)
        values, values_s, values_cpu_s = await _timed(drivers, 1)
        for driver in drivers:
            await driver.aclose()
    good = sum(int((poll.samples.has_value).sum()) for poll in values)
    figure("first scan: identity, capacities, settings and values", f"{whole_s:.2f} s", "< 30 s")
    figure("first scan: points read", f"{sum(len(poll.samples) for poll in whole):,}")
    figure("first scan: processor", f"{whole_cpu_s:.2f} s")
    figure("scan of the values", f"{values_s:.2f} s", "< 30 s")
    figure("scan of the values: good ones", f"{good:,} of {count * _VALUES:,}")
    figure("scan of the values: processor", f"{values_cpu_s:.2f} s")


async def _timed(drivers: list[ModbusDriver], cycle: int) -> tuple[list[Poll], float, float]:
    """The polls of all at once, the seconds that took, and those of the processor."""
    started_s, cpu_s = time.monotonic(), time.process_time()
    polls = await asyncio.gather(*(driver.poll(cycle) for driver in drivers))
    return polls, time.monotonic() - started_s, time.process_time() - cpu_s
