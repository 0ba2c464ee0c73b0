"""The embedded historian on one core: writing, size, reading, many points, and starting after a crash."""

import asyncio
import contextlib
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import uvloop

from bench import sqlite_rows
from bench.reference import START_MS, Values, batches, reference_values
from bench.report import figure, head
from stripchart.history.embedded.files import bytes_in
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.model.sample import PointId, SampleBatch

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_ROWS = 300
"""So many times of the reference data go into SQLite rows, which would take minutes for all."""
_MANY = 100_000
_DEVICE = 100
_YEAR = 365


def run() -> None:
    with _on_one_core():
        values = reference_values()
        head(f"History: {values.shape[1]} points x {values.shape[0]} samples, one core, fsync for each batch of 1000")
        with _folder() as folder:
            uvloop.run(_written(folder, values, callers=1))
        with _folder() as folder:
            uvloop.run(_written(folder, values, callers=8))
            uvloop.run(_read(folder, values))
        _compare(values[:_ROWS])
        head("History: one point, a year at 1 s")
        with _folder() as folder:
            uvloop.run(_year(folder))
        head(f"History: {_MANY:,} points at 1 s")
        with _folder() as folder:
            uvloop.run(_many(folder, seconds=60))


async def _written(folder: Path, values: Values, callers: int) -> None:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    async with open_historian(folder) as historian:
        await _append_all(historian, batches(values), callers)
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    what = f"written, sealed and closed, {callers} at a time"
    figure(what, f"{values.size / wall_s:,.0f}/s", ">= 1,500,000/s")
    figure("  by processor time", f"{values.size / cpu_s:,.0f}/s")
    figure("  bytes a sample, all files", f"{bytes_in(folder) / values.size:.3f}", "<= 0.95")


async def _read(folder: Path, values: Values) -> None:
    points = values.shape[1]
    span = (START_MS, START_MS + _DAY_MS)
    async with open_historian(folder) as historian:
        day = await _median_ms(lambda n: historian.read([PointId(n * 7 % points)], *span, limit=10**6))
        figure("one point, one day", f"{day:.3f} ms", "<= 0.3 ms")
        hours = await _median_ms(lambda n: historian.buckets([PointId(n * 7 % points)], *span, _HOUR_MS))
        figure("one point, one day in hours", f"{hours:.3f} ms", "<= 0.2 ms")
        found = await historian.read([PointId(0)], *span, limit=10**6)
        np.testing.assert_array_equal(found.value, values[:, 0])


def _compare(values: Values) -> None:
    head(f"The same as SQLite rows ({values.shape[0]} samples a point)")
    with _folder() as folder:
        speed, size, day, hours = sqlite_rows.measure(folder, values)
    whole = 8640 / values.shape[0]
    figure("written", f"{speed:,.0f}/s")
    figure("bytes a sample", f"{size:.1f}")
    figure("one point, one day, from its share", f"{day * whole:.1f} ms")
    figure("one point, one day in hours, from its share", f"{hours * whole:.1f} ms")


async def _year(folder: Path) -> None:
    random = np.random.default_rng(7)
    point, good = np.zeros(86_400, np.int32), np.zeros(86_400, np.uint8)
    began = time.perf_counter()
    async with open_historian(folder) as historian:
        for day in range(_YEAR):
            at_ms = START_MS + day * _DAY_MS + np.arange(86_400) * 1000
            value = np.round(400 + np.cumsum(random.normal(0, 0.05, 86_400)), 1)
            await historian.append(SampleBatch(point, at_ms, value, good))
    figure("filled in", f"{_YEAR * 86_400 / (time.perf_counter() - began):,.0f}/s", ">= 1,000,000/s")
    figure("bytes a sample", f"{bytes_in(folder) / _YEAR / 86_400:.3f}", "<= 0.95")
    span = (START_MS, START_MS + _YEAR * _DAY_MS)
    async with open_historian(folder) as historian:
        hours = await _median_ms(lambda _: historian.buckets([PointId(0)], *span, _HOUR_MS), times=5)
        figure("the year in hours", f"{hours:.1f} ms", "<= 20 ms")
        count = await _median_ms(lambda _: historian.count([PointId(0)], *span), times=5)
        figure("counted", f"{count:.1f} ms")


async def _many(folder: Path, seconds: int) -> None:
    random = np.random.default_rng(7)
    value = 400 + random.normal(0, 1, _MANY)
    took_s = 0.0
    crashed = folder / "crashed"
    async with open_historian(folder / "history") as historian:
        for second in range(seconds):
            value = np.round(value + random.normal(0, 0.1, _MANY), 1)
            late_ms = random.integers(0, 5, _MANY // _DEVICE)
            began = time.perf_counter()
            await _append_all(historian, _devices(value, START_MS + second * 1000 + late_ms), 50)
            took_s += time.perf_counter() - began
        figure("written", f"{seconds * _MANY / took_s:,.0f}/s", ">= 500,000/s")
        latest = await _median_ms(lambda _: historian.latest(), times=20)
        figure("latest of all", f"{latest:.2f} ms", "<= 20 ms")
        shutil.copytree(folder / "history", crashed)
        figure("memory, highest", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", "<= 600 MB")
    began = time.perf_counter()
    async with open_historian(crashed) as historian:
        figure("start after a crash", f"{time.perf_counter() - began:.2f} s", "<= 3 s")
        assert (await historian.stats()).samples == seconds * _MANY


def _devices(value: Values, at_ms: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Iterator[SampleBatch]:
    """One batch for each device of 100 points."""
    good = np.zeros(_DEVICE, np.uint8)
    for number, time_ms in enumerate(at_ms.tolist()):
        ids = np.arange(number * _DEVICE, (number + 1) * _DEVICE, dtype=np.int32)
        yield SampleBatch(ids, np.full(_DEVICE, time_ms), value[ids], good)


async def _append_all(historian: EmbeddedHistorian, given: Iterator[SampleBatch], callers: int) -> None:
    async def append() -> None:
        for batch in given:
            await historian.append(batch)

    await asyncio.gather(*(append() for _ in range(callers)))


async def _median_ms(ask: Callable[[int], Awaitable[object]], times: int = 200) -> float:
    took = []
    for number in range(times):
        began = time.perf_counter()
        await ask(number)
        took.append(time.perf_counter() - began)
    return median(took) * 1000


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder beside the project, because /tmp may be memory and not a disk."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        yield Path(folder)


@contextlib.contextmanager
def _on_one_core() -> Iterator[None]:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
