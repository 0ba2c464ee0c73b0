"""The page in a real browser: how soon it is of use, how fast ten million samples open, how smoothly it moves."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import uvloop

from bench.browser import figure_of_frames, in_chromium
from bench.page_fleet import measure as measure_fleet
from bench.reference import EVERY_MS, reference_values
from bench.report import figure, head
from bench.storing import DAY_MS, temporary_folder
from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import SampleBatch

_KEYS = ("power_total", "gen_freq", "coolant_temp", "gen_uab", "fuel_level")
_SAMPLES = 2_000_000
_AT_ONCE = 20_000
_START_S = 120
_FIRST_LOAD_KB = 350


def run(*, long: bool) -> None:
    samples, load = len(_KEYS) * _SAMPLES, os.getloadavg()[0]
    head(f"The page in Chromium, nothing in its cache; the machine's load is {load:.1f}")
    with temporary_folder() as folder:
        uvloop.run(_paints(folder))
        head(f"The trend in Chromium: {len(_KEYS)} points, {samples:,} samples; the load is {os.getloadavg()[0]:.1f}")
        uvloop.run(_trend(folder))
    uvloop.run(measure_fleet(long=long))


async def _paints(folder: Path) -> None:
    async with _demo(folder) as link:
        found = await in_chromium("measure-paint.mjs", link)
    for name, seen in found.items():
        others = f"first {seen['first']:.0f}, largest {seen['largest']:.0f} ms"
        figure(f"{name}: first value on the screen", f"{seen['live']:.0f} ms", "< 1,500 ms", others)
        figure("  came over the network", f"{seen['bytes'] / 1000:.0f} kB", f"<= {_FIRST_LOAD_KB} kB")


async def _trend(folder: Path) -> None:
    await _seed(folder)
    days = str(_SAMPLES * EVERY_MS // DAY_MS + 1)
    async with _demo(folder) as link:
        found = await in_chromium("measure-trend.mjs", link, days)
    opened = np.array(found["opened"])
    figure("opened, median", f"{np.median(opened):.0f} ms", "< 300 ms")
    figure("  best and worst", f"{opened.min():.0f} to {opened.max():.0f} ms")
    figure_of_frames("following one minute", found["live"])
    figure_of_frames("moved by hand", found["pan"])


@contextlib.asynccontextmanager
async def _demo(folder: Path) -> AsyncIterator[str]:
    """The demo over the folder; its link."""
    options = ("--port", "0", "--plant-port", "0", "--data-dir", str(folder), "--history", "0")
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stripchart", "demo", *options, stdout=pipe, stdin=pipe
    )
    assert program.stdout is not None
    try:
        async with asyncio.timeout(_START_S):
            line = (await program.stdout.readline()).decode()
            await program.stdout.readline()
        yield line.split()[-1]
    finally:
        program.send_signal(signal.SIGINT)
        await program.communicate()


async def _seed(folder: Path) -> None:
    values = reference_values(len(_KEYS), _SAMPLES)
    with contextlib.closing(sqlite3.connect(folder / "catalog.db")) as catalog:
        query = "select p.key, p.id from point p join device d on d.id = p.device_id where d.name = 'G1'"
        ids = dict(catalog.execute(query).fetchall())
    points = np.array([ids[key] for key in _KEYS], np.int32)
    first_ms = int(time.time() * 1000) - 3_600_000 - _SAMPLES * EVERY_MS
    async with open_historian(folder / "history") as historian:
        for first in range(0, _SAMPLES, _AT_ONCE):
            rows = values[first : first + _AT_ONCE]
            at_ms = np.repeat(first_ms + EVERY_MS * np.arange(first, first + len(rows)), len(points))
            batch = SampleBatch(np.tile(points, len(rows)), at_ms, rows.ravel(), np.zeros(rows.size, np.uint8))
            await historian.append(batch)
