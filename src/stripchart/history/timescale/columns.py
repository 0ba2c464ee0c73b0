"""Columns as the server sends and takes them: big-endian bytes, times as microseconds since 2000. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from stripchart.history.embedded.spans import Spans
from stripchart.model.sample import SampleBatch, Times

_2000_MS = 946_684_800_000
_EARLIEST_MS, _LATEST_MS = -62_135_596_800_000, 253_402_214_400_000
"""The years 1 to 9999, which the server's and Python's times have in common."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COPY_HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_END = b"\xff\xff"
_GOOD_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("point_bytes", ">i4"),
        ("point", ">i4"),
        ("at_bytes", ">i4"),
        ("at", ">i8"),
        ("value_bytes", ">i4"),
        ("value", ">f8"),
        ("quality_bytes", ">i4"),
        ("quality", ">i2"),
    ]
)
_BAD_ROW = np.dtype([(name, _GOOD_ROW[name]) for name in _GOOD_ROW.names or () if name != "value"])

_Kind = TypeVar("_Kind", bound=np.generic)

Answer = Sequence[bytes | None]
"""A row of packed columns; all null where there is nothing."""


def within_reach(at_ms: int) -> int:
    """The nearest time that the server knows."""
    return min(max(at_ms, _EARLIEST_MS), _LATEST_MS)


def all_within_reach(at_ms: Times) -> list[int]:
    """Of each time the nearest that the server knows."""
    nearest: list[int] = np.clip(at_ms, _EARLIEST_MS, _LATEST_MS).tolist()
    return nearest


def moment(at_ms: int) -> datetime:
    """A time within reach, as the driver takes it."""
    return _EPOCH + timedelta(milliseconds=at_ms)


def check_times(at_ms: Times) -> None:
    """Raises ValueError when there is a time that the server does not know."""
    if len(at_ms) and not (at_ms.min() >= _EARLIEST_MS and at_ms.max() < _LATEST_MS):
        raise ValueError("batch: its times are allowed to be of the years 1 to 9999")


def copied(batch: SampleBatch) -> bytes:
    """The samples in the binary format of COPY, a sample without a value as a null.

    https://www.postgresql.org/docs/15/sql-copy.html, File Formats, Binary Format.
    """
    has_value = batch.has_value
    if has_value.all():
        return b"".join((_COPY_HEAD, _rows(batch, _GOOD_ROW), _COPY_END))
    good, bad = batch.where(has_value), batch.where(~has_value)
    return b"".join((_COPY_HEAD, _rows(good, _GOOD_ROW), _rows(bad, _BAD_ROW), _COPY_END))


def _rows(batch: SampleBatch, layout: "np.dtype[np.void]") -> bytes:
    rows = np.empty(len(batch), layout)
    rows["fields"] = 4
    rows["point_bytes"], rows["point"] = 4, batch.point_id
    rows["at_bytes"], rows["at"] = 8, (batch.at_ms - _2000_MS) * 1000
    rows["value_bytes"] = -1
    if "value" in (layout.names or ()):
        rows["value_bytes"], rows["value"] = 8, batch.value
    rows["quality_bytes"], rows["quality"] = 2, batch.quality
    return rows.tobytes()


def samples_in(answer: Answer) -> SampleBatch:
    """The samples of a packed answer: point, time, value, quality."""
    if answer[0] is None:
        return SampleBatch.empty()
    point, at, value, quality = answer
    return SampleBatch(
        _unpacked(point, ">i4", np.int32),
        _times(at),
        _unpacked(value, ">f8", np.float64),
        _unpacked(quality, ">i2", np.uint8),
    )


def spans_in(answer: Answer) -> Spans | None:
    """The spans of a packed answer; None where there are none."""
    if answer[0] is None:
        return None
    point, unit, samples, good, *values = answer
    return Spans(
        _unpacked(point, ">i4", np.int32),
        _times(unit),
        _unpacked(samples, ">i8", np.int64),
        _unpacked(good, ">i8", np.int64),
        *(_unpacked(value, ">f8", np.float64) for value in values),
    )


def _times(packed: bytes | None) -> Times:
    return _unpacked(packed, ">i8", np.int64) // 1000 + _2000_MS


def _unpacked(packed: bytes | None, sent: str, wanted: type[_Kind]) -> npt.NDArray[_Kind]:
    return np.frombuffer(packed or b"", sent).astype(wanted)
