"""What the benchmarks of the historian share: folders, one core, clocks, and appending."""

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from stripchart.history.base import Historian
from stripchart.model.sample import SampleBatch

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


@dataclass(slots=True)
class Took:
    """What something took, by the clock on the wall and by the processor."""

    wall_s: float = 0.0
    cpu_s: float = 0.0


@contextlib.contextmanager
def timed() -> Iterator[Took]:
    took = Took()
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    yield took
    took.wall_s, took.cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s


async def append_all(historian: Historian, given: Iterator[SampleBatch], callers: int) -> None:
    """Append every batch, so many at a time."""

    async def append() -> None:
        for batch in given:
            await historian.append(batch)

    await asyncio.gather(*(append() for _ in range(callers)))


async def median_ms(ask: Callable[[int], Awaitable[object]], times: int = 200) -> float:
    """The median of what asking takes; `ask` is given the number of the question."""
    took = []
    for number in range(times):
        began = time.perf_counter()
        await ask(number)
        took.append(time.perf_counter() - began)
    return median(took) * 1000


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder beside the project, because /tmp may be memory and not a disk."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        yield Path(folder)


@contextlib.contextmanager
def on_one_core() -> Iterator[None]:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
