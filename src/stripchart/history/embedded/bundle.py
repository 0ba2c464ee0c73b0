"""Bundles: samples of many points with few samples each in one piece, on their way into segments. Pure."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stripchart.history.embedded.codec import BrokenPieceError, checksum, pack, pack_qualities, pack_values, unpack
from stripchart.history.embedded.ordering import group_ends, group_starts, like_the_group_before, rows_of
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times

BLOCK_BITS = 10
"""Bundles do not reach over a border of 1024 points, so that what is to be merged is found by number."""
_SAMPLES = 4096
_SAME_TIMES = 1 << 32
"""Beside the number of samples of a point: its times are those of the point before."""
_HEAD = struct.Struct("<8q")

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
    def of(cls, heads: list[tuple[int, ...]]) -> "Directory":
        return cls(*np.array(heads, np.int64).reshape(len(heads), 8).T.copy())

    @classmethod
    def read(cls, rows: list[tuple[Any, ...]]) -> tuple["Directory", set[int]]:
        """From the heads of all bundles and their checksums; and the ids of those whose heads are broken."""
        broken = {row[0] for row in rows if not _has_sound_head(row)}
        return cls.of([row[:8] for row in rows if row[0] not in broken]), broken

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
    return (*head, *bodies, bundle_check(number, *bodies), head_check(head))


def points_of(row: tuple[Any, ...] | None) -> PointIds:
    """The points of which a bundle has samples. Raises BrokenPieceError like `read_bundle`."""
    block, points, *_ = _sound(row)
    ids: PointIds = (unpack(points).reshape(2, -1)[0] + (block << BLOCK_BITS)).astype(np.int32)
    return ids


def read_bundle(row: tuple[Any, ...] | None) -> SampleBatch:
    """The samples of a bundle, from its row. Raises BrokenPieceError when it is not as it was written."""
    block, points, times, value, quality = _sound(row)
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
    """The checksum of the columns of a bundle."""
    return checksum(number, points, times, value, quality)


def head_check(head: Sequence[int]) -> int:
    """The checksum of the numbers before the columns; -1, which no row has, when they are no numbers."""
    try:
        return zlib.crc32(_HEAD.pack(*head))
    except struct.error:
        return -1


def _has_sound_head(row: Sequence[Any]) -> bool:
    return bool(0 <= head_check(row[:8]) == row[-1])


def _sound(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """Block and columns of a bundle."""
    if row is None:
        raise BrokenPieceError("a bundle is missing")
    number, _, block, *_ = row
    *columns, crc, _ = row[8:]
    if not _has_sound_head(row):
        raise BrokenPieceError(f"bundle {number}: its head is broken")
    if bundle_check(number, *columns) != crc:
        raise BrokenPieceError(f"bundle {number}: its checksum is wrong")
    return block, *columns
