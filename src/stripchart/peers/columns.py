"""Samples as bytes: the columns one after another, and the texts behind them."""

import struct

import numpy as np
import orjson

from stripchart.model.sample import PointId, SampleBatch

_COLUMNS = (("point_id", "<i4"), ("at_ms", "<i8"), ("value", "<f8"), ("quality", "u1"))
_COUNT = struct.Struct("<I")


def packed(batch: SampleBatch) -> bytes:
    """21 bytes a sample."""
    columns = (getattr(batch, name).astype(kind).tobytes() for name, kind in _COLUMNS)
    texts = [(int(point), at_ms, text) for point, (at_ms, text) in batch.texts.items()]
    return b"".join((_COUNT.pack(len(batch)), *columns, orjson.dumps(texts)))


def unpacked(data: bytes) -> SampleBatch:
    """Raises ValueError for anything else."""
    if len(data) < _COUNT.size:
        raise ValueError("samples: too short")
    (count,) = _COUNT.unpack_from(data)
    place, columns = _COUNT.size, []
    for _, kind in _COLUMNS:
        column = np.frombuffer(data, kind, count, place)
        columns.append(column.astype(column.dtype.newbyteorder("=")))
        place += column.nbytes
    texts = {PointId(point): (at_ms, text) for point, at_ms, text in orjson.loads(data[place:])}
    return SampleBatch(columns[0], columns[1], columns[2], columns[3], texts)
