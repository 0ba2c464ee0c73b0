"""A fleet on real sockets, polled, decoded, and stored by one process; the fleet runs in another."""

import asyncio
import contextlib
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import numpy as np
import uvloop

from bench.plants import served_ports
from bench.report import figure, head
from bench.workload import hundred_points
from stripchart.drivers.base import Driver
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.links import Links
from stripchart.history.embedded.historian import open_historian
from stripchart.model.alarm import Thresholds
from stripchart.model.device import Device, DeviceId, Framing, LinkAddress, SiteId
from stripchart.model.sample import PointIds, SampleBatch
from stripchart.model.time import SystemClock
from stripchart.pipeline.pipeline import Pipeline, PipelineOptions
from stripchart.polling.garbage import without_long_collections
from stripchart.polling.schedule import staggered
from stripchart.polling.supervisor import Job, Supervisor
from stripchart.process import set_up_process

_POINTS = 100
_THRESHOLDS = [Thresholds(warning_upper=90_000.0, critical_upper=95_000.0)] * 10
"""Of the first points of each device."""
_LINKS = 200
_NO_PAUSE_S = 0.002
_WARM_UP_S = 3.0
_TIMER_GRAIN_NS = 2_000_000


class Fleet:
    """Devices of the bench profile, one per port, and what came of polling them."""

    def __init__(self, ports: list[int], interval_s: float) -> None:
        self.compiled = compile_profile(hundred_points())
        self.links, self.clock = Links(), SystemClock()
        self.lateness_ms: list[float] = []
        self.devices = [
            Device(
                id=DeviceId(number),
                site_id=SiteId(1),
                name=f"d{number}",
                link=LinkAddress(Framing.TCP, host="127.0.0.1", port=port),
                unit_id=1,
                profile="bench",
                interval_s=interval_s,
            )
            for number, port in enumerate(ports)
        ]
        self._grids = [staggered(interval_s, device.id) for device in self.devices]

    async def open(self, device: Device) -> Driver:
        link = self.links.acquire(device.link)
        return ModbusDriver(
            link,
            1,
            self.compiled,
            self.point_ids(device),
            clock=self.clock,
            release=lambda: self.links.release(device.link),
        )

    def point_ids(self, device: Device) -> PointIds:
        return np.arange(_POINTS, dtype=np.int32) + device.id * _POINTS

    def note_lateness(self, batch: SampleBatch) -> None:
        """How long after its slot the device's samples were there, reading included."""
        grid = self._grids[int(batch.point_id[0]) // _POINTS]
        late_ns = (time.monotonic_ns() - grid.offset_ns) % grid.every_ns
        early_ns = grid.every_ns - late_ns  # a timer may fire a fraction of a millisecond before its slot
        self.lateness_ms.append(0.0 if early_ns < _TIMER_GRAIN_NS else late_ns / 1e6)


_PACED_S = 60.0
"""Long enough for the head of the history to fill and be sealed, and the rings of frames to fill."""


def run(count: int = 1000, seconds: float = 10.0) -> None:
    set_up_process()
    head(f"Fleet of {count} devices x {_POINTS} points, polled, decoded, stored by one process")
    uvloop.run(_paced(count, _PACED_S))
    uvloop.run(_saturated(count, seconds))


async def _paced(count: int, seconds: float) -> None:
    async with _polled(count, interval_s=1.0) as (fleet, pipeline):
        stored, cpu_s = await _measured(pipeline, seconds, fleet)
        figure("every 1 s: values stored", f"{stored / seconds:,.0f}/s")
        figure("every 1 s: processor", f"{100 * cpu_s / seconds:.1f} % of a core", "<= 35 %")
        late = np.array(fleet.lateness_ms)
        figure(
            "every 1 s: lateness p50 / p99, reading included", f"{_at(late, 50)} / {_at(late, 99)} ms", "p99 <= 20"
        )
        highest_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figure("every 1 s: memory now / highest", f"{_resident_mb():.0f} / {highest_mb:.0f} MB", "<= 200")


async def _saturated(count: int, seconds: float) -> None:
    """An interval so short that the grid is never what limits: each device is polled again as soon as it was."""
    async with _polled(max(count, _LINKS), interval_s=_NO_PAUSE_S) as (fleet, pipeline):
        stored, cpu_s = await _measured(pipeline, seconds, fleet)
        polled = len(fleet.lateness_ms) * _POINTS
        figure("as fast as it goes: values polled", f"{polled / seconds:,.0f}/s", ">= 600,000")
        figure("as fast as it goes: values stored", f"{stored / seconds:,.0f}/s")
        figure("as fast as it goes: processor", f"{100 * cpu_s / seconds:.0f} % of a core")
        figure("as fast as it goes: values polled for each second of a core", f"{polled / cpu_s:,.0f}")
        figure("as fast as it goes: lost", f"{pipeline.health().dropped}")


async def _measured(pipeline: Pipeline, seconds: float, fleet: Fleet) -> tuple[int, float]:
    """Samples stored and processor seconds used in so many seconds, after a warm-up."""
    await asyncio.sleep(_WARM_UP_S)
    fleet.lateness_ms.clear()
    stored, cpu_s = pipeline.health().stored, time.process_time()
    await asyncio.sleep(seconds)
    return pipeline.health().stored - stored, time.process_time() - cpu_s


def _at(column: np.ndarray[tuple[int], np.dtype[np.float64]], percent: float) -> str:
    return f"{np.percentile(column, percent):.1f}"


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


@contextlib.asynccontextmanager
async def _polled(count: int, interval_s: float) -> AsyncIterator[tuple[Fleet, Pipeline]]:
    with tempfile.TemporaryDirectory() as folder:
        async with served_ports("bench.plant", count) as ports, open_historian(Path(folder)) as historian:
            pipeline = Pipeline(historian, PipelineOptions())
            fleet = Fleet(ports, interval_s)

            def sink(batch: SampleBatch) -> Awaitable[None] | None:
                fleet.note_lateness(batch)
                return pipeline.accept(batch)

            for device in fleet.devices:
                ids = fleet.point_ids(device)
                pipeline.declare(ids, fleet.compiled.profile.points, [5.0] * _POINTS)
                pipeline.watch(ids[: len(_THRESHOLDS)], _THRESHOLDS)
            async with pipeline.running(), Supervisor(fleet.open, sink, fleet.clock) as supervisor:
                await supervisor.apply([Job(device, None) for device in fleet.devices])
                async with without_long_collections(first_s=_WARM_UP_S / 2):
                    yield fleet, pipeline
