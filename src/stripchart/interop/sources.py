"""Reading a table file piece by piece: CSV or Parquet, its columns found by name."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

from stripchart.interop.lines import LineErrors, TableError, shown
from stripchart.interop.table import COLUMNS
from stripchart.profiles.problem import did_you_mean

Lines = np.ndarray[tuple[int], np.dtype[np.int64]]

_NEEDED = ("time", "device", "point")
_ALSO = {"time": "timestamp", "device": "device_name"}
"""What files from the API call them."""
_BLOCK_BYTES = 8 * 2**20
_ROWS_AT_ONCE = 262_144


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows: the known columns by name, those the file does not have are absent; the line of each row.

    `read` and `size`: how far in the file this is, and how far it goes, in bytes or rows.
    """

    columns: Mapping[str, pa.Array]
    lines: Lines
    read: int
    size: int


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which columns of the file are read as which, and which are left out."""

    column_of: Mapping[str, str]
    ignored: tuple[str, ...]


def mapped(path: Path, header: list[str], given: Mapping[str, str]) -> Mapped:
    """Find the columns by name, or by the names that were `given` for them. Raises TableError."""
    for name, column in given.items():
        if name not in COLUMNS:
            raise TableError(f"column {name!r}: {did_you_mean(name, COLUMNS)}")
        if column not in header:
            raise TableError(f"{path}: no column {column!r} for {name}; {did_you_mean(column, header)}")
    own = {column.strip().casefold(): column for column in header}
    column_of = {name: given.get(name) or own.get(name) or own.get(_ALSO.get(name, name)) for name in COLUMNS}
    found = {name: column for name, column in column_of.items() if column is not None}
    missing = [name for name in _NEEDED if name not in found]
    if "value" not in found and "text" not in found:
        missing.append("value")
    if missing:
        raise TableError(
            f"{path}: no column {', '.join(missing)}; the file has {', '.join(header)}; "
            f"say which it is, as in --column {missing[0]}={header[0] if header else 'NAME'}"
        )
    repeated = sorted({column for column in found.values() if header.count(column) > 1})
    if repeated:
        raise TableError(f"{path}: there are two columns {', '.join(repeated)}; rename one")
    return Mapped(found, tuple(column for column in header if column not in found.values()))


def is_parquet(path: Path) -> bool:
    """By its first bytes, whatever it is called. Raises TableError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror})") from error


class CsvSource:
    """A CSV file in UTF-8 with a header line; comma, semicolon or tab between the columns."""

    def __init__(self, path: Path, given: Mapping[str, str]) -> None:
        """Raises TableError."""
        self._path = path
        with path.open("rb") as file:
            first = file.readline(_BLOCK_BYTES)
        self._delimiter = max(",;\t", key=lambda mark: first.count(mark.encode()))
        self.mapped = mapped(path, self._header(), given)

    def pieces(self, errors: LineErrors) -> Iterator[Piece]:
        """All rows, in order; rows with a wrong number of fields are told and left out. Raises TableError."""
        counting, size = _LineCount(errors), self._path.stat().st_size
        try:
            with pa.OSFile(str(self._path)) as file, self._open(counting.leave_out, file) as reader:
                for batch in reader:
                    columns = {name: batch.column(column) for name, column in self.mapped.column_of.items()}
                    yield Piece(columns, counting.of_rows(len(batch), columns.get("text")), file.tell(), size)
        except pa.ArrowInvalid as error:
            raise TableError(f"{self._path}: this is no CSV in UTF-8 ({error})") from error
        counting.tell_the_rest()

    def _header(self) -> list[str]:
        try:
            with self._open(lambda _: "skip", self._path) as reader:
                return list(reader.schema.names)
        except pa.ArrowInvalid as error:
            raise TableError(f"{self._path}: this is no CSV in UTF-8 with a header ({error})") from error

    def _open(self, note: Any, file: Any) -> Any:
        columns = self.mapped.column_of.values() if hasattr(self, "mapped") else ()
        # One thread, because only then rows have numbers.
        return arrow_csv.open_csv(
            file,
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                include_columns=list(columns),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )


class ParquetSource:
    """A Parquet file; times may be timestamps or ISO 8601."""

    def __init__(self, path: Path, given: Mapping[str, str]) -> None:
        """Raises TableError."""
        self._path = path
        try:
            self._file = arrow_parquet.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise TableError(f"{path}: this is no Parquet file ({error})") from error
        self.mapped = mapped(path, list(self._file.schema_arrow.names), given)

    def pieces(self, _: LineErrors) -> Iterator[Piece]:
        """All rows, in order. Raises TableError."""
        size, rows = self._file.metadata.num_rows, 0
        try:
            for batch in self._file.iter_batches(_ROWS_AT_ONCE, columns=list(self.mapped.column_of.values())):
                columns = {name: batch.column(column) for name, column in self.mapped.column_of.items()}
                lines = np.arange(rows + 1, rows + len(batch) + 1, dtype=np.int64)
                rows += len(batch)
                yield Piece(columns, lines, rows, size)
        except (pa.ArrowInvalid, OSError) as error:
            raise TableError(f"{self._path}: the file is broken ({error})") from error


def source_of(path: Path, given: Mapping[str, str]) -> CsvSource | ParquetSource:
    """Raises TableError when the file cannot be read, or lacks a column."""
    return ParquetSource(path, given) if is_parquet(path) else CsvSource(path, given)


class _LineCount:
    """On which line each row begins, though rows are left out, and texts go over several lines."""

    def __init__(self, errors: LineErrors) -> None:
        self._errors = errors
        self._left_out: list[int] = []
        self._untold: deque[tuple[int, str]] = deque()
        self._rows, self._newlines = 0, 0

    def leave_out(self, row: Any) -> str:
        """What is done with a row of too few or too many fields; the reader comes to it before its neighbours."""
        self._left_out.append(row.number)
        problem = f"{row.actual_columns} fields, allowed are {row.expected_columns}: {shown(row.text)}"
        self._untold.append((row.number, problem))
        return "skip"

    def of_rows(self, count: int, text: pa.Array | None) -> Lines:
        """The lines of the next rows."""
        rows = np.arange(self._rows, self._rows + count, dtype=np.int64)
        good_before = np.array(self._left_out, np.int64) - 2 - np.arange(len(self._left_out))
        numbers: Lines = rows + 2 + np.searchsorted(good_before, rows, side="right")
        inside = _newlines(text)
        behind = np.full(count, self._newlines) if inside is None else self._newlines + np.cumsum(inside)
        while count and self._untold and self._untold[0][0] < numbers[-1]:
            number, problem = self._untold.popleft()
            place = int(np.searchsorted(numbers, number))
            self._errors.add(number + int(behind[place - 1] if place else self._newlines), "row", problem)
        lines: Lines = numbers + np.concatenate([[self._newlines], behind[:-1]])[:count]
        self._rows += count
        self._newlines = int(behind[-1]) if count else self._newlines
        return lines

    def tell_the_rest(self) -> None:
        """Those behind the last good row."""
        for number, problem in self._untold:
            self._errors.add(number + self._newlines, "row", problem)


def _newlines(text: pa.Array | None) -> Lines | None:
    """How many lines each row takes beyond its first, as far as its text tells."""
    if text is None or text.null_count == len(text):
        return None
    found: Lines = pc.fill_null(pc.count_substring(text, "\n"), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return found
