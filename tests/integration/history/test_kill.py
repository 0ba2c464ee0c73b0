"""A process that is killed at any moment, while it writes, seals and merges.

STRIPCHART_TEST_KILLS says how often, 15 times without it.
"""

import asyncio
import os
import random
import sys
from pathlib import Path

import numpy as np

from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import PointId
from tests.integration.history.storing import OPTIONS, POINTS, START_MS

REPOSITORY = Path(__file__).parents[3]
KILLS = int(os.environ.get("STRIPCHART_TEST_KILLS", "15"))
EVER = (0, 10**15)


async def stored_until_killed(folder: Path, first: int, after_s: float) -> int:
    """The number of the last batch a process acknowledged before it was killed."""
    command = (sys.executable, "-m", "tests.integration.history.storing", str(folder), str(first))
    process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    reading = asyncio.create_task(process.stdout.read())
    try:
        await asyncio.wait([reading], timeout=after_s)
    finally:
        process.kill()
    async with asyncio.timeout(60):
        numbers = (await reading).split(b"\n")[:-1]
        await process.wait()
    return int(numbers[-1]) if numbers else first - 1


async def kept(folder: Path) -> int:
    """The number of the last batch that is kept, after a look at every sample there is."""
    async with open_historian(folder, OPTIONS) as historian:
        found = await historian.read([PointId(point) for point in range(POINTS)], *EVER, limit=10**9)
        stats = await historian.stats()
        texts = await historian.texts(PointId(100), *EVER)
    numbers = found.value.astype(int)
    last = int(numbers.max(initial=-1))
    np.testing.assert_array_equal(numbers, np.repeat(np.arange(last + 1), POINTS))
    np.testing.assert_array_equal(found.at_ms, START_MS + 10 * numbers)
    assert stats.samples == len(found)
    assert len(texts) == last // 10 + 1
    return last


async def test_a_process_killed_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    moments = random.Random(7)  # noqa: S311
    last = -1
    for _ in range(KILLS):
        acknowledged = await stored_until_killed(tmp_path, last + 1, moments.uniform(0.3, 1.2))
        assert acknowledged >= last
        last = await kept(tmp_path)
        assert last in {acknowledged, acknowledged + 1}
    assert last > 1000
