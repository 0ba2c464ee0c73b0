"""The trend in a real browser: how fast ten million samples open, and how smoothly it follows and moves."""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import uvloop

from bench.reference import EVERY_MS, reference_values
from bench.report import figure, head
from bench.storing import DAY_MS, temporary_folder
from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import SampleBatch

_KEYS = ("power_total", "gen_freq", "coolant_temp", "gen_uab", "fuel_level")
_SAMPLES = 2_000_000
_AT_ONCE = 20_000
_START_S = 120
_MEASURE_S = 300
_WEB = Path(__file__).parent.parent / "web"


def run() -> None:
    samples, load = len(_KEYS) * _SAMPLES, os.getloadavg()[0]
    head(f"The trend in Chromium: {len(_KEYS)} points, {samples:,} samples; the machine's load is {load:.1f}")
    with temporary_folder() as folder:
        uvloop.run(_measured(folder))


async def _measured(folder: Path) -> None:
    async with _demo(folder):
        pass
    await _seed(folder)
    async with _demo(folder) as link:
        found = await _in_chromium(link)
    opened = found["open_ms"]
    figure("opened, median", f"{np.median(opened):.0f} ms", "< 300 ms")
    figure("opened, best and worst", f"{min(opened):.0f} to {max(opened):.0f} ms")
    figure("following one minute", f"{found['live_fps']:.1f} frames/s", "60")
    figure("moved by hand", f"{found['pan_fps']:.1f} frames/s", "60")


@contextlib.asynccontextmanager
async def _demo(folder: Path) -> AsyncIterator[str]:
    """The demo over the folder; its link."""
    options = ("--port", "0", "--plant-port", "0", "--data-dir", str(folder))
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


async def _in_chromium(link: str) -> dict[str, list[float]]:
    days = str(_SAMPLES * EVERY_MS // DAY_MS + 1)
    script = await asyncio.create_subprocess_exec(
        "node", "dev/measure-trend.mjs", link, days, cwd=_WEB, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(_MEASURE_S):
        output, _ = await script.communicate()
    found: dict[str, list[float]] = json.loads(output)
    return found
