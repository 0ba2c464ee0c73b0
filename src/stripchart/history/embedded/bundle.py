"""Bundles: samples of many points with few samples each in one piece, on their way into segments. Pure."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stripchart.history.embedded.codec import BrokenPieceError, pack, pack_qualities, pack_values, unpack
from stripchart.history.embedded.ordering import group_ends, group_starts, like_the_group_before, rows_of
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times

BLOCK_BITS = 10
"""Bundles do not reach over a border of 1024 points, so that what is to be merged is found by number."""
_SAMPLES = 4096
_SAME_TIMES = 1 << 32
"""Beside the number of samples of a point: its times are those of the point before."""

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Directory:
    """Which bundles a file has: columns of equal length. Never changed, only replaced."""

    id: Ids
    level: Ids
    block: Ids
    first_point: Ids
    last_point: Ids
    first_ms: Times
    last_ms: Times
    samples: Ids

    @classmethod
    def of(cls, rows: list[tuple[int, ...]]) -> "Directory":
        return cls(*np.array(rows, np.int64).reshape(len(rows), 8).T.copy())

    def changed(self, dropped: set[int], added: list[tuple[int, ...]]) -> "Directory":
        kept = ~np.isin(self.id, np.array(sorted(dropped), np.int64))
        old, new = self.columns(), Directory.of(added).columns()
        return Directory(*(np.concatenate([was[kept], more]) for was, more in zip(old, new, strict=True)))

    def columns(self) -> tuple[Ids, ...]:
        return (
            self.id,
            self.level,
            self.block,
            self.first_point,
            self.last_point,
            self.first_ms,
            self.last_ms,
            self.samples,
        )

    def that_may_have(self, point: PointId | int, start_ms: int, end_ms: int) -> list[int]:
        """The ids of the bundles in which samples of the point in the range can be, oldest bundle first."""
        found = (self.first_point <= point) & (self.last_point >= point)
        found &= (self.first_ms < end_ms) & (self.last_ms >= start_ms)
        ids: list[int] = self.id[found].tolist()
        return ids

    def that_may_repeat(self, late: SampleBatch) -> list[int]:
        """The ids of the bundles in which point and time of a late sample can be already."""
        starts = group_starts(late.point_id)
        if not len(starts) or not len(self.id):
            return []
        points = late.point_id[starts].astype(np.int64)
        first_ms, last_ms = late.at_ms[starts], late.at_ms[group_ends(starts, len(late)) - 1]
        low = np.searchsorted(points, self.first_point)
        high = np.searchsorted(points, self.last_point, side="right")
        candidates = np.flatnonzero(
            (low < high) & (self.first_ms <= last_ms.max()) & (self.last_ms >= first_ms.min())
        )
        return [
            int(self.id[row])
            for row in candidates
            if np.any(
                (first_ms[low[row] : high[row]] <= self.last_ms[row])
                & (last_ms[low[row] : high[row]] >= self.first_ms[row])
            )
        ]


def bundled(batch: SampleBatch) -> Iterator[SampleBatch]:
    """The samples, in the order of the files, in pieces that make a bundle each; a point is not divided."""
    starts = group_starts(batch.point_id)
    if not len(starts):
        return
    block = batch.point_id[starts] >> BLOCK_BITS
    cuts = np.append(starts[group_starts(block, starts // _SAMPLES)], len(batch))
    for start, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        yield rows_of(batch, slice(start, end))


def bundle_row(number: int, level: int, batch: SampleBatch) -> tuple[Any, ...]:
    """The row of the table `bundle` for the samples of one piece."""
    starts = group_starts(batch.point_id)
    counts = np.diff(np.append(starts, len(batch)))
    same = like_the_group_before(batch.at_ms, starts)
    point_id = batch.point_id[starts]
    block = int(point_id[0]) >> BLOCK_BITS
    points = np.concatenate([point_id - (block << BLOCK_BITS), counts | np.where(same, _SAME_TIMES, 0)])
    bodies = (
        pack(points.astype(np.int64)),
        pack(batch.at_ms[np.repeat(~same, counts)]),
        pack_values(batch.value, batch.has_value),
        pack_qualities(batch.quality),
    )
    span = int(batch.at_ms.min()), int(batch.at_ms.max())
    head = (number, level, block, int(point_id[0]), int(point_id[-1]), *span, len(batch))
    return (*head, *bodies, bundle_check(number, *bodies))


def points_of(block: int, points: bytes) -> PointIds:
    """The points of which a bundle has samples, from the row's column `points`."""
    ids: PointIds = (unpack(points).reshape(2, -1)[0] + (block << BLOCK_BITS)).astype(np.int32)
    return ids


def read_bundle(row: tuple[Any, ...] | None) -> SampleBatch:
    """The samples of a bundle. Raises BrokenPieceError when its bytes are not those that were written."""
    if row is None:
        raise BrokenPieceError("a bundle is missing")
    number, block, points, times, value, quality, crc = row
    if bundle_check(number, points, times, value, quality) != crc:
        raise BrokenPieceError(f"bundle {number}: its checksum is wrong")
    offsets, marks = unpack(points).reshape(2, -1)
    counts, same = marks & ~_SAME_TIMES, marks & _SAME_TIMES > 0
    values = np.array(unpack(value))
    qualities = np.zeros(len(values), np.uint8) if quality is None else unpack(quality)
    at_ms = _times_of_all(unpack(times), counts, same)
    values[qualities >= 0x80] = np.nan
    point_id: PointIds = np.repeat((offsets + (block << BLOCK_BITS)).astype(np.int32), counts)
    return SampleBatch(point_id, at_ms, values, qualities)


def _times_of_all(stored: Times, counts: Ids, same: npt.NDArray[np.bool_]) -> Times:
    """The times of each point, of which those like the point's before are stored once."""
    ends = np.cumsum(np.where(same, 0, counts))
    own_starts = (ends - counts)[~same]
    starts = own_starts[np.cumsum(~same) - 1]
    rows = np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    at_ms: Times = stored[rows]
    return at_ms


def bundle_check(number: int, points: bytes, times: bytes, value: bytes, quality: bytes | None) -> int:
    crc = number & 0xFFFFFFFF
    for body in (points, times, value, quality or b""):
        crc = zlib.crc32(body, crc)
    return crc
