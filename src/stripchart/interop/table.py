"""The table of samples other programs get: a row for each sample, in seven columns.

`time` ISO 8601 with Z, `device`, `point` (the key), `value`, `unit`, `quality` (`good`, `bad_comm`), `text`.
A text that a spreadsheet would take for a formula has an apostrophe before it.
"""

import numpy as np
import pyarrow as pa

from stripchart.interop.formulas import defused
from stripchart.interop.moments import iso_times
from stripchart.interop.names import PointName
from stripchart.interop.quality_names import quality_name
from stripchart.model.sample import Qualities, SampleBatch, Times

COLUMNS = ("time", "device", "point", "value", "unit", "quality", "text")

LABEL = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("time", pa.timestamp("ms", "UTC")),
        ("device", LABEL),
        ("point", LABEL),
        ("value", pa.float64()),
        ("unit", LABEL),
        ("quality", LABEL),
        ("text", pa.string()),
    ]
)
CSV_SCHEMA = SCHEMA.set(0, pa.field("time", pa.string()))


def sample_rows(
    batch: SampleBatch, name: PointName, digits: list[str | None] | None = None, *, as_csv: bool
) -> pa.RecordBatch:
    """The samples of one point as rows of the table; `digits` are those of whole numbers beyond 2^53, as texts."""
    count = len(batch)
    text = pa.nulls(count, pa.string()) if digits is None else pa.array(digits, pa.string())
    value = pa.array(batch.value, mask=~batch.has_value)
    columns = (*_labels(name, count, as_csv=as_csv), value, _qualities(batch.quality), text)
    return _rows(batch.at_ms, columns, as_csv=as_csv)


def text_rows(texts: list[tuple[int, str]], name: PointName, *, as_csv: bool) -> pa.RecordBatch:
    """The texts of one point as rows of the table."""
    count = len(texts)
    at_ms = np.array([at_ms for at_ms, _ in texts], np.int64)
    text = pa.array([defused(text) if as_csv else text for _, text in texts], pa.string())
    quality = _qualities(np.zeros(count, np.uint8))
    columns = (*_labels(name, count, as_csv=as_csv), pa.nulls(count, pa.float64()), quality, text)
    return _rows(at_ms, columns, as_csv=as_csv)


def _labels(name: PointName, count: int, *, as_csv: bool) -> tuple[pa.Array, pa.Array, pa.Array]:
    told = (name.device, name.key, name.unit)
    device, key, unit = (_label(defused(text) if as_csv else text, count) for text in told)
    return device, key, unit


def _label(text: str, count: int) -> pa.Array:
    """The same text in so many rows."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text]))


def _qualities(quality: Qualities) -> pa.Array:
    """The names of codes."""
    codes, rows = np.unique(quality, return_inverse=True)
    names = [quality_name(code) for code in codes.tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(rows.astype(np.int32)), pa.array(names, pa.string()))


def _rows(at_ms: Times, columns: tuple[pa.Array, ...], *, as_csv: bool) -> pa.RecordBatch:
    device, key, unit, value, quality, text = columns
    time = iso_times(at_ms) if as_csv else pa.array(at_ms, pa.timestamp("ms", "UTC"))
    arrays = [time, device, key, value, unit, quality, text]
    return pa.RecordBatch.from_arrays(arrays, schema=CSV_SCHEMA if as_csv else SCHEMA)
