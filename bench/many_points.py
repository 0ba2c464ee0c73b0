"""100,000 points at 1 s in a process of their own: writing, memory, the newest of all, and starting after a crash."""

import asyncio
import multiprocessing
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import uvloop

from bench.reference import START_MS
from bench.report import figure, head
from bench.storing import append_all, median_ms, temporary_folder, timed
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.model.sample import SampleBatch

POINTS = 100_000
_DEVICE = 100
_UNSEALED_S = 60


def run(*, seconds: int) -> None:
    head(f"History: {POINTS:,} points at 1 s for {seconds} s")
    with temporary_folder() as folder:
        _apart(_written, folder, seconds)
        _apart(_left_unsealed, folder / "crashed")
        _apart(_started, folder / "crashed")


def _apart(work: object, *arguments: object) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)  # type: ignore[arg-type]
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{work} ended with {process.exitcode}")


def _written(folder: Path, seconds: int) -> None:
    async def write() -> None:
        took_s = cpu_s = 0.0
        async with open_historian(folder / "history") as historian:
            for second, value in enumerate(_seconds(seconds)):
                with timed() as took:
                    await append_all(historian, _devices(value, second), 50)
                took_s, cpu_s = took_s + took.wall_s, cpu_s + took.cpu_s
            figure("written", f"{seconds * POINTS / took_s:,.0f}/s", ">= 500,000/s")
            figure("  by processor time", f"{seconds * POINTS / cpu_s:,.0f}/s")
            latest = await median_ms(lambda _: historian.latest(), times=20)
            figure("latest of all", f"{latest:.2f} ms", "<= 20 ms")
        figure("memory, highest", f"{_highest_mb():.0f} MB", "<= 600 MB")

    uvloop.run(write())


def _left_unsealed(folder: Path) -> None:
    """A minute in the journal alone, as after a crash while nothing could be sealed."""

    async def write() -> None:
        copy = folder.with_name("copy")
        large = EmbeddedOptions(head_bytes=POINTS * _UNSEALED_S * MOST_BYTES_PER_SAMPLE + 2**20)
        async with open_historian(copy, large) as historian:
            for second, value in enumerate(_seconds(_UNSEALED_S)):
                await append_all(historian, _devices(value, second), 50)
            await asyncio.to_thread(shutil.copytree, copy, folder)
        shutil.rmtree(copy)

    uvloop.run(write())


def _started(folder: Path) -> None:
    async def start() -> None:
        began = time.perf_counter()
        async with open_historian(folder) as historian:
            figure(f"start after a crash, {_UNSEALED_S} s unsealed", f"{time.perf_counter() - began:.2f} s", "<= 3 s")
            assert (await historian.stats()).samples == _UNSEALED_S * POINTS
        figure("  memory, highest", f"{_highest_mb():.0f} MB", "<= 600 MB")

    uvloop.run(start())


def _seconds(count: int) -> Iterator[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """The values of all points, second after second."""
    random = np.random.default_rng(7)
    value = 400 + random.normal(0, 1, POINTS)
    for _ in range(count):
        value = np.round(value + random.normal(0, 0.1, POINTS), 1)
        yield value


def _devices(value: np.ndarray[tuple[int], np.dtype[np.float64]], second: int) -> Iterator[SampleBatch]:
    """One batch for each device of 100 points, each at a time of its own."""
    good = np.zeros(_DEVICE, np.uint8)
    late_ms = np.random.default_rng(second).integers(0, 5, POINTS // _DEVICE)
    for number, time_ms in enumerate((START_MS + second * 1000 + late_ms).tolist()):
        ids = np.arange(number * _DEVICE, (number + 1) * _DEVICE, dtype=np.int32)
        yield SampleBatch(ids, np.full(_DEVICE, time_ms), value[ids], good)


def _highest_mb() -> float:
    """The most memory this process had resident. `ru_maxrss` would count what the parent had, too."""
    status = Path(f"/proc/{os.getpid()}/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
