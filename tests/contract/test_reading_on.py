"""A range of any length is read in pieces: nothing twice, nothing left out."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.base import Cursor, Historian
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.historians import ADAPTERS, Row, batch_of, points, rows_of

EVER = (-(10**15), 10**15)


async def in_pieces(historian: Historian, ids: list[PointId], limit: int, *, descending: bool) -> list[Row]:
    """All rows, read by following the cursor."""
    rows: list[Row] = []
    after = None
    while True:
        piece = await historian.read(ids, *EVER, limit=limit, descending=descending, after=after)
        assert len(piece) <= limit
        rows += rows_of(piece)
        if not len(piece):
            return rows
        after = Cursor(int(piece.at_ms[-1]), PointId(int(piece.point_id[-1])))


def shuffled(random: np.random.Generator, ids: list[PointId], count: int) -> SampleBatch:
    """Samples of the points at times many of which are the same; a few are bad."""
    bad = random.random(count) < 0.1
    return SampleBatch(
        random.choice(np.array(ids, np.int32), count),
        random.integers(0, count, count) * 7,
        np.where(bad, np.nan, random.integers(0, 99, count)),
        np.where(bad, 0x81, 0).astype(np.uint8),
    )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_reading_on_goes_through_all_samples_once(
    historian: Historian, limit: int, *, descending: bool
) -> None:
    await historian.append(batch_of(*((point, at_ms, 1.0) for point in (1, 2, 3) for at_ms in (10, 20))))
    await historian.append(batch_of((2, 15, None), (3, 5, 4.0), (9, 15, 0.0)))
    whole = rows_of(await historian.read(points(1, 2, 3), *EVER, limit=99, descending=descending))
    assert len(whole) == 8
    assert await in_pieces(historian, points(3, 1, 2), limit, descending=descending) == whole


@pytest.mark.parametrize("descending", [False, True])
async def test_many_samples_stored_in_any_order_are_read_on_in_order(
    adapter: str, tmp_path: Path, *, descending: bool
) -> None:
    random = np.random.default_rng(7)
    ids = points(1, 2, 5, 2000)
    kept: dict[tuple[int, int], Row] = {}
    for _ in range(3):
        async with ADAPTERS[adapter](tmp_path) as historian:
            batch = shuffled(random, ids, 4000)
            await historian.append(batch)
            kept |= {(row[1], row[0]): row for row in rows_of(batch)}
    async with ADAPTERS[adapter](tmp_path) as historian:
        expected = [kept[key] for key in sorted(kept, reverse=descending)]
        assert await in_pieces(historian, ids, 613, descending=descending) == expected


async def test_reading_on_keeps_to_its_range_and_its_place(historian: Historian) -> None:
    await historian.append(batch_of(*((point, at_ms, 1.0) for point in (1, 2) for at_ms in (10, 20, 30))))
    place = Cursor(20, PointId(1))
    on = await historian.read(points(1, 2), 0, 30, limit=9, after=place)
    assert rows_of(on) == [(2, 20, 1.0)]
    back = await historian.read(points(1, 2), 15, 30, limit=9, descending=True, after=place)
    assert rows_of(back) == []
    assert rows_of(await historian.read(points(1, 2), 0, 30, limit=9, after=Cursor(-5, PointId(7)))) == rows_of(
        await historian.read(points(1, 2), 0, 30, limit=9)
    )
    assert len(await historian.read(points(1), 0, 30, limit=9, after=Cursor(99, PointId(1)))) == 0


async def test_what_is_stored_behind_the_cursor_while_reading_is_read_too(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0), (1, 20, 2.0), (1, 30, 3.0)))
    piece = await historian.read(points(1), *EVER, limit=2)
    await historian.append(batch_of((1, 5, 0.5), (1, 25, 2.5)))
    on = await historian.read(points(1), *EVER, limit=9, after=Cursor(int(piece.at_ms[-1]), PointId(1)))
    assert rows_of(on) == [(1, 25, 2.5), (1, 30, 3.0)]


async def test_many_readers_at_once_see_whole_batches(historian: Historian) -> None:
    ids = points(*range(20))

    async def write() -> None:
        for at_ms in range(40):
            await historian.append(batch_of(*((point, at_ms, 1.0) for point in ids)))

    async def read() -> None:
        for _ in range(10):
            assert await historian.count(ids, *EVER) % len(ids) == 0
            assert len(await historian.read(ids, *EVER, limit=10**6)) % len(ids) == 0
            assert (await historian.buckets(ids, -5, 100, 1000)).count.sum() % len(ids) == 0

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        for job in (write, *[read] * 6):
            tasks.create_task(job())
    assert await historian.count(ids, *EVER) == 800
