"""Pieces of a table as bytes of a file: CSV, and Parquet by row groups."""

import csv
import io
from typing import Protocol

import pyarrow as pa

_ROWS_AT_ONCE = 100_000
"""A row group of Parquet has at least so many rows, but for the last."""


class Encoder(Protocol):
    """Makes a file of the pieces of a table, a part of it at a time. `begin` first, `end` last."""

    def begin(self) -> bytes: ...

    def add(self, rows: pa.RecordBatch) -> bytes: ...

    def end(self) -> bytes: ...


class CsvEncoder:
    """UTF-8, comma, decimal point, a header line, quotes only in pieces that need them."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema

    def begin(self) -> bytes:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\n").writerow(self._schema.names)
        return line.getvalue().encode()

    def add(self, rows: pa.RecordBatch) -> bytes:
        if _has_empty_text(rows):
            return _as_csv(rows, "needed")
        try:
            return _as_csv(rows, "none")
        except pa.ArrowInvalid:  # a text has a comma, a quote or a new line
            return _as_csv(rows, "needed")

    def end(self) -> bytes:
        return b""


def _as_csv(rows: pa.RecordBatch, quoting: str) -> bytes:
    """`needed` is Arrow's word for quotes around every text."""
    import pyarrow.csv as arrow_csv

    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(rows, sink, arrow_csv.WriteOptions(include_header=False, quoting_style=quoting))
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _has_empty_text(rows: pa.RecordBatch) -> bool:
    """Whether a text is empty, which only quotes tell from no text."""
    place = rows.schema.get_field_index("text")
    if place < 0 or rows.column(place).null_count == len(rows):
        return False
    return "" in rows.column(place).to_pylist()


class ParquetEncoder:
    """Compressed with zstd. Collects rows, because each row group costs room and time."""

    def __init__(self, schema: pa.Schema) -> None:
        import pyarrow.parquet as arrow_parquet

        self._schema, self._sink = schema, _Sink()
        self._writer = arrow_parquet.ParquetWriter(self._sink, schema, compression="zstd")
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def begin(self) -> bytes:
        return self._sink.taken()

    def add(self, rows: pa.RecordBatch) -> bytes:
        self._waiting.append(rows)
        self._rows += len(rows)
        if self._rows >= _ROWS_AT_ONCE:
            self._flush()
        return self._sink.taken()

    def end(self) -> bytes:
        self._flush()
        self._writer.close()
        return self._sink.taken()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema).unify_dictionaries())
        self._waiting, self._rows = [], 0


class _Sink(io.RawIOBase):
    """What was written and is not taken yet."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        self._parts.append(bytes(memoryview(content)))  # type: ignore[arg-type]
        return len(self._parts[-1])

    def taken(self) -> bytes:
        content = b"".join(self._parts)
        self._parts = []
        return content
