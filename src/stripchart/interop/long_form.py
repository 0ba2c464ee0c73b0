"""Tables with a row for each sample or bucket, by point in the given order, then time."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np

from stripchart.history.base import Buckets
from stripchart.history.grid import Grid
from stripchart.interop.reading import digits_in, pages, texts_in, windows
from stripchart.interop.rows import (
    Column,
    Counts,
    Heading,
    Kind,
    Moments,
    Names,
    Numbers,
    Rows,
    Texts,
    named,
    qualities,
    same,
)
from stripchart.interop.series import Asked, Cells, Series
from stripchart.model.sample import SampleBatch, Values

_ROWS_AT_ONCE = 16_384
_BUCKETS_AT_ONCE = 16_384


class LongSamples:
    """Samples as they came. A bad one has no value, and its quality says why: `bad_comm`.

    `text`: a text, or the digits of a whole number beyond 2^53. With labels there is a column `label`.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        headings = [
            Heading("timestamp", Kind.MOMENT),
            Heading("device_name", Kind.NAME),
            Heading("point", Kind.NAME),
            Heading("value", Kind.NUMBER),
            Heading("unit", Kind.NAME),
            Heading("quality", Kind.NAME),
            Heading("text", Kind.TEXT),
        ]
        self.headings = [*headings, Heading("label", Kind.NAME)] if asked.has_labels else headings

    async def batches(self) -> AsyncIterator[Rows]:
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

    def _rows(self, series: Series, samples: SampleBatch, text: list[str | None] | None) -> Rows:
        cells, count = self._asked.cells, len(samples)
        device, key, unit = _names(series, count, cells)
        columns: list[Column] = [Moments(samples.at_ms), device, key, Numbers(samples.value), unit]
        columns.append(qualities(samples.quality))
        # Digits of numbers are no formula, though some begin with a minus.
        columns.append(cells.texts(text) if text is not None and series.is_text else Texts(text or [None] * count))
        if self._asked.has_labels:
            columns.append(labels_of(series, samples.value, cells))
        return Rows(columns, count)


class LongBuckets:
    """Samples summed up. `avg_value`, `min_value`, `max_value` are of those with a value, none where none has one."""

    def __init__(self, asked: Asked, grid: Grid) -> None:
        self._asked, self._grid = asked, grid
        self.headings = [
            Heading("time_bucket", Kind.MOMENT),
            Heading("device_name", Kind.NAME),
            Heading("point", Kind.NAME),
            Heading("avg_value", Kind.NUMBER),
            Heading("min_value", Kind.NUMBER),
            Heading("max_value", Kind.NUMBER),
            Heading("count", Kind.COUNT),
            Heading("good_percent", Kind.NUMBER),
            Heading("unit", Kind.NAME),
        ]

    async def batches(self) -> AsyncIterator[Rows]:
        """Pieces of the table, in order."""
        historian = self._asked.historian
        for each in self._asked.series:
            for part in windows(self._grid, self._asked.span, _BUCKETS_AT_ONCE):
                found = await historian.buckets([each.point], *part, self._grid)
                if len(found):
                    yield await asyncio.to_thread(self._rows, each, found)

    def _rows(self, series: Series, found: Buckets) -> Rows:
        device, key, unit = _names(series, len(found), self._asked.cells)
        values = (Numbers(column) for column in (found.mean, found.minimum, found.maximum))
        count, good = Counts(found.count), Numbers(found.good_percent)
        return Rows([Moments(found.start_ms), device, key, *values, count, good, unit], len(found))


def labels_of(series: Series, values: Values, cells: Cells, *, or_code: bool = False) -> Names:
    """What the codes mean. Where that is not known it is nothing, or the code; without a value it is nothing."""
    codes, rows = np.unique(values, return_inverse=True)
    return named(rows, [_label(series, code, cells, or_code=or_code) for code in codes.tolist()])


def _label(series: Series, code: float, cells: Cells, *, or_code: bool) -> str | None:
    found = (series.labels or {}).get(int(code)) if code.is_integer() else None
    if found is not None:
        return cells.text(found)
    return f"{code:.15g}" if or_code and np.isfinite(code) else None


def _names(series: Series, count: int, cells: Cells) -> list[Names]:
    return [same(cells.text(each), count) for each in (series.device, series.key, series.unit)]


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
