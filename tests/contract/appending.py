"""A process that appends batch after batch and says so after each, until it is killed.

Batch n holds one sample of each of POINTS points at time n, with value n. Run with the adapter's name and the folder.
"""

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

import numpy as np

from stripchart.model.sample import SampleBatch
from tests.contract.historians import ADAPTERS

POINTS = 50


async def append_until_killed(adapter: str, folder: Path) -> None:
    ids = np.arange(POINTS, dtype=np.int32)
    async with ADAPTERS[adapter](folder) as historian:
        for number in count():
            at_ms, value = np.full(POINTS, number), np.full(POINTS, float(number))
            await historian.append(SampleBatch(ids, at_ms, value, np.zeros(POINTS, np.uint8)))
            os.write(sys.stdout.fileno(), f"{number}\n".encode())


if __name__ == "__main__":
    asyncio.run(append_until_killed(sys.argv[1], Path(sys.argv[2])))
