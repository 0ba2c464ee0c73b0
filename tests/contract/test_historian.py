"""What every historian promises, whatever it keeps its samples in."""

import asyncio
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.history.base import Buckets, Historian, HistoryUnavailableError
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.appending import POINTS
from tests.contract.historians import ADAPTERS, Row, batch_of, batch_of_texts, points, rows_of

EVER = (-(10**15), 10**15)
REPOSITORY = Path(__file__).parents[2]


async def everything(historian: Historian, *ids: int) -> list[Row]:
    return rows_of(await historian.read(points(*ids), *EVER, limit=10**6))


async def test_an_empty_history_answers_with_nothing(historian: Historian) -> None:
    assert await everything(historian, 1) == []
    assert await historian.count(points(1), *EVER) == 0
    assert len(await historian.buckets(points(1), 0, 1000, 10)) == 0
    assert len(await historian.latest()) == 0
    assert await historian.texts(PointId(1), *EVER) == []
    stats = await historian.stats()
    assert (stats.samples, stats.first_ms, stats.last_ms) == (0, None, None)


async def test_no_points_have_no_samples(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.5)))
    assert await everything(historian) == []
    assert await historian.count([], *EVER) == 0
    assert len(await historian.buckets([], 0, 100, 10)) == 0


async def test_samples_come_back_as_they_went_in(historian: Historian) -> None:
    batch = SampleBatch(
        np.array([1, 2, 3, 4], np.int32),
        np.full(4, 1_700_000_000_123),
        np.array([0.1, -1e300, np.nan, 5e-324]),
        np.array([Quality.GOOD, Quality.UNCERTAIN_STALE, Quality.BAD_SENSOR, Quality.UNCERTAIN], np.uint8),
    )
    await historian.append(batch)
    found = await historian.read(points(1, 2, 3, 4), *EVER, limit=10)
    np.testing.assert_array_equal(found.point_id, batch.point_id)
    np.testing.assert_array_equal(found.at_ms, batch.at_ms)
    np.testing.assert_array_equal(found.value, batch.value)
    np.testing.assert_array_equal(found.quality, batch.quality)
    dtypes = [column.dtype for column in (found.point_id, found.at_ms, found.value, found.quality)]
    assert dtypes == [np.int32, np.int64, np.float64, np.uint8]


async def test_an_empty_batch_changes_nothing(historian: Historian) -> None:
    await historian.append(SampleBatch.empty())
    assert (await historian.stats()).samples == 0


async def test_a_sample_stored_twice_is_stored_once_and_the_last_value_wins(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0), (1, 20, 2.0)))
    await historian.append(batch_of((1, 20, 2.5), (1, 30, 3.0)))
    assert await everything(historian, 1) == [(1, 10, 1.0), (1, 20, 2.5), (1, 30, 3.0)]
    assert (await historian.stats()).samples == 3


async def test_within_a_batch_the_later_row_wins(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0), (1, 10, None), (1, 10, 3.0)))
    assert await everything(historian, 1) == [(1, 10, 3.0)]
    assert (await historian.stats()).samples == 1


async def test_a_bad_sample_can_replace_a_good_one(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0)))
    await historian.append(batch_of((1, 10, None)))
    assert await everything(historian, 1) == [(1, 10, None)]


async def test_samples_may_arrive_in_any_order(historian: Historian) -> None:
    await historian.append(batch_of((2, 50, 5.0), (1, 30, 3.0)))
    await historian.append(batch_of((1, 10, 1.0), (2, 20, 2.0)))
    assert await everything(historian, 1, 2) == [(1, 10, 1.0), (2, 20, 2.0), (1, 30, 3.0), (2, 50, 5.0)]
    assert rows_of(await historian.latest()) == [(1, 30, 3.0), (2, 50, 5.0)]
    stats = await historian.stats()
    assert (stats.samples, stats.first_ms, stats.last_ms) == (4, 10, 50)
    assert stats.bytes > 0


async def test_ranges_include_their_start_and_not_their_end(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0), (1, 20, 2.0), (1, 30, 3.0)))
    assert rows_of(await historian.read(points(1), 10, 30, limit=9)) == [(1, 10, 1.0), (1, 20, 2.0)]
    assert await historian.count(points(1), 10, 30) == 2
    assert await historian.count(points(1), 30, 10) == 0
    assert (await historian.buckets(points(1), 10, 30, 1000)).count.tolist() == [2]


async def test_samples_are_ordered_by_time_then_point_and_cut_at_the_limit(historian: Historian) -> None:
    await historian.append(batch_of(*((point, at_ms, 1.0) for point in (3, 1, 2) for at_ms in (20, 10))))
    asked = points(3, 2, 1, 3)
    ascending = [(row[1], row[0]) for row in rows_of(await historian.read(asked, *EVER, limit=5))]
    assert ascending == [(10, 1), (10, 2), (10, 3), (20, 1), (20, 2)]
    descending = [(row[1], row[0]) for row in rows_of(await historian.read(asked, *EVER, limit=4, descending=True))]
    assert descending == [(20, 3), (20, 2), (20, 1), (10, 3)]
    assert await historian.count(asked, *EVER) == 6


async def test_only_the_points_asked_for_are_read(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0), (2, 10, 2.0), (3, 10, 3.0)))
    assert await everything(historian, 2, 99) == [(2, 10, 2.0)]


async def test_bad_samples_are_counted_and_never_averaged(historian: Historian) -> None:
    await historian.append(batch_of((1, 0, None), (1, 3, 4.0), (1, 6, 2.0), (1, 9, None), (1, 25, None)))
    buckets = await historian.buckets(points(1), 0, 100, 10)
    assert buckets.start_ms.tolist() == [0, 20]
    assert buckets.count.tolist() == [4, 1]
    assert buckets.good_count.tolist() == [2, 0]
    for column, expected in zip(
        (buckets.minimum, buckets.maximum, buckets.mean, buckets.first, buckets.last),
        (2.0, 4.0, 3.0, 4.0, 2.0),
        strict=True,
    ):
        np.testing.assert_array_equal(column, [expected, np.nan])


async def test_a_number_that_comes_with_a_bad_quality_is_not_kept(historian: Historian) -> None:
    lying = SampleBatch(np.array([1], np.int32), np.array([5]), np.array([32767.0]), np.array([0x82], np.uint8))
    await historian.append(lying)
    assert await everything(historian, 1) == [(1, 5, None)]
    assert np.isnan((await historian.buckets(points(1), 0, 10, 10)).maximum).all()


async def test_a_bucket_has_at_least_a_millisecond(historian: Historian) -> None:
    with pytest.raises(ValueError, match="bucket_ms 0"):
        await historian.buckets(points(1), 0, 100, 0)


values = st.none() | st.floats(-1e9, 1e9)
rows = st.tuples(st.integers(1, 3), st.integers(-200, 400), values)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(rows, max_size=60), start_ms=st.integers(-250, 100), bucket_ms=st.integers(1, 150))
def test_buckets_are_what_numpy_makes_of_the_samples(
    adapter: str, rows: list[Row], start_ms: int, bucket_ms: int
) -> None:
    async def stored() -> Buckets:
        with tempfile.TemporaryDirectory() as folder:
            async with ADAPTERS[adapter](Path(folder)) as historian:
                await historian.append(batch_of(*rows))
                return await historian.buckets(points(2, 1), start_ms, 300, bucket_ms)

    buckets = asyncio.run(stored())
    kept = {(point, at_ms): value for point, at_ms, value in rows if point < 3 and start_ms <= at_ms < 300}
    grid = sorted({(point, at_ms // bucket_ms * bucket_ms) for point, at_ms in kept})
    assert list(zip(buckets.point_id.tolist(), buckets.start_ms.tolist(), strict=True)) == grid
    for index, (point, start) in enumerate(grid):
        inside = [kept[key] for key in sorted(kept) if key[0] == point and 0 <= key[1] - start < bucket_ms]
        good = np.array([value for value in inside if value is not None])
        assert (buckets.count[index], buckets.good_count[index]) == (len(inside), len(good))
        found = [column[index] for column in (buckets.minimum, buckets.maximum, buckets.first, buckets.last)]
        expected = [good.min(), good.max(), good[0], good[-1]] if len(good) else [np.nan] * 4
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_allclose(buckets.mean[index], good.mean() if len(good) else np.nan, rtol=1e-9, atol=1e-6)


async def test_the_latest_sample_of_every_point_is_found(historian: Historian) -> None:
    await historian.append(batch_of((7, 10, 1.0), (2, 10, 2.0), (7, 20, None)))
    await historian.append(batch_of((2, 5, 0.0)))
    assert rows_of(await historian.latest()) == [(2, 10, 2.0), (7, 20, None)]


async def test_a_text_is_kept_when_it_changes(historian: Historian) -> None:
    for at_ms, text in ((10, "1.0"), (20, "1.0"), (30, "1.1 Ω"), (40, "1.0"), (50, "1.0")):
        await historian.append(batch_of_texts(p7=(at_ms, text)))
    assert await historian.texts(PointId(7), *EVER) == [(10, "1.0"), (30, "1.1 Ω"), (40, "1.0")]
    assert (await historian.latest()).texts == {7: (40, "1.0")}


async def test_the_text_in_force_at_the_start_is_told_with_those_of_the_range(historian: Historian) -> None:
    await historian.append(batch_of_texts(p7=(10, "a"), p8=(20, "other")))
    await historian.append(batch_of_texts(p7=(30, "b")))
    assert await historian.texts(PointId(7), 15, 30) == [(10, "a")]
    assert await historian.texts(PointId(7), 30, 31) == [(30, "b")]
    assert await historian.texts(PointId(7), 0, 31) == [(10, "a"), (30, "b")]
    assert await historian.texts(PointId(7), 0, 10) == []


async def test_a_text_stored_twice_for_one_time_is_the_last_one(historian: Historian) -> None:
    await historian.append(batch_of_texts(p7=(10, "a")))
    await historian.append(batch_of_texts(p7=(10, "b")))
    assert await historian.texts(PointId(7), *EVER) == [(10, "b")]


async def test_what_was_appended_is_there_after_closing_and_opening(adapter: str, tmp_path: Path) -> None:
    async with ADAPTERS[adapter](tmp_path) as historian:
        await historian.append(batch_of((1, 10, 1.0)))
        await historian.append(batch_of_texts(p7=(10, "a")))
    async with ADAPTERS[adapter](tmp_path) as historian:
        assert await everything(historian, 1) == [(1, 10, 1.0)]
        assert (await historian.latest()).texts == {7: (10, "a")}
        assert (await historian.stats()).samples == 1


async def test_a_batch_is_kept_whole_or_not_at_all(historian: Historian) -> None:
    broken = batch_of((1, 10, 1.0), (2, 10, 2.0))
    uneven = SampleBatch(broken.point_id, broken.at_ms[:1], broken.value, broken.quality)
    with pytest.raises(ValueError, match=r"shorter|length"):
        await historian.append(uneven)
    assert await everything(historian, 1, 2) == []
    await historian.append(broken)
    assert len(await everything(historian, 1, 2)) == 2


async def test_readers_see_whole_batches_while_a_writer_is_busy(historian: Historian) -> None:
    ids = points(*range(20))
    done = asyncio.Event()

    async def write() -> None:
        for at_ms in range(100):
            await historian.append(batch_of(*((point, at_ms, 1.0) for point in ids)))
        done.set()

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(write())
        while not done.is_set():
            assert await historian.count(ids, *EVER) % len(ids) == 0
            assert len(await historian.read(ids, *EVER, limit=10**6)) % len(ids) == 0
    assert await historian.count(ids, *EVER) == 2000


async def test_a_cancelled_append_leaves_the_historian_usable(historian: Historian) -> None:
    ids = points(*range(500))
    cut = asyncio.create_task(historian.append(batch_of(*((point, 1, 1.0) for point in ids))))
    await asyncio.sleep(0)
    cut.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cut
    await historian.append(batch_of((1, 2, 2.0)))
    assert await historian.count(ids, 0, 2) in {0, len(ids)}
    assert await historian.count(ids, 2, 3) == 1


async def test_a_closed_historian_refuses_clearly_and_closes_twice(historian: Historian) -> None:
    await historian.aclose()
    await historian.aclose()
    with pytest.raises(HistoryUnavailableError, match="closed"):
        await historian.append(batch_of((1, 10, 1.0)))
    with pytest.raises(HistoryUnavailableError, match="closed"):
        await historian.latest()


async def test_a_killed_writer_loses_nothing_it_acknowledged(adapter: str, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tests.contract.appending", adapter, str(tmp_path))
    writer = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE)
    assert writer.stdout is not None
    try:
        async with asyncio.timeout(60):
            for _ in range(30):
                acknowledged = int(await writer.stdout.readline())
    finally:
        writer.kill()
    async with asyncio.timeout(30):
        rest = (await writer.stdout.read()).split(b"\n")[:-1]
        await writer.wait()
    acknowledged = int(rest[-1]) if rest else acknowledged
    async with ADAPTERS[adapter](tmp_path) as historian:
        found = await historian.read(points(*range(POINTS)), *EVER, limit=10**9)
    batches = np.bincount(found.at_ms)
    assert len(batches) in {acknowledged + 1, acknowledged + 2}
    assert (batches == POINTS).all()
    np.testing.assert_array_equal(found.value, found.at_ms)


async def test_a_text_that_comes_back_at_once_is_kept(historian: Historian) -> None:
    """Also when what it was meanwhile becomes durable together with it."""
    given = [batch_of_texts(p7=(at_ms, text)) for at_ms, text in ((5, "on"), (10, "off"), (20, "on"), (30, "on"))]
    await historian.append(given[0])
    await asyncio.gather(*map(historian.append, given[1:]))
    assert await historian.texts(PointId(7), *EVER) == [(5, "on"), (10, "off"), (20, "on")]
    assert (await historian.latest()).texts == {7: (20, "on")}
