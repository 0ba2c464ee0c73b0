"""What every historian promises about samples behind a horizon, whatever it does to let them go."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.base import Historian
from stripchart.history.horizons import GONE, KEEP_ALL, KEEP_EVERYTHING, Horizon, Horizons
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.historians import ADAPTERS, batch_of, batch_of_texts, many, points, rows_of

EVER = (-(10**15), 10**15)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


@pytest.fixture(params=sorted(ADAPTERS))
def adapter(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def historian(adapter: str, tmp_path: Path) -> AsyncIterator[Historian]:
    async with ADAPTERS[adapter](tmp_path) as opened:
        yield opened


def days_of(point: int, days: int, every_ms: int) -> SampleBatch:
    """A point from 1970 on: its value is the number of the sample, and each tenth is bad."""
    at_ms = np.arange(0, days * DAY_MS, every_ms)
    number = np.arange(len(at_ms))
    quality = np.where(number % 10 == 9, Quality.BAD_COMM, Quality.GOOD).astype(np.uint8)
    value = np.where(quality == Quality.GOOD, number.astype(float), np.nan)
    return SampleBatch(np.full(len(at_ms), point, np.int32), at_ms, value, quality)


def whole_days(raw: int, minute: int, rollup: int) -> Horizon:
    return Horizon(raw * DAY_MS, minute * DAY_MS, rollup * DAY_MS)


async def test_behind_the_horizon_no_sample_is_read_and_the_others_are_as_before(historian: Historian) -> None:
    await historian.append(days_of(1, 4, 60_000))
    before = await historian.read(points(1), 2 * DAY_MS, EVER[1], limit=10**6)
    await historian.retain(Horizons.of(whole_days(2, 0, 0)))
    after = await historian.read(points(1), *EVER, limit=10**6)
    assert str(rows_of(after)) == str(rows_of(before))
    assert await historian.count(points(1), *EVER) == 2 * 1440
    assert await historian.count(points(1), 0, 2 * DAY_MS) == 0
    descending = await historian.read(points(1), 0, EVER[1], limit=3000, descending=True)
    assert len(descending) == 2880
    assert descending.at_ms[-1] == 2 * DAY_MS


@pytest.mark.parametrize("every_ms", [1000, 10_000, HOUR_MS])
async def test_buckets_of_minutes_hours_and_days_are_as_before(
    adapter: str, historian: Historian, every_ms: int
) -> None:
    every_ms = DAY_MS // many(adapter, DAY_MS // every_ms) if every_ms < HOUR_MS else every_ms
    await historian.append(days_of(1, 2, every_ms))
    await historian.append(days_of(2, 2, every_ms * 7))
    lengths_ms = (60_000, 300_000, HOUR_MS, DAY_MS)
    ranges = (EVER, (3 * HOUR_MS, 30 * HOUR_MS))
    asked = [(span, bucket_ms) for span in ranges for bucket_ms in lengths_ms]
    before = [await historian.buckets(points(1, 2), *span, bucket_ms) for span, bucket_ms in asked]
    await historian.retain(Horizons.of(whole_days(1, 0, 0)))
    for (span, bucket_ms), was in zip(asked, before, strict=True):
        now = await historian.buckets(points(1, 2), *span, bucket_ms)
        for name in ("point_id", "start_ms", "count", "good_count", "minimum", "maximum", "first", "last"):
            np.testing.assert_array_equal(getattr(now, name), getattr(was, name), err_msg=name)
        np.testing.assert_allclose(now.mean, was.mean)


async def test_each_length_of_bucket_has_its_horizon(historian: Historian) -> None:
    await historian.append(days_of(1, 4, 10_000))
    await historian.retain(Horizons.of(whole_days(3, 2, 1)))
    for bucket_ms, from_day in ((1000, 3), (90_000, 3), (60_000, 2), (600_000, 2), (HOUR_MS, 1), (DAY_MS, 1)):
        found = await historian.buckets(points(1), *EVER, bucket_ms)
        assert found.start_ms.min() == from_day * DAY_MS, bucket_ms


async def test_a_point_may_have_a_horizon_of_its_own(historian: Historian) -> None:
    await historian.append(SampleBatch.joined([days_of(point, 3, HOUR_MS) for point in (1, 2, 3)]))
    own = [(2, KEEP_ALL), (3, whole_days(2, 2, 2))]
    await historian.retain(Horizons.of(whole_days(1, 1, 1), own))
    assert [await historian.count(points(point), *EVER) for point in (1, 2, 3)] == [48, 72, 24]
    found = await historian.read(points(1, 2, 3), *EVER, limit=73)
    assert len(found) == 73
    rows = [(at_ms, point) for point, at_ms, _ in rows_of(found)]
    assert rows == sorted(rows)
    assert np.count_nonzero(found.point_id == 2) > 24
    days = await historian.buckets(points(1, 2, 3), *EVER, DAY_MS)
    assert days.point_id.tolist() == [1, 1, 2, 2, 2, 3]


async def test_horizons_hold_after_the_next_start(adapter: str, tmp_path: Path) -> None:
    async with ADAPTERS[adapter](tmp_path) as historian:
        await historian.append(days_of(1, 3, HOUR_MS))
        await historian.retain(Horizons.of(whole_days(1, 1, 1), [(9, KEEP_ALL)]))
    async with ADAPTERS[adapter](tmp_path) as historian:
        assert await historian.count(points(1), *EVER) == 48


async def test_a_point_of_which_nothing_is_left_has_no_newest_sample(historian: Historian) -> None:
    await historian.append(batch_of((1, 5, 1.0), (2, 3 * DAY_MS, 2.0)))
    await historian.retain(Horizons.of(whole_days(1, 1, 1)))
    assert rows_of(await historian.latest()) == [(2, 3 * DAY_MS, 2.0)]


async def test_samples_may_still_be_stored_behind_the_horizon(historian: Historian) -> None:
    await historian.retain(Horizons.of(whole_days(2, 0, 0)))
    await historian.append(batch_of((1, 10, 1.0), (1, 3 * DAY_MS, 2.0)))
    assert rows_of(await historian.read(points(1), *EVER, limit=9)) == [(1, 3 * DAY_MS, 2.0)]
    assert (await historian.buckets(points(1), *EVER, DAY_MS)).count.tolist() == [1, 1]


async def test_a_horizon_behind_everything_leaves_nothing(historian: Historian) -> None:
    await historian.append(days_of(1, 2, 10_000))
    await historian.retain(Horizons.of(GONE))
    assert await historian.count(points(1), *EVER) == 0
    assert len(await historian.buckets(points(1), *EVER, DAY_MS)) == 0
    assert len(await historian.latest()) == 0


async def test_of_texts_the_one_in_force_at_the_horizon_stays(historian: Historian) -> None:
    for number, at_ms in enumerate((10, DAY_MS, DAY_MS + 5, 3 * DAY_MS)):
        await historian.append(batch_of_texts(p7=(at_ms, f"text {number}")))
    await historian.retain(Horizons.of(whole_days(2, 2, 2)))
    expected = [(DAY_MS + 5, "text 2"), (3 * DAY_MS, "text 3")]
    assert await historian.texts(PointId(7), *EVER) == expected
    assert (await historian.latest()).texts == {7: expected[-1]}


async def test_forgotten_points_are_gone_and_stay_so(adapter: str, tmp_path: Path) -> None:
    async with ADAPTERS[adapter](tmp_path) as historian:
        await historian.append(SampleBatch.joined([days_of(1, 2, 60_000), days_of(2, 2, 60_000)]))
        await historian.append(batch_of_texts(p7=(10, "one"), p8=(10, "two")))
        await historian.forget(points(1, 7))
    async with ADAPTERS[adapter](tmp_path) as historian:
        await historian.retain(KEEP_EVERYTHING)
        await historian.append(batch_of((1, 3 * DAY_MS, 1.0)))
        assert [await historian.count(points(point), *EVER) for point in (1, 2)] == [0, 2880]
        assert len(await historian.buckets(points(1), *EVER, DAY_MS)) == 0
        latest = await historian.latest()
        assert latest.point_id.tolist() == [2]
        assert latest.texts == {8: (10, "two")}
        await historian.append(batch_of_texts(p7=(20, "three")))
        assert await historian.texts(PointId(7), *EVER) == []


async def test_the_room_is_told(historian: Historian) -> None:
    room = await historian.room()
    assert 0 <= room.used <= 1
    assert room.free_bytes is None or room.free_bytes > 0
    assert (room.dropped_samples, room.dropped_before_ms) == (0, None)
