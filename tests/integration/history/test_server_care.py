"""What looks after a database: roll-ups are made and made again, what is behind its horizon leaves the disk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from unittest import mock

import asyncpg
import numpy as np
import pytest

from stripchart.history.base import Buckets
from stripchart.history.horizons import Horizon, Horizons
from stripchart.history.room import RoomState
from stripchart.history.timescale.historian import ServerHistorian
from stripchart.history.timescale.options import ServerOptions
from stripchart.history.timescale.partitions import Partitions
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.fair import are_fair
from tests.contract.historians import batch_of, points, rows_of
from tests.contract.servers import opened_on_postgres, opened_on_timescale

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
EVER = (-(10**15), 10**15)

Open = Callable[..., AbstractAsyncContextManager[ServerHistorian]]


@pytest.fixture(params=[opened_on_postgres, opened_on_timescale], ids=["postgresql", "timescale"], scope="module")
def open_server(request: pytest.FixtureRequest) -> Open:
    opening: Open = request.param
    return opening


@pytest.fixture
async def historian(open_server: Open, tmp_path: Path) -> AsyncIterator[ServerHistorian]:
    async with open_server(tmp_path) as opened:
        yield opened


def days_of(point: int, days: int, every_ms: int = 600_000) -> SampleBatch:
    at_ms = np.arange(0, days * DAY_MS, every_ms)
    quality = np.where(np.arange(len(at_ms)) % 10 == 9, 0x81, 0).astype(np.uint8)
    value = np.where(quality == 0, np.arange(len(at_ms), dtype=np.float64), np.nan)
    return SampleBatch(np.full(len(at_ms), point, np.int32), at_ms, value, quality)


async def asked(historian: ServerHistorian, query: str, *given: object) -> list[Any]:
    connection = await asyncpg.connect(historian.options.dsn)
    try:
        return [tuple(row) for row in await connection.fetch(query, *given)]
    finally:
        await connection.close()


async def looked_after(historian: ServerHistorian) -> None:
    """A whole round, after one that is under way."""
    async with asyncio.timeout(30):
        while not await historian.care.look_after():  # noqa: ASYNC110 - a lock of the database
            await asyncio.sleep(0.01)


def same(found: Buckets, expected: Buckets) -> None:
    for name in ("point_id", "start_ms", "count", "good_count", "minimum", "maximum", "first", "last"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    np.testing.assert_allclose(found.total, expected.total)


async def test_days_that_are_over_are_rolled_up_and_late_samples_are_told_at_once(historian: ServerHistorian) -> None:
    await historian.append(days_of(1, 3))
    before = [await historian.buckets(points(1), *EVER, length) for length in (60_000, HOUR_MS, DAY_MS)]
    await looked_after(historian)
    rolled = "SELECT day FROM history.day WHERE rolled ORDER BY day"
    assert await asked(historian, rolled) == [(0,), (1,), (2,)]
    assert await asked(historian, "SELECT count FROM history.whole_day ORDER BY at") == [(144,)] * 3
    for length, expected in zip((60_000, HOUR_MS, DAY_MS), before, strict=True):
        same(await historian.buckets(points(1), *EVER, length), expected)
    await historian.append(batch_of((1, DAY_MS + 1, -5.0), (1, DAY_MS + 2, None)))
    assert await asked(historian, rolled) == [(0,), (2,)]
    day = await historian.buckets(points(1), DAY_MS, 2 * DAY_MS, DAY_MS)
    assert (day.minimum.tolist(), day.count.tolist(), day.good_count.tolist()) == ([-5.0], [146], [131])
    await looked_after(historian)
    assert await asked(historian, rolled) == [(0,), (1,), (2,)]
    same(await historian.buckets(points(1), DAY_MS, 2 * DAY_MS, DAY_MS), day)


async def test_what_is_behind_the_horizons_leaves_the_disk_and_what_it_came_to_stays(
    historian: ServerHistorian,
) -> None:
    await historian.append(SampleBatch.joined([days_of(1, 4), days_of(2, 4), days_of(3, 4)]))
    spans = [(EVER, DAY_MS), (EVER, HOUR_MS), ((3 * HOUR_MS, 30 * HOUR_MS), DAY_MS)]
    before = [await historian.buckets(points(1, 2), *span, length) for span, length in spans]
    own = [(2, Horizon(3 * DAY_MS, 0, 0)), (3, Horizon(4 * DAY_MS, 4 * DAY_MS, 4 * DAY_MS))]
    await historian.retain(Horizons.of(Horizon(DAY_MS, 0, 0), own))
    await looked_after(historian)
    left = "SELECT point_id, count(*) FROM history.sample GROUP BY 1 ORDER BY 1"
    assert await asked(historian, left) == [(1, 3 * 144), (2, 144)]
    assert (await historian.stats()).samples == 4 * 144
    for (span, length), expected in zip(spans, before, strict=True):
        same(await historian.buckets(points(1, 2), *span, length), expected)
    assert len(await historian.buckets(points(3), *EVER, DAY_MS)) == 0
    assert await asked(historian, "SELECT count(*) FROM history.hour WHERE point_id = 3") == [(0,)]
    # What comes late behind the horizon of one point and before that of another counts where it is told.
    await historian.append(batch_of((1, 2 * DAY_MS + 7, 1e6), (2, 2 * DAY_MS + 7, 1e6)))
    day = await historian.buckets(points(1, 2), 2 * DAY_MS, 3 * DAY_MS, DAY_MS)
    assert day.count.tolist() == [145, 144]
    await looked_after(historian)
    again = await historian.buckets(points(1, 2), 2 * DAY_MS, 3 * DAY_MS, DAY_MS)
    assert again.count.tolist() == [145, 144]


async def test_a_long_range_is_told_by_its_peaks_and_gaps_whatever_of_it_is_rolled_up(
    historian: ServerHistorian,
) -> None:
    random = np.random.default_rng(5)
    batch = days_of(1, 3, 30_000)
    value = np.where(batch.has_value, np.round(np.cumsum(random.normal(0, 1, len(batch))), 1), np.nan)
    batch = SampleBatch(batch.point_id, batch.at_ms, value, batch.quality)
    await historian.append(batch.where(batch.at_ms % DAY_MS > 7 * HOUR_MS))
    for _ in range(3):
        whole = rows_of(await historian.read(points(1), *EVER, limit=10**6))
        with mock.patch("stripchart.history.timescale.reducing._FEW", 0):
            for span, most in ((EVER, 500), (EVER, 40), ((9 * HOUR_MS + 7, 2 * DAY_MS + 11 * HOUR_MS), 300)):
                kept = rows_of(await historian.reduced(points(1), *span, most))
                are_fair(kept, [row for row in whole if span[0] <= row[1] < span[1]], most)
        await looked_after(historian)
        # Then the first day is no longer told by its roll-ups alone.
        await historian.append(batch.where(batch.at_ms < HOUR_MS))


async def test_whole_months_go_as_partitions(tmp_path: Path) -> None:
    async with opened_on_postgres(tmp_path) as historian:
        await historian.append(days_of(1, 62, 6 * HOUR_MS))
        await historian.retain(Horizons.of(Horizon(33 * DAY_MS, 33 * DAY_MS, 33 * DAY_MS)))
        await looked_after(historian)
        await looked_after(historian)
        months = "SELECT to_regclass('history.sample_1970_01') IS NULL, to_regclass('history.sample_1970_02') IS NULL"
        assert await asked(historian, months) == [(True, False)]
        await historian.append(batch_of((1, 5, 1.0), (1, 70 * DAY_MS, 2.0)))
        assert (await historian.stats()).samples == 4 * 29 + 2


async def test_a_month_is_made_while_somebody_reads_and_the_next_one_a_week_ahead(tmp_path: Path) -> None:
    async with opened_on_postgres(tmp_path) as historian:
        reader = await asyncpg.connect(historian.options.dsn)
        try:
            async with asyncio.timeout(20), reader.transaction():
                await reader.fetch("SELECT count(*) FROM history.sample")
                far = int(np.datetime64("2201-05-03", "ms").astype(np.int64))
                await historian.append(batch_of((1, far, 1.0)))
        finally:
            await reader.close()
        partitions = Partitions()
        async with historian._server.writing() as connection:
            await partitions.load(connection)
            await partitions.make_ahead(connection, int(np.datetime64("2202-07-26", "ms").astype(np.int64)))
        months = "SELECT to_regclass('history.sample_2201_05'), to_regclass('history.sample_2202_08')"
        assert all(*await asked(historian, months))
        await historian.append(batch_of((1, int(np.datetime64("2202-08-01", "ms").astype(np.int64)), 2.0)))
        assert len(await historian.read(points(1), far, 10**14, limit=9)) == 2


async def test_a_month_that_another_process_has_let_go_is_made_again_for_what_comes_late(tmp_path: Path) -> None:
    async with opened_on_postgres(tmp_path) as first, opened_on_postgres(tmp_path) as second:
        await second.append(batch_of((1, 5, 1.0), (1, 70 * DAY_MS, 2.0)))
        await first.retain(Horizons.of(Horizon(33 * DAY_MS, 33 * DAY_MS, 33 * DAY_MS)))
        await looked_after(first)
        assert await asked(first, "SELECT to_regclass('history.sample_1970_01') IS NULL") == [(True,)]
        await second.append(batch_of((1, 6, 3.0), (1, 71 * DAY_MS, 4.0)))
        assert rows_of(await first.read(points(1), 70 * DAY_MS, 72 * DAY_MS, limit=9))[-1] == (1, 71 * DAY_MS, 4.0)


async def test_what_is_forgotten_leaves_the_disk(historian: ServerHistorian) -> None:
    await historian.append(SampleBatch.joined([days_of(1, 2), days_of(2, 2)]))
    await looked_after(historian)
    await historian.forget(points(1))
    await looked_after(historian)
    for table in ("sample", "minute", "hour", "whole_day"):
        found = await asked(historian, f"SELECT DISTINCT point_id FROM history.{table}")  # noqa: S608
        assert found == [(2,)], table
    assert (await historian.stats()).samples == 288


async def test_a_bound_that_is_reached_drops_the_oldest_days(open_server: Open, tmp_path: Path) -> None:
    async with open_server(tmp_path) as historian:
        await historian.append(days_of(1, 10, 60_000))
        taken = (await historian.stats()).bytes
    async with open_server(tmp_path, max_bytes=taken, drop_when_full=True) as historian:
        await looked_after(historian)
        room = await historian.room()
        assert room.state is RoomState.FULL
        assert room.free_bytes is not None
        assert room.dropped_before_ms == DAY_MS
        assert room.dropped_samples == 1440
        assert await historian.count(points(1), 0, DAY_MS) == 0
        assert await historian.count(points(1), 5 * DAY_MS, 6 * DAY_MS) == 1440
        assert rows_of(await historian.in_force(points(1), DAY_MS - 1)) == []


async def test_one_process_looks_after_the_database_at_a_time(tmp_path: Path) -> None:
    async with opened_on_postgres(tmp_path) as first, opened_on_postgres(tmp_path) as second:
        await first.append(days_of(1, 3))
        await asyncio.gather(*(each.care.look_after() for each in (first, second, first, second)))
        assert await asked(first, "SELECT count(*), sum(count) FROM history.whole_day") == [(3, 432)]
        assert rows_of(await second.in_force(points(1), 600_000)) == [(1, 600_000, 1.0)]
        assert (await second.latest()).point_id.tolist() == [PointId(1)]


async def test_timescale_has_its_policies_and_they_follow_the_horizon(tmp_path: Path) -> None:
    async with opened_on_timescale(tmp_path) as historian:
        jobs = "SELECT proc_name, count(*) FROM timescaledb_information.jobs WHERE proc_name ~ '^policy' GROUP BY 1"
        kinds = dict(await asked(historian, jobs))
        assert kinds["policy_refresh_continuous_aggregate"] == 3
        assert kinds["policy_compression"] == 1
        await historian.append(days_of(1, 3))
        await historian.retain(Horizons.of(Horizon(2 * DAY_MS, 0, 0)))
        await looked_after(historian)
        kinds = dict(await asked(historian, jobs))
        assert kinds["policy_retention"] == 1
        await asked(historian, "SELECT compress_chunk(c) FROM show_chunks('history.sample') AS c")
        figures = await historian.figures()
        assert (figures.kind, figures.chunks, figures.compressed) == ("timescale", 1, 1)
        assert figures.compression_ratio is not None
        # Into a compressed chunk, late and twice.
        await historian.append(batch_of((1, 2 * DAY_MS + 3, 7.0), (1, 2 * DAY_MS, 8.0)))
        found = rows_of(await historian.read(points(1), 2 * DAY_MS, 2 * DAY_MS + 10, limit=9))
        assert found == [(1, 2 * DAY_MS, 8.0), (1, 2 * DAY_MS + 3, 7.0)]


def test_a_historian_on_a_server_says_how_it_is_reached_without_the_password() -> None:
    options = ServerOptions("postgres://me:secret@db:5432/plant")
    assert (options.place, options.dsn) == ("postgresql://db:5432/plant", "postgresql://me:secret@db:5432/plant")
