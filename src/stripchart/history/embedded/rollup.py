"""Roll-ups: what a segment comes to by minute, hour and day, kept beside it. Pure.

Being part of the segment they are right whenever it is, however late its samples came. They are kept only where a
bucket has so many samples that reading them all would take long; elsewhere they would only take room.
"""

import zlib
from collections.abc import Sequence

import numpy as np

from stripchart.history.embedded.codec import BrokenPieceError, pack, unpack
from stripchart.history.embedded.ordering import Indices, group_starts
from stripchart.history.embedded.spans import Spans, summed_up
from stripchart.model.sample import PointIds, SampleBatch

TIERS_MS = (60_000, 3_600_000, 86_400_000)
"""Minute, hour, and UTC day, finest first."""
_WORTH_IT = 500
_ROW = np.dtype(
    [
        ("start_ms", "<i8"),
        ("samples", "<i4"),
        ("good", "<i4"),
        ("minimum", "<f8"),
        ("maximum", "<f8"),
        ("total", "<f8"),
        ("first", "<f8"),
        ("last", "<f8"),
    ]
)
CHECK_BYTES = 4
_LIKENESS = "minimum"
"""Where a bucket has one sample, other columns are like this one."""


def rolled_up(batch: SampleBatch, starts: Indices, tier_ms: int) -> list[bytes | None]:
    """The roll-up of each segment, None where it is not worth it; `starts` tells where segments begin."""
    if not len(starts):
        return []
    ends = np.append(starts[1:], len(batch))
    buckets = batch.at_ms[ends - 1] // tier_ms - batch.at_ms[starts] // tier_ms + 1
    worth_it = (buckets > 1) & (ends - starts >= _WORTH_IT * buckets)
    bodies: list[bytes | None] = [None] * len(starts)
    if not worth_it.any():
        return bodies
    segment = np.repeat(np.arange(len(starts)), ends - starts)
    kept = worth_it[segment]
    segment, chosen = segment[kept], batch.where(kept)
    cuts = group_starts(segment, chosen.at_ms // tier_ms)
    rows = _rows(summed_up(chosen, cuts))
    edges = np.searchsorted(segment[cuts], np.arange(len(starts) + 1))
    for number in np.flatnonzero(worth_it).tolist():
        bodies[number] = with_check(rows[edges[number] : edges[number + 1]].tobytes())
    return bodies


def rolled_up_anyway(batch: SampleBatch, tier_ms: int) -> bytes:
    """The roll-up of samples of one point, worth it or not."""
    return _rows(summed_up(batch, group_starts(batch.at_ms // tier_ms))).tobytes()


def packed(rollup: bytes) -> bytes:
    """A roll-up in an eighth of its room, column by column, for when nothing else is left of a segment."""
    rows = np.frombuffer(rollup, _ROW)
    likeness = rows[_LIKENESS].tobytes()
    columns = []
    for name in _ROW.names or ():
        column = rows[name]
        is_alike = name != _LIKENESS and column.tobytes() == likeness
        columns.append(b"" if is_alike else pack(column.astype(np.float64 if column.dtype.kind == "f" else np.int64)))
    return with_check(b"".join(len(column).to_bytes(4, "little") + column for column in columns))


def unpacked(body: bytes) -> bytes:
    """What `packed` was given. Raises BrokenPieceError when the bytes are none of its making."""
    if not is_sound(body):
        raise BrokenPieceError("a packed roll-up: its checksum is wrong")
    body = body[:-CHECK_BYTES]
    columns, at = {}, 0
    for name in _ROW.names or ():
        length = int.from_bytes(body[at : at + 4], "little")
        at += 4 + length
        columns[name] = unpack(body[at - length : at]) if length else None
    likeness = columns[_LIKENESS]
    lengths = {len(column) for column in columns.values() if column is not None}
    if at != len(body) or likeness is None or len(lengths) != 1:
        raise BrokenPieceError("a packed roll-up: its columns differ in length")
    rows = np.empty(len(likeness), _ROW)
    for name, column in columns.items():
        rows[name] = likeness if column is None else column
    return rows.tobytes()


def with_check(body: bytes) -> bytes:
    """A roll-up as it is kept: with its checksum behind it."""
    return body + zlib.crc32(body).to_bytes(CHECK_BYTES, "little")


def is_sound(body: bytes) -> bool:
    """Whether a roll-up is as it was written."""
    if not isinstance(body, bytes):  # in a damaged row a column may have become anything
        return False
    return zlib.crc32(memoryview(body)[:-CHECK_BYTES]).to_bytes(CHECK_BYTES, "little") == body[-CHECK_BYTES:]


def spans_of(point_ids: Sequence[int], bodies: Sequence[bytes]) -> Spans:
    """The roll-ups of segments (with their checksum, or unpacked), each of the point at the same place, as spans."""
    bodies = [body[: len(body) // _ROW.itemsize * _ROW.itemsize] for body in bodies]
    rows = np.frombuffer(b"".join(bodies), _ROW)
    counts = [len(body) // _ROW.itemsize for body in bodies]
    point_id: PointIds = np.repeat(np.array(point_ids, np.int32), counts)
    return Spans(
        point_id,
        rows["start_ms"].astype(np.int64),
        rows["samples"].astype(np.int64),
        rows["good"].astype(np.int64),
        rows["minimum"].astype(np.float64),
        rows["maximum"].astype(np.float64),
        rows["total"].astype(np.float64),
        rows["first"].astype(np.float64),
        rows["last"].astype(np.float64),
    )


def _rows(spans: Spans) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    rows = np.empty(len(spans), _ROW)
    for name in rows.dtype.names or ():
        rows[name] = getattr(spans, name)
    return rows
