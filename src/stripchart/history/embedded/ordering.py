"""The order of the files: by point, then time, each point and time once. Pure."""

import numpy as np
import numpy.typing as npt

from stripchart.model.sample import PointIds, SampleBatch, Times

Indices = npt.NDArray[np.intp]


def in_file_order(batch: SampleBatch) -> SampleBatch:
    """The samples by point, then time; of those with the same point and time the last one stays. Without texts."""
    if not len(batch):
        return SampleBatch.empty()
    if _is_ordered(batch):
        return rows_of(batch, slice(None))
    order = by_point(batch.point_id)
    point_id, at_ms = batch.point_id[order], batch.at_ms[order]
    if np.any((point_id[1:] == point_id[:-1]) & (at_ms[1:] < at_ms[:-1])):
        order = np.lexsort((batch.at_ms, batch.point_id))
        point_id, at_ms = batch.point_id[order], batch.at_ms[order]
    repeated = (point_id[1:] == point_id[:-1]) & (at_ms[1:] == at_ms[:-1])
    if repeated.any():
        kept = np.append(~repeated, True)
        order, point_id, at_ms = order[kept], point_id[kept], at_ms[kept]
    return SampleBatch(point_id, at_ms, batch.value[order], batch.quality[order])


def _is_ordered(batch: SampleBatch) -> bool:
    point_id, at_ms = batch.point_id, batch.at_ms
    if point_id[0] > point_id[-1] or np.any(point_id[1:] < point_id[:-1]):
        return False
    return not np.any((point_id[1:] == point_id[:-1]) & (at_ms[1:] <= at_ms[:-1]))


def by_point(point_id: PointIds) -> Indices:
    """A stable order by point. Ids are sorted as 16-bit halves, for which NumPy uses radix sort."""
    offset = point_id.view(np.uint32) - point_id.min().view(np.uint32)
    low = (offset & 0xFFFF).astype(np.uint16)
    order = np.argsort(low, kind="stable")
    if offset.max() > 0xFFFF:
        high = (offset >> 16).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
    return order


def group_starts(*columns: npt.NDArray[np.int32] | npt.NDArray[np.int64]) -> Indices:
    """Where a new combination of the columns begins, the first row included; empty for empty columns."""
    if not len(columns[0]):
        return np.empty(0, np.intp)
    new = np.zeros(len(columns[0]), np.bool_)
    new[0] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def group_ends(starts: Indices, length: int) -> Indices:
    """Where each group ends, given where each begins."""
    return np.append(starts[1:], length).astype(np.intp)


def like_the_group_before(at_ms: Times, starts: Indices) -> npt.NDArray[np.bool_]:
    """Which groups of rows have the very times of the group before them. Points of one device do."""
    counts = np.diff(np.append(starts, len(at_ms)))
    same = np.zeros(len(starts), np.bool_)
    same[1:] = counts[1:] == counts[:-1]
    row_before = np.maximum(np.arange(len(at_ms)) - np.repeat(counts, counts), 0)
    return same & np.logical_and.reduceat(at_ms == at_ms[row_before], starts) if len(starts) else same


def rows_of(batch: SampleBatch, rows: slice) -> SampleBatch:
    """A run of rows, without copying and without texts."""
    return SampleBatch(batch.point_id[rows], batch.at_ms[rows], batch.value[rows], batch.quality[rows])


def newest_wins(*batches: SampleBatch) -> SampleBatch:
    """All batches in the order of the files; where point and time are equal, the later batch wins."""
    filled = [batch for batch in batches if len(batch)]
    return in_file_order(SampleBatch.joined(filled))
