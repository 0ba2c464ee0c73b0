"""A table as an XLSX file, which is made on disk because it can only be read as a whole."""

import math
import tempfile
from collections.abc import Sequence
from typing import IO, Any

import numpy as np
import xlsxwriter

from stripchart.interop.formulas import defused
from stripchart.interop.moments import iso_texts, local_ms
from stripchart.interop.rows import Column, Counts, Heading, Moments, Names, Numbers, Rows, Texts
from stripchart.interop.sheet_limits import check_fits

_DAY_MS = 86_400_000
_DAYS_TO_1970 = 25_569
"""Days count from 1899-12-30."""
_DIGITS = 15
"""So many digits of a number are kept."""
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class SpreadsheetEncoder:
    """One sheet: a header, times as texts of ISO 8601 and, beside them, as the local times that can be drawn.

    No text is ever a formula: it is a cell of text, with the mark that it stays one when it is edited.
    Raises TooManyRowsError.
    """

    def __init__(self, headings: Sequence[Heading], zone: str) -> None:
        check_fits(0, len(headings) + 1)
        self._headings, self._zone, self._row = headings, zone, 1
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it is given away
        self._folder = tempfile.TemporaryDirectory()  # here the rows wait for the end
        self._book = xlsxwriter.Workbook(self._file, {**_OPTIONS, "tmpdir": self._folder.name})
        self._sheet = self._book.add_worksheet("data")
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._local = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        first, *rest = (each.name for each in headings)
        self._sheet.set_column(0, 1, 24)
        for column, name in enumerate((first, f"local time ({zone})", *rest)):
            self._text(0, column, name)

    def add(self, rows: Rows) -> None:
        """Write the next rows."""
        check_fits(self._row - 1 + len(rows), 0)
        moments, *others = rows.columns
        assert isinstance(moments, Moments), "the first column is the time"  # noqa: S101
        days = local_ms(moments.at_ms, self._zone)[0] / _DAY_MS + _DAYS_TO_1970
        columns: list[list[Any]] = [iso_texts(moments.at_ms, self._zone)]
        columns += [_cells(column, each) for column, each in zip(others, self._headings[1:], strict=True)]
        for day, (time, *cells) in zip(days.tolist(), zip(*columns, strict=True), strict=True):
            self._sheet.write_string(self._row, 0, time)
            self._sheet.write_number(self._row, 1, day, self._local)
            for column, cell in enumerate(cells, 2):
                self._write(column, cell)
            self._row += 1

    def end(self) -> IO[bytes]:
        """The finished file, at its beginning. Whoever takes it closes it."""
        self._book.close()
        self._folder.cleanup()
        self._file.seek(0)
        return self._file

    def discard(self) -> None:
        """Give up what was written."""
        self._sheet.row_data_fh.close()
        self._folder.cleanup()
        self._file.close()

    def _write(self, column: int, cell: Any) -> None:
        if isinstance(cell, str):
            self._text(self._row, column, cell)
        elif cell is not None and math.isfinite(cell):
            self._sheet.write_number(self._row, column, cell)
        elif cell is not None:
            self._sheet.write_string(self._row, column, str(cell))

    def _text(self, row: int, column: int, text: str) -> None:
        self._sheet.write_string(row, column, text, self._quoted if defused(text) != text else None)


def _cells(column: Column, heading: Heading) -> list[Any]:
    """Whole numbers that a cell can hold are numbers, the others their digits."""
    cells = _values(column)
    if heading.is_exact:
        return [
            int(each) if each and len(each.lstrip("-")) <= _DIGITS and _is_whole(each) else each for each in cells
        ]
    return cells


def _values(column: Column) -> list[Any]:
    match column:
        case Numbers(values):
            return [
                None if is_none else value for value, is_none in zip(values.tolist(), np.isnan(values), strict=True)
            ]
        case Counts(values):
            return list(values.tolist())
        case Names(places, names):
            return [names[place] if place >= 0 else None for place in places.tolist()]
        case Texts(texts):
            return list(texts)
        case Moments(at_ms):
            return list(iso_texts(at_ms))


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdecimal()
