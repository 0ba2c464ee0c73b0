"""Pieces of a table as Arrow's, for files that Arrow writes."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from stripchart.interop.encoding import ParquetEncoder
from stripchart.interop.rows import Column, Counts, Heading, Kind, Moments, Names, Numbers, Rows, Texts

_TYPES = {
    Kind.NAME: pa.dictionary(pa.int32(), pa.string()),
    Kind.NUMBER: pa.float64(),
    Kind.COUNT: pa.int64(),
    Kind.TEXT: pa.string(),
}


class ParquetRows:
    """Makes a Parquet file of the pieces of a table; times are those of the zone."""

    def __init__(self, headings: Sequence[Heading], zone: str) -> None:
        self._schema = pa.schema([(each.name, _type(each.kind, zone)) for each in headings])
        self._encoder = ParquetEncoder(self._schema)

    def begin(self) -> bytes:
        return self._encoder.begin()

    def add(self, rows: Rows) -> bytes:
        arrays = [_array(column, field.type) for column, field in zip(rows.columns, list(self._schema), strict=True)]
        return self._encoder.add(pa.RecordBatch.from_arrays(arrays, schema=self._schema))

    def end(self) -> bytes:
        return self._encoder.end()


def _type(kind: Kind, zone: str) -> pa.DataType:
    return pa.timestamp("ms", zone) if kind is Kind.MOMENT else _TYPES[kind]


def _array(column: Column, type_: pa.DataType) -> pa.Array:
    match column:
        case Moments(at_ms):
            return pa.array(at_ms, type_)
        case Numbers(values):
            return pa.array(values, mask=np.isnan(values))
        case Counts(values):
            return pa.array(values)
        case Names(places, names):
            known = pa.array(names, pa.string())
            return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32), mask=places < 0), known)
        case Texts(texts):
            return pa.array(texts, pa.string())
