"""A batch as a record of the journal. Pure.

Header, little-endian: magic `SCJ1`, length of the body (u32), sequence number (u64), CRC-32 of number and body (u32).
Body: rows (u32), flags (u8), length of the texts (u32), the common time (i64), then the columns: times (int64,
without them all rows have the common time), points (int32), values (float64), qualities (uint8, without them all
are good), texts (JSON: a list of point, time, text).
"""

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stripchart.model.sample import PointId, SampleBatch

_HEADER = struct.Struct("<4sIQI")
_BODY = struct.Struct("<IBIq")
_NUMBER = struct.Struct("<Q")
_MAGIC = b"SCJ1"
_COMMON_TIME, _ALL_GOOD = 1, 2


@dataclass(frozen=True, slots=True)
class Record:
    """A batch, its place in the sequence of all batches, and where in its file it begins and ends."""

    sequence: int
    batch: SampleBatch
    start: int
    end: int


def write_record(sequence: int, batch: SampleBatch) -> bytes:
    """The bytes of one batch."""
    body = _body(batch)
    check = zlib.crc32(body, zlib.crc32(_NUMBER.pack(sequence)))
    return _HEADER.pack(_MAGIC, len(body), sequence, check) + body


def read_records(content: bytes, start: int = 0) -> Iterator[Record]:
    """The whole records from `start` on; ends at the first that is torn or broken."""
    while start + _HEADER.size <= len(content):
        magic, length, sequence, check = _HEADER.unpack_from(content, start)
        end = start + _HEADER.size + length
        if magic != _MAGIC or end > len(content):
            return
        body = memoryview(content)[start + _HEADER.size : end]
        if zlib.crc32(body, zlib.crc32(_NUMBER.pack(sequence))) != check:
            return
        yield Record(sequence, _batch(body), start, end)
        start = end


def all_records(content: bytes) -> Iterator[Record]:
    """The whole records of a file, also those behind broken bytes; ends at what is torn, or of a newer release."""
    end, newest = 0, -1
    start: int | None = 0
    while start is not None:
        for record in read_records(content, start):
            end, newest = record.end, record.sequence
            yield record
        start = None if is_newer(content, end) else next_record(content, end, newest)


def next_record(content: bytes, broken_at: int, after: int) -> int | None:
    """Where the next whole record begins behind a broken one, newer than the sequence number `after`; None: nowhere.

    What is torn has none behind it. Where bytes have changed later on, those behind them are as good as before.
    """
    at = content.find(_MAGIC, broken_at + 1)
    while at >= 0:
        record = next(read_records(content, at), None)
        if record is not None and record.sequence > after:
            return at
        at = content.find(_MAGIC, at + 1)
    return None


def is_newer(content: bytes, at: int) -> bool:
    """Whether a record of a newer release begins there, which must not be taken for a torn one."""
    magic = content[at : at + len(_MAGIC)]
    return magic[:3] == _MAGIC[:3] and magic[3:].isdigit() and magic > _MAGIC


def _body(batch: SampleBatch) -> bytes:
    at_ms, quality = batch.at_ms, batch.quality
    common = bool(len(at_ms)) and bool((at_ms == at_ms[0]).all())
    good = not quality.any()
    texts = json.dumps([(point, *text) for point, text in batch.texts.items()]).encode() if batch.texts else b""
    flags = _COMMON_TIME * common | _ALL_GOOD * good
    head = _BODY.pack(len(at_ms), flags, len(texts), int(at_ms[0]) if common else 0)
    columns = (
        b"" if common else at_ms.astype("<i8", copy=False).tobytes(),
        batch.point_id.astype("<i4", copy=False).tobytes(),
        batch.value.astype("<f8", copy=False).tobytes(),
        b"" if good else quality.tobytes(),
    )
    return b"".join((head, *columns, texts))


def _batch(body: memoryview) -> SampleBatch:
    rows, flags, texts_length, common_ms = _BODY.unpack_from(body)
    at = _BODY.size
    if flags & _COMMON_TIME:
        at_ms = np.full(rows, common_ms, np.int64)
    else:
        at_ms = np.frombuffer(body, "<i8", rows, at)
        at += 8 * rows
    point_id = np.frombuffer(body, "<i4", rows, at)
    value = np.frombuffer(body, "<f8", rows, at + 4 * rows)
    at += 12 * rows
    if flags & _ALL_GOOD:
        quality = np.zeros(rows, np.uint8)
    else:
        quality = np.frombuffer(body, np.uint8, rows, at)
        at += rows
    texts = json.loads(bytes(body[at : at + texts_length])) if texts_length else []
    return SampleBatch(point_id, at_ms, value, quality, {PointId(point): (when, text) for point, when, text in texts})
