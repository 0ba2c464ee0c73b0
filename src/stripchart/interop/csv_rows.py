"""Pieces of a table as CSV (RFC 4180), by NumPy alone: Arrow would take more memory than all else of a server.

The cells of each column are put into a block of bytes, as wide as the longest of them; what they do not fill is left
out when the blocks, one beside the other, are read row by row.
"""

import csv
import io
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import orjson

from stripchart.interop.moments import iso_block
from stripchart.interop.rows import Column, Counts, Heading, Moments, Names, Numbers, Rows, Texts
from stripchart.model.sample import Values

_QUOTED = re.compile(r'[",\r\n]')
_COMMA, _END = np.uint8(ord(",")), np.uint8(ord("\n"))

_ROWS_AT_ONCE = 4096
"""So blocks stay in the caches of the processor, and what a thread keeps of them stays small."""

Block = npt.NDArray[np.uint8]
Filled = npt.NDArray[np.bool_]


class CsvRows:
    """UTF-8, comma, decimal point, a header line, quotes around the cells that need them.

    Times are as clocks of the zone show them. Nothing is an empty cell, an empty text is one in quotes.
    `has_bom`: a byte order mark comes first.
    """

    def __init__(self, headings: Sequence[Heading], zone: str, *, has_bom: bool = False) -> None:
        self._headings, self._zone, self._has_bom = headings, zone, has_bom

    def begin(self) -> bytes:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\n").writerow([each.name for each in self._headings])
        return line.getvalue().encode("utf-8-sig" if self._has_bom else "utf-8")

    def add(self, rows: Rows) -> bytes:
        return b"".join(self._lines(part) for part in rows.parts(_ROWS_AT_ONCE))

    def _lines(self, rows: Rows) -> bytes:
        blocks: list[Block] = []
        filled: list[Filled] = []
        for number, column in enumerate(rows.columns, 1):
            block, is_filled = self._block(column)
            mark = _END if number == len(rows.columns) else _COMMA
            blocks += [block, np.full((len(rows), 1), mark)]
            filled += [is_filled, np.ones((len(rows), 1), np.bool_)]
        return np.hstack(blocks)[np.hstack(filled)].tobytes()

    def end(self) -> bytes:
        return b""

    def _block(self, column: Column) -> tuple[Block, Filled]:
        match column:
            case Moments(at_ms):
                block = iso_block(at_ms, self._zone)
                return block, block != 0
            case Numbers(values):
                return _of_cells(_numbers(values))
            case Counts(values):
                return _of_cells(_numbers(values))
            case Names(places, names):
                block, is_filled = _of_cells([*(_cell(name) for name in names), b""])
                if len(names) == 1 and not places.any():
                    shape = (len(places), block.shape[1])
                    return np.broadcast_to(block[0], shape), np.broadcast_to(is_filled[0], shape)
                return block[places], is_filled[places]
            case Texts(texts):
                return _of_cells([b"" if text is None else _cell(text) for text in texts])


def _of_cells(cells: Sequence[bytes]) -> tuple[Block, Filled]:
    lengths = np.fromiter(map(len, cells), np.int32, len(cells))
    width = int(lengths.max(initial=0))
    if not width:
        return np.empty((len(cells), 0), np.uint8), np.empty((len(cells), 0), np.bool_)
    block = np.array(cells, f"S{width}").view(np.uint8).reshape(len(cells), width)
    return block, np.arange(width) < lengths[:, None]


def _numbers(values: Values | npt.NDArray[np.int64]) -> list[bytes]:
    """The shortest digits that say the same; nothing for NaN."""
    if not len(values):
        return []
    if np.isinf(values).any():
        return [b"" if number != number else repr(number).encode() for number in values.tolist()]  # noqa: PLR0124
    listed = orjson.dumps(np.ascontiguousarray(values), option=orjson.OPT_SERIALIZE_NUMPY)
    return listed[1:-1].replace(b"null", b"").replace(b".0,", b",").removesuffix(b".0").split(b",")


def _cell(text: str) -> bytes:
    if not text or _QUOTED.search(text):
        text = '"' + text.replace('"', '""') + '"'
    return text.encode()
