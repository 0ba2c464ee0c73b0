"""A table as an XLSX file, which is made on disk because it can only be read as a whole."""

import math
import tempfile
from typing import IO, Any

import pyarrow as pa
import xlsxwriter

from stripchart.interop.moments import iso_times, local_ms
from stripchart.interop.sheet_limits import check_fits
from stripchart.interop.table import defused
from stripchart.interop.wide_form import EXACT_MARK

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

    def __init__(self, schema: pa.Schema, zone: str) -> None:
        check_fits(0, len(schema) + 1)
        self._zone, self._row = zone, 1
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it is given away
        self._folder = tempfile.TemporaryDirectory()  # here the rows wait for the end
        self._book = xlsxwriter.Workbook(self._file, {**_OPTIONS, "tmpdir": self._folder.name})
        self._sheet = self._book.add_worksheet("data")
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._local = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        first, *rest = schema.names
        self._sheet.set_column(0, 1, 24)
        for column, name in enumerate((first, f"local time ({zone})", *rest)):
            self._text(0, column, name)

    def add(self, rows: pa.RecordBatch) -> None:
        """Write the next rows."""
        check_fits(self._row - 1 + len(rows), 0)
        at_ms = rows.column(0).view(pa.int64()).to_numpy()
        days = local_ms(at_ms, self._zone)[0] / _DAY_MS + _DAYS_TO_1970
        columns = [iso_times(at_ms, self._zone).to_pylist()]
        columns += [
            _cells(column, field) for column, field in zip(rows.columns[1:], list(rows.schema)[1:], strict=True)
        ]
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


def _cells(column: pa.Array, field: pa.Field) -> list[Any]:
    """Whole numbers that a cell can hold are numbers, the others their digits."""
    cells: list[Any] = column.to_pylist()
    if field.metadata == EXACT_MARK:
        return [
            int(each) if each and len(each.lstrip("-")) <= _DIGITS and _is_whole(each) else each for each in cells
        ]
    return cells


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdecimal()
