"""Columns as bytes: packed by pcodec (https://github.com/pcodec/pcodec), or plain where that is smaller.

The first byte tells how: `p` pcodec's standalone format, `d` float64, `q` int64, `B` uint8, little-endian.
"""

import zlib
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pcodec import ChunkConfig, standalone

from stripchart.history.base import HistoryUnreadableError
from stripchart.model.sample import Qualities, Values

Column: TypeAlias = npt.NDArray[Any]

_PLAIN: dict[bytes, np.dtype[Any]] = {b"d": np.dtype("<f8"), b"q": np.dtype("<i8"), b"B": np.dtype("u1")}
_MARK = {kind: mark for mark, kind in _PLAIN.items()}
_CONFIG = ChunkConfig(compression_level=8, enable_8_bit=True)
_TOO_SHORT = 16
"""Below so many entries packing costs more time than it saves room."""


class BrokenPieceError(HistoryUnreadableError):
    """One segment or bundle is not as it was written; the rest of the file may well be."""


def pack(column: Column) -> bytes:
    """A column of float64, int64 or uint8 as bytes; every bit of it comes back."""
    mark = _MARK[column.dtype]
    if len(column) >= _TOO_SHORT:
        packed: bytes = standalone.simple_compress(np.ascontiguousarray(column), _CONFIG)
        if len(packed) < column.nbytes:
            return b"p" + packed
    return mark + column.tobytes()


def checksum(start: int, *pieces: bytes | None) -> int:
    """The CRC-32 of pieces one after another, None for nothing; -1, which no row has, when one is no bytes at all."""
    crc = start & 0xFFFFFFFF
    try:
        for piece in pieces:
            crc = zlib.crc32(piece or b"", crc)
    except TypeError:
        return -1
    return crc


def unpack(body: bytes) -> Column:
    """What `pack` was given. Raises BrokenPieceError when the bytes are none of its making."""
    mark = body[:1]
    if mark != b"p" and mark not in _PLAIN:
        raise BrokenPieceError(f"a column begins with {mark!r}; known are p, d, q and B")
    try:
        column: Column = (
            standalone.simple_decompress(body[1:]) if mark == b"p" else np.frombuffer(body, _PLAIN[mark], offset=1)
        )
    except (RuntimeError, ValueError) as error:
        raise BrokenPieceError(f"a column is broken: {error}") from error
    return column


def pack_values(value: Values, has_value: npt.NDArray[np.bool_]) -> bytes:
    """The values, where a missing one is written as its neighbour, because that costs nothing."""
    if has_value.all():
        return pack(value)
    if not has_value.any():
        return pack(np.zeros(len(value)))
    present = np.flatnonzero(has_value)
    nearest = np.searchsorted(present, np.arange(len(value)), side="right") - 1
    return pack(value[present[np.maximum(nearest, 0)]])


def pack_qualities(quality: Qualities) -> bytes | None:
    """The qualities; None when all are good."""
    return pack(quality) if quality.any() else None
