"""`python -m tests.soak SECONDS SEED`: fifty devices with random faults; prints what came of it, as JSON."""

import asyncio
import contextlib
import json
import logging
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import numpy as np
import structlog
import uvloop

from stripchart.drivers.base import Driver
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.links import Links
from stripchart.history.embedded.historian import open_historian
from stripchart.model.device import Device, DeviceId, DeviceStatus, Framing, LinkAddress, SiteId
from stripchart.model.link import LinkOptions
from stripchart.model.sample import PointId
from stripchart.model.time import SystemClock
from stripchart.pipeline.pipeline import Pipeline, PipelineOptions
from stripchart.polling.supervisor import Job, Supervisor
from stripchart.simulator.server import serving
from tests.soak.faults import Line, begin, end, kinds_for
from tests.soak.truth import POINTS, Judge, TruthDevice, truth_profile

ALONE, BEHIND_CONVERTERS, UNITS = 20, 5, 6
INTERVAL_S = 2.0
LONGEST_S = 4.0
SILENCE_S = 3.0
BACK_WITHIN_S = 2 * LONGEST_S + SILENCE_S + 2 * INTERVAL_S
"""Twice the longest back-off, what it takes to give a dead connection up, and two intervals."""

OLDEST_MS = 1500
"""How old a value may be when it is stamped: a reply may be to the request before, which was given up."""
OPTIONS = LinkOptions(retry_longest_s=LONGEST_S, probe_longest_s=LONGEST_S, silence_limit_s=SILENCE_S)


class Soak:
    """The plant, its collector, and what is found out."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a test is to be repeated
        self.clock, self.links = SystemClock(), Links()
        self.compiled = compile_profile(truth_profile())
        self.lines: list[Line] = []
        self.faults: Counter[str] = Counter()
        self.late: list[str] = []
        self.slowest_back_s: dict[str, float] = {}
        self.memory_mb: list[float] = []
        self.bugs: list[str] = []
        self.supervisor: Supervisor

    async def open(self, device: Device) -> Driver:
        ids = np.arange(POINTS, dtype=np.int32) + device.id * POINTS
        link = self.links.acquire(device.link)
        return ModbusDriver(
            link,
            device.unit_id,
            self.compiled,
            ids,
            clock=self.clock,
            release=lambda: self.links.release(device.link),
        )

    def devices(self) -> list[Device]:
        return [
            Device(
                id=DeviceId(each.number),
                site_id=SiteId(1),
                name=f"d{each.number}",
                link=LinkAddress(line.framing, host="127.0.0.1", port=line.port),
                unit_id=each.unit_id,
                profile="truth",
                interval_s=INTERVAL_S,
            )
            for line in self.lines
            for each in line.devices
        ]

    async def trouble(self, line: Line, until_s: float) -> None:
        """One fault after another on a line, with time to recover in between, of which each device is to be back."""
        await asyncio.sleep(self.chance.uniform(3, 10))
        while time.monotonic() < until_s:
            kind = self.chance.choice(kinds_for(line))
            self.faults[kind] += 1
            about = await begin(kind, line, self.chance)
            await asyncio.sleep(self.chance.uniform(2, 10))
            await end(kind, line)
            await asyncio.gather(*(self.until_back(each, kind) for each in about))
            await asyncio.sleep(self.chance.uniform(1, 4))

    async def until_back(self, device: TruthDevice, kind: str) -> None:
        ended_ms, ended_s = self.clock.now_ms(), time.monotonic()
        while not self.is_back(device, ended_ms):
            if time.monotonic() - ended_s > 4 * BACK_WITHIN_S:
                self.late.append(f"device {device.number} is not back after {kind}")
                return
            await asyncio.sleep(0.05)
        took_s = time.monotonic() - ended_s
        self.slowest_back_s[kind] = max(took_s, self.slowest_back_s.get(kind, 0.0))
        if took_s > BACK_WITHIN_S:
            self.late.append(f"device {device.number} is back {took_s:.1f} s after {kind}")

    def is_back(self, device: TruthDevice, since_ms: int) -> bool:
        health = self.supervisor.health(DeviceId(device.number))
        if health is None or health.status is not DeviceStatus.ONLINE:
            return False
        return (health.last_reading_ms or 0) > since_ms

    async def watch_memory(self) -> None:
        while True:
            await asyncio.sleep(2)
            self.memory_mb.append(_memory_mb())

    def note_log(self, _: Any, level: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        if level in {"error", "critical", "exception"}:
            self.bugs.append(f"{event.get('event')}: {event.get('reason') or event.get('exc_info')}")
        raise structlog.DropEvent


async def soak(seconds: float, seed: int) -> dict[str, object]:
    test = Soak(seed)
    structlog.configure(processors=[test.note_log], wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    asyncio.get_running_loop().set_exception_handler(lambda _, context: test.bugs.append(str(context)))
    with tempfile.TemporaryDirectory() as folder:
        async with plant(test), open_historian(Path(folder)) as historian:
            test.links.configure({device.link: OPTIONS for device in test.devices()})
            pipeline = Pipeline(historian, PipelineOptions())
            async with pipeline.running(), Supervisor(test.open, pipeline.accept, test.clock) as test.supervisor:
                await test.supervisor.apply([Job(device, None) for device in test.devices()])
                watching = asyncio.create_task(test.watch_memory())
                until_s = time.monotonic() + seconds
                await asyncio.gather(*(test.trouble(line, until_s) for line in test.lines))
                polled = [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("poll ")]
                back = sum(test.is_back(each, 0) for line in test.lines for each in line.devices)
                watching.cancel()
            judge = await judged(historian, test)
    return {
        "seed": seed,
        "tasks": len(polled),
        "online": back,
        "faults": dict(sorted(test.faults.items())),
        "late": test.late,
        "slowest_back_s": {kind: round(took, 1) for kind, took in sorted(test.slowest_back_s.items())},
        "samples": judge.samples,
        "wrong": judge.wrong[:20],
        "bugs": test.bugs[:20],
        "lost": pipeline.health().dropped,
        "memory_mb": [round(each, 1) for each in (*test.memory_mb[len(test.memory_mb) // 3 :: 10], _memory_mb())],
    }


async def judged(historian: Any, test: Soak) -> Judge:
    """All that is in the history."""
    judge = Judge(OLDEST_MS)
    for number in (each.number for line in test.lines for each in line.devices):
        ids = [PointId(number * POINTS + point) for point in range(POINTS)]
        judge.judge(await historian.read(ids, 0, 1 << 62, limit=10_000_000))
    return judge


@contextlib.asynccontextmanager
async def plant(test: Soak) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as stack:
        shapes = [(Framing.TCP, 1)] * ALONE + [(Framing.RTU_OVER_TCP, UNITS)] * BEHIND_CONVERTERS
        number = 0
        for framing, units in shapes:
            devices = [TruthDevice(number + unit, unit + 1) for unit in range(units)]
            number += units
            server = await stack.enter_async_context(serving(devices, framing=framing))
            test.lines.append(Line(server, framing, devices, server.port))
        yield


def _memory_mb() -> float:
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(soak(float(sys.argv[1]), int(sys.argv[2])))))
