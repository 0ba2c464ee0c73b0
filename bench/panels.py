"""A full scan of T3 panels on real sockets: what they are, their settings, every value; they run elsewhere."""

import asyncio
import time

import numpy as np
import uvloop

from bench.plants import served_ports
from bench.report import figure, head
from bench.storing import temporary_folder
from stripchart.api.parts import Parts
from stripchart.catalog.records import NewDevice, NewSite
from stripchart.catalog.repository import Catalog
from stripchart.catalog.roster import RosterEntry
from stripchart.drivers.base import Poll
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.links import Links
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.time import SystemClock
from stripchart.profiles.library import ProfileLibrary
from stripchart.runtime.running import running
from stripchart.settings import Settings

_PROFILE = "temco-t3"
_VALUES = 64 + 64 + 128
_INTERVAL_S = 30.0
_LOOK_EVERY_S = 0.05
_PATIENCE_S = 120.0


def run(count: int = 100) -> None:
    head(f"Full scan of {count} T3 panels, each with its firmware's 50 ms of sleep after a request")
    uvloop.run(_scan(count))
    with temporary_folder() as folder:
        uvloop.run(_recorded(count, Settings(data_dir=folder)))


async def _scan(count: int) -> None:
    compiled, links, clock = compile_profile(ProfileLibrary.shipped().get(_PROFILE)), Links(), SystemClock()
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


async def _recorded(count: int, settings: Settings) -> None:
    """The same by the whole program: from its start, with new devices, until each value was stored and is shown."""
    async with served_ports("bench.t3_plant", count) as ports, asyncio.timeout(_PATIENCE_S):
        started_s, cpu_s = time.monotonic(), time.process_time()
        async with running(settings, prepare=lambda catalog: _registered(catalog, ports)) as parts:
            running_s = time.monotonic() - started_s
            while not all(_is_whole(parts, entry) for entry in parts.roster.all()):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_EVERY_S)
            scanned_s, scanned_cpu_s = time.monotonic() - started_s - running_s, time.process_time() - cpu_s
            stored = parts.pipeline.health().stored
    figure("whole program: from nothing to running, devices added", f"{running_s:.2f} s")
    figure("whole program: full scan, checked for alarms and shown", f"{scanned_s:.2f} s", "< 30 s")
    figure("whole program: samples stored by then", f"{stored:,}")
    figure("whole program: processor, start included", f"{scanned_cpu_s:.2f} s")


async def _registered(catalog: Catalog, ports: list[int]) -> None:
    site = await catalog.add_site(NewSite(code="BENCH", name="Bench"))
    for number, port in enumerate(ports):
        link = LinkAddress(Framing.TCP, host="127.0.0.1", port=port)
        await catalog.add_device(
            NewDevice(
                site_id=site.id,
                name=f"Panel {number}",
                link=link,
                unit_id=1,
                profile=_PROFILE,
                interval_s=_INTERVAL_S,
            )
        )


def _is_whole(parts: Parts, entry: RosterEntry) -> bool:
    return bool((parts.pipeline.latest.values(entry.point_ids, parts.clock.now_ms()).good_at_ms > 0).all())


async def _timed(drivers: list[ModbusDriver], cycle: int) -> tuple[list[Poll], float, float]:
    """The polls of all at once, the seconds that took, and those of the processor."""
    started_s, cpu_s = time.monotonic(), time.process_time()
    polls = await asyncio.gather(*(driver.poll(cycle) for driver in drivers))
    return polls, time.monotonic() - started_s, time.process_time() - cpu_s
