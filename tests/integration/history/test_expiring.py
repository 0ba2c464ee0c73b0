"""The embedded historian lets go: roll-ups in the place of samples, years as files, and a kill at any moment."""

import asyncio
import random
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stripchart.history.base import Buckets, HistoryUnreadableError
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.horizons import DAY_MS, GONE, KEEP_ALL, KEEP_EVERYTHING, Horizon, Horizons
from stripchart.model.sample import PointId, SampleBatch
from tests.integration.history.dropping import BEGIN_MS, EVERY_MS, OPTIONS, POINTS, VALUES, day, horizons_at

REPOSITORY = Path(__file__).parents[3]
EVER = (0, 10**15)
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
ALL = [PointId(point) for point in range(POINTS)]
SAMPLES_A_DAY = POINTS * DAY_MS // EVERY_MS


def before_day(raw: int, minute: int, rollup: int) -> Horizon:
    return Horizon(*(BEGIN_MS + number * DAY_MS for number in (raw, minute, rollup)))


async def until(historian: EmbeddedHistorian, condition: Callable[[int], bool]) -> None:
    """Wait until the number of samples in the files is as wanted."""
    async with asyncio.timeout(30):
        while True:
            if condition((await historian.stats()).samples):
                return
            await asyncio.sleep(0.01)


async def until_true(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)


def year_files(folder: Path, names: str = "2*.db") -> list[Path]:
    return list(folder.glob(names))


def told(path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as other:
        rows = other.execute(query, values).fetchall()
    other.close()
    return rows


def assert_same(now: Buckets, was: Buckets) -> None:
    for name in ("point_id", "start_ms", "count", "good_count", "minimum", "maximum", "mean", "first", "last"):
        np.testing.assert_array_equal(getattr(now, name), getattr(was, name), err_msg=name)


async def days_stored(folder: Path, days: int) -> None:
    """Whole days in year files, merged as far as they will be."""
    async with open_historian(folder, OPTIONS) as historian:
        for number in range(days):
            await historian.append(day(number))


async def test_roll_ups_take_the_place_of_samples_and_hours_that_of_minutes(tmp_path: Path) -> None:
    await days_stored(tmp_path, 5)
    file = tmp_path / "2025.db"
    full_bytes = file.stat().st_size
    async with open_historian(tmp_path, OPTIONS) as historian:
        minutes = await historian.buckets(ALL, *EVER, MINUTE_MS)
        hours = await historian.buckets(ALL, *EVER, HOUR_MS)
        await historian.retain(Horizons.of(before_day(4, 0, 0)))
        await until(historian, lambda samples: samples == SAMPLES_A_DAY)
        assert_same(await historian.buckets(ALL, *EVER, MINUTE_MS), minutes)
        assert_same(await historian.buckets(ALL, *EVER, HOUR_MS), hours)
        assert await historian.count(ALL, *EVER) == SAMPLES_A_DAY
    assert told(file, "SELECT DISTINCT point_id FROM segment WHERE body_id = 0") == [(0,), (1,), (2,)]
    fewer_bytes = file.stat().st_size
    async with open_historian(tmp_path, OPTIONS) as historian:
        assert_same(await historian.buckets(ALL, *EVER, MINUTE_MS), minutes)
        await historian.retain(Horizons.of(before_day(4, 4, 0)))
        with_minutes = "SELECT count(*) FROM segment WHERE body_id = 0 AND minutes IS NOT NULL"
        await until_true(lambda: told(file, with_minutes) == [(0,)])
        assert_same(await historian.buckets(ALL, *EVER, HOUR_MS), hours)
        late = await historian.buckets(ALL, *EVER, MINUTE_MS)
        assert late.start_ms.min() == BEGIN_MS + 4 * DAY_MS
    assert file.stat().st_size < fewer_bytes < full_bytes
    assert_nothing_dangles(file)


def assert_nothing_dangles(file: Path) -> None:
    """Each segment with a body has one, each body a segment, and times are counted right."""
    assert told(file, "PRAGMA integrity_check") == [("ok",)]
    assert told(file, "SELECT id FROM body EXCEPT SELECT body_id FROM segment") == []
    assert told(file, "SELECT body_id FROM segment WHERE body_id > 0 EXCEPT SELECT id FROM body") == []
    uses = "SELECT id, uses FROM times EXCEPT SELECT times_id, count(*) FROM body GROUP BY times_id"
    assert told(file, uses) == []
    in_segments = told(file, "SELECT ifnull(sum(samples), 0) FROM segment WHERE body_id > 0")[0][0]
    in_bundles = told(file, "SELECT ifnull(sum(samples), 0) FROM bundle")[0][0]
    assert told(file, "SELECT samples - ? - ? FROM state", in_segments, in_bundles) == [(0,)]


async def test_late_samples_fill_gaps_of_roll_ups_and_repeat_nothing(tmp_path: Path) -> None:
    first = day(0)
    gap = (first.at_ms >= BEGIN_MS + HOUR_MS) & (first.at_ms < BEGIN_MS + 2 * HOUR_MS)
    async with open_historian(tmp_path, OPTIONS) as historian:
        await historian.append(first.where(~gap))
        await historian.append(day(1))
    async with open_historian(tmp_path, OPTIONS) as historian:
        await historian.retain(Horizons.of(before_day(1, 0, 0)))
        await until(historian, lambda samples: samples <= 1.9 * SAMPLES_A_DAY)
        before = await historian.buckets(ALL, BEGIN_MS, BEGIN_MS + DAY_MS, DAY_MS)
        assert before.count.tolist() == [28_800 - 1200] * POINTS
        await historian.append(first.where(first.at_ms < BEGIN_MS + 3 * HOUR_MS))
        hours = await historian.buckets(ALL, BEGIN_MS, BEGIN_MS + DAY_MS, HOUR_MS)
        assert hours.count.tolist() == [1200] * 24 * POINTS
        assert await historian.count(ALL, 0, BEGIN_MS + DAY_MS) == 0


async def test_a_year_behind_the_horizon_is_dropped_as_a_file_while_others_read(tmp_path: Path) -> None:
    await days_stored(tmp_path, 6)
    async with open_historian(tmp_path, OPTIONS) as historian:
        reading = [asyncio.create_task(historian.read(ALL, *EVER, limit=10**6)) for _ in range(5)]
        await historian.retain(Horizons.of(before_day(4, 4, 4)))
        for found in await asyncio.gather(*reading):
            assert len(found) in {2 * SAMPLES_A_DAY, 6 * SAMPLES_A_DAY}
        await until_true(lambda: not year_files(tmp_path, "2025.db*"))
        assert await historian.count(ALL, *EVER) == 2 * SAMPLES_A_DAY
        await historian.append(day(0))  # a year may come again
        assert await historian.count(ALL, *EVER) == 2 * SAMPLES_A_DAY
    async with open_historian(tmp_path, OPTIONS) as historian:
        assert await historian.count(ALL, *EVER) == 2 * SAMPLES_A_DAY


async def test_a_year_of_which_one_point_is_kept_stays_with_that_point(tmp_path: Path) -> None:
    await days_stored(tmp_path, 6)
    file = tmp_path / "2025.db"
    full_bytes = file.stat().st_size
    async with open_historian(tmp_path, OPTIONS) as historian:
        await historian.retain(Horizons.of(before_day(4, 4, 4), [(1, KEEP_ALL)]))
        await until(historian, lambda samples: samples <= (2 + 4 / POINTS) * SAMPLES_A_DAY)
        assert await historian.count([PointId(1)], *EVER) == 6 * SAMPLES_A_DAY // POINTS
    assert file.stat().st_size < 0.7 * full_bytes
    assert_nothing_dangles(file)


async def test_few_samples_of_many_points_go_too(tmp_path: Path) -> None:
    """They are in bundles, which hold many points each."""
    ids = np.arange(2000, dtype=np.int32)
    good = np.zeros(2000, np.uint8)
    async with open_historian(tmp_path, OPTIONS) as historian:
        for number in range(40):
            at_ms = BEGIN_MS + np.full(2000, number * DAY_MS // 10)
            await historian.append(SampleBatch(ids, at_ms, ids.astype(float), good))
    async with open_historian(tmp_path, OPTIONS) as historian:
        assert (await historian.stats()).samples == 80_000
        await historian.retain(Horizons.of(KEEP_ALL, [(point, GONE) for point in range(0, 2000, 2)]))
        await until(historian, lambda samples: samples == 40_000)
        assert await historian.count([PointId(4)], *EVER) == 0
        assert await historian.count([PointId(5)], *EVER) == 40
        await historian.retain(Horizons.of(before_day(2, 2, 2), [(5, KEEP_ALL)]))
        await until(historian, lambda samples: samples < 40_000)
        assert await historian.count([PointId(5)], *EVER) == 40
        assert await historian.count([PointId(7)], *EVER) == 20


async def test_broken_horizons_are_refused_by_name_and_left_alone(tmp_path: Path) -> None:
    async with open_historian(tmp_path) as historian:
        await historian.retain(Horizons.of(before_day(1, 1, 1)))
    file = tmp_path / "horizons.json"
    for content in (b"{", b'{"format": 1}', b"[]"):
        file.write_bytes(content)
        with pytest.raises(HistoryUnreadableError, match=r"horizons\.json: the file is broken; put back a backup"):
            async with open_historian(tmp_path):
                pass
        assert file.read_bytes() == content
    file.write_text('{"format": 2}')
    with pytest.raises(HistoryUnreadableError, match=r"horizons\.json: written by a newer Stripchart"):
        async with open_historian(tmp_path):
            pass


async def dropped_until_killed(folder: Path, first: int, after_s: float) -> int:
    """The last day a process said was stored before it was killed, so long after it had stored the first."""
    command = (sys.executable, "-m", "tests.integration.history.dropping", str(folder), str(first))
    process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            lines = [await process.stdout.readline()]
        reading = asyncio.create_task(process.stdout.read())
        await asyncio.wait([reading], timeout=after_s)
    finally:
        process.kill()
    async with asyncio.timeout(60):
        lines += (await reading).split(b"\n")[:-1]
        await process.wait()
    return max(int(line) for line in lines if line.strip().isdigit())


async def kept_after_a_kill(folder: Path, acknowledged: int) -> int:
    """The last day there is, after a look at what should be left of it and the days before."""
    async with open_historian(folder, OPTIONS) as historian:
        newest = await historian.latest()
        last = (int(newest.at_ms.max(initial=BEGIN_MS - 1)) - BEGIN_MS) // DAY_MS
        assert last in {acknowledged, acknowledged + 1}
        if last < 0:
            return last
        await historian.retain(horizons_at(last))
        raw_days, minute_days, rollup_days = (range(max(0, last - days), last + 1) for days in (1, 2, 4))
        found = await historian.read(ALL, *EVER, limit=10**7)
        expected = SampleBatch.joined([day(number) for number in raw_days])
        np.testing.assert_array_equal(found.at_ms, expected.at_ms)
        np.testing.assert_array_equal(found.value, expected.value)
        minutes = await historian.buckets(ALL, *EVER, MINUTE_MS)
        assert minutes.count.tolist() == [MINUTE_MS // EVERY_MS] * (1440 * POINTS * len(minute_days))
        hours = await historian.buckets(ALL, *EVER, HOUR_MS)
        assert hours.count.tolist() == [HOUR_MS // EVERY_MS] * (24 * POINTS * len(rollup_days))
        by_hour = np.tile(VALUES.reshape(24, -1), (POINTS * len(rollup_days), 1))
        np.testing.assert_array_equal(hours.first, by_hour[:, 0])
        np.testing.assert_array_equal(hours.maximum, by_hour.max(axis=1))
    for file in year_files(folder):
        assert_nothing_dangles(file)
    return last


async def test_a_process_killed_while_it_drops_loses_nothing_it_should_have_and_goes_on_dropping(
    tmp_path: Path,
) -> None:
    moments = random.Random(11)  # noqa: S311
    last = -1
    for _ in range(6):
        acknowledged = await dropped_until_killed(tmp_path, last + 1, moments.uniform(0.1, 0.9))
        last = await kept_after_a_kill(tmp_path, acknowledged)
    assert last > 8
    assert not (tmp_path / "2025.db").exists()
    async with open_historian(tmp_path, OPTIONS) as historian:
        await historian.retain(KEEP_EVERYTHING)
        await historian.retain(horizons_at(last))
        await until(historian, lambda samples: samples < 3.5 * SAMPLES_A_DAY)
