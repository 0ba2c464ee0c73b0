"""Whatever is stored, in whatever order, is found as a dictionary would find it: sealing, merging, reopening."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.base import Buckets
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.model.quality import FIRST_BAD
from stripchart.model.sample import PointId, SampleBatch

NEW_YEAR_MS = 1_767_225_600_000
BEGIN_MS = NEW_YEAR_MS - 2_000
EVER = (0, 10**15)

Key = tuple[int, int]
"""Time and point."""


@dataclass
class Model:
    """What should be kept, and the source of what comes next."""

    random: np.random.Generator
    points: int
    kept: dict[Key, tuple[float, int]] = field(default_factory=dict)
    now_ms: int = BEGIN_MS

    def next_batch(self) -> SampleBatch:
        """In order, all at one time, late, or many of one point."""
        count = int(self.random.integers(0, 2000))
        point_id = self.random.integers(0, self.points, count)
        match self.random.integers(0, 4):
            case 0:
                at_ms = np.sort(self.random.integers(self.now_ms, self.now_ms + 500, count))
                self.now_ms += 500
            case 1:
                at_ms = np.full(count, self.now_ms)
                self.now_ms += 7
            case 2:
                at_ms = self.random.integers(max(BEGIN_MS, self.now_ms - 3000), self.now_ms + 10, count)
            case _:
                point_id = np.full(count, self.random.integers(0, self.points))
                at_ms = self.now_ms + np.arange(count)
                self.now_ms += count
        quality = self.random.choice([0, 0, 0, 0x40, 0x81], count) * (self.random.random() < 0.3)
        value = np.where(quality < FIRST_BAD, np.round(self.random.normal(0, 10, count), 1), np.nan)
        return SampleBatch(point_id.astype(np.int32), at_ms, value, quality.astype(np.uint8))

    def keep(self, batch: SampleBatch) -> None:
        columns = (batch.at_ms, batch.point_id, batch.value, batch.quality)
        for at_ms, point, value, quality in zip(*(column.tolist() for column in columns), strict=True):
            self.kept[at_ms, point] = (value, quality)

    def some_points(self) -> list[PointId]:
        return [PointId(point) for point in self.random.integers(0, self.points, 3).tolist()]

    def some_range(self) -> tuple[int, int]:
        if self.random.random() < 0.3:
            return EVER
        start_ms, end_ms = self.random.integers(BEGIN_MS, self.now_ms + 2, 2).tolist()
        return start_ms, end_ms

    def rows(self, points: list[PointId], start_ms: int, end_ms: int) -> list[tuple[int, int, float, int]]:
        found = ((key, kept) for key, kept in self.kept.items() if key[1] in points and start_ms <= key[0] < end_ms)
        return sorted((*key, *kept) for key, kept in found)


async def compare(historian: EmbeddedHistorian, model: Model) -> None:
    points, span = model.some_points(), model.some_range()
    rows = model.rows(points, *span)
    assert (await historian.stats()).samples == len(model.kept)
    assert await historian.count(points, *span) == len(rows)
    descending = bool(model.random.random() < 0.5)
    limit = int(model.random.choice([1, 100, 10**6]))
    found = await historian.read(points, *span, limit=limit, descending=descending)
    columns = (found.at_ms, found.point_id, found.value, found.quality)
    expected = (rows[::-1] if descending else rows)[:limit]
    # As text, because NaN is not equal to itself.
    assert str(list(zip(*(column.tolist() for column in columns), strict=True))) == str(expected)
    bucket_ms = int(model.random.choice([1, 100, 1000, 60_000, 3_600_000]))
    are_of(await historian.buckets(points, *span, bucket_ms), rows, bucket_ms)
    newest = {point: (at_ms, *rest) for at_ms, point, *rest in model.rows(list(map(PointId, range(10**4))), *EVER)}
    latest = await historian.latest()
    told = list(
        zip(*(each.tolist() for each in (latest.point_id, latest.at_ms, latest.value, latest.quality)), strict=True)
    )
    assert str(told) == str([(point, *newest[point]) for point in sorted(newest)])


def are_of(buckets: Buckets, rows: list[tuple[int, int, float, int]], bucket_ms: int) -> None:
    groups: dict[Key, list[tuple[float, int]]] = {}
    for at_ms, point, value, quality in rows:
        groups.setdefault((point, at_ms // bucket_ms * bucket_ms), []).append((value, quality))
    assert list(zip(buckets.point_id.tolist(), buckets.start_ms.tolist(), strict=True)) == sorted(groups)
    assert buckets.count.tolist() == [len(groups[key]) for key in sorted(groups)]
    for number, key in enumerate(sorted(groups)):
        values = np.array([value for value, quality in groups[key] if quality < FIRST_BAD] or [np.nan])
        assert buckets.good_count[number] == np.count_nonzero(~np.isnan(values))
        expected = (values.min(), values.max(), values[0], values[-1])
        told = (buckets.minimum, buckets.maximum, buckets.first, buckets.last)
        np.testing.assert_array_equal([column[number] for column in told], expected)
        np.testing.assert_allclose(buckets.mean[number], values.mean(), atol=1e-9)


@pytest.mark.parametrize(
    ("points", "head_samples"), [(1, 50), (1, 700), (3, 5000), (40, 700), (40, 20_000), (1500, 700), (1500, 5000)]
)
async def test_all_is_found_as_it_was_stored(tmp_path: Path, points: int, head_samples: int) -> None:
    model = Model(np.random.default_rng(points + head_samples), points)
    options = EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * head_samples)
    for _ in range(3):
        async with open_historian(tmp_path, options) as historian:
            for _ in range(12):
                batch = model.next_batch()
                await historian.append(batch)
                model.keep(batch)
            await compare(historian, model)
    async with open_historian(tmp_path, options) as historian:
        for _ in range(3):
            await compare(historian, model)
