"""Buckets of points, from roll-ups as far as they tell it exactly, from the samples elsewhere."""

import numpy as np

from stripchart.history.base import Buckets
from stripchart.history.embedded.spans import Spans, as_buckets, in_buckets
from stripchart.history.grid import Grid, Ruler
from stripchart.history.horizons import DAY_MS, Horizons
from stripchart.history.timescale.columns import Answer, moment, spans_in, within_reach
from stripchart.history.timescale.known import SQL
from stripchart.history.timescale.reading import Wanted, fetched
from stripchart.history.timescale.server import Connection
from stripchart.history.timescale.sources import TIERS, Days, Ranges, sources_of, tier_of
from stripchart.model.sample import PointIds, Times

_POINTS_AT_ONCE = 2000
_LONGEST_MS = 200_000_000_000_000
"""Longer units have, of all times that anybody has samples of, the same bounds: 1970 alone."""


async def buckets_of(
    connection: Connection, points: PointIds, span: tuple[int, int], grid: Grid, horizons: Horizons
) -> Buckets:
    """The samples of the points in the range, summed up in buckets."""
    if not isinstance(grid, int):
        # A calendar is laid out no further than there are samples.
        span = await _span_with_samples(connection, points, span)
    if not len(points) or span[0] >= span[1]:
        return Buckets.empty()
    ruler = Ruler.over(grid, *span)
    unit_ms = grid if isinstance(grid, int) else _unit_of(ruler.step_ms)
    spans = await spans_of(connection, points, span, unit_ms, horizons)
    return Buckets.empty() if spans is None else as_buckets(in_buckets(spans, ruler), ruler)


async def spans_of(
    connection: Connection, points: PointIds, span: tuple[int, int], unit_ms: int, horizons: Horizons
) -> Spans | None:
    """What the points came to in the range, by unit; several spans of one unit do not overlap. None: nothing."""
    tier = tier_of(unit_ms)
    start_ms = np.maximum(span[0], np.array([horizons.at(point).of_buckets(unit_ms) for point in points.tolist()]))
    raw_ms = horizons.raw_of(points)
    sources = sources_of(
        points, start_ms, raw_ms, span[1], tier[0] if tier else None, await rolled_days(connection, span)
    )
    found = [await _asked(connection, SQL["spans_of_samples"], sources.samples, unit_ms)]
    for table, ranges in sources.rollups.items():
        found.append(await _asked(connection, SQL["spans_of_rollups"].format(tier=table), ranges, unit_ms))
    parts = [part for part in found if part is not None]
    return Spans.joined(parts) if parts else None


async def _asked(connection: Connection, query: str, ranges: Ranges, unit_ms: int) -> Spans | None:
    parts = []
    for low in range(0, len(ranges.point_id), _POINTS_AT_ONCE):
        some = slice(low, low + _POINTS_AT_ONCE)
        starts, ends = ([within_reach(at_ms) for at_ms in times[some]] for times in (ranges.start_ms, ranges.end_ms))
        asked = (
            ranges.point_id[some],
            starts,
            ends,
            moment(min(starts)),
            moment(max(ends)),
            min(unit_ms, _LONGEST_MS),
        )
        answer: Answer = await connection.fetchrow(query, *asked)
        part = spans_in(answer)
        parts += [] if part is None else [part]
    return Spans.joined(parts) if parts else None


async def rolled_days(connection: Connection, span: tuple[int, int]) -> Days:
    """The days of the span that roll-ups tell."""
    first, last = (within_reach(at_ms) // DAY_MS for at_ms in span)
    rows = await connection.fetch(SQL["days"], first, last)
    return Days(
        frozenset(row["day"] for row in rows if row["rolled"]), frozenset(row["day"] for row in rows if row["sealed"])
    )


async def _span_with_samples(connection: Connection, points: PointIds, span: tuple[int, int]) -> tuple[int, int]:
    """The part of the range in which there is something; empty when there is nothing."""
    wanted = Wanted(points, np.full(len(points), span[0]), np.full(len(points), span[1]))
    ends = [await fetched(connection, wanted, 1, descending=descending) for descending in (False, True)]
    days = await rolled_days(connection, span)
    sealed = [day * DAY_MS for day in days.sealed]
    times: list[int] = [int(at_ms) for each in ends for at_ms in _extremes(each.at_ms)]
    times += [max(span[0], min(sealed)), min(span[1], max(sealed) + DAY_MS) - 1] if sealed else []
    return (max(span[0], min(times)), min(span[1], max(times) + 1)) if times else (0, 0)


def _extremes(at_ms: Times) -> list[int]:
    return [int(at_ms.min()), int(at_ms.max())] if len(at_ms) else []


def _unit_of(step_ms: int) -> int:
    """The longest unit that has a roll-up and of which the buckets of a calendar are made; else their step."""
    return next((length_ms for length_ms, _ in TIERS if step_ms % length_ms == 0), min(step_ms, DAY_MS))
