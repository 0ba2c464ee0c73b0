"""What sparse hours tell of a range is what its samples come to: late ones, gaps, and where a bit is broken."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from stripchart.history.base import Buckets
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.embedded.spans import as_buckets, bucketed
from stripchart.history.grid import Calendar, Grid, Ruler, Unit
from stripchart.model.sample import PointId, SampleBatch

BEGIN_MS = 1_767_225_600_000
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
END_MS = BEGIN_MS + 30 * DAY_MS
EVERY_MS = {1: 10_000, 2: 15_000, 3: 60_000}
POINTS = [PointId(point) for point in EVERY_MS]
SAMPLES = 20_000
DAYS = [Calendar(Unit.DAY, zone) for zone in ("Europe/Berlin", "Asia/Kathmandu")]
GRIDS: list[Grid] = [HOUR_MS, 7 * HOUR_MS, DAY_MS, 90 * 60_000, *DAYS]
SPANS = [(BEGIN_MS, END_MS), (BEGIN_MS + 5 * HOUR_MS + 1, BEGIN_MS + 50 * HOUR_MS)]


def recorded(point: int) -> SampleBatch:
    """Samples that jitter, some bad, with some hours in which nothing was recorded or nothing had a value."""
    random = np.random.default_rng(point)
    at_ms = BEGIN_MS + np.arange(SAMPLES) * EVERY_MS[point] + random.integers(0, 50, SAMPLES)
    hour = at_ms // HOUR_MS % 24
    quality = np.where((random.random(SAMPLES) < 0.05) | (hour == 7), 0x81, 0).astype(np.uint8)
    value = np.where(quality, np.nan, np.round(np.cumsum(random.normal(0, 0.1, SAMPLES)), 2))
    return SampleBatch(np.full(SAMPLES, point, np.int32), at_ms, value, quality).where(hour != 13)


async def kept(folder: Path, *batches: SampleBatch) -> None:
    async with open_historian(folder) as historian:
        for batch in batches:
            await historian.append(batch)


def with_hours(folder: Path) -> int:
    """How many points have sparse hours."""
    with closing(sqlite3.connect(folder / "2026.db")) as db:
        query = "SELECT count(DISTINCT point_id) FROM segment WHERE sparse_hours IS NOT NULL"
        return int(db.execute(query).fetchone()[0])


def flip(folder: Path, point: int) -> None:
    with closing(sqlite3.connect(folder / "2026.db")) as db, db:
        query = "SELECT first_ms, sparse_hours FROM segment WHERE point_id = ? AND sparse_hours IS NOT NULL"
        for first_ms, body in db.execute(query, (point,)).fetchall():
            flipped = body[:50] + bytes([body[50] ^ 1]) + body[51:]
            change = "UPDATE segment SET sparse_hours = ? WHERE point_id = ? AND first_ms = ?"
            db.execute(change, (flipped, point, first_ms))


async def tells_what_its_samples_do(historian: EmbeddedHistorian) -> None:
    for span in SPANS:
        samples = [await historian.read([point], *span, limit=10**6) for point in POINTS]
        for grid in GRIDS:
            ruler = Ruler.over(grid, *span)
            found = await historian.buckets(POINTS, *span, grid)
            are_equal(found, as_buckets(bucketed(SampleBatch.joined(samples), ruler), ruler))


def are_equal(found: Buckets, expected: Buckets) -> None:
    assert len(found) > len(POINTS)
    for name in ("point_id", "start_ms", "minimum", "maximum", "first", "last", "good_count", "count"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), name)
    np.testing.assert_allclose(found.mean, expected.mean, atol=1e-9)


async def test_what_they_tell_is_what_the_samples_come_to(tmp_path: Path) -> None:
    late = np.arange(SAMPLES) % 997 == 5
    whole = [recorded(point) for point in POINTS]
    await kept(tmp_path, *(each.where(~late[: len(each)]) for each in whole))
    assert with_hours(tmp_path) == len(POINTS)
    async with open_historian(tmp_path) as historian:
        await tells_what_its_samples_do(historian)
        for each in whole:
            await historian.append(each.where(late[: len(each)]))
        await tells_what_its_samples_do(historian)
    assert with_hours(tmp_path) == len(POINTS)
    async with open_historian(tmp_path) as historian:
        await tells_what_its_samples_do(historian)
        assert await historian.count(POINTS, *SPANS[0]) == sum(map(len, whole))


async def test_broken_ones_are_named_and_not_used(tmp_path: Path) -> None:
    await kept(tmp_path, *(recorded(point) for point in POINTS))
    flip(tmp_path, POINTS[1])
    with capture_logs() as logs:
        async with open_historian(tmp_path) as historian:
            await tells_what_its_samples_do(historian)
    reasons = [entry["reason"] for entry in logs if entry["event"] == "history.quarantined"]
    assert reasons
    assert all("segment of point 2 " in reason and "sparse hours are broken" in reason for reason in reasons)


@pytest.mark.parametrize("from_point", [1, 3])
async def test_a_wide_answer_needs_no_samples(tmp_path: Path, from_point: int) -> None:
    """The columns of all samples are gone, and the hours are told all the same."""
    points = [point for point in POINTS if point >= from_point]
    await kept(tmp_path, *(recorded(point) for point in points))
    async with open_historian(tmp_path) as historian:
        expected = await historian.buckets(points, *SPANS[0], HOUR_MS)
    with closing(sqlite3.connect(tmp_path / "2026.db")) as db, db:
        db.execute("UPDATE body SET value = x'00'")
    async with open_historian(tmp_path) as historian:
        are_equal(await historian.buckets(points, *SPANS[0], HOUR_MS), expected)
