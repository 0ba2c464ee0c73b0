"""A process that stores batch after batch and says so after each, until it is killed: `writing FOLDER FIRST_NUMBER`.

The head is small, so that sealing and merging never end. What batch n holds follows from n alone.
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
from stripchart.model.sample import PointId, SampleBatch

POINTS = 8
OPTIONS = EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * 2000)
START_MS = 1_767_225_600_000 - 20_000
"""New Year 2026 comes with batch 2000, so two files are written."""
_EVERY_MS = 10
_LATE = 50


def batch_number(number: int) -> SampleBatch:
    """A sample of each point; those of an older batch once more; a text that changes now and then."""
    numbers = [number, number - _LATE] if number % 7 == 0 and number > _LATE else [number]
    times = np.repeat(np.array(numbers), POINTS)
    ids = np.tile(np.arange(POINTS, dtype=np.int32), len(numbers))
    at_ms = START_MS + times * _EVERY_MS
    texts = {PointId(100): (int(at_ms[0]), f"text {number // 10}")}
    return SampleBatch(ids, at_ms, times.astype(float), np.zeros(len(ids), np.uint8), texts)


async def store_until_killed(folder: Path, first: int) -> None:
    async with open_historian(folder, OPTIONS) as historian:
        for number in count(first):
            await historian.append(batch_number(number))
            os.write(sys.stdout.fileno(), f"{number}\n".encode())


if __name__ == "__main__":
    asyncio.run(store_until_killed(Path(sys.argv[1]), int(sys.argv[2])))
