"""A month of a device at 10 s, as a trend and a report ask for it: reduced, by calendar, weighed by time."""

from pathlib import Path

import numpy as np
import uvloop

from bench.reference import EVERY_MS, START_MS, Values, reference_values
from bench.report import figure, head
from bench.storing import DAY_MS, HOUR_MS, median_ms, temporary_folder, timed
from stripchart.history.base import Historian
from stripchart.history.embedded.historian import open_historian
from stripchart.history.grid import Calendar, Unit
from stripchart.history.held import held_buckets
from stripchart.model.sample import PointId, SampleBatch

_SAMPLES = 30 * DAY_MS // EVERY_MS
_POINTS = [PointId(number) for number in (0, 1, 2, 3, 5, 7, 8, 9)]
_AT_ONCE = 1000


def run() -> None:
    head(f"History: 8 points, a month at 10 s ({len(_POINTS) * _SAMPLES:,} samples), all cores")
    with temporary_folder() as folder:
        uvloop.run(_month(folder, reference_values(10, _SAMPLES)))


async def _month(folder: Path, values: Values) -> None:
    async with open_historian(folder) as historian:
        for first in range(0, _SAMPLES, _AT_ONCE):
            await historian.append(_batch(values[first : first + _AT_ONCE], first))
    async with open_historian(folder) as historian:
        await _ask(historian)


async def _ask(historian: Historian) -> None:
    span = START_MS, START_MS + 30 * DAY_MS
    with timed() as first:
        await historian.reduced(_POINTS, *span, 2000)
    again = await median_ms(lambda _: historian.reduced(_POINTS, *span, 2000), times=15)
    figure("reduced to 2000 samples each, the first time", f"{first.wall_s * 1000:.1f} ms")
    figure("reduced to 2000 samples each", f"{again:.1f} ms", "<= 30 ms")
    took = await median_ms(lambda _: historian.buckets(_POINTS, *span, 6 * HOUR_MS), times=15)
    figure("in six hours", f"{took:.1f} ms", "<= 10 ms")
    days = Calendar(Unit.DAY, "Europe/Berlin")
    took = await median_ms(lambda _: historian.buckets(_POINTS, *span, days), times=15)
    figure("in days of Berlin", f"{took:.1f} ms")
    took = await median_ms(lambda _: held_buckets(historian, _POINTS, span, HOUR_MS), times=5)
    figure("in hours, weighed by time", f"{took:.1f} ms")
    took = await median_ms(lambda _: historian.in_force(_POINTS, span[0] + 11 * DAY_MS + 1), times=50)
    figure("in force at a moment", f"{took:.2f} ms")


def _batch(values: Values, first: int) -> SampleBatch:
    """Rows of so many times, of all points."""
    times, points = values.shape
    at_ms = START_MS + EVERY_MS * np.arange(first, first + times)
    ids = np.tile(np.arange(points, dtype=np.int32), times)
    return SampleBatch(ids, np.repeat(at_ms, points), values.ravel(), np.zeros(values.size, np.uint8))
