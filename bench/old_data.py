"""Old data: imported for one point and for many, before what is there already and into an empty history."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import uvloop

from bench.reference import EVERY_MS, START_MS, Values
from bench.report import figure, head
from bench.storing import DAY_MS, HOUR_MS, median_ms, temporary_folder, timed
from stripchart.history.base import Historian
from stripchart.history.embedded.files import bytes_in
from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import PointId, SampleBatch

_YEAR = 365
_SECONDS = 86_400
_AT_ONCE = 100_000


def run(values: Values) -> None:
    head("History: one point, a year at 1 s")
    with temporary_folder() as folder:
        uvloop.run(_year(folder))
    head(f"History: {values.shape[1]} points, a day at 10 s before the day that is there")
    with temporary_folder() as folder:
        uvloop.run(_back_filled(folder, values))


async def _year(folder: Path) -> None:
    random = np.random.default_rng(7)
    days = [np.round(400 + np.cumsum(random.normal(0, 0.05, _SECONDS)), 1) for _ in range(_YEAR)]
    point, good = np.zeros(_SECONDS, np.int32), np.zeros(_SECONDS, np.uint8)
    with timed() as took:
        async with open_historian(folder) as historian:
            # The newest day first: all others are old when they come.
            for day in (_YEAR - 1, *range(_YEAR - 1)):
                at_ms = START_MS + day * DAY_MS + np.arange(_SECONDS) * 1000
                await historian.append(SampleBatch(point, at_ms, days[day], good))
    figure("filled in, and closed", f"{_YEAR * _SECONDS / took.wall_s:,.0f}/s", ">= 1,000,000/s")
    figure("  bytes a sample", f"{bytes_in(folder) / _YEAR / _SECONDS:.3f}", "<= 0.95")
    span = (START_MS, START_MS + _YEAR * DAY_MS)
    async with open_historian(folder) as historian:
        hours = await median_ms(lambda _: historian.buckets([PointId(0)], *span, HOUR_MS), times=5)
        figure("the year in hours", f"{hours:.1f} ms", "<= 20 ms")
        counted = await median_ms(lambda _: historian.count([PointId(0)], *span), times=5)
        figure("counted", f"{counted:.1f} ms")
        assert await historian.count([PointId(0)], *span) == _YEAR * _SECONDS


async def _back_filled(folder: Path, values: Values) -> None:
    async with open_historian(folder) as historian:
        await _append(historian, _by_point(values, START_MS + DAY_MS))
    for what, given in (
        ("a point after the other", _by_point(values, START_MS)),
        ("a time after the other", _by_time(values, START_MS - DAY_MS)),
    ):
        with timed() as took:
            async with open_historian(folder) as historian:
                await _append(historian, given)
        figure(f"filled in, {what}, and closed", f"{values.size / took.wall_s:,.0f}/s", ">= 1,000,000/s")


async def _append(historian: Historian, given: Iterator[SampleBatch]) -> None:
    for batch in given:
        await historian.append(batch)


def _by_point(values: Values, start_ms: int) -> Iterator[SampleBatch]:
    """As a file with one point after the other gives them."""
    samples, points = values.shape
    at_once = max(1, _AT_ONCE // samples)
    at_ms = np.tile(start_ms + np.arange(samples) * EVERY_MS, at_once)
    for first in range(0, points, at_once):
        some = values[:, first : first + at_once].T.ravel()
        ids = np.repeat(np.arange(first, first + len(some) // samples, dtype=np.int32), samples)
        yield SampleBatch(ids, at_ms[: len(some)], some, np.zeros(len(some), np.uint8))


def _by_time(values: Values, start_ms: int) -> Iterator[SampleBatch]:
    """As a file with one time after the other gives them."""
    samples, points = values.shape
    at_once = max(1, _AT_ONCE // points)
    for first in range(0, samples, at_once):
        some = values[first : first + at_once].ravel()
        at_ms = np.repeat(start_ms + np.arange(first, first + len(some) // points) * EVERY_MS, points)
        ids = np.tile(np.arange(points, dtype=np.int32), len(some) // points)
        yield SampleBatch(ids, at_ms, some, np.zeros(len(some), np.uint8))
