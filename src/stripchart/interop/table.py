"""The table of samples other programs get: a row for each sample, in seven columns.

`time` ISO 8601 with Z, `device`, `point` (the key), `value`, `unit`, `quality` (`good`, `bad_comm`), `text`.
A text that a spreadsheet would take for a formula has an apostrophe before it.
"""

import re

import numpy as np
import pyarrow as pa

from stripchart.interop.names import PointName
from stripchart.model.quality import Quality
from stripchart.model.sample import Qualities, SampleBatch, Times

COLUMNS = ("time", "device", "point", "value", "unit", "quality", "text")
QUALITIES = {quality.name.lower(): int(quality) for quality in Quality}

_LABEL = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("time", pa.timestamp("ms", "UTC")),
        ("device", _LABEL),
        ("point", _LABEL),
        ("value", pa.float64()),
        ("unit", _LABEL),
        ("quality", _LABEL),
        ("text", pa.string()),
    ]
)
CSV_SCHEMA = SCHEMA.set(0, pa.field("time", pa.string()))

_DAY_MS = 86_400_000
_NAMES = {code: name for name, code in QUALITIES.items()}
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
"""What spreadsheets compute instead of showing it (OWASP, CSV injection), and what undoing must tell from it."""
_DEFUSED = re.compile(r"'+[=+\-@\t\r\n]")


def defused(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; `restored` gives it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if _DEFUSED.match(text) else text


def quality_name(code: int) -> str:
    """`bad_comm`; a code without a name is its number."""
    return _NAMES.get(code, f"0x{code:02x}")


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


def iso_times(at_ms: Times) -> pa.Array:
    """ISO 8601 with milliseconds and Z. By hand, because Arrow's own takes 20 times as long."""
    days, day = np.unique(at_ms // _DAY_MS, return_inverse=True)
    dates = np.array([f"{date}T" for date in days.astype("datetime64[D]").astype(str)])
    if any(len(date) != 11 for date in dates):  # years beyond 9999
        return pa.array([f"{time}Z" for time in at_ms.astype("datetime64[ms]").astype(str)])
    text = np.empty((len(at_ms), 24), np.uint8)
    text[:, :11] = dates.astype("S11").view(np.uint8).reshape(-1, 11)[day]
    rest = at_ms % _DAY_MS
    for place, unit_ms, digits in ((11, 3_600_000, 2), (14, 60_000, 2), (17, 1000, 2), (20, 1, 3)):
        number, rest = rest // unit_ms, rest % unit_ms
        for digit in range(digits):
            text[:, place + digit] = ord("0") + number // 10 ** (digits - 1 - digit) % 10
    text[:, [13, 16, 19, 23]] = np.frombuffer(b"::.Z", np.uint8)
    offsets = np.arange(0, 24 * len(at_ms) + 1, 24, dtype=np.int32)
    return pa.StringArray.from_buffers(len(at_ms), pa.py_buffer(offsets), pa.py_buffer(text))


def _labels(name: PointName, count: int, *, as_csv: bool) -> tuple[pa.Array, pa.Array, pa.Array]:
    told = (name.device, name.key, name.unit)
    device, key, unit = (_label(defused(text) if as_csv else text, count) for text in told)
    return device, key, unit


def _label(text: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text]))


def _qualities(quality: Qualities) -> pa.Array:
    codes, rows = np.unique(quality, return_inverse=True)
    names = [quality_name(code) for code in codes.tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(rows.astype(np.int32)), pa.array(names, pa.string()))


def _rows(at_ms: Times, columns: tuple[pa.Array, ...], *, as_csv: bool) -> pa.RecordBatch:
    device, key, unit, value, quality, text = columns
    time = iso_times(at_ms) if as_csv else pa.array(at_ms, pa.timestamp("ms", "UTC"))
    arrays = [time, device, key, value, unit, quality, text]
    return pa.RecordBatch.from_arrays(arrays, schema=CSV_SCHEMA if as_csv else SCHEMA)
