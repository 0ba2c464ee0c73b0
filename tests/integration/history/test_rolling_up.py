"""What a roll-up takes the place of, it tells: also samples that lie elsewhere, and days of which a part is asked."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.horizons import DAY_MS, Horizon, Horizons
from stripchart.model.sample import PointId, SampleBatch

BEGIN_MS = 1_766_361_600_000
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
POINT = PointId(1)
ONLY_ROLL_UPS = Horizons.of(Horizon(BEGIN_MS + 2 * DAY_MS, BEGIN_MS, BEGIN_MS))
ONLY_HOURS = Horizons.of(Horizon(BEGIN_MS + 2 * DAY_MS, BEGIN_MS + 2 * DAY_MS, BEGIN_MS))


def each_second(begin_ms: int, count: int) -> SampleBatch:
    at_ms = begin_ms + 1000 * np.arange(count)
    return SampleBatch(np.full(count, POINT, np.int32), at_ms, np.arange(float(count)), np.zeros(count, np.uint8))


async def stored(folder: Path, *runs: tuple[int, int]) -> None:
    """Runs of samples, from so many seconds on, each of a program of its own."""
    for begin_s, count in runs:
        async with open_historian(folder) as historian:
            await historian.append(each_second(BEGIN_MS + 1000 * begin_s, count))


async def rolled_up(historian: EmbeddedHistorian, left: int, horizons: Horizons = ONLY_ROLL_UPS) -> None:
    """Keep roll-ups alone, and wait until there are no more than so many samples."""
    await historian.retain(horizons)
    async with asyncio.timeout(30):
        while True:
            if (await historian.stats()).samples <= left:
                return
            await asyncio.sleep(0.01)


async def counts(historian: EmbeddedHistorian, from_ms: int, bucket_ms: int) -> list[int]:
    found = await historian.buckets([POINT], from_ms, BEGIN_MS + DAY_MS, bucket_ms)
    return [int(count) for count in found.count]


@pytest.mark.parametrize("from_hour", [0, 12, 13])
async def test_a_day_that_begins_in_the_range_tells_the_hours_that_lie_in_it(tmp_path: Path, from_hour: int) -> None:
    await stored(tmp_path, (13 * 3600, 3000))
    async with open_historian(tmp_path) as historian:
        await rolled_up(historian, 0)
        for bucket_ms in (MINUTE_MS * 1440, 12 * HOUR_MS, HOUR_MS):
            assert await counts(historian, BEGIN_MS + from_hour * HOUR_MS, bucket_ms) == [3000]


async def test_few_samples_between_many_stay_in_the_hours(tmp_path: Path) -> None:
    """A short run leaves a bundle, over which the segments before and behind it are joined."""
    await stored(tmp_path, (0, 3007), (3010, 300), (3315, 3000), (6330, 3000))
    async with open_historian(tmp_path) as historian:
        before = await counts(historian, BEGIN_MS, HOUR_MS)
        assert sum(before) == 9307
        await rolled_up(historian, 0)
        assert await counts(historian, BEGIN_MS, HOUR_MS) == before


async def test_late_samples_that_are_still_in_memory_are_waited_for(tmp_path: Path) -> None:
    await stored(tmp_path, (0, 3000))
    async with open_historian(tmp_path) as historian:
        late = each_second(BEGIN_MS + 500, 3000)
        await historian.append(late)
        await rolled_up(historian, 6000)
        assert await counts(historian, BEGIN_MS, HOUR_MS) == [6000]
    async with open_historian(tmp_path) as historian:
        assert await counts(historian, BEGIN_MS, HOUR_MS) == [6000]
        await rolled_up(historian, 1)
        assert await counts(historian, BEGIN_MS, HOUR_MS) == [6000]


async def test_sparse_hours_go_with_their_samples_and_the_hours_stay(tmp_path: Path) -> None:
    count = 6000
    at_ms = BEGIN_MS + 10_000 * np.arange(count)
    batch = SampleBatch(np.full(count, POINT, np.int32), at_ms, np.arange(float(count)), np.zeros(count, np.uint8))
    async with open_historian(tmp_path) as historian:
        await historian.append(batch)
    assert kept(tmp_path, "count(sparse_hours)") == 1
    async with open_historian(tmp_path) as historian:
        before = await counts(historian, BEGIN_MS, HOUR_MS)
        await rolled_up(historian, 0, ONLY_HOURS)
        assert await counts(historian, BEGIN_MS, HOUR_MS) == before == [360] * 16 + [240]
    assert kept(tmp_path, "count(sparse_hours)") == 0
    assert kept(tmp_path, "count(hours)") == 1


def kept(folder: Path, what: str) -> int:
    with closing(sqlite3.connect(folder / "2025.db")) as db:
        return int(db.execute(f"SELECT {what} FROM segment").fetchone()[0])  # noqa: S608
