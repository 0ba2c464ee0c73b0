"""Tables with a row for each time and a column for each point, and behind them a column for the quality of each."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stripchart.history.base import Buckets
from stripchart.history.grid import Grid
from stripchart.interop.long_form import labels_of
from stripchart.interop.quality_names import quality_name
from stripchart.interop.reading import Page, digits_in, pages, texts_in, windows
from stripchart.interop.rows import Column, Heading, Kind, Moments, Names, Numbers, Rows, Texts, named
from stripchart.interop.series import Asked, Cells, Series
from stripchart.model.exact import EXACT_BELOW
from stripchart.model.sample import PointId, SampleBatch, Times, Values

_ROWS_AT_ONCE = 131_072
_CELLS_AT_ONCE = 500_000
_NO_SAMPLE = 0x100
"""In a column of quality codes, which are bytes: there is no sample."""

Told = list[tuple[int, str]]
"""Texts with their times."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A part of the range: numbers, texts of string points, and digits by row of `samples`, each by point."""

    samples: SampleBatch
    texts: dict[PointId, Told]
    digits: dict[PointId, list[str | None]]


class WideSamples:
    """A row for each time at which any of the points has a sample; empty where a point has none.

    A bad sample is an empty value with a quality that says why. In place of the codes of bools and enums there are
    their labels when these are asked for.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._place_of = np.argsort([int(each.point) for each in asked.series])
        self._sorted = np.array(sorted(asked.points), np.int32)
        values = [_heading(each, name) for each, name in zip(asked.series, headings(asked), strict=True)]
        told = [Heading(name, Kind.NAME) for name in headings(asked, "quality")]
        self.headings = [Heading("timestamp", Kind.MOMENT), *values, *told]

    async def batches(self) -> AsyncIterator[Rows]:
        """Pieces of the table, in order."""
        async for page in pages(self._asked.historian, self._asked.points, self._asked.span, _ROWS_AT_ONCE):
            found = await self._found(page)
            at_ms = _times_of(found)
            for rows in _parts(len(at_ms), len(self._asked.series)):
                yield await asyncio.to_thread(self._rows, found, at_ms[rows])

    async def _found(self, page: Page) -> _Found:
        texts: dict[PointId, Told] = {}
        digits: dict[PointId, list[str | None]] = {}
        for each in self._asked.series:
            if each.is_text:
                texts[each.point] = await texts_in(self._asked.historian, each.point, page.span)
            elif each.is_exact:
                own = page.samples.where(page.samples.point_id == each.point)
                told = await digits_in(self._asked.historian, own)
                if told is not None:
                    digits[each.point] = told
        return _Found(page.samples, texts, digits)

    def _rows(self, found: _Found, at_ms: Times) -> Rows:
        span = slice(*np.searchsorted(found.samples.at_ms, [at_ms[0], at_ms[-1] + 1]))
        samples = found.samples.where(span)
        shape = (len(self._asked.series), len(at_ms))
        places = self._place_of[np.searchsorted(self._sorted, samples.point_id)]
        rows = np.searchsorted(at_ms, samples.at_ms)
        value, quality = np.full(shape, np.nan), np.full(shape, _NO_SAMPLE, np.int16)
        value[places, rows], quality[places, rows] = samples.value, samples.quality
        columns: list[Column] = [Moments(at_ms)]
        for place, each in enumerate(self._asked.series):
            columns.append(self._column(each, value[place], at_ms, found))
        for place, each in enumerate(self._asked.series):
            quality[place, [row for row, _ in _inside(found.texts.get(each.point, []), at_ms)]] = 0
            columns.append(_qualities(quality[place]))
        return Rows(columns, len(at_ms))

    def _column(self, series: Series, value: Values, at_ms: Times, found: _Found) -> Column:
        if series.is_text:
            return _told(_inside(found.texts[series.point], at_ms), len(at_ms), self._asked.cells)
        if series.is_exact:
            own = found.samples.where(found.samples.point_id == series.point)
            known = zip(own.at_ms.tolist(), found.digits.get(series.point, ()), strict=False)
            return _whole(value, _inside([(time, text) for time, text in known if text is not None], at_ms))
        if series.labels:
            return labels_of(series, value, self._asked.cells, or_code=True)
        return Numbers(value)


class WideBuckets:
    """A row for each bucket in which any point has a sample: means, and behind them shares of good samples.

    A state is as it was last in the bucket: a mean of codes is none of them. Labels stand in place of codes when they
    are asked for.
    """

    def __init__(self, asked: Asked, grid: Grid) -> None:
        self._asked, self._grid = asked, grid
        kinds = [Kind.NAME if _has_words(each) else Kind.NUMBER for each in asked.series]
        values = [Heading(name, kind) for name, kind in zip(headings(asked), kinds, strict=True)]
        good = [Heading(name, Kind.NUMBER) for name in headings(asked, "good %")]
        self.headings = [Heading("time_bucket", Kind.MOMENT), *values, *good]

    async def batches(self) -> AsyncIterator[Rows]:
        """Pieces of the table, in order."""
        points = self._asked.points
        for part in windows(self._grid, self._asked.span, max(1, _CELLS_AT_ONCE // max(1, len(points)))):
            found = await self._asked.historian.buckets(points, *part, self._grid)
            if len(found):
                yield await asyncio.to_thread(self._rows, found)

    def _rows(self, found: Buckets) -> Rows:
        starts, rows = np.unique(found.start_ms, return_inverse=True)
        good_percent = found.good_percent
        values: list[Column] = []
        good: list[Column] = []
        for each in self._asked.series:
            own = found.point_id == each.point
            value, share = np.full((2, len(starts)), np.nan)
            value[rows[own]] = (found.last if each.is_state else found.mean)[own]
            share[rows[own]] = good_percent[own]
            is_told = _has_words(each)
            values.append(labels_of(each, value, self._asked.cells, or_code=True) if is_told else Numbers(value))
            good.append(Numbers(share))
        return Rows([Moments(starts), *values, *good], len(starts))


def _has_words(series: Series) -> bool:
    return series.is_state and bool(series.labels)


def headings(asked: Asked, what: str = "") -> list[str]:
    """The names of the columns: `G1 power [kW]`, or `power [kW]` of one device alone; `G1 power quality`."""
    is_one = len({each.device for each in asked.series}) == 1
    names = [each.key if is_one else f"{each.device} {each.key}" for each in asked.series]
    units = [f" [{each.unit}]" if each.unit else "" for each in asked.series]
    told = [f"{name} {what}" if what else f"{name}{unit}" for name, unit in zip(names, units, strict=True)]
    return [asked.cells.text(each) for each in told]


def _heading(series: Series, name: str) -> Heading:
    if series.is_exact:
        return Heading(name, Kind.TEXT, is_exact=True)
    return Heading(name, Kind.NAME if series.is_text or series.labels else Kind.NUMBER)


def _times_of(found: _Found) -> Times:
    parts = [
        found.samples.at_ms,
        *(np.array([at_ms for at_ms, _ in each], np.int64) for each in found.texts.values()),
    ]
    return np.unique(np.concatenate(parts))


def _parts(rows: int, columns: int) -> Iterator[slice]:
    step = max(1, _CELLS_AT_ONCE // max(1, columns))
    return (slice(first, first + step) for first in range(0, rows, step))


def _inside(texts: Told, at_ms: Times) -> list[tuple[int, str]]:
    """The rows of texts that lie in the range of the times, and the texts."""
    own = [each for each in texts if at_ms[0] <= each[0] <= at_ms[-1]]
    rows = np.searchsorted(at_ms, np.array([time for time, _ in own], np.int64)).tolist()
    return list(zip(rows, (text for _, text in own), strict=True))


def _told(texts: Told, count: int, cells: Cells) -> Names:
    """Texts in their rows, nothing in the others."""
    places = np.full(count, -1, np.int32)
    places[[row for row, _ in texts]] = np.arange(len(texts))
    return Names(places, [cells.text(text) for _, text in texts])


def _whole(value: Values, digits: list[tuple[int, str]]) -> Texts:
    """Whole numbers as their digits. Of those whose digits are not known, what float64 has of them."""
    is_small = np.abs(value) < EXACT_BELOW
    text = np.where(is_small, value, 0.0).astype(np.int64).astype(np.str_).astype(np.object_)
    if not is_small.all():
        is_large = ~is_small & ~np.isnan(value)
        text[is_large] = [repr(number) for number in value[is_large].tolist()]
        for row, known in digits:
            text[row] = known
    text[np.isnan(value)] = None
    return Texts(text.tolist())


def _qualities(codes: npt.NDArray[np.int16]) -> Names:
    known, rows = np.unique(codes, return_inverse=True)
    return named(rows, [None if code == _NO_SAMPLE else quality_name(code) for code in known.tolist()])
