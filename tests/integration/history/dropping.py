"""A process that stores day after day and lets the days before go, until it is killed: `dropping FOLDER FIRST_DAY`.

It says the number of each day that is stored. What a day holds follows from its number alone.
"""

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

import numpy as np

from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.history.horizons import DAY_MS, Horizon, Horizons
from stripchart.model.sample import SampleBatch

POINTS = 3
OPTIONS = EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * 20_000)
BEGIN_MS = 1_767_225_600_000 - 4 * DAY_MS
"""Four days before 2026, so that a year is dropped as a file."""
EVERY_MS = 3000
"""Twenty samples a minute: enough for roll-ups by the minute to be worth it."""
_PER_DAY = DAY_MS // EVERY_MS
VALUES = np.round(np.random.default_rng(7).normal(50, 5, _PER_DAY), 2)
"""Of each day and point."""


def day(number: int) -> SampleBatch:
    """A day of each point."""
    at_ms = BEGIN_MS + number * DAY_MS + np.repeat(np.arange(_PER_DAY) * EVERY_MS, POINTS)
    ids = np.tile(np.arange(POINTS, dtype=np.int32), _PER_DAY)
    return SampleBatch(ids, at_ms, np.repeat(VALUES, POINTS), np.zeros(len(ids), np.uint8))


def horizons_at(number: int) -> Horizons:
    """What is kept once a day is stored: two days as they are, a third by the minute, two more by the hour."""
    raw, minute, rollup = (BEGIN_MS + (number - days) * DAY_MS for days in (1, 2, 4))
    return Horizons.of(Horizon(raw, minute, rollup))


async def drop_until_killed(folder: Path, first: int) -> None:
    async with open_historian(folder, OPTIONS) as historian:
        for number in count(first):
            await historian.append(day(number))
            os.write(sys.stdout.fileno(), f"{number}\n".encode())
            await historian.retain(horizons_at(number))


if __name__ == "__main__":
    asyncio.run(drop_until_killed(Path(sys.argv[1]), int(sys.argv[2])))
