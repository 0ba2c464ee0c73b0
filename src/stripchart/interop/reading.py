"""Reading a long range of the historian piece by piece, so that neither memory nor others' questions suffer from it.

Between two pieces nothing is held: no connection, no snapshot, no reader. Who fetches them slowly makes nobody wait.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from stripchart.history.base import Historian
from stripchart.history.grid import Grid, edges_of
from stripchart.model.exact import EXACT_BELOW, digits_of_all
from stripchart.model.sample import PointId, SampleBatch

_FIRST_MS = 3_600_000
_DAY_MS = 86_400_000
_COARSE_MS = 64 * _DAY_MS

Span = tuple[int, int]


class Page(NamedTuple):
    """All samples of a part of the range, ordered by time, then point."""

    span: Span
    samples: SampleBatch


async def pages(historian: Historian, points: Sequence[PointId], span: Span, rows: int) -> AsyncIterator[Page]:
    """The range in parts of at most about so many samples, one behind the other; some may be without samples.

    The parts are as long as the samples are dense, because what is asked for at once must be looked through at once.
    """
    (start_ms, end_ms), width_ms = span, _FIRST_MS
    rows = max(rows, 2 * len(points))
    while start_ms < end_ms:
        until_ms = min(start_ms + width_ms, end_ms)
        found = await historian.read(points, start_ms, until_ms, limit=rows)
        if len(found) == rows:
            # The last moment may be cut off, and no moment has more than a sample of each point.
            until_ms = int(found.at_ms[-1])
            found = found.where(found.at_ms < until_ms)
            width_ms = until_ms - start_ms
        elif len(found) < rows // 2:
            width_ms *= 2
        yield Page((start_ms, until_ms), found)
        start_ms = until_ms


async def texts_in(historian: Historian, point: PointId, span: Span) -> list[tuple[int, str]]:
    """The texts that came into force in the range, oldest first."""
    return [each for each in await historian.texts(point, *span) if each[0] >= span[0]]


async def digits_in(historian: Historian, samples: SampleBatch) -> list[str | None] | None:
    """The digits of the whole numbers of one point that float64 cannot tell apart; None when there are none."""
    with np.errstate(invalid="ignore"):
        if not (np.abs(samples.value) >= EXACT_BELOW).any():
            return None
    texts = await historian.texts(
        PointId(int(samples.point_id[0])), int(samples.at_ms[0]), int(samples.at_ms[-1]) + 1
    )
    return digits_of_all(samples.at_ms, samples.value, texts)


async def extent(historian: Historian, points: Sequence[PointId], span: Span) -> Span | None:
    """The part of the range in which there may be samples, or sums of them; None when there are none."""
    found = await historian.buckets(points, *span, _COARSE_MS)
    if not len(found):
        return None
    first_ms, last_ms = int(found.start_ms.min()), int(found.start_ms.max()) + _COARSE_MS
    return max(span[0], first_ms), min(span[1], last_ms)


def windows(grid: Grid, span: Span, most: int) -> Iterator[Span]:
    """The range cut where buckets begin, in parts of at most so many buckets."""
    start_ms, end_ms = span
    if isinstance(grid, int):
        cuts = range((start_ms // grid + most) * grid, end_ms, grid * most)
    else:
        cuts = edges_of(grid, *span)[most:-1:most].tolist()
    for cut_ms in cuts:
        yield start_ms, cut_ms
        start_ms = cut_ms
    yield start_ms, end_ms
