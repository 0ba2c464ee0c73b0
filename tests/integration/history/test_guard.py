"""The disk guard: what happens when the bound of the history is near."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.base import HistoryFullError
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.history.horizons import DAY_MS
from stripchart.history.room import Room, RoomState
from stripchart.model.sample import PointId, SampleBatch

TODAY_MS = time.time_ns() // 1_000_000 // DAY_MS * DAY_MS
EVER = (0, 10**15)
HEAD_BYTES = MOST_BYTES_PER_SAMPLE * 20_000


def a_day(days_ago: int, samples: int = 40_000) -> SampleBatch:
    """Values that cannot be packed, of a day that is so long ago."""
    at_ms = TODAY_MS - days_ago * DAY_MS + np.arange(samples)
    value = np.random.default_rng(days_ago).random(samples)
    return SampleBatch(np.ones(samples, np.int32), at_ms, value, np.zeros(samples, np.uint8))


def bounded(max_bytes: int, *, drop: bool) -> EmbeddedOptions:
    return EmbeddedOptions(head_bytes=HEAD_BYTES, max_bytes=max_bytes, drop_when_full=drop)


async def until(historian: EmbeddedHistorian, condition: Callable[[Room], bool]) -> Room:
    async with asyncio.timeout(30):
        while True:
            room = await historian.room()
            if condition(room):
                return room
            await asyncio.sleep(0.02)


async def ten_days(folder: Path) -> int:
    """Samples of ten days, the last of which is today; the bytes they take."""
    async with open_historian(folder, EmbeddedOptions(head_bytes=HEAD_BYTES)) as historian:
        for days_ago in range(9, -1, -1):
            await historian.append(a_day(days_ago))
    async with open_historian(folder) as historian:
        return (await historian.room()).bytes


async def test_the_guard_warns_and_leaves_everything_as_it_is(tmp_path: Path) -> None:
    taken = await ten_days(tmp_path)
    async with open_historian(tmp_path, bounded(int(taken / 0.97), drop=False)) as historian:
        room = await until(historian, lambda room: room.state is RoomState.FULL)
        assert 0.95 <= room.used <= 1
        assert room.free_bytes == pytest.approx(taken * 0.03, rel=0.2)
        assert (room.dropped_samples, room.dropped_before_ms) == (0, None)
        assert await historian.count([PointId(1)], *EVER) == 400_000
        with pytest.raises(HistoryFullError, match="no room"):
            await historian.append(a_day(10))


async def test_by_setting_the_oldest_days_go_and_the_open_day_never(tmp_path: Path) -> None:
    taken = await ten_days(tmp_path)
    async with open_historian(tmp_path, bounded(int(taken / 0.97), drop=True)) as historian:
        room = await until(historian, lambda room: room.state is not RoomState.FULL and room.dropped_samples > 0)
        assert room.used < 0.95
        assert room.dropped_before_ms is not None
        assert TODAY_MS - 9 * DAY_MS < room.dropped_before_ms <= TODAY_MS - 4 * DAY_MS
        left = await historian.read([PointId(1)], *EVER, limit=10**6)
        assert left.at_ms[0] == room.dropped_before_ms
        assert len(left) % 40_000 == 0
        assert room.dropped_samples == 400_000 - len(left)
    async with open_historian(tmp_path, bounded(taken // 100, drop=True)) as historian:
        await until(historian, lambda room: room.dropped_before_ms == TODAY_MS)
        assert await historian.count([PointId(1)], *EVER) == 40_000
        assert (await historian.room()).state is RoomState.FULL
    async with open_historian(tmp_path) as historian:
        assert await historian.count([PointId(1)], *EVER) == 40_000


async def test_what_was_seen_of_the_growth_is_known_after_the_next_start(tmp_path: Path) -> None:
    now_ms = time.time_ns() // 1_000_000
    (tmp_path / "growth.json").write_text(f"[[{now_ms - 2 * DAY_MS}, 0], [{now_ms - DAY_MS}, 500000]]")
    async with open_historian(tmp_path) as historian:
        await historian.append(a_day(0, samples=1000))
    (tmp_path / "growth.json").write_text(f"[[{now_ms - 2 * DAY_MS}, -2000]]")
    async with open_historian(tmp_path) as historian:
        room = await historian.room()
        assert room.growth_bytes_per_day == pytest.approx(1500, rel=0.01)
        assert room.free_bytes is not None
        assert room.days_left == pytest.approx(room.free_bytes / 1500, rel=0.01)
    (tmp_path / "growth.json").write_text("{broken")
    async with open_historian(tmp_path) as historian:
        assert (await historian.room()).days_left is None
