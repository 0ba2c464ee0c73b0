"""Tables with a row for each sample or bucket, by point in the given order, then time."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pyarrow as pa

from stripchart.history.base import Buckets
from stripchart.history.grid import Grid
from stripchart.interop.reading import digits_in, pages, texts_in, windows
from stripchart.interop.series import Asked, Cells, Series
from stripchart.interop.table import LABEL, label, named, qualities
from stripchart.model.sample import SampleBatch, Values

_ROWS_AT_ONCE = 16_384
_BUCKETS_AT_ONCE = 16_384


class LongSamples:
    """Samples as they came. A bad one has no value, and its quality says why: `bad_comm`.

    `text`: a text, or the digits of a whole number beyond 2^53. With labels there is a column `label`.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        columns = [
            ("timestamp", asked.cells.time_type),
            ("device_name", LABEL),
            ("point", LABEL),
            ("value", pa.float64()),
            ("unit", LABEL),
            ("quality", LABEL),
            ("text", pa.string()),
        ]
        self.schema = pa.schema([*columns, ("label", LABEL)] if asked.has_labels else columns)

    async def batches(self) -> AsyncIterator[pa.RecordBatch]:
        """Pieces of the table, in order."""
        historian, span = self._asked.historian, self._asked.span
        for each in self._asked.series:
            async for part, samples in pages(historian, [each.point], span, _ROWS_AT_ONCE):
                rows, text = samples, None
                if each.is_text:
                    rows, text = _with_texts(samples, await texts_in(historian, each.point, part))
                elif each.is_exact:
                    text = await digits_in(historian, samples)
                if len(rows):
                    yield await asyncio.to_thread(self._rows, each, rows, text)

    def _rows(self, series: Series, samples: SampleBatch, text: list[str | None] | None) -> pa.RecordBatch:
        cells = self._asked.cells
        device, key, unit = _names(series, len(samples), cells)
        columns = [cells.times(samples.at_ms), device, key, numbers(samples.value), unit]
        columns.append(qualities(samples.quality))
        if text is None:
            columns.append(pa.nulls(len(samples), pa.string()))
        else:
            # Digits of numbers are no formula, though some begin with a minus.
            columns.append(cells.texts(text) if series.is_text else pa.array(text, pa.string()))
        if self._asked.has_labels:
            columns.append(labels_of(series, samples.value, cells))
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)


class LongBuckets:
    """Samples summed up. `avg_value`, `min_value`, `max_value` are of those with a value, none where none has one."""

    def __init__(self, asked: Asked, grid: Grid) -> None:
        self._asked, self._grid = asked, grid
        self.schema = pa.schema(
            [
                ("time_bucket", asked.cells.time_type),
                ("device_name", LABEL),
                ("point", LABEL),
                ("avg_value", pa.float64()),
                ("min_value", pa.float64()),
                ("max_value", pa.float64()),
                ("count", pa.int64()),
                ("good_percent", pa.float64()),
                ("unit", LABEL),
            ]
        )

    async def batches(self) -> AsyncIterator[pa.RecordBatch]:
        """Pieces of the table, in order."""
        historian = self._asked.historian
        for each in self._asked.series:
            for part in windows(self._grid, self._asked.span, _BUCKETS_AT_ONCE):
                found = await historian.buckets([each.point], *part, self._grid)
                if len(found):
                    yield await asyncio.to_thread(self._rows, each, found)

    def _rows(self, series: Series, found: Buckets) -> pa.RecordBatch:
        device, key, unit = _names(series, len(found), self._asked.cells)
        values = (numbers(column) for column in (found.mean, found.minimum, found.maximum))
        times, count = self._asked.cells.times(found.start_ms), pa.array(found.count)
        columns = [times, device, key, *values, count, numbers(found.good_percent), unit]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)


def numbers(values: Values) -> pa.Array:
    """Numbers, and nothing in place of NaN."""
    return pa.array(values, mask=np.isnan(values))


def labels_of(series: Series, values: Values, cells: Cells, *, or_code: bool = False) -> pa.Array:
    """What the codes mean. Where that is not known it is nothing, or the code; without a value it is nothing."""
    codes, rows = np.unique(values, return_inverse=True)
    return named(rows, [_label(series, code, cells, or_code=or_code) for code in codes.tolist()])


def _label(series: Series, code: float, cells: Cells, *, or_code: bool) -> str | None:
    found = (series.labels or {}).get(int(code)) if code.is_integer() else None
    if found is not None:
        return cells.text(found)
    return f"{code:.15g}" if or_code and np.isfinite(code) else None


def _names(series: Series, count: int, cells: Cells) -> list[pa.Array]:
    return [label(cells.text(each), count) for each in (series.device, series.key, series.unit)]


def _with_texts(samples: SampleBatch, texts: list[tuple[int, str]]) -> tuple[SampleBatch, list[str | None]]:
    """The samples of a string point, which are bad ones, and its texts, together in order of time."""
    if not texts:
        return samples, [None] * len(samples)
    at_ms = np.concatenate([samples.at_ms, np.array([at_ms for at_ms, _ in texts], np.int64)])
    order = np.argsort(at_ms, kind="stable")
    told: list[str | None] = [None] * len(samples)
    told += [text for _, text in texts]
    quality = np.concatenate([samples.quality, np.zeros(len(texts), np.uint8)])
    point_id = np.zeros(len(at_ms), np.int32)
    both = SampleBatch(point_id, at_ms[order], np.full(len(at_ms), np.nan), quality[order])
    return both, [told[row] for row in order.tolist()]
